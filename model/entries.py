"""The only entry of a page, where names say which element that is and it holds little: a note, a photograph's caption.

Around an article of a dozen words everything else reads more like one: comments, the blogger's portrait, a list of
latest posts. But blogs call their entries by the same few names, and a page that shows one of them is about it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.comment_names import SECTION, role_of
from model.comment_tree import is_forum
from model.markup_features import element_spans
from model.odds import log_odds, sigmoid
from model.tags import TITLE_TAGS
from model.types import Segmentation

_INSIDE, _OUTSIDE = 1.0, 3.0
"""Log odds that the entry's blocks win and all others lose."""

_TYPES = frozenset({"article", "forum", "listing"})
"""What a page with such an entry is taken for: its sidebar makes it a listing, its comments a forum."""

_LEAST_WORDS, _MOST_WORDS = 3, 100
"""Words outside links that such an entry holds. A longer one is found by its prose."""

_MOST_OUTSIDE = 200
"""Words of likely paragraphs outside the entry, comments not counted, beyond which it is not what the page is about."""

_MOST_SURE = 40
"""The same of paragraphs that are all but sure: one of them is a short article beside a box that is called an entry."""

_LIKELY, _SURE, _PARAGRAPH_WORDS = 0.5, 0.9, 12
_REACH = 3
"""Blocks before the entry in which its title may stand."""

_ENTRY = re.compile(
    r"[.#=](?:h-?entry|e-content|(?:entry|post|story|article|blog-?post|node|news|single(?:-post)?)"
    r"[-_]?(?:content|body|text|copy|inner|main|full|entry)|(?:full|main|single)[-_]?(?:article|post|story|entry)|"
    r"articlebody|post-entry|entry|post|story|blog-?(?:post|entry))$|"
    r"#(?:post|entry|node|article|story)[-_]?(?:unit[-_]?)?\d+$"
)
_PART = re.compile("sidebar|widget|related|recommend|teaser|promo|card|footer|header|poll")
"""In the names of an element that is called an entry and is a part of something else."""

_CACHED_NAMES = 16_384


def weigh_entry(
    segmentation: Segmentation,
    names: Collection[str],
    prediction: Prediction,
    article: NDArray[np.float32],
    page_type: str | None,
) -> tuple[NDArray[np.float32], dict[int, str]]:
    """Chances of being article, float32 (n_blocks,), raised in the page's only entry and lowered around it, and why.

    names  every name that an element of the page has

    Chances of 0, which something else has settled, stay. Where there is no such entry nothing changes.
    """
    if page_type not in _TYPES or not len(article):
        return article, {}
    words = prediction.column("words") * (1.0 - prediction.column("link_density"))
    paragraphs = (article >= _LIKELY) & (words >= _PARAGRAPH_WORDS)
    entries = frozenset(name for name in names if _is_entry(name))
    has_comments = any(role_of((name,)) & SECTION for name in names)
    if not entries or (not has_comments and words[paragraphs].sum() > _MOST_WORDS + _MOST_OUTSIDE):
        return article, {}  # most pages: nothing more need be looked at
    commented = _in_comments(segmentation)
    span = _only_entry(segmentation, entries, commented)
    if span is None or (page_type == "forum" and not any(commented)):
        return article, {}
    numbers = np.arange(len(article))
    inside = (numbers >= span[0]) & (numbers < span[1])
    said = np.array([commented[block.element] for block in segmentation.blocks], bool)
    elsewhere = paragraphs & ~inside & ~said
    if (
        not _LEAST_WORDS <= words[inside].sum() <= _MOST_WORDS
        or not _has_title(segmentation, *span)
        or words[elsewhere].sum() > _MOST_OUTSIDE
        or words[elsewhere & (article >= _SURE)].sum() > _MOST_SURE
    ):
        return article, {}
    moved = sigmoid(log_odds(article) + np.where(inside, _INSIDE, -_OUTSIDE))
    why = dict.fromkeys(np.flatnonzero(~inside).tolist(), "outside the page's only entry")
    return np.asarray(np.where(article > 0, moved, article), np.float32), why


def _only_entry(segmentation: Segmentation, entries: frozenset[str], commented: list[bool]) -> tuple[int, int] | None:
    """First block and one past the last of the only element named for an entry, those inside it not counted.

    entries  the names that mean one
    """
    within: list[bool] = []
    spans = []
    starts, stops = element_spans(segmentation)
    for number, element in enumerate(segmentation.elements):
        around = element.parent >= 0 and within[element.parent]
        within.append(around or (not entries.isdisjoint(element.names) and not commented[number]))
        is_first = within[number] and not around
        if is_first and starts[number] < stops[number] and not any(map(_PART.search, element.names)):
            spans.append((int(starts[number]), int(stops[number])))
            if len(spans) > 1:
                return None
    return spans[0] if spans else None


def _in_comments(segmentation: Segmentation) -> list[bool]:
    """Whether each element is in a part that is named for comments; on a forum, all are."""
    elements = segmentation.elements
    roles = [role_of(element.names) for element in elements]
    if is_forum(elements, roles):
        return [True] * len(elements)
    inside: list[bool] = []
    for element, role in zip(elements, roles, strict=True):
        inside.append(bool(role & SECTION) or (element.parent >= 0 and inside[element.parent]))
    return inside


def _has_title(segmentation: Segmentation, first: int, last: int) -> bool:
    return any(segmentation.tag_of(block) in TITLE_TAGS for block in segmentation.blocks[max(0, first - _REACH) : last])


@lru_cache(_CACHED_NAMES)
def _is_entry(name: str) -> bool:
    return _ENTRY.match(name) is not None
