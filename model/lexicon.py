"""What words and element names say on their own: two linear bag-of-token models.

The text model reads a block's words, word pairs and, for short blocks, the whole line; the path model reads
the tags, classes, ids and roles of the elements around it. Both are ordinary logistic regressions
(Hastie, Tibshirani, Friedman: Elements of Statistical Learning, 4.4) over tokens seen on several sites;
their scores are features of the boosted trees, and the text model's further columns name the kind of noise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model.scripts import MARKS, SPACELESS, has_marks
from model.types import Block, Element
from model.word_index import BEGIN, END, LEAD, PAIR, WHOLE, Found, LineWords, WordIndex, first_of_each

HEAD_CHARS, TAIL_CHARS = 160, 60
"""Characters read at a block's start and end: noise shows there, and long paragraphs cost the most."""

WHOLE_LINE_WORDS = 8
"""Blocks up to this many words are also a token as a whole: "leave a reply"."""

OPENING_WORDS, OPENING_CHARS = 3, 48
"""How much of a block is its opening."""

_OPENING_SIGNS = 6
"""How many characters are, in scripts without spaces, where one is less than a word."""

_LEAD = re.compile(r"[\s\[【]*([^:：】]{2,40}?)\s?(?:[:：](?=\s|$|[^\x00-\x7f])|】)")
_LEAD_WORDS = 4
_LEAD_SIGNS = 14
"""A lead is what an opening of at most so many words, or characters, says before its colon: "See also: ..."."""

_WORD = re.compile(r"[^\W\d_]+|\d+|[©»›→|•]")
_MARKED_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*|\d+|[©»›→|•]")
_LOWERED_DOT = "i\u0307"
"""What Python makes of Turkish "İ"; the word is written with a plain "i" elsewhere."""

_ASCII_WORD = re.compile(r"[a-z]+|[0-9]+|\|")
"""The same for lowered ASCII, which most lines are, at two thirds of the time."""

_DIGIT = re.compile("[0-9]")
_SIGN = re.compile(f"[{SPACELESS}\uac00-\ud7af][{MARKS}]*")
_FIRST_SIGN = "\u0e00"
_NAME_PART = re.compile(r"[a-z]{2,}")
_MAX_NAME_CHARS = 40
_CACHED_NAMES = 16_384
"""Class names recur from page to page; their parts depend on nothing else."""

