"""Line ends inside a block of markup: those of preformatted text, and the places of single `<br>` elsewhere."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise


def without_blank_lines(code: str) -> str:
    """Preformatted text without the blank lines before it and the line ends behind; its first line stays indented."""
    indent = len(code) - len(code.lstrip())
    return code[code.rfind("\n", 0, indent) + 1 :].rstrip("\n")


def places_of_breaks(parts: Sequence[str], ends: Sequence[int]) -> tuple[int, ...]:
    """Where line breaks fall in the text that `parts` are once every run of white space in them is one space.

    ends   the places in `parts` of the breaks, which are white space there; those at its edges fall nowhere
    """
    lines = [" ".join("".join(parts[start:end]).split()) for start, end in pairwise((0, *ends, len(parts)))]
    return tuple(behind - 1 for behind in accumulate(len(line) + 1 for line in lines if line))[:-1]


def breaks_inside(places: Sequence[int], start: int, stop: int) -> tuple[int, ...]:
    """The breaks inside a piece of the text, as places in it, but not those at its edges; `places` rise."""
    inside = places[bisect_right(places, start) : bisect_left(places, stop - 1)]
    return tuple(place - start for place in inside)
