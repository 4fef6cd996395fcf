"""What the markup around a block says: tags, ancestors, names, what its containers hold, what is built alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.block_features import Column, Columns, prose_words
from model.tags import HEADING_LEVELS
from model.types import Element, Segmentation

_TAG_GROUPS: dict[str, frozenset[str]] = {
    "p": frozenset({"p"}),
    "li": frozenset({"li"}),
    "cell": frozenset({"td", "th"}),
    "definition": frozenset({"dt", "dd"}),
    "caption": frozenset({"figcaption", "caption"}),
    "quote": frozenset({"blockquote"}),
    "code": frozenset({"pre"}),
    "control": frozenset({"button", "label", "legend", "fieldset", "form", "summary"}),
    "div": frozenset({"div", "section", "article", "main", "body"}),
}
_ANCESTORS = """
    article main nav aside footer header form table ul ol blockquote figure button noscript dialog section
    details li
    """.split()
_ANCESTOR_BIT = {tag: 1 << bit for bit, tag in enumerate(_ANCESTORS)}
_HIDDEN_BIT = 1 << len(_ANCESTORS)

_LEVELS = (0, 1, 2, 3, 5)
"""Steps outwards from a block's element to the containers whose totals are features of the block."""


def markup_columns(segmentation: Segmentation, element_logits: Column, columns: Columns) -> Columns:
    """The markup group; `element_logits` are the path model's, `columns` the text group. All 0 for plain text."""
    elements = segmentation.elements
    if not elements:
        return _no_markup(len(segmentation.blocks))
    owner = block_owners(segmentation)
    tree = _read_tree(elements, element_logits)
    tags = [elements[number].tag for number in owner]
    result: Columns = {
        "heading": np.array([HEADING_LEVELS.get(tag, 0) for tag in tags], np.float32),
        "is_p": np.array([tag == "p" for tag in tags], np.float32),
        "depth": tree.depth[owner],
        "path_score": tree.total[owner],
        "path_low": tree.lowest[owner],
        "path_high": tree.highest[owner],
        "path_own": element_logits[owner],
        "path_parent": element_logits[tree.parent[owner]],
    }
    different: dict[str, int] = {}
    which = np.array([different.setdefault(tag, len(different)) for tag in tags], np.intp)
    for name, group in _TAG_GROUPS.items():
        result[f"tag_{name}"] = np.array([tag in group for tag in different], np.float32)[which]
    masks = tree.mask[owner]
    for bit, name in enumerate([*_ANCESTORS, "hidden"]):
        result[f"anc_{name}"] = ((masks >> bit) & 1).astype(np.float32)
    spans = block_ranges(tree.parent, owner)
    result |= _container_columns(tree, owner, spans, columns, result["is_p"])
    return result | _main_columns(tree, owner, spans, columns)


@dataclass(frozen=True, slots=True)
class _Tree:
    """Per element: its parent (itself at the root) and what adds up along the way from the root."""

    parent: NDArray[np.intp]
    depth: Column
    total: Column
    lowest: Column
    highest: Column
    mask: NDArray[np.int64]


def _read_tree(elements: tuple[Element, ...], logits: Column) -> _Tree:
    parents: list[int] = []
    depth: list[int] = []
    total: list[float] = []
    lowest: list[float] = []
    highest: list[float] = []
    masks: list[int] = []
    for number, (element, own) in enumerate(zip(elements, logits.tolist(), strict=True)):
        bit = _ANCESTOR_BIT.get(element.tag, 0)
        if "hidden" in element.names:
            bit |= _HIDDEN_BIT
        above = element.parent
        if above < 0:
            parents.append(number)
            depth.append(0)
            total.append(own)
            lowest.append(own)
            highest.append(own)
            masks.append(bit)
        else:
            parents.append(above)
            depth.append(depth[above] + 1)
            total.append(total[above] + own)
            lowest.append(own if own < lowest[above] else lowest[above])  # min() would take five times as long
            highest.append(own if own > highest[above] else highest[above])
            masks.append(masks[above] | bit)
    return _Tree(
        parent=np.array(parents, np.intp),
        depth=np.array(depth, np.float32),
        total=np.array(total, np.float32),
        lowest=np.array(lowest, np.float32),
        highest=np.array(highest, np.float32),
        mask=np.array(masks, np.int64),
    )


