"""The table of the seed page counts what went rightly and wrongly."""

from __future__ import annotations

from pathlib import Path

from model import Cleaner
from training.bench_seed import seeds, table


def test_each_page_has_a_row_and_the_target_stands_below(tmp_path: Path, tiny_cleaner: Cleaner) -> None:
    (tmp_path / "a.txt").write_text("Leave a Reply\nThe mayor praised the harbour.\n", encoding="utf-8")
    found = table(seeds(tmp_path), tiny_cleaner).split("\n")
    assert len(found) == 4
    assert found[2].startswith("| seed 1 |")
    assert found[3] == "| target | 5 of 5 | 0 | 5 |"


def test_where_there_is_no_seed_page_there_is_none(tmp_path: Path) -> None:
    assert seeds(tmp_path) == []
