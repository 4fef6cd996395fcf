"""The bench on other tools' output: the labels are the ceiling, words are counted, titles set apart are not lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from model.types import Label
from training import bench_renderings
from training.bench_renderings import Kind, RenderedText, rendered_texts, table
from training.corpora import LabelledPage
from training.line_contenders import LineContender, LineVerdict, baselines
from training.marked_texts import MarkedText

GOLD = "The baker had been up since three.\nNothing was left but to wait for the bread."
KIND = Kind("a kind", dict, 0.7, 0.01)


def rendering(tool: str = "tool") -> RenderedText:
    lines = ("Home News Sport", *GOLD.split("\n"), "Sign up now")
    return RenderedText(tool, MarkedText("wcxb/1", None, lines, (False, True, True, False)), GOLD)


def cleaner(*dropped: int, labels: dict[int, Label] | None = None) -> LineContender:
    def judge(text: MarkedText) -> Sequence[LineVerdict]:
        return [
            LineVerdict(float(number in dropped), None, (labels or {}).get(number)) for number in range(len(text.lines))
        ]

    return LineContender("mine", judge)


def rows(*contenders: LineContender) -> dict[str, list[str]]:
    keep_all = next(found for found in baselines()[0] if found.name == "keep-all")
    found = table(KIND, [rendering()], [*contenders, keep_all]).split("\n")
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in found]
    return {row[1]: row[2:] for row in cells if row[0] == "tool"}


def test_words_of_noise_that_go_and_of_the_article_that_are_lost_are_counted() -> None:
    assert rows(cleaner(0, 1))["mine"][:3] == ["50.0%", "50.0%", "43.75%"]
    assert rows(cleaner())["mine"][:3] == ["0.0%", "0.0%", "0.00%"]


def test_perfect_labels_are_the_ceiling_and_keep_all_the_measure() -> None:
    found = rows(cleaner(0))
    assert found["perfect labels"][:4] == ["100.0%", "100.0%", "0.00%", "1.000"]
    assert found["keep-all"][4] == "+0.000"
    assert float(found["keep-all"][3]) < float(found["mine"][3]) < 1


def test_a_line_named_title_is_out_of_the_text_but_not_lost() -> None:
    found = rows(cleaner(labels={1: Label.TITLE}))["mine"]
    assert found[2] == "0.00%"
    assert float(found[3]) < float(rows(cleaner())["mine"][3])


def test_the_targets_stand_below_and_the_mean_is_over_tools() -> None:
    found = table(KIND, [rendering("one"), rendering("two")], [*baselines()[0][:1]])
    assert found.count("| one |") == found.count("| two |") == found.count("| mean |") == 2
    assert "| target |  |  | >= 70% | <= 1.0% |" in found


def test_no_line_of_a_text_gets_into_the_table() -> None:
    assert "baker" not in table(KIND, [rendering()], baselines()[0])


def test_a_tool_that_fails_or_finds_nothing_is_left_out_of_that_page(monkeypatch: pytest.MonkeyPatch) -> None:
    page = LabelledPage("wcxb", "1", b"<p>x", GOLD, "s")

    def broken(_: LabelledPage) -> str:
        raise ValueError

    monkeypatch.setattr(bench_renderings, "read", lambda *_: iter([page]))
    tools = {"broken": broken, "empty": lambda _: "nothing at all", "good": lambda _: f"Menu\n{GOLD}"}
    texts = rendered_texts(Kind("a kind", lambda: tools, 0.7, 0.01), Path(), None)
    assert [(text.tool, text.marked.keep) for text in texts] == [("good", (False, True, True))]


def test_where_a_page_is_one_line_nothing_is_removable() -> None:
    whole = RenderedText("tool", MarkedText("wcxb/1", None, (f"Menu {GOLD} Share",), (True,)), GOLD)
    found = table(KIND, [whole], [*baselines()[0][:1]])
    assert "| tool | keep-all | 0.0% | - |" in found
