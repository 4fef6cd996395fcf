"""Text that stands on a page twice belongs to its article once: copies for wide and narrow screens, quoted posts.

What repeats itself by right stays: lines of a song, cells of a table. So either three blocks in a row were there before
in the same order, or one is long and the page is of a type whose articles quote or copy: a forum, a shop, a listing.
And a copy stands elsewhere: what is said twice inside one element is meant.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.types import Segmentation

_LEAST_RUN, _RUN_WORDS = 3, 20
"""Blocks in a row, and their words, that are the same again by no chance."""

_WORDS = 8
"""Words of a single block that is; 5 and 12 give WCXB the same."""

_COPYING = frozenset({"forum", "product", "collection", "listing"})
_UNTOUCHED = frozenset({None, "documentation"})
"""Documentation repeats lines of code by right; of a page of no known type nothing is sure."""

_NOISE, _LIKELY = 0.1, 0.5
"""A likely copy of what reads like noise stays: the first may stand in a menu, or be hidden."""


def drop_repeats(
    segmentation: Segmentation, words: NDArray[np.float32], article: NDArray[np.float32], page_type: str | None
) -> tuple[NDArray[np.float32], dict[int, str]]:
    """Chances of being article, float32 (n_blocks,), 0 for what the page said before, and why by the block's number."""
    if page_type in _UNTOUCHED or not len(article):
        return article, {}
    texts = [block.text.strip().lower() for block in segmentation.blocks]
    first: dict[str, int] = {}
    earlier = np.array([first.setdefault(text, number) for number, text in enumerate(texts)], np.intp)
    again = earlier < np.arange(len(texts))
    if not again.any():
        return article, {}
    copies = _in_runs(earlier, words)
    if page_type in _COPYING:
        copies |= again & (words >= _WORDS)
    copies &= ~_beside(segmentation, earlier)
    copies &= ~((article[earlier] < _NOISE) & (article >= _LIKELY))
    why = dict.fromkeys(np.flatnonzero(copies).tolist(), "repeats what stands further up")
    return np.where(copies, np.float32(0.0), article), why


def _beside(segmentation: Segmentation, earlier: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Blocks whose element stands in the same element as that of the first with their text."""
    around = np.array([segmentation.elements[block.element].parent for block in segmentation.blocks], np.intp)
    return np.equal(around, around[earlier])


def _in_runs(earlier: NDArray[np.intp], words: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Blocks in runs whose earlier copies follow each other in the same way; all (n_blocks,).

    `earlier[i]` is the first block with the text of block i.
    """
    copies = np.zeros(len(earlier), bool)
    places = earlier.tolist()
    start = 0
    while start < len(places):
        stop = start + 1
        if places[start] < start:
            while stop < len(places) and places[stop] == places[start] + stop - start < start:
                stop += 1
            if stop - start >= _LEAST_RUN and words[start:stop].sum() >= _RUN_WORDS:
                copies[start:stop] = True
        start = stop
    return copies