def _no_markup(count: int) -> Columns:
    names = ["heading", "is_p", "depth", "path_score", "path_low", "path_high", "path_own", "path_parent"]
    names += [f"tag_{name}" for name in _TAG_GROUPS]
    names += [f"anc_{name}" for name in (*_ANCESTORS, "hidden")]
    names += [f"level{level}_{what}" for level in _LEVELS for what in _CONTAINER_TOTALS]
    names += _MAIN_NAMES
    zeros = np.zeros(count, np.float32)
    return dict.fromkeys(names, zeros)


_CONTAINER_TOTALS = (
    "log_words", "share", "link_density", "log_blocks", "sentence_share", "mean_text_score", "in_p_share",
)  # fmt: skip


Spans = tuple[NDArray[np.intp], NDArray[np.intp]]
"""First block inside each element and one past its last, each (n_elements,)."""


def _container_columns(tree: _Tree, owner: NDArray[np.intp], spans: Spans, columns: Columns, is_p: Column) -> Columns:
    """Totals over everything inside the element that is 0, 1, 2, 3 and 5 steps outwards.

    Elements and blocks are both in document order, so what an element contains is a run of blocks and every
    total is the difference of two prefix sums.
    """
    first, last = spans
    words = columns["words"]
    sums = np.zeros((len(owner) + 1, 5))
    stacked = (words, words * columns["link_density"], words * (columns["sentences"] > 0),
               words * columns["text_score"], words * is_p)  # fmt: skip
    np.cumsum(np.stack(stacked, axis=1), axis=0, out=sums[1:])
    page_words = max(float(sums[-1, 0]), 1.0)
    result: Columns = {}
    container, step = owner, 0
    for level in _LEVELS:
        for _ in range(level - step):
            container = tree.parent[container]
        step = level
        start, stop = first[container], last[container]
        inside = sums[stop] - sums[start]
        total = np.maximum(inside[:, 0], 1.0)
        values = (
            np.log1p(inside[:, 0]), inside[:, 0] / page_words, inside[:, 1] / total, np.log1p(stop - start),
            inside[:, 2] / total, inside[:, 3] / total, inside[:, 4] / total,
        )  # fmt: skip
        for name, value in zip(_CONTAINER_TOTALS, values, strict=True):
            result[f"level{level}_{name}"] = value.astype(np.float32)
    return result


_MAIN_SHARES = {"half": 0.5, "most": 0.8}
_MAIN_FACTS = ("inside", "side", "away", "below", "share", "blocks")
_MAIN_NAMES = [f"main_{part}_{what}" for part in _MAIN_SHARES for what in _MAIN_FACTS]


def _main_columns(tree: _Tree, owner: NDArray[np.intp], spans: Spans, columns: Columns) -> Columns:
    """Where a block stands in relation to the innermost element that holds half, and most, of the page's prose.

    inside  in it or not; side  -1 before it, 1 behind it; away  steps from it up to what holds both; below  how deep
    inside; share and blocks  of the page's prose and blocks that it holds. An index page has no such element, or one
    that holds nearly everything: listings gained most by these columns, then articles.
    """
    first, last = spans
    count = len(owner)
    sums = np.concatenate([[0.0], np.cumsum(prose_words(columns), dtype=np.float64)])
    inside = np.where(last > first, sums[last] - sums[np.minimum(first, count)], 0.0)
    index = np.arange(count)
    result: Columns = {}
    for part, share in _MAIN_SHARES.items():
        enough = np.flatnonzero(inside >= share * sums[-1])  # each of them holds the next
        main = int(enough[-1]) if sums[-1] and len(enough) else 0
        start, stop = first[main], last[main]
        within = (index >= start) & (index < stop)
        values = (
            within,
            np.where(index < start, -1, np.where(index >= stop, 1, 0)),
            _steps_away(tree, spans, main, count),
            np.where(within, tree.depth[owner] - tree.depth[main], -1),
            np.full(count, inside[main] / max(sums[-1], 1.0)),
            np.full(count, (stop - start) / count),
        )
        for what, value in zip(_MAIN_FACTS, values, strict=True):
            result[f"main_{part}_{what}"] = value.astype(np.float32)
    return result


