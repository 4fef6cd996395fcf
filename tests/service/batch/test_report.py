"""The batch report: counts, lists, and the three forms it is told in."""

from __future__ import annotations

import json
from dataclasses import replace

from service.batch.report import (
    OUTCOMES,
    SHOWN_ON_TERMINAL,
    BatchReport,
    Failure,
    Tally,
    as_json,
    as_lines,
    as_markdown,
)
from service.batch.tally import LEAST_CERTAIN, MAX_EMPTY


def report_of(tally: Tally, *, interrupted: bool = False) -> BatchReport:
    return BatchReport(
        "in",
        "out",
        "fake-1",
        "text",
        {"dial": "balanced"},
        interrupted,
        2.0,
        tally.all_counts(),
        tuple(tally.failed),
        tally.least_certain(),
        (),
        0,
    )


def test_the_least_certain_pages_are_kept_lowest_first() -> None:
    tally = Tally()
    for number in range(100):
        tally.add(f"{number}.html", "ok", number / 100)
    tally.add("empty.html", "empty", 0.0)
    rows = tally.least_certain()
    assert [row.page for row in rows] == [f"{number}.html" for number in range(LEAST_CERTAIN)]
    assert rows[0].confidence == 0.0


def test_the_first_pages_without_an_article_are_named() -> None:
    tally = Tally()
    for number in range(MAX_EMPTY + 5):
        tally.add(f"{number}|.html", "empty", 0.9)
    report = replace(report_of(tally), empty=tuple(tally.empty))
    markdown = as_markdown(report)
    assert markdown.count("\\|.html |\n") == MAX_EMPTY
    assert f"These are the first {MAX_EMPTY} of {MAX_EMPTY + 5}." in markdown
    lines = as_lines(report)
    assert lines[lines.index("Empty:") + 1] == "  0|.html"
    assert json.loads(as_json(report))["empty"] == tally.empty


def test_the_headline_has_every_count() -> None:
    tally = Tally()
    tally.add("a.html", "ok", 0.9)
    tally.add("b.html", "unchanged", 0.9)
    tally.add_failure(Failure("c.html", "defect", "Why."))
    line = as_lines(report_of(tally))[0]
    assert line == ("Finished: 3 pages in 2.0 s, 0.5 a second: 1 ok, 0 degraded, 0 empty, 1 failed, 1 unchanged.")
    assert as_lines(report_of(tally, interrupted=True))[0].startswith("Interrupted after 3 pages")


def test_long_lists_are_cut_on_the_terminal_only() -> None:
    tally = Tally()
    for number in range(SHOWN_ON_TERMINAL + 3):
        tally.add_failure(Failure(f"{number}.html", "defect", "Why."))
    assert "  … and 3 more in the report" in as_lines(report_of(tally))
    assert as_markdown(report_of(tally)).count("| defect |") == SHOWN_ON_TERMINAL + 3


def test_the_json_form_holds_everything_in_ascii() -> None:
    tally = Tally()
    tally.add_failure(Failure("b\udce9ton.html", "defect", "Why.", "trace"))
    text = as_json(report_of(tally))
    assert text.isascii()
    report = json.loads(text)
    assert report["pages"] == 1
    assert set(report["counts"]) == set(OUTCOMES)
    assert report["failed"] == [{"page": "b\udce9ton.html", "code": "defect", "reason": "Why.", "trace": "trace"}]


def test_names_cannot_break_the_markdown_table() -> None:
    tally = Tally()
    tally.add_failure(Failure("a|b\nc.html", "defect", "Why."))
    assert "| a\\|b\\nc.html | defect | Why. |" in as_markdown(report_of(tally))
