"""What names tell about inputs and outputs."""

from __future__ import annotations

from pathlib import Path

from service.batch.sources import input_format
from service.batch.table_job import output_format


def test_names_tell_formats(tmp_path: Path) -> None:
    names = ["a.jsonl", "a.ndjson.gz", "A.PARQUET", "a.warc.gz", "a.warc.wet.gz", "a.wet", "a.html", "a.html.gz"]
    assert [input_format(name) for name in names] == ["jsonl", "jsonl", "parquet", "warc", "warc", "warc", None, None]
    assert output_format(tmp_path) is None
    assert output_format(tmp_path / "x.parquet") == "parquet"
