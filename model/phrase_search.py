"""Many phrases looked for in all lines of a page at once, by Aho and Corasick's automaton.

Most pages hold none of them, and to ask for each in turn is slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation


class PhraseSearch:
    """Finds the lines that hold any of some phrases, which have no line end in them."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._automaton = AhoCorasick(phrases, implementation=Implementation.DFA)

    def lines_with(self, lines: Sequence[str]) -> list[int]:
        """The numbers of the lines that hold one, rising; phrases are compared as they are, letter case too."""
        found = self._automaton.find_matches_as_indexes("\n".join(lines))
        if not found:
            return []
        starts = np.fromiter(accumulate([len(line) + 1 for line in lines], initial=0), np.intp, len(lines) + 1)
        rows: list[int] = np.unique(
            np.searchsorted(starts, [start for _, start, _ in found], side="right") - 1
        ).tolist()
        return rows
