"""The tokens of all lines of a page looked up at once.

A line has a token for each word, each pair of words, how it begins and how it ends. As strings they cost more to make
than to look up, so words become numbers first and the rest is arithmetic: the pair of words i and j is i * n + j.
`model.lexicon.text_tokens` says what the tokens are; the rows found here are those of its strings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]

BEGIN, END, WHOLE, LEAD, PAIR = "^", "$", "=", ":", " "
"""How tokens that are no single words are spelt: "^leave", "$reply", "=leave a reply", "reply to:", "leave a"."""

_NEVER = 1 << 30
"""The place of tokens that no opening has."""


class LineWords(NamedTuple):
    """The words that a line's tokens are made of.

    head     words at its start, or all of a short line's
    tail     words at a long line's end
    lead     what stands before its colon, as a token, or ""
    whole    a short line as a token, or ""
    opening  how many of the head's words are its opening
    """

    head: Sequence[str]
    tail: Sequence[str]
    lead: str
    whole: str
    opening: int


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a vocabulary and the line each stands in, by line; every row once a line."""

    rows: Numbers
    owners: Numbers


@dataclass(frozen=True, slots=True)
class WordIndex:
    """A vocabulary by the words of its tokens; number 0 is a word of none of them, row -1 no token.

    numbers    the number of each word that a line may have; "^word" and "$word" have numbers too, which nobody looks up
    rows       the row of each word as a token, (n_words,)
    begins     the number of "^word" by that of the word, (n_words,); `ends` that of "$word"
    pairs      rising keys of pairs of words, (n_pairs,); `pair_rows` their rows
    """

    numbers: dict[str, int]
    rows: Numbers
    begins: Numbers
    ends: Numbers
    pairs: Numbers
    pair_rows: Numbers

    @classmethod
    def of(cls, vocabulary: Mapping[str, int]) -> WordIndex:
        """Take the tokens of a vocabulary apart. Whole lines and leads have numbers like words that no line has.

        Those are left out of `numbers`: a smaller one is in the processor's cache more often.
        """
        ones = [token.partition(PAIR)[0] for token in vocabulary]
        others = [token.partition(PAIR)[2] for token in vocabulary]
        words = dict.fromkeys(chain([""], ones, others))
        words.update(dict.fromkeys([word[1:] for word in words if word[:1] in (BEGIN, END)]))
        numbers = dict(zip(words, range(len(words)), strict=True))
        first = np.fromiter(map(numbers.__getitem__, ones), np.intp, len(ones))
        second = np.fromiter(map(numbers.__getitem__, others), np.intp, len(others))
        token_rows = np.fromiter(vocabulary.values(), np.intp)
        single = second == 0
        rows, begins, ends = (np.full(len(numbers), empty, np.intp) for empty in (-1, 0, 0))
        rows[first[single]] = token_rows[single]
        for mark, marked in ((BEGIN, begins), (END, ends)):
            for word in (word for word in words if word[:1] == mark and len(word) > 1):
                marked[numbers[word[1:]]] = numbers[word]
        keys = first[~single] * len(numbers) + second[~single]
        order = np.argsort(keys)
        marks = (BEGIN, END, WHOLE)
        spoken = {word: number for word, number in numbers.items() if word[:1] not in marks and word[-1:] != LEAD}
        return cls(spoken, rows, begins, ends, keys[order], token_rows[~single][order])

    def find(self, lines: Sequence[LineWords], vocabulary: Mapping[str, int]) -> tuple[Found, Found]:
        """The known tokens of each line, and those of its opening alone."""
        words, owner = self._numbered([line.head for line in lines])
        tail, tail_owner = self._numbered([line.tail for line in lines])
        place = np.arange(len(words)) - np.searchsorted(owner, owner)
        first, second, later = (np.flatnonzero(chosen) for chosen in (place == 0, place == 1, place > 0))
        begins, every = self.begins[words], np.arange(len(lines))
        leads, wholes = (
            np.fromiter(map(vocabulary.get, tokens, repeat(-1)), np.intp, len(lines))
            for tokens in ([line.lead for line in lines], [line.whole for line in lines])
        )
        tokens: tuple[tuple[Numbers, Numbers, Numbers | int], ...] = (  # row, line, place of the last word
            (self.rows[words], owner, place),
            (self.rows[begins[first]], owner[first], 0),
            (self._pair_rows(words[later - 1], words[later]), owner[later], place[later]),
            (self._pair_rows(begins[second - 1], words[second]), owner[second], 1),
            (leads, every, 0),
            (wholes, every, _NEVER),
            (self.rows[self.ends[tail]], tail_owner, _NEVER),
        )
        rows = np.concatenate([row for row, _, _ in tokens])
        owners = np.concatenate([line for _, line, _ in tokens])
        places = np.concatenate([np.full(len(row), p) if isinstance(p, int) else p for row, _, p in tokens])
        opening = np.fromiter((line.opening for line in lines), np.intp, len(lines))
        known = rows >= 0
        opens = known & (places < opening[owners])
        return _once(rows[known], owners[known]), _once(rows[opens], owners[opens])

    def _numbered(self, lines: Sequence[Sequence[str]]) -> tuple[Numbers, Numbers]:
        """The number of every word of the lines, and the line it stands in."""
        lengths = np.fromiter(map(len, lines), np.intp, len(lines))
        numbers = np.fromiter(map(self.numbers.get, chain.from_iterable(lines), repeat(0)), np.intp, int(lengths.sum()))
        return numbers, np.repeat(np.arange(len(lines)), lengths)

    def _pair_rows(self, ones: Numbers, others: Numbers) -> Numbers:
        """The row of each pair of words, -1 where it is no token."""
        result = np.full(len(ones), -1, np.intp)
        known = np.flatnonzero((ones > 0) & (others > 0))
        if not len(self.pairs):
            return result
        keys = ones[known] * len(self.rows) + others[known]
        rising = np.argsort(keys)  # neighbours among the pairs are looked up together, while the cache holds them
        known, keys = known[rising], keys[rising]
        at = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        result[known] = np.where(self.pairs[at] == keys, self.pair_rows[at], -1)
        return result


def _once(rows: Numbers, owners: Numbers) -> Found:
    if not rows.size:
        return Found(rows, owners)
    most = int(rows.max()) + 1
    keys = np.sort(owners * most + rows)
    keys = keys[first_of_each(keys)]
    return Found(keys % most, keys // most)


def first_of_each(numbers: Numbers) -> Numbers:
    """Where a number stands that is not the one before it."""
    is_first = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=is_first[1:])
    return np.flatnonzero(is_first)
