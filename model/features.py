"""Blocks to numbers: one row per block, one column per feature, float32.

Columns come in five groups, each a small function that returns {name: column}:

    text         what the block's own characters say (length, links, punctuation, letter case, token score)
    place        where it stands on the page
    markup       tag, ancestors, path score, its container's totals at several levels, where it stands to what holds
                 most of the page's prose, and to elements named for comments
    repetition   the same text, or blocks of the same markup, elsewhere on the page
    neighbours   the same numbers of the blocks around it, and of the last heading before it

Plain text has no markup group: those columns are 0 and the text classifier is not given them. It has columns of its
own instead (`model.topic_features`), with which markup fared no better on sites it was not fitted on. What
each added to the prototype's word F1 on WCXB: text counts .797, + place .827, + tags .850,
+ neighbours .855, + repetition .859, + page totals .865, + text model .870, + path model .878.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.block_features import Columns, prose_words, text_columns
from model.comment_features import comment_columns
from model.context_features import discussion_columns, neighbour_columns
from model.hints import Hint, element_hints
from model.lexicon import Lexicon, element_scores, word_scores
from model.markup_features import markup_columns, repetition_columns
from model.topic_features import kind_columns, topic_columns
from model.types import KIND_LABELS, Block, Position, Segmentation

WORD_SCORES, ARTICLE, PROMPT = 3, 0, 1
"""The text model's outputs that are features; those behind them name the kinds of noise."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the linear models say of one page.

    text       float32 (n_blocks, 3): the text model's logits of article against noise, prompt against prose, and
               discussion against the rest
    extremes   float32 (n_blocks, 2): the lowest weight of article against noise of any of the block's tokens, the
               highest of prompt against prose
    opening    float32 (n_blocks,): the logit of prompt against prose of the block's first words alone
    elements   float32 (n_elements,): the path model's logit of each element alone
    kinds      float32 (n_blocks, n_kinds): the text model's logits of each of `KIND_LABELS`
    letters    float32 (n_blocks, n_outputs): the letter model's logits, the first of article against noise; None where
               they are not read, as in markup
    """

    text: NDArray[np.float32]
    extremes: NDArray[np.float32]
    opening: NDArray[np.float32]
    elements: NDArray[np.float32]
    kinds: NDArray[np.float32]
    letters: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """A page's feature matrix, float32 (n_blocks, n_columns), and the names of its columns.

    hints  what the page's elements are named for, found on the way (`model.hints.element_hints`)
    """

    names: tuple[str, ...]
    matrix: NDArray[np.float32]
    hints: Sequence[Hint | None]


_STAMP_WORDS = 20
"""A line up to this long that holds a date or time may say who spoke when."""

_ONE_BLOCK = Segmentation((Block("x", Position(1, 1)),))
_NO_SCORES = Scores(
    np.zeros((1, WORD_SCORES), np.float32),
    np.zeros((1, 2), np.float32),
    np.zeros(1, np.float32),
    np.zeros(0, np.float32),
    np.zeros((1, len(KIND_LABELS)), np.float32),
)


def linear_scores(
    segmentation: Segmentation, text: Lexicon, path: Lexicon, letters: NDArray[np.float32] | None = None
) -> Scores:
    """Score a page's blocks and elements with the linear models; `letters` as in `Scores`."""
    words = word_scores(segmentation.blocks, text, ARTICLE, PROMPT)
    return Scores(
        words.logits[:, :WORD_SCORES],
        np.stack([words.lowest, words.highest], axis=1),
        words.opening,
        element_scores(segmentation.elements, path),
        words.logits[:, WORD_SCORES:],
        letters,
    )


def page_features(segmentation: Segmentation, scores: Scores) -> Features:
    """Turn a page's blocks into rows of numbers. A page without blocks gives a matrix of no rows."""
    blocks = segmentation.blocks
    if not blocks:
        one = page_features(_ONE_BLOCK, _NO_SCORES)
        return Features(one.names, one.matrix[:0], element_hints(segmentation.elements))
    columns = text_columns(blocks, segmentation.metadata.title)
    columns |= dict(zip(("text_score", "prompt_score", "discussion_score"), scores.text.T, strict=True))
    columns |= dict(zip(("text_lowest", "prompt_highest"), scores.extremes.T, strict=True))
    columns["opening_score"] = scores.opening
    if not segmentation.elements:
        columns["letter_score"] = np.zeros(len(blocks), np.float32) if scores.letters is None else scores.letters[:, 0]
        columns |= kind_columns(scores.kinds) | topic_columns(blocks, prose_words(columns))
    columns["stamp"] = ((columns["date_time"] > 0) & (columns["words"] <= _STAMP_WORDS)).astype(np.float32)
    columns |= _place_columns(columns)
    columns |= discussion_columns(columns)
    hints = element_hints(segmentation.elements)
    columns |= markup_columns(segmentation, scores.elements, columns)
    columns |= comment_columns(blocks, hints, columns)
    columns |= repetition_columns(segmentation, columns)
    columns |= _page_columns(columns)
    columns |= neighbour_columns(columns)
    matrix = np.empty((len(blocks), len(columns)), np.float32)
    for number, column in enumerate(columns.values()):
        matrix[:, number] = column
    return Features(tuple(columns), matrix, hints)


MARKUP_ONLY = re.compile(
    r"link|emphasis|path|level\d|main_|named_|anc_|tag_|is_p|heading|depth|same_markup|_in_p|page_(?:article|main|form|link)"
)
"""Columns that only markup can fill; the text classifier leaves them out."""


def text_column_indices(names: tuple[str, ...]) -> list[int]:
    """The columns that mean something in plain text."""
    return [number for number, name in enumerate(names) if not MARKUP_ONLY.search(name)]


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
        "page_stamps": np.log1p(columns["stamp"].sum()),
    }
    rows = np.repeat(np.array([*values.values()], np.float32)[:, None], len(words), axis=1)
    return dict(zip(values, rows, strict=True))
