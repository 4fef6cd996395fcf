"""Wrong words are counted by their cause, and no text of a page is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from model import Cleaner
from training.corpora import LabelledPage
from training.error_tally import PageErrors, main, page_errors, tally_table
from training.metrics import words

MakePage = Callable[[int], LabelledPage]


def test_what_is_kept_beside_the_gold_is_counted_by_place_and_name(tiny_cleaner: Cleaner, make_page: MakePage) -> None:
    page = make_page(200)
    first, *rest = (page.gold or "").split("\n")
    errors = page_errors(tiny_cleaner, replace(page, gold="\n".join(rest[:-1])))
    assert errors is not None
    assert errors.kept["before the article, unnamed, text"] >= len(words(first))
    assert errors.kept["after the article, unnamed, text"] >= len(words(rest[-1]))
    assert not errors.lost
    assert 0 < errors.f1 < 1


def test_words_of_the_gold_that_went_are_counted_by_what_they_were_taken_for(
    tiny_cleaner: Cleaner, make_page: MakePage
) -> None:
    page = make_page(200)
    errors = page_errors(tiny_cleaner, replace(page, gold=f"{page.gold}\nLeave a Reply"))
    assert errors is not None
    assert errors.lost == Counter({"taken for comment_form": 3})


def test_a_page_without_gold_is_left_out(tiny_cleaner: Cleaner, make_page: MakePage) -> None:
    assert page_errors(tiny_cleaner, replace(make_page(200), gold=None)) is None


def test_the_table_adds_up_and_ranks_the_worst_pages_first() -> None:
    pages = [
        PageErrors("good", 1.0, Counter(), Counter()),
        PageErrors("bad", 0.2, Counter({"after the article, comment, text": 1200}), Counter({"taken for promo": 7})),
        PageErrors("middling", 0.6, Counter({"after the article, comment, text": 300}), Counter()),
    ]
    table = tally_table("dragnet", pages)
    assert "word F1 0.6000" in table
    assert "| words kept wrongly | 1,500 |" in table
    assert "| after the article, comment, text | 1,500 |" in table
    assert "| taken for promo | 7 |" in table
    assert "worst: bad 0.20, middling 0.60, good 1.00" in table


@pytest.mark.parametrize("pages", [[], [PageErrors("whole", 1.0, Counter(), Counter())]])
def test_nothing_wrong_is_no_error(pages: list[PageErrors]) -> None:
    assert "| words lost | 0 |" in tally_table("wcxb", pages)


def test_main_without_corpora_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path)]) == 2
    assert "unpack them" in capsys.readouterr().err
