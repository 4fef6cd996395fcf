"""Blocks of markup that read like prompts weigh less where their element is named for one: <div id="respond">.

The trees judge a block with everything around it, and are least sure of the prompts on a page that has little else. On
whole corpora this changes nothing; on a page of three paragraphs it is what tells "Leave a Reply".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.odds import less_likely
from model.types import Label, Segmentation

_FROM, _WEIGHT = 1.0, 3.0
"""A block loses `_WEIGHT` units of log odds for each unit of its logit of prompt against prose above `_FROM`."""

_LONGEST_PROMPT = 16
"""Words of a block beyond which it is no prompt."""

_PROMPTS = frozenset(
    {
        Label.COMMENT_FORM, Label.PROMO, Label.SHARE, Label.CONSENT, Label.NOTICE, Label.RELATED, Label.ADVERT,
    }
)  # fmt: skip
"""Kinds that an element may be named for."""


def weigh_prompts(
    segmentation: Segmentation, prediction: Prediction, article: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Chances of being article, float32 (n_blocks,), lowered where a block and its element's name both say prompt."""
    named = [
        block.element >= 0 and (hint := prediction.features.hints[block.element]) is not None and hint.label in _PROMPTS
        for block in segmentation.blocks
    ]
    return lowered(article, prediction.column("prompt_score"), np.array(named, bool), prediction.column("words"))


def lowered(
    article: NDArray[np.float32], logit: NDArray[np.float32], signed: NDArray[np.bool_], words: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Chances lowered by the logit of prompt against prose where a block is short and `signed` as one.

    All are (n_blocks,).
    """
    excess = np.where(signed & (words <= _LONGEST_PROMPT), np.maximum(logit - _FROM, 0.0), 0.0)
    return less_likely(article, _WEIGHT * excess)
