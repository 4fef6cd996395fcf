"""Batch over a folder: every page answered once, odd ones reported, runs resumed, nothing else touched."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
from collections.abc import Generator, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from model.types import Format, Options
from service.batch.engine import Work, run_here
from service.batch.job import BatchJob, run_batch, work_with
from service.batch.outfolder import FolderError
from service.batch.recipe import Answer, Recipe
from service.batch.report import BatchReport
from service.contract import PageCleaner
from service.files import PageFile

RECIPE = Recipe("fake-1")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def job(page_folder: Path, out: Path) -> BatchJob:
    return BatchJob(page_folder, out, RECIPE)


def run(job: BatchJob, cleaner: PageCleaner) -> BatchReport:
    return run_batch(job, run_here, work_with(cleaner, job.recipe))


def files_below(folder: Path) -> set[str]:
    """Every file except the state folder's, as relative names."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in paths if path.parts[0] != ".winnow"}


def counts(report: BatchReport) -> dict[str, int]:
    return {outcome: count for outcome, count in report.counts.items() if count}


def test_every_page_has_its_output_where_its_input_was(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    report = run(job, cleaner)
    assert counts(report) == {"ok": 3}
    outputs = {"one.html.txt", "two.txt.txt", "sub/one.html.txt"}
    assert files_below(out) == outputs | {"report.json", "report.md"}
    assert (out / "one.html.txt").read_text() == "First page."


@pytest.mark.parametrize(
    ("form", "suffix", "content"),
    [
        ("markdown", ".md", "First page."),
        ("html", ".html", "<p>First page.</p>"),
        ("json", ".json", '"blocks"'),
    ],
)
def test_the_format_decides_the_suffix(
    job: BatchJob, cleaner: PageCleaner, out: Path, form: Format, suffix: str, content: str
) -> None:
    run(replace(job, recipe=replace(RECIPE, format=form)), cleaner)
    assert content in (out / f"one.html{suffix}").read_text()


def test_packed_pages_are_cleaned(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    (job.source / "packed.html.gz").write_bytes(gzip.compress(b"<p>Packed.</p>"))
    run(job, cleaner)
    assert (out / "packed.html.gz.txt").read_text() == "Packed."


def test_pages_of_like_names_do_not_collide(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    for name in ("x.html", "x.htm", "x.txt", "x.html.gz", "x.html.txt"):
        content = name.encode()
        (job.source / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    run(job, cleaner)
    for name in ("x.html", "x.htm", "x.txt", "x.html.gz", "x.html.txt"):
        assert (out / f"{name}.txt").read_text() == name


def test_an_output_with_the_name_of_a_folder_is_a_failure(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    (job.source / "one.html.txt").mkdir()
    (job.source / "one.html.txt" / "inner.html").write_text("<p>Inner.</p>")
    report = run(job, cleaner)
    assert [(failure.page, failure.code) for failure in report.failed] == [("one.html", "name-clash")]
    assert (out / "one.html.txt" / "inner.html.txt").read_text() == "Inner."


def test_an_empty_page_has_an_empty_output(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    (job.source / "empty.html").touch()
    assert counts(run(job, cleaner)) == {"ok": 3, "empty": 1}
    assert (out / "empty.html.txt").read_bytes() == b""


def test_pages_that_fail_are_reported_and_the_others_cleaned(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    (job.source / "binary.html").write_bytes(b"\x00\x01\x02")
    (job.source / "defect.html").write_text("BOOM")
    (job.source / "damaged.html.gz").write_bytes(b"no gzip")
    os.mkfifo(job.source / "pipe.html")
    report = run(job, cleaner)
    assert counts(report) == {"ok": 3, "failed": 4}
    codes = {failure.page: failure.code for failure in report.failed}
    assert codes == {
        "pipe.html": "unreadable-file",
        "binary.html": "unreadable-input",
        "defect.html": "defect",
        "damaged.html.gz": "unreadable-input",
    }
    assert not (out / "binary.html.txt").exists()


def test_inputs_are_not_altered(job: BatchJob, cleaner: PageCleaner) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in job.source.glob("**/*.*")}
    run(job, cleaner)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before
    assert files_below(job.source) == {"one.html", "two.txt", "sub/one.html", "notes.pdf"}


def test_a_second_run_leaves_current_outputs_alone(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    run(job, cleaner)
    written = (out / "one.html.txt").stat().st_mtime_ns
    report = run(job, cleaner)
    assert counts(report) == {"unchanged": 3}
    assert (out / "one.html.txt").stat().st_mtime_ns == written
    assert report.least_certain[0].page == "sub/one.html"


def test_a_page_without_an_article_is_named(job: BatchJob, cleaner: PageCleaner) -> None:
    (job.source / "none.html").write_text("<p>Read more: x</p>")
    report = run(job, cleaner)
    assert counts(report) == {"ok": 3, "empty": 1}
    assert report.empty == ("none.html",)


def test_a_changed_page_a_new_one_and_a_missing_output_are_cleaned_again(
    job: BatchJob, cleaner: PageCleaner, out: Path
) -> None:
    run(job, cleaner)
    (job.source / "one.html").write_text("<p>Rewritten at length.</p>")
    (job.source / "new.html").write_text("<p>New.</p>")
    (out / "two.txt.txt").unlink()
    assert counts(run(job, cleaner)) == {"ok": 3, "unchanged": 1}
    assert (out / "one.html.txt").read_text() == "Rewritten at length."
    assert (out / "two.txt.txt").exists()


@pytest.mark.parametrize("other", [replace(RECIPE, model_version="fake-2"), replace(RECIPE, options=Options("recall"))])
def test_another_model_or_other_options_clean_again(job: BatchJob, cleaner: PageCleaner, other: Recipe) -> None:
    run(job, cleaner)
    assert counts(run(replace(job, recipe=other), cleaner)) == {"ok": 3}


def test_formats_stand_side_by_side(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    as_markdown = replace(job, recipe=replace(RECIPE, format="markdown"))
    (out / "sub").mkdir(parents=True)
    (out / "one.html.md").write_text("someone's notes")
    assert counts(run(job, cleaner)) == {"ok": 3}
    assert counts(run(as_markdown, cleaner)) == {"ok": 2, "failed": 1}
    assert counts(run(job, cleaner)) == {"unchanged": 3}


def test_a_torn_ledger_costs_only_the_torn_page(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    run(job, cleaner)
    ledger = out / ".winnow" / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-20] + b"\xff")
    assert counts(run(job, cleaner)) == {"ok": 1, "unchanged": 2}
    assert counts(run(job, cleaner)) == {"unchanged": 3}


def test_files_of_others_are_replaced_only_when_asked(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    out.mkdir()
    (out / "one.html.txt").write_text("someone's notes")
    report = run(job, cleaner)
    assert [(failure.page, failure.code) for failure in report.failed] == [("one.html", "output-taken")]
    assert (out / "one.html.txt").read_text() == "someone's notes"
    assert counts(run(replace(job, overwrite=True), cleaner)) == {"ok": 3}
    assert (out / "one.html.txt").read_text() == "First page."


def test_an_output_that_a_killed_run_did_not_note_is_taken_over(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    run(job, cleaner)
    (out / ".winnow" / "ledger.jsonl").unlink()
    assert counts(run(job, cleaner)) == {"ok": 3}


def test_leftovers_of_a_killed_run_are_swept(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    staging = out / ".winnow" / "tmp"
    staging.mkdir(parents=True)
    (staging / ".winnow-0.tmp").touch()
    run(job, cleaner)
    assert not list(staging.iterdir())


def interrupted_after_first(pages: Iterable[PageFile], work: Work) -> Generator[Answer, None, None]:
    yield work(next(iter(pages)))
    raise KeyboardInterrupt


def test_an_interrupted_run_reports_and_goes_on_later(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    report = run_batch(job, interrupted_after_first, work_with(cleaner, RECIPE))
    assert report.interrupted
    assert counts(report) == {"ok": 1}
    assert json.loads((out / "report.json").read_text())["interrupted"] is True
    assert not list((out / ".winnow" / "tmp").iterdir())
    assert counts(run(job, cleaner)) == {"ok": 2, "unchanged": 1}


def test_an_interrupted_overwrite_goes_on_without_it(job: BatchJob, cleaner: PageCleaner) -> None:
    run(job, cleaner)
    newer = replace(job, recipe=replace(RECIPE, model_version="fake-2"))
    run_batch(replace(newer, overwrite=True), interrupted_after_first, work_with(cleaner, newer.recipe))
    assert counts(run(newer, cleaner)) == {"ok": 2, "unchanged": 1}


def test_out_inside_in_is_not_read_as_input(job: BatchJob, cleaner: PageCleaner) -> None:
    inside = replace(job, target=job.source / "out")
    assert counts(run(inside, cleaner)) == {"ok": 3}
    assert counts(run(inside, cleaner)) == {"unchanged": 3}


def test_folders_that_cannot_be_used_are_refused(job: BatchJob, cleaner: PageCleaner, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(job.source)
    cases = [
        (tmp_path / "missing", job.target, "does not exist"),
        (tmp_path / "file", job.target, "not a folder"),
        (tmp_path / "bare", job.target, "no pages"),
        (job.source, tmp_path / "file", "not a folder"),
        (job.source, job.source, "same folder"),
        (job.source, tmp_path / "link", "same folder"),
        (job.source, tmp_path, "inside OUT"),
    ]
    for source, target, words in cases:
        with pytest.raises(FolderError, match=words):
            run(replace(job, source=source, target=target), cleaner)
    assert not job.target.exists()


def test_two_runs_do_not_share_a_folder(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    run(job, cleaner)
    with (out / ".winnow" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(FolderError, match="Another run"):
            run(job, cleaner)


def test_a_link_in_out_does_not_lead_elsewhere(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    out.mkdir()
    (out / "sub").symlink_to(job.source / "sub")
    report = run(job, cleaner)
    assert [failure.page for failure in report.failed] == ["sub/one.html"]
    assert files_below(job.source) == {"one.html", "two.txt", "sub/one.html", "notes.pdf"}


def test_names_that_are_no_text_are_cleaned_and_reported(job: BatchJob, cleaner: PageCleaner, out: Path) -> None:
    name = os.fsdecode(b"b\xe9ton\n.html")
    (job.source / name).write_text("<p>Odd?</p>")
    assert counts(run(job, cleaner)) == {"ok": 4}
    assert (out / f"{name}.txt").read_text() == "Odd?"
    assert name in {row["page"] for row in json.loads((out / "report.json").read_text())["least_certain"]}
    assert "b\\udce9ton\\n.html" in (out / "report.md").read_text()
    assert counts(run(job, cleaner)) == {"unchanged": 4}


def test_a_name_too_long_for_its_output_is_a_failure(job: BatchJob, cleaner: PageCleaner) -> None:
    (job.source / f"{'x' * 248}.html").write_text("<p>x</p>")
    report = run(job, cleaner)
    assert [failure.code for failure in report.failed] == ["unwritable-output"]
    assert report.counts["ok"] == 3
