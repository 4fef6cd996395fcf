"""What a line's letters say in any language: a linear model over character n-grams of lines marked by hand.

The words of `model.lexicon` are those of the corpora's sites, and most of these are English. Parts of words are shared
by what a language inflects ("abonnieren", "Abonnement") and by languages that are akin, so lines marked in 37 languages
tell more of a new one than their words do (Joulin et al.: Bag of Tricks for Efficient Text Classification, 2017, reads
hashed n-grams for the same reason). Plain text only: markup has names to go by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.ngrams import code_points, ngram_slots
from model.odds import softmax

Floats = NDArray[np.float32]

_SLOT_BITS = 16
SLOTS = 1 << _SLOT_BITS

_LENGTHS = (2, 4)
"""1, 3 and 5 beside these tell no more (`training/NOTES.md`)."""

_HEAD_CHARS, _TAIL_CHARS = 80, 30
"""Characters read at a line's start and end: noise shows there, and long paragraphs cost the most."""

_LINES_AT_ONCE = 4096
"""A text of a million lines is read in parts."""

_ZERO, _NINE = ord("0"), ord("9")

_KINDS_SAY = 0.7
"""Weight of the letters' log chances of each kind; chosen on our own marked texts, held out."""

_LEAST_CHANCE = 1e-4
"""Added to a chance before its logarithm is taken."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Weights of n-grams. The first output is article against noise, then follows one for each of `KIND_LABELS`.

    weights    float32 (SLOTS, n_outputs)
    intercept  float32 (n_outputs,)
    """

    weights: Floats
    intercept: Floats

    def logits(self, lines: Sequence[str]) -> Floats:
        """What the letters of each line say, float32 (n_lines, n_outputs)."""
        parts = [self._logits(lines[first : first + _LINES_AT_ONCE]) for first in range(0, len(lines), _LINES_AT_ONCE)]
        return np.concatenate([np.zeros((0, len(self.intercept)), np.float32), *parts])

    def _logits(self, lines: Sequence[str]) -> Floats:
        counts, scale = ngram_counts(lines)
        summed = np.zeros((len(lines), len(self.intercept)), np.float32)
        for found in counts:  # one matrix of both lengths would take longer to make than to multiply
            summed += found @ self.weights
        return np.asarray(summed * scale[:, None] + self.intercept, np.float32)


def ngram_counts(lines: Sequence[str]) -> tuple[list[sparse.csr_matrix], Floats]:
    """How often each slot's n-grams occur in each line, float32 (n_lines, SLOTS) by n-gram length, and what a line is
    scaled by, float32 (n_lines,): one over the root of its n-grams' number.
    """
    read = [_read(line) for line in lines]
    codes = code_points("".join(read)).copy()
    codes[(codes >= _ZERO) & (codes <= _NINE)] = _ZERO
    chars = np.fromiter(map(len, read), np.intp, len(read))
    owner = np.repeat(np.arange(len(read)), chars)
    counts, total = [], np.zeros(len(read), np.intp)
    for length, slots in ngram_slots(codes, _LENGTHS, _SLOT_BITS):
        ngrams = np.maximum(chars - length + 1, 0)
        inside = owner[: len(slots)] == owner[length - 1 :]  # an n-gram over the end of a line is none
        starts = np.concatenate([[0], np.cumsum(ngrams)])
        ones = np.ones(starts[-1], np.float32)
        counts.append(sparse.csr_matrix((ones, slots[inside].astype(np.int32), starts), (len(read), SLOTS)))
        total += ngrams
    return counts, np.asarray(1.0 / np.sqrt(np.maximum(total, 1)), np.float32)


def with_letters(kinds: Floats, logits: Floats) -> Floats:
    """Chances of each kind, float32 (n_lines, n_kinds), once the letters' logits of them are heard too."""
    chances = softmax(logits)
    said = np.log(kinds + _LEAST_CHANCE) + _KINDS_SAY * np.log(chances + _LEAST_CHANCE)
    return softmax(said)


def _read(line: str) -> str:
    """What of a line is read, with a space before and behind it, which begin and end words."""
    if len(line) > _HEAD_CHARS + _TAIL_CHARS:
        line = f"{line[:_HEAD_CHARS]} {line[-_TAIL_CHARS:]}"
    return f" {line.lower()} "
