"""Evidence beside the trees, as log odds: what is added up there may be weighed whatever the chance was before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SURE = 1e-4
"""The least and the most sure a chance is taken for: otherwise no evidence could move it."""


def log_odds(article: NDArray[np.float32]) -> NDArray[np.float64]:
    """Chances as log odds, none surer than `_SURE`."""
    chance = np.clip(article.astype(np.float64), _SURE, 1 - _SURE)
    return np.asarray(np.log(chance / (1 - chance)))


def sigmoid(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds as chances."""
    return np.asarray(1 / (1 + np.exp(-odds)))


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """Chances of each class, float32 (n_rows, n_classes), from logits; rows add up to 1."""
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), np.float32)


def less_likely(article: NDArray[np.float32], units: NDArray[np.floating]) -> NDArray[np.float32]:
    """Chances lowered by units of log odds, and left as they are where these are 0; both (n_blocks,)."""
    return np.asarray(np.where(units > 0, sigmoid(log_odds(article) - units), article), np.float32)
