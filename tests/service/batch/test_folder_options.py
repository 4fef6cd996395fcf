"""Shards, lists of names, extra outputs and what the report counts, over a folder."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from model.errors import OptionError
from service.batch.engine import run_here
from service.batch.filelist import MAX_NAME_BYTES, read_names
from service.batch.frequent import Frequent
from service.batch.job import BatchJob, run_batch, work_with
from service.batch.outfolder import FolderError
from service.batch.recipe import Recipe
from service.batch.report import BatchReport
from service.batch.shards import Shard, parse_shard
from service.contract import PageCleaner

RECIPE = Recipe("fake-1")


@pytest.fixture
def job(page_folder: Path, tmp_path: Path) -> BatchJob:
    return BatchJob(page_folder, tmp_path / "out", RECIPE)


def run(job: BatchJob, cleaner: PageCleaner) -> BatchReport:
    return run_batch(job, run_here, work_with(cleaner, job.recipe))


def test_shards_clean_every_page_once_and_a_later_run_knows(job: BatchJob, cleaner: PageCleaner) -> None:
    for number in range(20):
        (job.source / f"{number}.html").write_text(f"<p>Page {number}.</p>")
    reports = [run(replace(job, shard=Shard(index, 3)), cleaner) for index in range(3)]
    assert sum(report.counts["ok"] for report in reports) == 23
    assert all(report.counts["ok"] for report in reports)
    assert (job.target / "report-2-of-3.md").exists()
    assert run(job, cleaner).counts["unchanged"] == 23


@pytest.mark.parametrize("text", ["1", "1/0", "3/3", "-1/2", "a/b", "0/1/2"])
def test_shards_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(OptionError):
        parse_shard(text)


def test_only_the_pages_of_a_list_are_cleaned(job: BatchJob, cleaner: PageCleaner, tmp_path: Path) -> None:
    (tmp_path / "outside.html").write_text("<p>Not here.</p>")
    names = ["one.html", "./one.html", "gone.html", "../outside.html", "notes.pdf"]
    report = run(replace(job, names=names), cleaner)
    assert report.counts["ok"] == 1
    assert {failure.page for failure in report.failed} == {"gone.html", "../outside.html", "notes.pdf"}
    with pytest.raises(FolderError, match="names no pages"):
        run(replace(job, names=[]), cleaner)


def test_names_are_read_by_line_or_by_nul() -> None:
    assert list(read_names(io.BytesIO(b"a.html\r\n\nb \xe9.html"))) == ["a.html", "b \udce9.html"]
    assert list(read_names(io.BytesIO(b"a\nb.html\0c.html\0"), b"\0")) == ["a\nb.html", "c.html"]
    with pytest.raises(OptionError, match="no list of names"):
        list(read_names(io.BytesIO(b"x" * (2 * MAX_NAME_BYTES))))


def test_extra_outputs_stand_beside_the_page_and_are_missed(job: BatchJob, cleaner: PageCleaner) -> None:
    asked = replace(job, recipe=replace(RECIPE, extras=("comments", "removed")))
    assert run(asked, cleaner).counts["ok"] == 3
    removed = json.loads((job.target / "two.txt.removed.json").read_text())
    assert [(row["text"], row["label"], row["line"]) for row in removed] == [("Leave a Reply", "comment_form", 3)]
    assert json.loads((job.target / "two.txt.comments.json").read_text()) == []
    (job.target / "two.txt.removed.json").unlink()
    assert run(asked, cleaner).counts["ok"] == 1


def test_the_report_tells_sites_words_and_the_lines_dropped_most(job: BatchJob, cleaner: PageCleaner) -> None:
    for number in range(3):
        (job.source / "sub" / f"{number}.html").write_text("<p>Two words.</p><p>Read more: the same</p>")
    report = run(job, cleaner)
    sub = next(site for site in report.sites if site.site == "sub")
    assert (sub.pages, sub.words_dropped) == (4, 12)
    assert [(line.text, line.pages) for line in sub.dropped_most_often] == [("Read more: the same", 3)]
    assert report.labels["related"].words_dropped == 12 + 3
    assert report.peak_memory_mb["parent"] > 0
    text = (job.target / "report.md").read_text()
    assert "Read more: the same" in text
    assert "peak memory" in text


def test_frequent_items_are_found_with_few_counters() -> None:
    counted = Frequent(3)
    for number in range(300):
        counted.add("often" if number % 2 else f"rare {number}")
    assert "often" in counted
    assert next(iter(counted.most(1)))[0] == "often"
