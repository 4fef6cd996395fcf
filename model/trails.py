"""Where a page stands on its site, as one of its first lines: "Home > News > Harbour", "Accueil • Culture".

Golds of the corpora that the trees learn from hold titles of the same shape ("Ferries | The Harbour Post"), and so the
trees are in two minds about them.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from model.odds import less_likely
from model.types import Segmentation

_REACH = 3
"""Blocks at the top of a text that may be a trail: further down, lines of this shape are steps in a menu, or code."""

_MOST_CHARS = 100
_STEP = r"[^\W\d_][\w’'&.,-]*(?: [\w’'&.,-]+){0,3}(?<![.,])"
_LAST = r"[^\W\d_][\w’'&.,:-]*(?: [\w’'&.,:-]+){0,9}"
_TRAIL = re.compile(
    rf"\W{{0,3}}{_STEP}(?: (?P<mark>[>»›→/]) {_LAST}(?: (?P=mark) {_LAST}){{0,5}}|(?: [•·] {_LAST}){{2,6}})"
)
"""Steps of up to four words, the last of which may be the title; a dot alone also stands between a name and a date."""

_LESS = 3.0
"""Units of log odds that such a block loses: a title that the trees are sure of stays."""


def weigh_trails(segmentation: Segmentation, article: NDArray[np.float32]) -> NDArray[np.float32]:
    """Chances of being article of a plain text's blocks, lowered for trails on top; both float32 (n_blocks,)."""
    units = np.zeros(len(article), np.float32)
    for row, block in enumerate(segmentation.blocks[:_REACH]):
        if len(block.text) <= _MOST_CHARS and _TRAIL.fullmatch(block.text):
            units[row] = _LESS
    return less_likely(article, units)
