"""Character n-grams as numbers: each is hashed into one of a fixed number of slots, as `HashingVectorizer` does it.

No n-gram is ever made as a string: a rolling hash over the characters' codes gives those of all places at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

_MULTIPLIER = np.uint32(0x01000193)
"""The prime of the 32-bit FNV hash."""

_MIXER = np.uint32(0x9E3779B1)
"""2**32 by the golden ratio: Knuth's multiplicative hash, whose upper bits are the good ones."""

_FOLDED = np.uint32(13)
_CODE_BITS = 32


def code_points(text: str) -> NDArray[np.uint32]:
    """The characters' codes, uint32 (n_characters,); a lone surrogate is a question mark."""
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)


def ngram_slots(
    codes: NDArray[np.uint32], lengths: Collection[int], bits: int
) -> Iterator[tuple[int, NDArray[np.uint32]]]:
    """Each length, rising, and the slot below 2 ** bits of the n-gram at each place, uint32 (n_places,).

    A length that is more than all the characters gives nothing.
    """
    rolling = np.zeros(len(codes), np.uint32)
    for length in range(1, min(max(lengths), len(codes)) + 1):
        rolling = rolling[: len(codes) - length + 1] * _MULTIPLIER + codes[length - 1 :]
        if length in lengths:
            yield length, ((rolling ^ (rolling >> _FOLDED)) * _MIXER) >> np.uint32(_CODE_BITS - bits)
