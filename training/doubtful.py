"""Labels that are likelier wrong than the line is noise.

Gold texts are often cut short: on some pages half of the article counts as noise. Lines that nobody named a kind of
noise, and that read like an article's by words that another fold's model weighed, teach nothing (Northcutt, Jiang,
Chuang: Confident learning, 2021).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.features import Features
from training.examples import NO_KIND, Example

_WORDS = 20
_SCORE = 1.0
"""Logit of article against noise, out of fold."""


def without_doubtful(example: Example, features: Features) -> Example:
    """The example with weight 0 for whole sentences labelled noise that score like article."""
    words, ends, score = (
        features.matrix[:, features.names.index(name)] for name in ("words", "ends_sentence", "text_score")
    )
    doubtful = (example.article == 0) & (example.kinds == NO_KIND)
    doubtful &= (words >= _WORDS) & (ends > 0) & (score >= _SCORE)
    return replace(example, weight=np.where(doubtful, 0, example.weight).astype(np.float32))
