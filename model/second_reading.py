"""Markup pages read a second time: what was kept, as plain text, for the prompts between the paragraphs.

No corpus of markup has "Please use Chrome browser ..." or "Advertisement" inside its articles often enough to learn
from, and whoever wrote the page put them where the article is. The plain-text model has seen thousands, put
between the paragraphs of training pages. So the kept blocks of a page of prose are shown to it as lines, and what it is
sure of is dropped.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.classifier import Classifier, Prediction
from model.features import Scores
from model.types import Block, Segmentation

_SURE = 0.25
"""Chance of being article below which the second reading drops a line."""

_SURE_OF_LINK = 0.7
"""The same for a line most of which is a link, which plain text cannot show: "Read more: <a>..."."""

_LINK_SHARE = 0.5
_MOST_WORDS = 30
_PROSE_WORDS = 12
_PROSE_SHARE = 0.5
"""Share of the kept words in whole sentences from which a page is one of prose; lists and tables have no paragraphs
for a prompt to stand between, and their items read like prompts."""


def without_prompts(
    classifier: Classifier, segmentation: Segmentation, prediction: Prediction, body: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """The blocks of `body`, bool (n_blocks,), that are article at second reading too."""
    kept = np.flatnonzero(body)
    column = {name: prediction.features.matrix[kept, number] for number, name in enumerate(prediction.features.names)}
    words = column["words"]
    prose = words * ((words >= _PROSE_WORDS) & (column["ends_sentence"] > 0))
    short = words <= _MOST_WORDS
    if not short.any() or prose.sum() < _PROSE_SHARE * words.sum():
        return body
    lines = (segmentation.blocks[number] for number in kept.tolist())
    plain = Segmentation(tuple(Block(line.text, line.position) for line in lines))
    known = prediction.scores
    scores = Scores(known.text[kept], known.extremes[kept], known.opening[kept], np.zeros(0, np.float32))
    chances = classifier.read_as_text(plain, scores)
    result = body.copy()
    sure = np.where(column["link_density"] >= _LINK_SHARE, _SURE_OF_LINK, _SURE)
    result[kept[(chances < sure) & short]] = False
    return result
