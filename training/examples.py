"""Labelled pages as the classifier learns from them: blocks, what is article, what kind the rest is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.block_features import title_overlap
from model.decoding import decode_page
from model.hints import element_hints
from model.html_blocks import segment_html
from model.limits import Limits
from model.text_blocks import segment_text
from model.types import KIND_LABELS, Block, Label, Segmentation, SourceKind
from training.alignment import MIN_COVERED, coverage
from training.corpora import LabelledPage
from training.metrics import words

NO_KIND = -1
_KIND_NUMBER = {label: number for number, label in enumerate(KIND_LABELS)}
_SAME_TITLE = 0.7
_BYLINE_WORDS = 25


@dataclass(frozen=True, slots=True)
class Example:
    """One page to learn from.

    article  float32 (n_blocks,): 1 article, 0 noise
    weight   float32 (n_blocks,): 0 where nobody knows; long pages weigh only little more
    kinds    int8 (n_blocks,): index into KIND_LABELS, NO_KIND where unknown
    site     pages of one site are never on both sides of a split
    page_type  what the corpus calls the page ("article", "forum", ...); None where nobody said
    """

    key: str
    site: str
    kind: SourceKind
    segmentation: Segmentation
    article: NDArray[np.float32]
    weight: NDArray[np.float32]
    kinds: NDArray[np.int8]
    page_type: str | None = None


def example_from_gold(page: LabelledPage, limits: Limits | None = None) -> Example:
    """Label a page's blocks with its gold text."""
    segmentation = segment(page, limits or Limits())
    covered = coverage([block.text for block in segmentation.blocks], page.gold or "")
    return make_example(page, segmentation, (covered >= MIN_COVERED).astype(np.float32))


def segment(page: LabelledPage, limits: Limits) -> Segmentation:
    """A labelled page's blocks, read as markup."""
    return segment_html(decode_page(page.source, kind="html", url=page.url, limits=limits), limits)


def example_from_text(key: str, site: str, text: str, gold: str, limits: Limits | None = None) -> Example:
    """Label the lines of a plain text with its gold text."""
    limits = limits or Limits()
    segmentation = segment_text(decode_page(text, kind="text", url=None, limits=limits), limits)
    covered = coverage([block.text for block in segmentation.blocks], gold)
    kinds = np.full(len(covered), NO_KIND, np.int8)
    return Example(
        key, site, "text", segmentation, (covered >= MIN_COVERED).astype(np.float32),
        block_weights(segmentation.blocks), kinds,
    )  # fmt: skip


def make_example(
    page: LabelledPage,
    segmentation: Segmentation,
    article: NDArray[np.float32],
    known: NDArray[np.bool_] | None = None,
) -> Example:
    """Put an example together; blocks that are not `known` weigh nothing."""
    weight = block_weights(segmentation.blocks)
    if known is not None:
        weight = np.where(known, weight, 0).astype(np.float32)
    kinds = weak_kinds(segmentation, article)
    return Example(page.key, page.site, "html", segmentation, article, weight, kinds, page.page_type)


def block_weights(blocks: tuple[Block, ...]) -> NDArray[np.float32]:
    """Root of each block's words over the root of the page's: long blocks matter, long pages do not rule."""
    counts = np.array([max(1, len(words(block.text))) for block in blocks], np.float32)
    return np.asarray(np.sqrt(counts / max(float(counts.sum()), 1.0)), np.float32)


def counted_once(example: Example) -> Example:
    """The example with weights that add up to 1: a page of many blocks teaches no more than one of few."""
    total = float(example.weight.sum())
    return replace(example, weight=(example.weight / max(total, 1e-9)).astype(np.float32))


def weak_kinds(segmentation: Segmentation, article: NDArray[np.float32]) -> NDArray[np.int8]:
    """The kind of each noise block as its markup tells it: element names, or the page's own title."""
    kinds = np.full(len(article), NO_KIND, np.int8)
    hints = element_hints(segmentation.elements)
    title = segmentation.metadata.title
    for number, block in enumerate(segmentation.blocks):
        if article[number]:
            continue
        hint = hints[block.element] if block.element >= 0 else None
        if title and title_overlap(block.text, title) >= _SAME_TITLE:
            kinds[number] = _KIND_NUMBER[Label.TITLE]
            title = None
        elif hint is not None and not (hint.label is Label.BYLINE and len(block.text.split()) > _BYLINE_WORDS):
            kinds[number] = _KIND_NUMBER[hint.label]
    return kinds


def without_markup(example: Example, keep: NDArray[np.intp]) -> Example:
    """The same page as plain lines: the blocks `keep`, in that order, without elements, links or metadata."""
    blocks = tuple(
        Block(
            example.segmentation.blocks[number].text, replace(example.segmentation.blocks[number].position, line=line)
        )
        for line, number in enumerate(keep.tolist(), 1)
    )
    weight = block_weights(blocks) * (example.weight[keep] > 0)
    return Example(
        example.key, example.site, "text", Segmentation(blocks), example.article[keep],
        weight.astype(np.float32), example.kinds[keep],
    )  # fmt: skip
