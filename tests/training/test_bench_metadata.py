"""Titles, authors and days count as right in whichever form a tool writes them, and as wrong where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.bench_metadata import FieldScore, field_score, main, names, same_authors, same_day, same_title, table


@pytest.mark.parametrize(
    ("gold", "given", "same"),
    [
        ("The old bridge", "the OLD bridge!", True),
        ("The old bridge", "The old bridge | The Weir Gazette", True),
        ("The old bridge is closed until next summer", "The old bridge is closed until summer", True),
        ("The old bridge", "The new tunnel", False),
    ],
)
def test_titles_are_compared_without_case_marks_and_site(gold: str, given: str, same: bool) -> None:
    assert same_title(gold, given) is same


@pytest.mark.parametrize(
    ("gold", "given", "same"),
    [
        ("Ada Reed and Bo Lind", "Bo Lind, Ada Reed", True),
        ("By Ada Reed", "ada reed", True),
        ("Ada Reed, PhD, MD", "Ada Reed", True),
        ("Ada Reed", "Ada Reed, Bo Lind", False),
    ],
)
def test_authors_are_sets_of_names(gold: str, given: str, same: bool) -> None:
    assert same_authors(gold, given) is same


def test_names_are_parted() -> None:
    assert names("Ada Reed; Bo Lind & Cy Dahl") == {"ada reed", "bo lind", "cy dahl"}


def test_a_month_in_the_gold_asks_for_no_day() -> None:
    assert same_day("2024-03", "2024-03-05")
    assert not same_day("2024-03-05", "2024-03-06")


def test_an_answer_where_the_gold_is_empty_is_wrong() -> None:
    pairs = [("2024-03-05", "2024-03-05"), (None, "2024-03-05"), ("2024-03-05", None), (None, None)]
    score = field_score(pairs, same_day)
    assert score == FieldScore(right=1, given=2, wanted=2)
    assert score.f1 == 0.5


def test_the_table_has_a_row_for_each_field_and_tool() -> None:
    rows = table([0], [("T", None, None)], {"a": [("T", None, None)], "b": [(None, None, None)]}).splitlines()
    assert len(rows) == 2 + 3 * 2
    assert "| title | 1 | a | 1.000 | 1.000 | 1.000 |" in rows


def test_main_without_the_corpus_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path)]) == 2
    assert "unpack it there first" in capsys.readouterr().err
