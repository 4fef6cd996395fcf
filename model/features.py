"""Blocks to numbers: one row per block, one column per feature, float32.

Columns come in five groups, each a small function that returns {name: column}:

    text         what the block's own characters say (length, links, punctuation, letter case, token score)
    place        where it stands on the page
    markup       tag, ancestors, path score, and its container's totals at several levels
    repetition   the same text, or blocks of the same markup, elsewhere on the page
    neighbours   the same numbers of the blocks around it, and of the last heading before it

Plain text has no markup group: those columns are 0 and the text classifier is not given them. The groups
and their worth were measured in an ablation on WCXB (word F1): text counts .797, + place .827, + tags .850,
+ neighbours .855, + repetition .859, + page totals .865, + text model .870, + path model .878.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from model.lexicon import Lexicon, block_scores, element_scores
from model.types import Block, Element, Segmentation

Column = NDArray[np.float32]
Columns = dict[str, Column]

_HEAD = 240
"""Characters of a block in which letter case, digits and separators are counted."""

_DIGIT = re.compile(r"\d")
_SEPARATOR = re.compile(r"[|·•»«›‹→←▶►/\\]")
_SEPARATORS = frozenset("|·•»«›‹→←▶►/\\")
_QUOTES = frozenset('"“”«„「')
_CURRENCY = frozenset("$€£¥₽₹")
_STOPS = frozenset(".!?…。！？")
_DATE_TIME = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
_SENTENCE_END = re.compile(r"[.!?…](?:[\"'”’»)\]]*)(?=\s|$)|[。！？]")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_CLOSING = frozenset(".!?…。！？\"'”’»)]")
_NO_SPACE_SCRIPT = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_MAX_TITLE_WORDS = 40
_CHARS_PER_WORD = 2.0
"""Characters of a script without spaces that count as one word."""

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
_HEADING = {f"h{level}": level for level in range(1, 7)}

WORD_SCORES = 3
"""The text model's outputs that are features; those behind them name the kinds of noise."""

_LEVELS = (0, 1, 2, 3, 5)
"""How many elements outwards the containers are whose totals a block is given."""

_NEIGHBOUR_COLUMNS = (
    "log_words", "link_density", "ends_sentence", "sentences", "text_score", "path_score", "heading", "is_p",
)  # fmt: skip
_OFFSETS = (-3, -2, -1, 1, 2, 3)
_WINDOW_COLUMNS = (
    "log_words",
    "link_density",
    "sentences",
    "text_score",
    "prompt_score",
    "discussion_score",
    "path_score",
)
_WINDOWS = (4, 12)


@dataclass(frozen=True, slots=True)
class Scores:
    """What the linear models say of one page.

    text       float32 (n_blocks, 3): the text model's logits of article against noise, prompt against prose, and
               discussion against the rest
    elements   float32 (n_elements,): the path model's logit of each element alone
    """

    text: NDArray[np.float32]
    elements: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """A page's feature matrix, float32 (n_blocks, n_columns), and the names of its columns."""

    names: tuple[str, ...]
    matrix: NDArray[np.float32]


def linear_scores(segmentation: Segmentation, text: Lexicon, path: Lexicon) -> Scores:
    """Score a page's blocks and elements with the two linear models."""
    return Scores(block_scores(segmentation.blocks, text)[:, :WORD_SCORES], element_scores(segmentation.elements, path))


def page_features(segmentation: Segmentation, scores: Scores) -> Features:
    """Turn a page's blocks into rows of numbers. A page without blocks gives a matrix of no rows."""
    blocks = segmentation.blocks
    columns = _text_columns(blocks, segmentation.metadata.title)
    columns |= dict(zip(("text_score", "prompt_score", "discussion_score"), scores.text.T, strict=True))
    columns |= _place_columns(columns)
    columns |= _markup_columns(segmentation, scores.elements, columns)
    columns |= _repetition_columns(segmentation, columns)
    columns |= _page_columns(columns)
    columns |= _neighbour_columns(columns)
    matrix = np.empty((len(blocks), len(columns)), np.float32)
    for number, column in enumerate(columns.values()):
        matrix[:, number] = column
    return Features(tuple(columns), matrix)


MARKUP_ONLY = re.compile(
    r"link|emphasis|path|level\d|anc_|tag_|is_p|heading|depth|same_markup|_in_p|page_(?:article|main|form|link)"
)
"""Columns that only markup can fill; the text classifier leaves them out."""


def text_column_indices(names: tuple[str, ...]) -> list[int]:
    """The columns that mean something in plain text."""
    return [number for number, name in enumerate(names) if not MARKUP_ONLY.search(name)]


def _text_columns(blocks: tuple[Block, ...], title: str | None) -> Columns:
    title_words = _title_words(title)
    names = """
    log_words log_chars word_length link_density log_links emphasis_density sentences commas ends_sentence
    ends_colon ends_open starts_upper starts_lower capitalised caps_words digits separators date_time address
    copyright question exclamation quotes currency brackets in_title starts_mark words
    """.split()
    rows = [_text_row(block, title_words) for block in blocks]
    table = np.array(rows, np.float32).reshape(len(rows), len(names))
    return {name: table[:, number] for number, name in enumerate(names)}


