"""Parts of a page that are named for something beside its article: dialogs and tooltips, a shop's reviews and other
goods, signatures; and forms, on pages that offer something.

The words inside read like prose, and a class name alone never deletes them: they lose chances, unless most of what
reads like the article stands in such a part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from model.odds import less_likely
from model.types import Segmentation

_UNITS = 3.0
"""Log odds that a block in such a part loses. 2 and 3 give WCXB the same."""

_MOST = 0.5
"""Share of the page's article words beyond which a part is the article after all."""

_OVERLAY, _REVIEW, _OTHERS, _CAROUSEL, _SIGNATURE, _FORM = (1 << bit for bit in range(6))

_FORM_TAGS = frozenset({"form", "label", "fieldset", "legend"})

_PARTS = tuple(
    (part, tuple(stems.split()), re.compile(pattern))
    for part, stems, pattern in (
        (
            _OVERLAY,
            "modal dialog pop tooltip overlay",
            r"(?:^[.#@]|[-_])(?:modal|dialog|popup|pop-?over|tooltip|overlay)s?(?:$|[-_])",
        ),
        (
            _REVIEW,
            "review",
            r"(?:^[.#@]|[-_])(?:customer|product|user|buyer)?reviews?(?:$|[-_]|list|text|body|content|container)",
        ),
        (
            _OTHERS,
            "recommend related similar sell also- recently",
            "recommend|related|similar|up-?sell|cross-?sell|also-|recently",
        ),
        (_CAROUSEL, "carousel", r"(?:^[.#@]|[-_])carousels?(?:$|[-_])"),
        (_SIGNATURE, "sig", r"(?:^[.#@]|[-_])(?:signature|sig|sig-?text)(?:$|[-_])"),
    )
)
"""Each part, stems of which its names have one, and the pattern of its names.

Most pages have no such stem in any name; then no name need be looked at.
"""

_SHOPS = ("product", "collection")
_OFFERS = (*_SHOPS, "listing", "service", "forum")

_ASKED: tuple[tuple[int, tuple[str, ...] | None, float, str], ...] = (
    (_OVERLAY, None, _MOST, "in a dialog, tooltip or overlay"),
    (_REVIEW, _SHOPS, _MOST, "in a customer's review"),
    (_OTHERS, _SHOPS, _MOST, "among other goods of the shop"),
    (_CAROUSEL, ("product",), _MOST, "in a carousel"),
    (_SIGNATURE, ("forum",), _MOST, "in a signature"),
    (_FORM, _OFFERS, 0.3, "in a form"),
)
"""Which part, the types of page on which it is beside the point (None: all), the share of the page's article words
beyond which it is not (old pages wrap everything in one form), and the reason that is given."""

_OPEN_TAGS = frozenset({"html", "body", "main"})
"""Elements whose names describe the page, not a part of it: `<body class="modal-open">`."""


def weigh_named_parts(
    segmentation: Segmentation,
    names: Collection[str],
    words: NDArray[np.float32],
    article: NDArray[np.float32],
    page_type: str | None,
) -> tuple[NDArray[np.float32], dict[int, str]]:
    """Chances of being article, float32 (n_blocks,), lowered in such parts, and why by the block's number.

    names  every name that an element of the page has
    """
    known = _known(names)
    has_form = page_type in _OFFERS and any(element.tag in _FORM_TAGS for element in segmentation.elements)
    if not (known or has_form):
        return article, {}
    parts = _parts_of_blocks(segmentation, known)
    why: dict[int, str] = {}
    for part, types, most, reason in _ASKED:
        inside = parts & part > 0
        if not inside.any() or (types is not None and page_type not in types):
            continue
        expected = article * words
        if expected[inside].sum() <= most * expected.sum():
            article = less_likely(article, np.where(inside & (article > 0), _UNITS, 0.0))
            why.update(dict.fromkeys(np.flatnonzero(inside).tolist(), reason))
    return article, why


def _parts_of_blocks(segmentation: Segmentation, known: Mapping[str, int]) -> NDArray[np.intp]:
    """The parts that each block stands in, as bits, (n_blocks,); `known` are those that names mean."""
    inside: list[int] = []
    for element in segmentation.elements:
        part = inside[element.parent] if element.parent >= 0 else 0
        if element.tag in _FORM_TAGS:
            part |= _FORM
        if element.tag not in _OPEN_TAGS:
            for name in element.names:
                part |= known.get(name, 0)
        inside.append(part)
    return np.array([inside[block.element] for block in segmentation.blocks], np.intp)


def _known(names: Collection[str]) -> dict[str, int]:
    """The names that mean a part, and which, as bits."""
    every = "\n".join(names)
    known: dict[str, int] = {}
    for part, stems, pattern in _PARTS:
        for stem in [stem for stem in stems if stem in every]:
            for name in names:
                if stem in name and pattern.search(name):
                    known[name] = known.get(name, 0) | part
    return known
