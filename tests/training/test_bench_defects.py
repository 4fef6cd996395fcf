"""The figures without pages of wrong gold are over the same pages for every tool."""

from __future__ import annotations

from training.bench_defects import with_and_without
from training.bench_report import CorpusRun, Outcome, PageRun
from training.metrics import WordScore


def page(page_id: str, **f1: float | None) -> PageRun:
    outcomes = {
        tool: Outcome(1.0, words=None if value is None else WordScore(value, value, value))
        for tool, value in f1.items()
    }
    return PageRun(page_id, None, 1000, outcomes)


def test_listed_pages_are_left_out_for_all_tools_and_those_read_apart() -> None:
    pages = (page("1", a=0.0, b=0.5), page("2", a=1.0, b=0.7), page("3", a=0.5, b=0.9))
    table = with_and_without([CorpusRun("wcxb", pages, ("a", "b"), {})], lambda _: {"1": ["empty"], "3": ["read"]})
    assert "| wcxb, pages | 3 | 2 | 1 |" in table
    assert "| a | 0.500 | 0.750 | 1.000 |" in table
    assert "| b | 0.700 | 0.800 | 0.700 |" in table


def test_a_tool_without_scores_has_no_row() -> None:
    run = CorpusRun("wcxb", (page("1", a=0.0, b=None), page("2", a=1.0, b=None)), ("a", "b"), {})
    assert "| b |" not in with_and_without([run], lambda _: {"1": ["empty"]})


def test_nothing_is_said_where_no_measured_page_is_listed() -> None:
    run = CorpusRun("wcxb", (page("1", a=0.5),), ("a",), {})
    assert with_and_without([run], lambda _: {"7": ["read"]}) == ""
