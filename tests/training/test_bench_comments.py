"""The bench of comments: pages with and without comments are counted apart, a tool that fails scores as silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.types import Comment
from training import bench_comments
from training.bench_comments import CommentContender, comment_text, run
from training.bench_comments_report import markdown
from training.corpora import LabelledPage


def page(name: str, body: str, *comments: str) -> LabelledPage:
    return LabelledPage("own", name, b"<p>", body, name, comments=comments)


def echo(found: LabelledPage) -> tuple[str, str]:
    """Gives the body right, and for every page the comment "nice one"."""
    return found.gold or "", "nice one"


def broken(found: LabelledPage) -> tuple[str, str]:
    raise ValueError(found.page_id)


TOOLS = (CommentContender("echo", "1", echo), CommentContender("broken", "2", broken))
PAGES = (page("a", "the body", "nice", "one"), page("b", "the body", "two other words"), page("c", "the body"))


def test_each_tool_is_scored_on_comments_and_body_of_every_page() -> None:
    judged = run("own", PAGES, TOOLS).pages
    assert [found.has_comments for found in judged] == [True, True, False]
    assert [found.found["echo"].comments.f1 for found in judged] == [1.0, 0.0, 0.0]
    assert [found.found["echo"].body.f1 for found in judged] == [1.0, 1.0, 1.0]
    assert [found.found["broken"].failed for found in judged] == [True] * 3
    assert not any(found.found["broken"].any_comments for found in judged)


def test_the_report_counts_pages_with_and_without_comments_apart() -> None:
    report = markdown([run("own", PAGES, TOOLS)], {"l3s-gn1": "left out: not there"})
    echoed = next(line for line in report.splitlines() if line.startswith("| echo 1 |"))
    assert echoed.startswith("| echo 1 | 0.500 | 0.500 | 0.500 | 100.0% | 100.0% | 1.000 | 1.000 | 1.000 | 1.000 |")
    assert "own (2 of 3 pages have comments)" in report
    assert "- l3s-gn1: left out: not there" in report
    assert "nice" not in report


def test_author_date_and_text_of_all_comments_are_measured() -> None:
    comments = [Comment("Nice.", "Ada", "May 1"), Comment("Thanks!")]
    assert comment_text(comments) == "Ada\nMay 1\nNice.\nThanks!"


def test_without_corpora_there_is_a_note_for_each_and_no_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.md"
    assert bench_comments.main(["--root", str(tmp_path), "--output", str(output)], TOOLS) == 2
    assert output.read_text("utf-8") == capsys.readouterr().out.removesuffix("\n")
    assert "- dragnet: left out" in output.read_text("utf-8")
