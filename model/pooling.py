"""Blocks that are built alike are mostly kept or dropped together: the items of a list, the paragraphs of an article.

The trees judge each block by itself, and one item of a list may look like prose and the next like a link. So each
block's log odds are drawn towards the mean of those in its list or table, and of those with the same markup.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.markup_features import markup_groups
from model.odds import log_odds, sigmoid
from model.types import Segmentation

_LIST_SHARE, _MARKUP_SHARE = 0.3, 0.2
"""How far a block is drawn towards its list, and then towards its markup. Word F1 of WCXB, dragnet and L3S-GN1 is the
same for .2 to .3 of the latter; half of the former loses on all three."""

_LIST_TAGS = frozenset({"ul", "ol", "dl", "table"})


def pool_alike(
    segmentation: Segmentation, words: NDArray[np.float32], article: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Chances of being article of a page of markup, each drawn towards those of blocks built alike.

    A block counts with the root of its words. Chances of 0, which something else has settled, stay. All float32
    (n_blocks,).
    """
    if not len(article):
        return article
    odds = log_odds(article)
    weight = np.sqrt(words, dtype=np.float64) + 1e-3  # a block without words is moved, and moves nothing
    for groups, share in ((_lists(segmentation), _LIST_SHARE), (markup_groups(segmentation), _MARKUP_SHARE)):
        mean = np.bincount(groups, weight * odds) / np.maximum(np.bincount(groups, weight), 1e-9)
        odds = (1 - share) * odds + share * mean[groups]
    return np.asarray(np.where(article > 0, sigmoid(odds), article), np.float32)


def _lists(segmentation: Segmentation) -> NDArray[np.intp]:
    """The innermost list or table around each block, (n_blocks,); a block in none has a number of its own."""
    inside: list[int] = []
    for number, element in enumerate(segmentation.elements):
        outer = inside[element.parent] if element.parent >= 0 else -1
        inside.append(number if element.tag in _LIST_TAGS else outer)
    beyond = len(inside)
    found = [inside[block.element] for block in segmentation.blocks]
    return np.array([group if group >= 0 else beyond + number for number, group in enumerate(found)], np.intp)
