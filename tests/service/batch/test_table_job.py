"""Batch over rows: the same rows in the same order with more columns, from every input, resumed after any end."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
from collections.abc import Generator, Iterable
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastwarc.warc import WarcRecord, WarcRecordType

from model.errors import InputError, OptionError
from service.batch import sources, table_job
from service.batch.engine import NOT_NOW, Engine, Work, run_here
from service.batch.job import BatchJob
from service.batch.outfolder import FolderError, TakenError
from service.batch.recipe import Answer, Recipe
from service.batch.report import BatchReport
from service.batch.shards import Shard
from service.batch.sources import input_format
from service.batch.table_job import TableJob, row_work_with, run_table
from service.columns import InputFormat
from service.contract import PageCleaner

RECIPE = Recipe("fake-1")
ROWS: list[dict[str, Any]] = [
    {"id": 1, "html": "<p>First.</p><p>Read more: x</p>", "url": "https://a.example/1"},
    {"id": 2, "html": None, "tags": ["x", "y"]},
    {"id": 3, "text": "Third.\n\nLeave a Reply"},
    {"id": 2**53 + 1, "html": "BOOM"},
]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "BATCH_ROWS", 3)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)))
    return path


def job_of(source: Path | str, target: Path, **more: Any) -> TableJob:
    form: InputFormat | None = None if Path(source).is_dir() else input_format(str(source))
    column = more.pop("column", None)
    return TableJob(BatchJob(Path(source), target, more.pop("recipe", RECIPE), **more), str(source), form, column)


def run(job: TableJob, cleaner: PageCleaner, engine: Engine = run_here) -> BatchReport:
    return run_table(job, engine, row_work_with(cleaner, job.job.recipe))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def counts(report: BatchReport) -> dict[str, int]:
    return {outcome: count for outcome, count in report.counts.items() if count}


def test_rows_come_back_in_order_with_more_columns(table: Path, tmp_path: Path, cleaner: PageCleaner) -> None:
    before = table.read_bytes()
    report = run(job_of(table, tmp_path / "out.jsonl"), cleaner)
    rows = lines(tmp_path / "out.jsonl")
    assert [{name: row[name] for name in given} for row, given in zip(rows, ROWS, strict=True)] == ROWS
    assert [row["clean_text"] for row in rows] == ["First.", None, "Third.", None]
    assert [row["clean_status"] for row in rows] == ["ok", "failed", "ok", "failed"]
    assert "cell is empty" in rows[1]["clean_error"]
    assert counts(report) == {"ok": 2, "failed": 2}
    assert table.read_bytes() == before
    assert {site.site for site in report.sites} >= {"a.example"}
    assert (tmp_path / "out.jsonl.winnow" / "report.md").exists()
    assert len((tmp_path / "out.jsonl.winnow" / "failures.jsonl").read_text().splitlines()) == 2


def test_parquet_keeps_its_types_and_gains_columns(tmp_path: Path, cleaner: PageCleaner) -> None:
    given = pa.table({"n": pa.array(range(7), pa.int16()), "page": [f"<p>Page {n}.</p>".encode() for n in range(7)]})
    pq.write_table(given, tmp_path / "in.parquet")
    run(job_of(tmp_path / "in.parquet", tmp_path / "out.parquet", column="page"), cleaner)
    made = pq.read_table(tmp_path / "out.parquet")
    assert made.select(["n", "page"]).equals(given)
    assert made["clean_text"].to_pylist() == [f"Page {n}." for n in range(7)]
    assert made.schema.field("clean_confidence").type == pa.float64()


def test_either_table_can_become_the_other(table: Path, tmp_path: Path, cleaner: PageCleaner) -> None:
    run(job_of(table, tmp_path / "a.parquet"), cleaner)
    assert pq.read_table(tmp_path / "a.parquet")["id"].to_pylist() == [row["id"] for row in ROWS]
    run(job_of(tmp_path / "a.parquet", tmp_path / "b.jsonl"), cleaner)
    assert [row["clean_text"] for row in lines(tmp_path / "b.jsonl")] == ["First.", None, "Third.", None]


def test_a_column_of_many_types_in_one_batch_becomes_text(tmp_path: Path, cleaner: PageCleaner) -> None:
    (tmp_path / "in.jsonl").write_text('{"html": "a", "x": 1}\n{"html": "b", "x": "y"}\n')
    run(job_of(tmp_path / "in.jsonl", tmp_path / "out.parquet"), cleaner)
    assert pq.read_table(tmp_path / "out.parquet")["x"].to_pylist() == ["1", '"y"']


def test_extras_and_formats_are_columns(table: Path, tmp_path: Path, cleaner: PageCleaner) -> None:
    recipe = replace(RECIPE, format="markdown", extras=("comments", "removed"))
    run(job_of(table, tmp_path / "out.jsonl", recipe=recipe), cleaner)
    row = lines(tmp_path / "out.jsonl")[0]
    assert row["clean_markdown"] == row["clean_text"] == "First."
    assert json.loads(row["clean_comments"]) == []
    assert json.loads(row["clean_removed"])[0]["text"] == "Read more: x"


@pytest.mark.parametrize("suffix", [".jsonl.gz", ".jsonl.zst"])
def test_packed_tables_are_read(tmp_path: Path, cleaner: PageCleaner, suffix: str) -> None:
    import zstandard

    pack = gzip.compress if suffix.endswith("gz") else zstandard.ZstdCompressor().compress
    source = tmp_path / f"in{suffix}"
    source.write_bytes(pack(b'{"html": "One."}\n\n{"html": "Two."}'))
    run(job_of(source, tmp_path / "out.jsonl"), cleaner)
    assert [row["clean_text"] for row in lines(tmp_path / "out.jsonl")] == ["One.", "Two."]


def test_lines_that_are_no_objects_fail_in_their_place(tmp_path: Path, cleaner: PageCleaner) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'{"html": "One."}\n[1]\n{"html": \n\xff\n{"html": "Two."}\n' + b"[" * 100_000)
    run(job_of(tmp_path / "in.jsonl", tmp_path / "out.jsonl"), cleaner)
    rows = lines(tmp_path / "out.jsonl")
    assert [row["clean_text"] for row in rows] == ["One.", None, None, None, "Two.", None]
    assert "no JSON object" in rows[1]["clean_error"]


def test_a_table_cut_short_ends_with_a_row_that_says_so(tmp_path: Path, cleaner: PageCleaner) -> None:
    packed = gzip.compress(b"".join(b'{"html": "Page %d."}\n' % n for n in range(2_000)))
    (tmp_path / "in.jsonl.gz").write_bytes(packed[:-20])
    report = run(job_of(tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl"), cleaner)
    assert counts(report)["failed"] == 1
    assert "damaged from here on" in lines(tmp_path / "out.jsonl")[-1]["clean_error"]


def record(kind: WarcRecordType, body: bytes, url: str, content_type: str = "") -> bytes:
    made = WarcRecord()
    made.init_headers(kind)
    made.headers["WARC-Target-URI"] = url
    if content_type:
        made.headers["Content-Type"] = content_type
    made.set_bytes_content(body)
    plain = io.BytesIO()
    made.write(plain)
    return gzip.compress(plain.getvalue())


def response(body: bytes, url: str, content_type: str = "text/html; charset=utf-8", status: int = 200) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return record(WarcRecordType.response, head + body, url, "application/http; msgtype=response")


def test_an_archive_gives_a_row_for_every_page(tmp_path: Path, cleaner: PageCleaner) -> None:
    archive = tmp_path / "crawl.warc.gz"
    archive.write_bytes(
        record(WarcRecordType.warcinfo, b"software: x\r\n", "")
        + response(b"<p>One.</p>", "https://a.example/1")
        + response(b"\x89PNG", "https://a.example/logo", "image/png")
        + response(b"moved", "https://a.example/old", status=301)
        + response(b"<p>Two.</p>", "https://b.example/2")
    )
    report = run(job_of(archive, tmp_path / "out.jsonl"), cleaner)
    rows = lines(tmp_path / "out.jsonl")
    assert [(row["url"], row["clean_text"]) for row in rows] == [
        ("https://a.example/1", "One."),
        ("https://b.example/2", "Two."),
    ]
    assert {site.site for site in report.sites} == {"a.example", "b.example"}


def test_wet_records_are_texts(tmp_path: Path, cleaner: PageCleaner) -> None:
    archive = tmp_path / "crawl.warc.wet.gz"
    archive.write_bytes(record(WarcRecordType.conversion, b"One.\nRead more: x\n", "https://a.example/", "text/plain"))
    run(job_of(archive, tmp_path / "out.jsonl"), cleaner)
    assert [row["clean_text"] for row in lines(tmp_path / "out.jsonl")] == ["One."]


def test_an_archive_cut_short_keeps_what_came_before(tmp_path: Path, cleaner: PageCleaner) -> None:
    second = response(b"<p>Two.</p>" * 500, "https://b.example/2")
    archive = tmp_path / "crawl.warc.gz"
    archive.write_bytes(response(b"<p>One.</p>", "https://a.example/1") + second[: len(second) * 9 // 10])
    run(job_of(archive, tmp_path / "out.jsonl"), cleaner)
    rows = lines(tmp_path / "out.jsonl")
    assert rows[0]["clean_text"] == "One."
    assert "cut short" in rows[1]["clean_error"]
    assert "damaged from here on" in rows[2]["clean_error"]


def test_a_folder_can_become_a_table(page_folder: Path, tmp_path: Path, cleaner: PageCleaner) -> None:
    report = run(job_of(page_folder, tmp_path / "out.jsonl"), cleaner)
    assert {row["file"]: row["clean_text"] for row in lines(tmp_path / "out.jsonl")} == {
        "one.html": "First page.",
        "two.txt": "Second page.",
        "sub/one.html": "Third page?",
    }
    assert report.other_files == 1
    inside = page_folder / "out.jsonl"
    run(job_of(page_folder, inside), cleaner)
    assert counts(run(job_of(page_folder, inside), cleaner)) == {"unchanged": 3}


def test_an_address_that_fsspec_knows_is_read(tmp_path: Path, cleaner: PageCleaner) -> None:
    with fsspec.open("memory://bucket/in.jsonl", "wb") as file:
        file.write(b'{"text": "One."}\n')
    run(job_of("memory://bucket/in.jsonl", tmp_path / "out.jsonl"), cleaner)
    assert lines(tmp_path / "out.jsonl")[0]["clean_text"] == "One."
    with pytest.raises(OptionError, match="cannot be opened"):
        run(job_of("nonsense://bucket/in.jsonl", tmp_path / "new.jsonl"), cleaner)


def test_shards_share_the_rows_and_keep_their_order(table: Path, tmp_path: Path, cleaner: PageCleaner) -> None:
    for index in range(2):
        run(job_of(table, tmp_path / "out.jsonl", shard=Shard(index, 2)), cleaner)
    assert [row["id"] for row in lines(tmp_path / "out-0-of-2.jsonl")] == [1, 3]
    assert [row["id"] for row in lines(tmp_path / "out-1-of-2.jsonl")] == [2, 2**53 + 1]


def test_a_finished_table_is_made_again_only_for_other_rows_or_options(
    table: Path, tmp_path: Path, cleaner: PageCleaner
) -> None:
    job = job_of(table, tmp_path / "out.jsonl")
    first = run(job, cleaner)
    again = run(job, cleaner)
    assert counts(again) == {"unchanged": 2, "failed": 2}
    assert again.labels == first.labels
    assert counts(run(replace(job, job=replace(job.job, recipe=Recipe("fake-2"))), cleaner))["ok"] == 2
    table.write_text(table.read_text().replace("First", "Fresh"))
    assert counts(run(job, cleaner))["ok"] == 2
    assert lines(tmp_path / "out.jsonl")[0]["clean_text"] == "Fresh."


def ending(after: int, error: type[BaseException]) -> Engine:
    def engine(tasks: Iterable[Any], work: Work) -> Generator[Answer, None, None]:
        for number, answer in enumerate(run_here(tasks, work)):
            if number == after:
                raise error
            yield answer

    return engine


def test_an_interrupted_run_goes_on_with_the_first_batch_that_is_missing(tmp_path: Path, cleaner: PageCleaner) -> None:
    (tmp_path / "in.jsonl").write_text("".join(f'{{"html": "Page {n}."}}\n' for n in range(10)))
    calm = job_of(tmp_path / "in.jsonl", tmp_path / "calm.jsonl")
    job = job_of(tmp_path / "in.jsonl", tmp_path / "o.jsonl")
    run(calm, cleaner)
    report = run(job, cleaner, ending(7, KeyboardInterrupt))
    assert report.interrupted
    assert not (tmp_path / "o.jsonl").exists()
    assert counts(run(job, cleaner)) == {"ok": 4, "unchanged": 6}
    assert (tmp_path / "o.jsonl").read_bytes() == (tmp_path / "calm.jsonl").read_bytes()
    state = tmp_path / "o.jsonl.winnow" / ".winnow"
    assert not list((state / "parts").iterdir())
    assert not list((state / "tmp").iterdir())


def test_a_run_whose_process_is_killed_is_taken_up_where_it_was(tmp_path: Path, cleaner: PageCleaner) -> None:
    def killed(tasks: Iterable[Any], work: Work) -> Generator[Answer, None, None]:
        for number, answer in enumerate(run_here(tasks, work)):
            if number == 7:
                os.kill(os.getpid(), signal.SIGKILL)
            yield answer

    (tmp_path / "in.jsonl").write_text("".join(f'{{"html": "Page {n}."}}\n' for n in range(10)))
    job = job_of(tmp_path / "in.jsonl", tmp_path / "o.jsonl")
    process = get_context("fork").Process(target=run, args=(job, cleaner, killed))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    (tmp_path / "o.jsonl.winnow" / ".winnow" / "tmp" / "half-written").write_text("{")
    assert counts(run(job, cleaner)) == {"ok": 4, "unchanged": 6}
    assert [row["clean_text"] for row in lines(tmp_path / "o.jsonl")] == [f"Page {n}." for n in range(10)]
    assert not list((tmp_path / "o.jsonl.winnow" / ".winnow" / "tmp").iterdir())


def test_a_full_disk_ends_the_run_and_the_next_goes_on(
    table: Path, tmp_path: Path, cleaner: PageCleaner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    job = job_of(table, tmp_path / "out.jsonl")
    with monkeypatch.context() as patch:
        patch.setattr("service.batch.parts.assemble", full)
        assert "Make room" in run(job, cleaner).problems[0]
    assert not (tmp_path / "out.jsonl").exists()
    assert counts(run(job, cleaner)) == {"unchanged": 2, "failed": 2}
    assert (tmp_path / "out.jsonl").exists()


def test_answers_in_any_order_give_rows_in_order_and_few_batches_are_open(tmp_path: Path, cleaner: PageCleaner) -> None:
    (tmp_path / "in.jsonl").write_text("".join(f'{{"html": "Page {n}."}}\n' for n in range(60)))
    most = 0

    def slow_first(tasks: Iterable[Any], work: Work) -> Generator[Answer, None, None]:
        nonlocal most
        stream, held = iter(tasks), list[Any]()
        while True:
            while (task := next(stream, None)) not in (None, NOT_NOW):
                held.append(task)
            most = max(most, len(held))
            if not held:
                return
            yield work(held.pop())  # the youngest first

    run(job_of(tmp_path / "in.jsonl", tmp_path / "out.jsonl"), cleaner, slow_first)
    assert [row["clean_text"] for row in lines(tmp_path / "out.jsonl")] == [f"Page {n}." for n in range(60)]
    assert most <= 3 * table_job.OPEN_BATCHES


def test_what_cannot_be_done_is_refused_and_leaves_nothing(table: Path, tmp_path: Path, cleaner: PageCleaner) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(OptionError, match=r"no column page\. The first has id, html, url"):
        run(job_of(table, out, column="page"), cleaner)
    with pytest.raises(FolderError, match=r"ends in \.jsonl or \.parquet"):
        run(job_of(table, tmp_path / "folder"), cleaner)
    with pytest.raises(FolderError, match="same file"):
        run(job_of(table, table), cleaner)
    (tmp_path / "bad.parquet").write_bytes(b"no table")
    with pytest.raises(InputError, match="no Parquet file"):
        run(job_of(tmp_path / "bad.parquet", out), cleaner)
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(FolderError, match="no pages"):
        run(job_of(tmp_path / "empty.jsonl", out), cleaner)
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "bad.parquet", "empty.jsonl"}


def test_anothers_file_is_not_replaced(table: Path, tmp_path: Path, cleaner: PageCleaner) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("mine")
    with pytest.raises(TakenError):
        run(job_of(table, out), cleaner)
    assert out.read_text() == "mine"
    run(job_of(table, out, overwrite=True), cleaner)
    assert len(lines(out)) == 4
    out.write_text("mine again")
    with pytest.raises(TakenError):
        run(job_of(table, out), cleaner)