_Item = TypeVar("_Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Token weights. `weights[vocabulary[token]]` is a row with one weight per output.

    weights    float32 (n_tokens, n_outputs)
    intercept  float32 (n_outputs,)
    """

    vocabulary: dict[str, int]
    weights: NDArray[np.float32]
    intercept: NDArray[np.float32]
    index: WordIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", WordIndex.of(self.vocabulary))  # frozen: this is what it is made with

    def score(self, token_lists: Iterable[Collection[str]]) -> NDArray[np.float32]:
        """Logits, float32 (n_lists, n_outputs): the weights of each list's known tokens, summed and scaled
        by one over the root of their number, plus the intercept.
        """
        rows, owners, scales = token_indices(token_lists, self.vocabulary)
        return self.summed(Found(rows, owners), len(scales))

    def summed(self, found: Found, count: int, output: int | None = None) -> NDArray[np.float32]:
        """The logits of `count` lists whose known tokens were found, float32 (count, n_outputs), or of one output."""
        chosen = slice(output, output + 1) if output is not None else slice(None)
        scores = np.tile(self.intercept[chosen], (count, 1))
        if found.rows.size:
            starts = first_of_each(found.owners)
            scores[found.owners[starts]] += _scaled_sums(self.weights[found.rows, chosen], starts)
        return scores


def _scaled_sums(weights: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
    """Sums of the rows from each start to the next, by the root of their number."""
    tokens = np.append(starts[1:], len(weights)) - starts
    sums = np.add.reduceat(weights, starts, axis=0)
    return np.asarray(sums / np.sqrt(tokens, dtype=np.float32)[:, None], np.float32)


def token_indices(
    token_lists: Iterable[Collection[str]], vocabulary: dict[str, int]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """Look tokens up: (row of each known token, list it stands in, scale of each list).

    Lists made one by one, as they are asked for, take a tenth less time: each is looked up while the cache holds it.
    """
    rows: list[int] = []
    owners: list[int] = []
    scales: list[float] = []
    find = vocabulary.get
    for owner, tokens in enumerate(token_lists):
        known = [row for row in map(find, tokens) if row is not None]
        rows += known
        owners += [owner] * len(known)
        scales.append(1.0 / sqrt(len(known)) if known else 0.0)
    return np.array(rows, np.intp), np.array(owners, np.intp), np.array(scales, np.float32)


def text_tokens(text: str) -> list[str]:
    """The tokens of one block's text, each once: words, word pairs, how it begins, its lead, the whole of a short line.

    Digits become 0, and text without spaces (Chinese, Japanese, Thai) is read by characters and their pairs.
    `WordIndex.find` finds the same without making them.
    """
    line = _line_words(text)
    tokens = [*_sequence_tokens(line.head), *(END + word for word in line.tail), line.lead, line.whole]
    return [token for token in dict.fromkeys(tokens) if token]


def opening_tokens(text: str) -> list[str]:
    """The tokens of a block's first words alone: "Read more: ..." begins alike whatever the headline behind it."""
    line = _line_words(text)
    return [token for token in dict.fromkeys([*_sequence_tokens(line.head[: line.opening]), line.lead]) if token]


def _line_words(text: str) -> LineWords:
    """What the tokens of a block's text are made of."""
    long = len(text) > HEAD_CHARS + TAIL_CHARS
    head = _words(text[:HEAD_CHARS] if long else text)
    tail = _words(text[-TAIL_CHARS:]) if long else []
    whole = WHOLE + " ".join(head) if not long and len(head) <= WHOLE_LINE_WORDS else ""
    signs = bool(head) and head[0] >= _FIRST_SIGN and _SIGN.match(head[0]) is not None
    return LineWords(head, tail, lead_token(text), whole, _OPENING_SIGNS if signs else OPENING_WORDS)


def lead_token(text: str) -> str:
    """What stands before the colon of a block that opens with one, as a token of its own; "" elsewhere."""
    start = text[:OPENING_CHARS]
    lead = _LEAD.match(start) if ":" in start or "：" in start or "】" in start else None
    words = _words(lead[1]) if lead else []
    most = _LEAD_SIGNS if words and _SIGN.match(words[0]) else _LEAD_WORDS
    return " ".join(words) + LEAD if 0 < len(words) <= most else ""


def _sequence_tokens(words: Sequence[str]) -> list[str]:
    if not words:
        return []
    pairs = [one + PAIR + other for one, other in pairwise(words)]
    return [*words, BEGIN + words[0], BEGIN + PAIR.join(words[:2]), *pairs]


def _words(text: str) -> list[str]:
    lowered = text.lower()
    if lowered.isascii():
        words = _ASCII_WORD.findall(lowered)
    else:
        pattern = _WORD
        if has_marks(lowered):
            lowered, pattern = lowered.replace(_LOWERED_DOT, "i"), _MARKED_WORD
        words = pattern.findall(_SIGN.sub(r" \g<0> ", lowered) if _SIGN.search(lowered) else lowered)
    if not _DIGIT.search(lowered):
        return words
    return [word if word[0] not in "0123456789" else "0" * len(word) for word in words]


def path_tokens(element: Element) -> list[str]:
    """The tokens of one element: its tag, and its names whole and in parts."""
    tokens = {"<" + element.tag: None}
    for name in element.names:
        tokens.update(_name_tokens(name))
    return list(tokens)


@lru_cache(_CACHED_NAMES)
def _name_tokens(name: str) -> dict[str, None]:
    short = name[:_MAX_NAME_CHARS]
    return {short: None, **dict.fromkeys(_NAME_PART.findall(short))}


def element_scores(elements: Sequence[Element], lexicon: Lexicon) -> NDArray[np.float32]:
    """The path model's logit of each element alone, float32 (n_elements,), without the intercept.

    Elements of the same tag and names are scored once.
    """
    distinct: dict[tuple[str, tuple[str, ...]], int] = {}
    index = [distinct.setdefault((element.tag, element.names), len(distinct)) for element in elements]
    if not index:
        return np.zeros(0, np.float32)
    tokens = [path_tokens(Element(-1, tag, names)) for tag, names in distinct]
    scores: NDArray[np.float32] = lexicon.score(tokens)[index, 0] - lexicon.intercept[0]
    return scores


@dataclass(frozen=True, slots=True)
class WordScores:
    """What a lexicon says of a page's blocks; all float32.

    logits   (n_blocks, n_outputs)
    lowest   (n_blocks,): the lowest weight of any of a block's tokens for one output, 0 where none is known: a long
             line with one telling word is known by it
    highest  (n_blocks,): the highest for another
    opening  (n_blocks,): that other's logit of the block's first words alone
    """

    logits: NDArray[np.float32]
    lowest: NDArray[np.float32]
    highest: NDArray[np.float32]
    opening: NDArray[np.float32]


def word_scores(blocks: Sequence[Block], lexicon: Lexicon, article: int, prompt: int) -> WordScores:
    """Score blocks by their words; `article` and `prompt` are the outputs of lowest and highest weight. Repeated texts
    are scored once.
    """
    distinct, index = _distinct(block.text for block in blocks)
    found, opening = lexicon.index.find([_line_words(text) for text in distinct], lexicon.vocabulary)
    logits = np.tile(lexicon.intercept, (len(distinct), 1))
    lowest, highest = np.zeros((2, len(distinct)), np.float32)
    if found.rows.size:
        starts = first_of_each(found.owners)
        known = found.owners[starts]
        weights = lexicon.weights.take(found.rows, axis=0)
        logits[known] += _scaled_sums(weights, starts)
        lowest[known] = np.minimum.reduceat(weights[:, article], starts)
        highest[known] = np.maximum.reduceat(weights[:, prompt], starts)
    opens = lexicon.summed(opening, len(distinct), prompt)
    return WordScores(logits[index], lowest[index], highest[index], opens[index, 0])


def block_scores(blocks: Sequence[Block], lexicon: Lexicon) -> NDArray[np.float32]:
    """The text model's logits alone, float32 (n_blocks, n_outputs)."""
    distinct, index = _distinct(block.text for block in blocks)
    found, _ = lexicon.index.find([_line_words(text) for text in distinct], lexicon.vocabulary)
    return lexicon.summed(found, len(distinct))[index]


def _distinct(items: Iterable[_Item]) -> tuple[list[_Item], NDArray[np.intp]]:
    """The different items, and which of them each one is."""
    distinct: dict[_Item, int] = {}
    index = [distinct.setdefault(item, len(distinct)) for item in items]
    return list(distinct), np.array(index, np.intp)
