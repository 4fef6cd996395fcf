"""Line ends inside a block of markup."""

from __future__ import annotations

from itertools import pairwise

import pytest

from model.line_ends import breaks_inside, places_of_breaks, without_blank_lines


@pytest.mark.parametrize(
    ("parts", "ends", "lines"),
    [
        pytest.param(["a", "\n", "b"], [1], ["a", "b"], id="one"),
        pytest.param(["a ", "b", "\n", " ", "c\n d", " ", "\n", "e"], [2, 6], ["a b", "c d", "e"], id="white space"),
        pytest.param(["a", "\n"], [1], ["a"], id="at the end"),
        pytest.param(["a", "\n", " ", "\n", "b"], [1, 3], ["a", "b"], id="nothing between"),
        pytest.param(["a\nb"], [], ["a b"], id="line ends of the source are none"),
    ],
)
def test_places_are_those_of_spaces_in_the_text(parts: list[str], ends: list[int], lines: list[str]) -> None:
    text = " ".join("".join(parts).split())
    places = (-1, *places_of_breaks(parts, ends), len(text))
    assert [text[before + 1 : after] for before, after in pairwise(places)] == lines


def test_a_piece_has_the_breaks_between_its_first_and_last_character() -> None:
    assert breaks_inside((2, 5, 6, 9), 0, 6) == (2,)
    assert breaks_inside((2, 5, 6, 9), 2, 10) == (3, 4)
    assert breaks_inside((), 0, 6) == ()


def test_code_loses_blank_lines_around_it_and_nothing_else() -> None:
    assert without_blank_lines("\n  \n    if x:\n\n        y\n\n") == "    if x:\n\n        y"
