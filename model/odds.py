"""Evidence beside the trees, as log odds: what is added up there may be weighed whatever the chance was before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SURE = 1e-4
"""The least and the most sure a chance is taken for: otherwise no evidence could move it."""


def less_likely(article: NDArray[np.float32], units: NDArray[np.floating]) -> NDArray[np.float32]:
    """Chances lowered by units of log odds, and left as they are where these are 0; both (n_blocks,)."""
    chance = np.clip(article.astype(np.float64), _SURE, 1 - _SURE)
    odds = np.log(chance / (1 - chance)) - units
    return np.asarray(np.where(units > 0, 1 / (1 + np.exp(-odds)), article), np.float32)