def _text_row(block: Block, title_words: frozenset[str]) -> tuple[float, ...]:
    text = block.text
    chars = len(text)
    head = text if chars <= _HEAD else text[:_HEAD]
    used = set(head)
    words = text.count(" ") + text.count("\n") + 1.0
    if not text.isascii():
        words += len(_NO_SPACE_SCRIPT.findall(text)) / _CHARS_PER_WORD
    head_words = head.split()
    n_head = max(len(head_words), 1)
    first, last = text[0], text[-1]
    digits = len(_DIGIT.findall(head))
    long = chars > _HEAD
    return (
        log1p(words),
        log1p(chars),
        min(chars / words, 30.0),
        block.link_chars / chars,
        log1p(block.link_count),
        block.emphasis_chars / chars,
        len(_SENTENCE_END.findall(text)) if long or not used.isdisjoint(_STOPS) else 0,
        (text.count(",") + text.count("，") + text.count("、")) / words,
        last in _CLOSING and _ENDS_SENTENCE.search(text[-6:]) is not None,
        last in ":：",
        last in "…»›→>" or text.endswith("..."),
        first.isupper(),
        first.islower(),
        sum(map(str.isupper, [word[0] for word in head_words])) / n_head,
        sum(map(str.isupper, head_words)) / n_head,
        digits / len(head),
        0 if used.isdisjoint(_SEPARATORS) else len(_SEPARATOR.findall(head)) / n_head,
        len(_DATE_TIME.findall(head)) if digits else 0,
        "@" in used or "http" in head or "www." in head,
        "©" in used or "(c)" in head,
        text.count("?") / words,
        text.count("!") / words,
        not used.isdisjoint(_QUOTES),
        not used.isdisjoint(_CURRENCY),
        first in "[({" or last in "])}",
        _overlap(head_words, title_words),
        not first.isalnum(),
        words,
    )


def title_overlap(text: str, title: str) -> float:
    """Share of words that a block and the page's title have in common, 0 to 1."""
    return _overlap(text[:_HEAD].split(), _title_words(title))


def _title_words(title: str | None) -> frozenset[str]:
    return frozenset((title or "").lower().split())


def _overlap(head_words: list[str], title_words: frozenset[str]) -> float:
    if not title_words or len(head_words) > _MAX_TITLE_WORDS:
        return 0.0
    common = title_words.intersection(map(str.lower, head_words))
    return len(common) / max(len(title_words), len(head_words))


def _place_columns(columns: Columns) -> Columns:
    words = columns["words"]
    count = len(words)
    index = np.arange(count, dtype=np.float32)
    before = np.cumsum(words) - words
    total = max(float(words.sum()), 1.0)
    title_like = columns["in_title"] >= 0.6
    first_title = int(np.argmax(title_like)) if title_like.any() else -1
    since_title = index - first_title if first_title >= 0 else np.full(count, -99, np.float32)
    return {
        "place": index / max(count - 1, 1),
        "log_index": np.log1p(index),
        "log_index_from_end": np.log1p(count - 1 - index),
        "words_before": before / total,
        "log_words_before": np.log1p(before),
        "log_words_after": np.log1p(np.maximum(total - before - words, 0)),
        "since_title": np.clip(since_title, -99, 200),
    }


def _markup_columns(segmentation: Segmentation, element_logits: Column, columns: Columns) -> Columns:
    blocks, elements = segmentation.blocks, segmentation.elements
    if not elements:
        return _no_markup(len(blocks))
    owner = np.fromiter((block.element for block in blocks), np.intp, len(blocks))
    owner = np.maximum(owner, 0)
    tree = _read_tree(elements, element_logits)
    tags = [elements[number].tag for number in owner]
    result: Columns = {
        "heading": np.array([_HEADING.get(tag, 0) for tag in tags], np.float32),
        "is_p": np.array([tag == "p" for tag in tags], np.float32),
        "depth": tree.depth[owner],
        "path_score": tree.total[owner],
        "path_low": tree.lowest[owner],
        "path_high": tree.highest[owner],
        "path_own": element_logits[owner],
        "path_parent": element_logits[tree.parent[owner]],
    }
    for name, group in _TAG_GROUPS.items():
        result[f"tag_{name}"] = np.array([tag in group for tag in tags], np.float32)
    masks = tree.mask[owner]
    for bit, name in enumerate([*_ANCESTORS, "hidden"]):
        result[f"anc_{name}"] = ((masks >> bit) & 1).astype(np.float32)
    return result | _container_columns(tree, owner, columns, result["is_p"])


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
            lowest.append(min(lowest[above], own))
            highest.append(max(highest[above], own))
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
    zeros = np.zeros(count, np.float32)
    return dict.fromkeys(names, zeros)


