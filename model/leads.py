"""Lines of plain text that name what they are before a colon: "Read more: ...", "RELATED: ...".

Golds of the corpora the trees learn from keep such lines as often as not, and so the trees doubt them where nothing else on a
text is noise. They are what Winnow was made to drop: where both the lead and the line read like a prompt, its chance is
lowered. On held-out texts .02 % more of gold texts' words go for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.lexicon import lead_token
from model.types import Segmentation

_FROM, _WEIGHT = 1.0, 3.0
"""A line loses `_WEIGHT` units of log odds for each unit of its opening's logit of prompt against prose above `_FROM`."""

_LONGEST = 20
"""Words of a line beyond which its lead says little of it."""

_SURE = 1e-4


def weigh_leads(
    segmentation: Segmentation, prediction: Prediction, article: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Chances of being article, float32 (n_blocks,), lowered for lines whose lead and words both read like a prompt."""
    opening, words = prediction.column("opening_score"), prediction.column("words")
    result = article.copy()
    for row in np.flatnonzero(
        (opening > _FROM) & (prediction.column("prompt_score") > 0) & (words <= _LONGEST)
    ).tolist():
        if lead_token(segmentation.blocks[row].text):
            chance = float(np.clip(article[row], _SURE, 1 - _SURE))
            odds = np.log(chance / (1 - chance)) - _WEIGHT * float(opening[row] - _FROM)
            result[row] = 1 / (1 + np.exp(-odds))
    return result
