"""Very long pages of which nothing says that they hold comments: what reads like one there is a dialogue or a statute.

Behind much prose a model that has met comment sections takes more of a transcript, a law or a manual for one. Of
CleanEval's 738 pages this changes 25, 19 of them for the better; their mean gain makes .002 of the corpus' word F1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.comment_lines import Discussion
from model.comment_words import find_headings
from model.labels import NOISE_COLUMNS
from model.types import KIND_LABELS, Label, Segmentation

_PAGE_WORDS, _BLOCK_WORDS = 5_000, 15
"""Words from which on a page is very long, and a block may be part of a dialogue or a statute."""

_COMMENT = KIND_LABELS.index(Label.COMMENT)
_WHY = "reads like a comment, but nothing on this long page announces any"


def unannounced_comments(
    segmentation: Segmentation, prediction: Prediction, discussion: Discussion, body: NDArray[np.bool_]
) -> dict[int, str]:
    """The blocks below the cut that stay for all that, with the reason. Pages of markup only.

    body  bool (n_blocks,), what passed the cut
    """
    words = prediction.column("words")
    if words.sum() < _PAGE_WORDS or discussion.comments or prediction.column("named_comment").any():
        return {}
    if find_headings([block.text for block in segmentation.blocks]):
        return {}
    likeliest = np.array(NOISE_COLUMNS)[prediction.kinds[:, NOISE_COLUMNS].argmax(axis=1)]
    rows = np.flatnonzero(~body & (words >= _BLOCK_WORDS) & (likeliest == _COMMENT))
    return dict.fromkeys(rows.tolist(), _WHY)
