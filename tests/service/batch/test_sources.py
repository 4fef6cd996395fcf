"""What names tell about inputs and outputs."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fsspec.implementations.memory import MemoryFile, MemoryFileSystem

from model.errors import InputError, OptionError
from service.batch.sources import folder_batches, input_format, table_batches
from service.batch.table_job import output_format
from service.columns import EMPTY_CELL
from service.files import Finding, PageFile, Unreadable


def test_names_tell_formats(tmp_path: Path) -> None:
    names = ["a.jsonl", "a.ndjson.gz", "A.PARQUET", "a.warc.gz", "a.warc.wet.gz", "a.wet", "a.html", "a.html.gz"]
    assert [input_format(name) for name in names] == ["jsonl", "jsonl", "parquet", "warc", "warc", "warc", None, None]
    assert output_format(tmp_path) is None
    assert output_format(tmp_path / "x.parquet") == "parquet"


def rows_of(path: Path) -> list[str | None]:
    """What is wrong with each row of a table, None for a page."""
    form = input_format(str(path))
    assert form is not None
    return [row.problem for batch in table_batches(str(path), form, None, 1_000) for row in batch.rows]


@pytest.mark.parametrize(
    ("columns", "names", "told"),
    [
        ([["a"], ["b"]], ["text", "text"], "more than one column text. Rename"),
        ([[1]], ["text"], "text holds int64. Choose another column with --column"),
        ([[["a"]], [1.5]], ["html", "text"], "html holds list<.*> and text holds double"),
        ([["a"]], ["page"], "no column html or text. It has page"),
    ],
)
def test_a_parquet_file_without_a_column_of_pages_is_refused(
    tmp_path: Path, columns: list[list[object]], names: list[str], told: str
) -> None:
    pq.write_table(pa.Table.from_arrays([pa.array(column) for column in columns], names), tmp_path / "in.parquet")
    with pytest.raises(OptionError, match=told):
        rows_of(tmp_path / "in.parquet")


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.null()])
def test_a_column_of_text_or_bytes_is_read_whatever_its_type(tmp_path: Path, kind: pa.DataType) -> None:
    cell = None if kind == pa.null() else "words"
    pq.write_table(pa.table({"html": [1], "text": pa.array([cell], kind)}), tmp_path / "in.parquet")
    assert rows_of(tmp_path / "in.parquet") == [None if cell else EMPTY_CELL]


def test_a_parquet_file_that_is_damaged_in_the_middle_says_so(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": [f"words {number} " * 50 for number in range(400)]}), path, row_group_size=100)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 500] = b"\xff" * 500
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"in\.parquet is damaged behind its first \d+ rows"):
        rows_of(path)


def test_lines_in_another_encoding_are_told_from_lines_that_are_no_json(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes('\ufeff{"text": "a"}\n{"text": "café"}\n'.encode() + '{"text": "café"}\n{'.encode("latin-1"))
    fine, also_fine, latin, broken = rows_of(path)
    assert (fine, also_fine) == (None, None)
    assert latin == "The line is not UTF-8 (at its byte 13). Write the file as UTF-8."
    assert (broken or "").startswith("The line is no JSON object.")
    path.write_text('{"text": "a"}\n{"text": "b"}\n', encoding="utf-16")
    assert all("UTF-8" in (problem or "") or "JSON" in (problem or "") for problem in rows_of(path))


def test_a_connection_that_breaks_off_is_an_error_of_reading_whatever_its_package_calls_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """aiohttp's ClientPayloadError, for one, is no OSError: it ended the run with a traceback."""

    class BrokenOffError(Exception):
        pass

    class Breaking(MemoryFile):  # type: ignore[misc]  # fsspec has no types
        def read(self, length: int = -1) -> bytes:
            if self.tell():
                raise BrokenOffError("not enough data")
            return bytes(super().read(length))

    monkeypatch.setattr(MemoryFileSystem, "_open", lambda *_, **__: Breaking(None, "", b'{"text": "a"}'))
    with pytest.raises(OSError, match="BrokenOffError: not enough data") as caught:
        list(table_batches("memory://broken.jsonl", "jsonl", None, 1_000))
    assert caught.value.filename == "memory://broken.jsonl"


def test_a_file_name_that_is_no_utf_8_is_text_in_a_table() -> None:
    findings: list[Finding] = [PageFile("b\udcff.html", "b", "html", 1, 1), Unreadable("中\udce9", "No.")]
    given = [json.loads(row) for batch in folder_batches(findings, None) for row in batch.given]
    assert given == [{"file": "b\\xff.html"}, {"file": "中\\xe9"}]
