"""The record of wrong golds: written by the command, read by the bench, and in it only ids of pages there are."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from training.corpora import CORPORA, available, open_corpus
from training.examples import Example, example_from_text
from training.gold_defects import (
    FOUND,
    READ,
    Defects,
    as_toml,
    defects_table,
    known_defects,
    main,
    with_right_gold,
)
from training.gold_rules import DEFECTS

_ROOT = Path("data/corpora")


def test_what_is_written_is_what_was_found() -> None:
    wcxb = {"empty": ["1", "2"], "cut_short": list("abcdefghijkl")}
    found: Defects = {"wcxb": wcxb, "l3s-gn1": {}}
    assert tomllib.loads(as_toml(found)) == found


def test_the_table_counts_a_page_once() -> None:
    table = defects_table({"wcxb": {"empty": ["1", "2"], "cut_short": ["2", "3"]}})
    row = table.splitlines()[-1]
    assert row.startswith("| wcxb | 2 |")
    assert row.endswith("| 3 |")


def test_both_records_are_read(tmp_path: Path) -> None:
    found, by_reading = tmp_path / "found.toml", tmp_path / "read.toml"
    found.write_text('[wcxb]\nempty = ["1"]\ncut_short = ["1", "2"]\n', "utf-8")
    by_reading.write_text('[wcxb]\n"2" = "a reason"\n"3" = "another"\n', "utf-8")
    assert known_defects("wcxb", found, by_reading) == {
        "1": ["empty", "cut_short"],
        "2": ["cut_short", "read"],
        "3": ["read"],
    }
    assert known_defects("dragnet", found, by_reading) == {}


def test_pages_on_record_and_their_renderings_are_left_out() -> None:
    def example(key: str) -> Example:
        return example_from_text(key, "a site", "They closed it.", "They closed it.")

    wrong = next(iter(known_defects("wcxb")))
    keys = [f"wcxb/{wrong}", f"resiliparse:wcxb/{wrong}", f"dragnet/{wrong}", "wcxb/none", "own/a/b"]
    kept = [found.key for found in with_right_gold([example(key) for key in keys])]
    assert kept == [f"dragnet/{wrong}", "wcxb/none", "own/a/b"]


def test_the_records_name_known_defects_and_give_reasons() -> None:
    found, by_reading = (tomllib.loads(path.read_text("utf-8")) for path in (FOUND, READ))
    assert set(found) | set(by_reading) <= set(CORPORA)
    assert {defect for by_defect in found.values() for defect in by_defect} <= set(DEFECTS)
    assert all(reason.strip() for reasons in by_reading.values() for reason in reasons.values())


@pytest.mark.skipif(not available(_ROOT), reason="the corpora are not unpacked")
@pytest.mark.parametrize("corpus", available(_ROOT))
def test_every_page_on_record_exists(corpus: str) -> None:
    assert set(known_defects(corpus)) <= set(open_corpus(corpus, _ROOT).ids)


def test_a_part_of_the_corpora_is_not_kept(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "dragnet").mkdir()
    with pytest.raises(SystemExit):
        main(["--root", str(tmp_path), "--corpus", "dragnet", "--write"])
    assert "leave out --limit and --corpus" in capsys.readouterr().err


def test_without_corpora_the_command_says_where_they_belong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--root", str(tmp_path)]) == 2
    assert "unpack them" in capsys.readouterr().err
