"""What words and element names say on their own: two linear bag-of-token models.

The text model reads a block's words, word pairs and, for short blocks, the whole line; the path model reads
the tags, classes, ids and roles of the elements around it. Both are ordinary logistic regressions
(Hastie, Tibshirani, Friedman: Elements of Statistical Learning, 4.4) over tokens seen on several sites;
their scores are features of the boosted trees, and the text model's further columns name the kind of noise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model.types import Block, Element

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
_LEAD_SIGNS = 10
"""A lead is what an opening of at most so many words, or characters, says before its colon: "See also: ..."."""

_WORD = re.compile(r"[^\W\d_]+|\d+|[©»›→|•]")
_ASCII_WORD = re.compile(r"[a-z]+|[0-9]+|\|")
"""The same for lowered ASCII, which most lines are, at two thirds of the time."""

_HAN_KANA = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
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

    def score(self, token_lists: Iterable[Collection[str]]) -> NDArray[np.float32]:
        """Logits, float32 (n_lists, n_outputs): the weights of each list's known tokens, summed and scaled
        by one over the root of their number, plus the intercept.
        """
        rows, owners, scales = token_indices(token_lists, self.vocabulary)
        return self._summed(self.weights[rows], owners, scales)

    def score_and_extremes(
        self, token_lists: Iterable[Collection[str]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """The logits, and each output's lowest and highest weight of a known token, 0 where there is none; all
        float32 (n_lists, n_outputs).
        """
        rows, owners, scales = token_indices(token_lists, self.vocabulary)
        weights = self.weights[rows]
        scores = self._summed(weights, owners, scales)
        lowest, highest = np.zeros_like(scores), np.zeros_like(scores)
        if rows.size:
            starts = np.flatnonzero(np.diff(owners, prepend=-1))
            lowest[owners[starts]] = np.minimum.reduceat(weights, starts, axis=0)
            highest[owners[starts]] = np.maximum.reduceat(weights, starts, axis=0)
        return scores, lowest, highest

    def _summed(
        self, weights: NDArray[np.float32], owners: NDArray[np.intp], scales: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        scores = np.tile(self.intercept, (len(scales), 1))
        if owners.size:
            starts = np.flatnonzero(np.diff(owners, prepend=-1))
            present = owners[starts]
            scores[present] += np.add.reduceat(weights, starts, axis=0) * scales[present, None]
        return scores


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
    """The tokens of one block's text, each once: words, word pairs, how it begins, the whole of a short line.

    Digits become 0, and text without spaces (Chinese, Japanese, Thai) is read by characters and their pairs.
    """
    long = len(text) > HEAD_CHARS + TAIL_CHARS
    words = _words(text[:HEAD_CHARS] if long else text)
    tokens = _sequence_tokens(words)
    tokens.update(_lead_token(text))
    if long:
        tokens.update(dict.fromkeys("$" + word for word in _words(text[-TAIL_CHARS:])))
    elif len(words) <= WHOLE_LINE_WORDS:
        tokens["=" + " ".join(words)] = None
    return list(tokens)


def opening_tokens(text: str) -> tuple[str, ...]:
    """The tokens of a block's first words alone: "Read more: ..." begins alike whatever the headline behind it."""
    words = _words(text[:OPENING_CHARS])
    signs = bool(words) and _HAN_KANA.match(words[0]) is not None
    tokens = _sequence_tokens(words[: _OPENING_SIGNS if signs else OPENING_WORDS])
    tokens.update(_lead_token(text))
    return tuple(tokens)


def _lead_token(text: str) -> dict[str, None]:
    """What stands before the colon of a block that opens with one, as a token of its own; nothing elsewhere."""
    lead = _LEAD.match(text[:OPENING_CHARS])
    words = _words(lead[1]) if lead else []
    most = _LEAD_SIGNS if words and _HAN_KANA.match(words[0]) else _LEAD_WORDS
    return {" ".join(words) + ":": None} if 0 < len(words) <= most else {}


def _sequence_tokens(words: Sequence[str]) -> dict[str, None]:
    if not words:
        return {}
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    return dict.fromkeys([*words, "^" + words[0], "^" + " ".join(words[:2]), *pairs])


def _words(text: str) -> list[str]:
    lowered = text.lower()
    words = _ASCII_WORD.findall(lowered) if lowered.isascii() else _WORD.findall(_HAN_KANA.sub(r" \g<0> ", lowered))
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


def block_scores(blocks: Sequence[Block], lexicon: Lexicon) -> NDArray[np.float32]:
    """The text model's logits, float32 (n_blocks, n_outputs). Repeated texts are scored once."""
    distinct, index = _distinct(block.text for block in blocks)
    return lexicon.score(text_tokens(text) for text in distinct)[index]


def block_scores_and_extremes(
    blocks: Sequence[Block], lexicon: Lexicon
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The same with each block's lowest and highest token weight: a long line with one telling word is known by it."""
    distinct, index = _distinct(block.text for block in blocks)
    scores, lowest, highest = lexicon.score_and_extremes(text_tokens(text) for text in distinct)
    return scores[index], lowest[index], highest[index]


def opening_scores(blocks: Sequence[Block], lexicon: Lexicon, output: int) -> NDArray[np.float32]:
    """One output's logit of the blocks' first words alone, float32 (n_blocks,). Repeated openings are scored once."""
    openings, index = _distinct([opening_tokens(block.text) for block in blocks])
    chosen = replace(
        lexicon, weights=lexicon.weights[:, output : output + 1], intercept=lexicon.intercept[output : output + 1]
    )
    scores: NDArray[np.float32] = chosen.score(openings)[index, 0]
    return scores


def _distinct(items: Iterable[_Item]) -> tuple[list[_Item], NDArray[np.intp]]:
    """The different items, and which of them each one is."""
    distinct: dict[_Item, int] = {}
    index = [distinct.setdefault(item, len(distinct)) for item in items]
    return list(distinct), np.array(index, np.intp)
