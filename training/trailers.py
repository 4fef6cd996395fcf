"""Boilerplate prose behind articles: copies of training pages with what others say of their authors, rights and offers.

It reads like paragraphs, and where no element is named for it only its place and its words tell it from the article.
The words are those of other pages of the same fold, from elements that are named for what they hold; in the copies
nothing names them.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.types import KIND_LABELS, Block, Element, Label, Position
from training.examples import Example, block_weights

_KINDS = frozenset(KIND_LABELS.index(label) for label in (Label.PROMO, Label.BYLINE, Label.LEGAL, Label.NOTICE))
_MIN_SPACES, _MAX_CHARS, _MOST_LINKS = 14, 1_500, 0.4
"""What reads like a paragraph: spaces between its words, characters in all, and share of them in links."""

_ENDS = '.!?"”)'
_MOST_TRAILERS = 4
_PATHS = (("p",), ("div",), ("div", "p"), ("td",), ("div", "div"), ("span",))
"""Tags from the element behind whose last block a trailer stands to the trailer's own; none has names."""


@dataclass(frozen=True, slots=True)
class Trailer:
    """A paragraph of boilerplate, the site it is from and its kind, an index into `KIND_LABELS`."""

    site: str
    block: Block
    kind: int


def trailers(pages: Sequence[Example], fold_of: Mapping[str, int]) -> dict[int, list[Trailer]]:
    """The paragraphs of boilerplate on the pages of each fold: noise in elements named for what they hold."""
    found: dict[int, list[Trailer]] = {}
    for page in pages:
        for row in np.flatnonzero((page.article == 0) & (page.weight > 0) & np.isin(page.kinds, list(_KINDS))).tolist():
            block = page.segmentation.blocks[row]
            if _is_paragraph(block):
                found.setdefault(fold_of[page.site], []).append(Trailer(page.site, block, int(page.kinds[row])))
    return found


def trailed(page: Example, holder: int, place: int, donors: Sequence[Trailer], rng: random.Random) -> Example:
    """The page with one to four trailers as noise before block `place`, inside element `holder` or right outside."""
    segmentation = page.segmentation
    elements = list(segmentation.elements)
    added, kinds = [], []
    for trailer in rng.choices(donors, k=rng.randint(1, _MOST_TRAILERS)):
        parent = holder if rng.random() < 0.5 else max(segmentation.elements[holder].parent, 0)
        for tag in rng.choice(_PATHS):
            elements.append(Element(parent, tag, ()))
            parent = len(elements) - 1
        added.append(replace(trailer.block, element=parent, position=Position(1, 1)))
        kinds.append(trailer.kind)
    blocks = segmentation.blocks[:place] + tuple(added) + segmentation.blocks[place:]
    places = np.full(len(added), place)
    return replace(
        page,
        segmentation=replace(segmentation, blocks=blocks, elements=tuple(elements)),
        article=np.insert(page.article, places, 0.0).astype(np.float32),
        weight=np.insert(page.weight, places, block_weights(blocks)[place : place + len(added)]).astype(np.float32),
        kinds=np.insert(page.kinds, places, kinds).astype(np.int8),
    )


def _is_paragraph(block: Block) -> bool:
    return (
        block.text.count(" ") >= _MIN_SPACES
        and len(block.text) < _MAX_CHARS
        and block.text.rstrip()[-1:] in _ENDS
        and block.link_chars < _MOST_LINKS * len(block.text)
    )
