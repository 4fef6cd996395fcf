"""Articles of our own writing as scrapers leave them, every line marked: what stands around and between paragraphs.

The corpora's pages tell what is noise by what a gold text lacks, and our own lines (`training.own_lines`) are set
between any paragraphs. Here both are as people would have found them: the stories that interrupt an article are near
its subject, promotions read like paragraphs, and the article has lines that look like noise. All of it is invented.
Written apart from the texts in `tests/texts`, which only measure.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from model.decoding import decode_page
from model.limits import Limits
from model.text_blocks import segment_text
from model.types import KIND_LABELS
from training.examples import NO_KIND, Example, block_weights
from training.marked_texts import MarkedText, marked_by_us
from training.own_lines import FOLDS

FOLDER = Path(__file__).parent / "own_texts"

_KEY = "texts/"
_WEIGHT = 4.0
"""They are few, and marked line by line. At a higher weight more of their own noise goes, and
less of what people marked."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text as it was marked, as an example, and its fold, which its name fixes."""

    marked: MarkedText
    example: Example
    fold: int


@cache
def own_texts() -> tuple[OwnText, ...]:
    """All of them, in the order of their names."""
    return tuple(
        OwnText(marked, _example(marked), zlib.crc32(marked.key.encode()) % FOLDS)
        for marked in marked_by_us(FOLDER, _KEY)
    )


def _example(marked: MarkedText) -> Example:
    """The text's blocks with the marks of the lines they start on; a paragraph's lines all have the same."""
    page = decode_page(marked.source, kind="text", url=None, limits=Limits())
    segmentation = segment_text(page, Limits())
    lines = [block.position.line - 1 for block in segmentation.blocks]
    labels = [(marked.labels or ())[line] for line in lines]
    return Example(
        marked.key, marked.key, "text", segmentation,
        np.array([marked.keep[line] for line in lines], np.float32),
        (block_weights(segmentation.blocks) * _WEIGHT).astype(np.float32),
        np.array([KIND_LABELS.index(label) if label in KIND_LABELS else NO_KIND for label in labels], np.int8),
    )  # fmt: skip
