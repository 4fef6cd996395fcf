from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from model.phrase_search import PhraseSearch

_LETTERS = st.text("abé漢🙂 ", max_size=12)


@given(st.lists(st.text("abé漢🙂 ", min_size=1, max_size=3), min_size=1, max_size=6), st.lists(_LETTERS, max_size=8))
def test_the_lines_found_are_those_that_hold_a_phrase(phrases: list[str], lines: list[str]) -> None:
    holding = [number for number, line in enumerate(lines) if any(phrase in line for phrase in phrases)]
    assert PhraseSearch(phrases).lines_with(lines) == holding


def test_a_line_may_hold_line_ends_of_its_own() -> None:
    assert PhraseSearch(["all rights"]).lines_with(["one\ntwo", "three\nall rights", "four"]) == [1]
