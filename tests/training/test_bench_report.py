"""The tables of the bench say what was measured, apart for every language that has pages enough."""

from __future__ import annotations

from training.bench_report import CorpusRun, Outcome, PageRun, markdown
from training.metrics import SnippetScore


def page(number: int, language: str | None, found: int) -> PageRun:
    scored = Outcome(1.0, snippets=SnippetScore(found=found, wanted=2, avoided=1, unwanted=1))
    return PageRun(f"page-{number}", None, 1000, {"winnow": scored}, language)


def test_snippets_are_counted_by_language_where_it_has_fifteen_pages() -> None:
    pages = [page(number, "de", 1) for number in range(15)] + [page(number, "en", 2) for number in range(15, 31)]
    pages += [page(number, "fr", 0) for number in range(31, 45)] + [page(45, None, 0)]
    report = markdown([CorpusRun("snippets", tuple(pages), ("winnow",), {})], {}, {})
    table = report.split("by the language of the snippets")[1].splitlines()[2:5]
    assert table[0] == "| tool | en (16) | de (15) |"
    assert table[2] == "| winnow | 100.0%, 100.0% | 50.0%, 100.0% |"


def test_a_corpus_without_languages_has_no_such_table() -> None:
    report = markdown([CorpusRun("gold", (page(1, None, 1),), ("winnow",), {})], {}, {})
    assert "by the language" not in report