def _steps_away(tree: _Tree, spans: Spans, element: int, count: int) -> Column:
    """For each block the steps from an element up to the one that holds both; 0 inside it."""
    first, last = spans
    away = np.zeros(count, np.float32)
    low, high, steps = first[element], last[element], 0
    while (low > 0 or high < count) and tree.parent[element] != element:
        element, steps = int(tree.parent[element]), steps + 1
        away[first[element] : low] = steps
        away[high : last[element]] = steps
        low, high = first[element], last[element]
    return away


def block_ranges(parent: NDArray[np.intp], owner: NDArray[np.intp]) -> Spans:
    """First block inside each element and one past its last.

    parent  (n_elements,), the number of each element's parent, its own at the root
    owner   (n_blocks,), the number of each block's element
    """
    count = len(parent)
    first = np.full(count, len(owner), np.intp)
    last = np.zeros(count, np.intp)
    numbers = np.arange(len(owner))
    np.minimum.at(first, owner, numbers)
    np.maximum.at(last, owner, numbers + 1)
    starts, stops, parents = first.tolist(), last.tolist(), parent.tolist()
    for number in range(count - 1, 0, -1):
        above = parents[number]
        if above != number:
            starts[above] = starts[number] if starts[number] < starts[above] else starts[above]
            stops[above] = stops[number] if stops[number] > stops[above] else stops[above]
    return np.array(starts, np.intp), np.array(stops, np.intp)


def element_spans(segmentation: Segmentation) -> Spans:
    """First block inside each element and one past its last; of an element without blocks, the last is no more."""
    parent = np.array([max(element.parent, 0) for element in segmentation.elements], np.intp)
    return block_ranges(parent, block_owners(segmentation))


def block_owners(segmentation: Segmentation) -> NDArray[np.intp]:
    """The index of each block's element, (n_blocks,)."""
    blocks = segmentation.blocks
    return np.maximum(np.fromiter((block.element for block in blocks), np.intp, len(blocks)), 0)


def markup_groups(segmentation: Segmentation) -> NDArray[np.intp]:
    """A number for each block, (n_blocks,), equal where tag and names of its element and of the one around it are."""
    elements = segmentation.elements
    shapes: dict[tuple[object, ...], int] = {}
    groups = []
    for block in segmentation.blocks:
        element = elements[block.element]
        above = elements[element.parent]
        shape = (element.tag, element.names, above.tag, above.names)
        groups.append(shapes.setdefault(shape, len(shapes)))
    return np.array(groups, np.intp)


def repetition_columns(segmentation: Segmentation, columns: Columns) -> Columns:
    """How often the same text, and the same markup, stands on the page, and what the latter holds."""
    blocks = segmentation.blocks
    texts: dict[str, int] = {}
    text_group = np.array([texts.setdefault(block.text, len(texts)) for block in blocks], np.intp)
    text_counts = np.bincount(text_group, minlength=1)
    result: Columns = {"same_text": np.log1p(text_counts[text_group] - 1.0)}
    if not segmentation.elements:
        zeros = np.zeros(len(blocks), np.float32)
        return result | {f"same_markup_{what}": zeros for what in ("count", "words", "links", "sentences", "score")}
    group = markup_groups(segmentation)
    count = np.maximum(np.bincount(group, minlength=1), 1)
    words = columns["words"]
    group_words = np.bincount(group, words, minlength=1)

    def per_word(column: Column) -> Column:
        sums = np.bincount(group, words * column, minlength=1)
        return np.asarray((sums / np.maximum(group_words, 1.0))[group], np.float32)

    return result | {
        "same_markup_count": np.log(count)[group],
        "same_markup_words": np.log1p(group_words / count)[group],
        "same_markup_links": per_word(columns["link_density"]),
        "same_markup_sentences": per_word(columns["ends_sentence"]),
        "same_markup_score": per_word(columns["text_score"]),
    }