_CONTAINER_TOTALS = (
    "log_words", "share", "link_density", "log_blocks", "sentence_share", "mean_text_score", "in_p_share",
)  # fmt: skip


def _container_columns(tree: _Tree, owner: NDArray[np.intp], columns: Columns, is_p: Column) -> Columns:
    """Totals over everything inside the element that is 0, 1, 2, 3 and 5 steps outwards.

    Elements and blocks are both in document order, so what an element contains is a run of blocks and every
    total is the difference of two prefix sums.
    """
    first, last = _block_ranges(tree.parent, owner)
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


def _block_ranges(parent: NDArray[np.intp], owner: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First block inside each element and one past its last."""
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
            starts[above] = min(starts[above], starts[number])
            stops[above] = max(stops[above], stops[number])
    return np.array(starts, np.intp), np.array(stops, np.intp)


def _repetition_columns(segmentation: Segmentation, columns: Columns) -> Columns:
    blocks, elements = segmentation.blocks, segmentation.elements
    texts: dict[str, int] = {}
    text_group = np.array([texts.setdefault(block.text, len(texts)) for block in blocks], np.intp)
    text_counts = np.bincount(text_group, minlength=1)
    result: Columns = {"same_text": np.log1p(text_counts[text_group] - 1.0)}
    if not elements:
        zeros = np.zeros(len(blocks), np.float32)
        return result | {f"same_markup_{what}": zeros for what in ("count", "words", "links", "sentences", "score")}
    shapes: dict[tuple[object, ...], int] = {}
    groups = []
    for block in blocks:
        element = elements[block.element]
        above = elements[element.parent]
        shape = (element.tag, element.names, above.tag, above.names)
        groups.append(shapes.setdefault(shape, len(shapes)))
    group = np.array(groups, np.intp)
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


def _page_columns(columns: Columns) -> Columns:
    words = columns["words"]
    total = max(float(words.sum()), 1.0)
    in_sentences = words * (columns["sentences"] > 0)
    long = words >= 15
    values = {
        "page_log_blocks": np.log1p(len(words)),
        "page_log_words": np.log1p(total),
        "page_link_share": (words * columns["link_density"]).sum() / total,
        "page_sentence_share": in_sentences.sum() / total,
        "page_words_in_p": (words * columns["is_p"]).sum() / total,
        "page_long_blocks": np.log1p(long.sum()),
        "page_long_link_share": (columns["link_density"] * long).sum() / max(long.sum(), 1),
        "page_score": (words * columns["text_score"]).sum() / total,
        "page_path_score": (words * columns["path_score"]).sum() / total,
        "page_headings": np.log1p((columns["heading"] > 0).sum()),
        "page_article": columns["anc_article"].max(initial=0),
        "page_main": columns["anc_main"].max(initial=0),
        "page_form_share": (words * columns["anc_form"]).sum() / total,
        "page_longest": np.log1p(words.max(initial=0)),
    }
    return {name: np.full(len(words), value, np.float32) for name, value in values.items()}


def _neighbour_columns(columns: Columns) -> Columns:
    count = len(columns["words"])
    result: Columns = {}
    index = np.arange(count)
    for name in _NEIGHBOUR_COLUMNS:
        padded = np.concatenate([np.full(3, -9.0), columns[name], np.full(3, -9.0)])
        for offset in _OFFSETS:
            result[f"{name}@{offset:+d}"] = padded[3 + offset : 3 + offset + count]
    for name in _WINDOW_COLUMNS:
        sums = np.concatenate([[0.0], np.cumsum(columns[name], dtype=np.float64)])
        for reach in _WINDOWS:
            low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, count)
            result[f"{name}~{reach}"] = (sums[high] - sums[low]) / np.maximum(high - low, 1)
    highest = np.maximum.accumulate(columns["discussion_score"]) if count else columns["words"]
    result["discussion_before"] = np.concatenate([[-9.0], highest[:-1]]) if count else columns["words"]
    return result | _last_heading_columns(columns, index)


def _last_heading_columns(columns: Columns, index: NDArray[np.intp]) -> Columns:
    """The last short line or heading before each block: "Related", "Comments", "Most read"."""
    is_head = (columns["heading"] > 0) | ((columns["words"] <= 6) & (columns["ends_sentence"] == 0))
    last = np.maximum.accumulate(np.where(is_head, index, -1)) if len(index) else index
    previous = np.concatenate([[-1], last[:-1]]) if len(index) else index
    known = previous >= 0
    safe = np.maximum(previous, 0)
    return {
        "last_head_distance": np.where(known, index - previous, 99).clip(0, 99).astype(np.float32),
        "last_head_score": np.where(known, columns["text_score"][safe], -9.0) if len(index) else columns["words"],
        "last_head_prompt": np.where(known, columns["prompt_score"][safe], -9.0) if len(index) else columns["words"],
        "last_head_discussion": np.where(known, columns["discussion_score"][safe], -9.0)
        if len(index)
        else columns["words"],
        "last_head_heading": np.where(known, columns["heading"][safe], 0.0) if len(index) else columns["words"],
    }
