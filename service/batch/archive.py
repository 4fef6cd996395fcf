"""WARC and WET archives as rows: a row per page, with its address, date and record id. FastWARC reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from model.types import Kind
from service.batch.rows import Row, SourceRow

_PAGES = WarcRecordType.response | WarcRecordType.conversion
_KINDS: dict[str, Kind] = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text", "": "auto"}


def archive_rows(file: BinaryIO, name: str, max_bytes: int) -> Iterator[SourceRow]:
    """The pages of an archive, packed or not; other records, redirects and files that are no text are left out.

    An archive that is damaged ends with a row that says so.
    """
    place = 0
    try:
        for record in ArchiveIterator(file, record_types=_PAGES, parse_http=True, auto_decode="all"):
            kind = _kind_of(record)
            if kind is None:
                continue
            yield _row(record, kind, f"{name}#{place}", max_bytes)
            place += 1
    except (OSError, EOFError, ValueError) as error:  # what FastWARC raises for damage
        problem = f"The archive is damaged from here on ({error}). Fetch it anew."
        yield SourceRow(Row(f"{name}#{place}", "auto", problem=problem), b"{}", problem.encode())


def _kind_of(record: Any) -> Kind | None:
    if record.record_type == WarcRecordType.conversion:
        return "text"
    if record.http_headers is None or not 200 <= (record.http_headers.status_code or 0) < 300:
        return None
    return _KINDS.get((record.http_content_type or "").partition(";")[0].strip().lower())


def _row(record: Any, kind: Kind, name: str, max_bytes: int) -> SourceRow:
    url = record.headers.get("WARC-Target-URI")
    date, identifier = record.headers.get("WARC-Date"), record.headers.get("WARC-Record-ID")
    given = json.dumps({"url": url, "warc_date": date, "record_id": identifier}).encode("ascii")
    content = record.reader.read(max_bytes + 1)
    if len(content) > max_bytes:
        problem = f"It has more than {max_bytes:,} bytes. Leave it out."
        return SourceRow(Row(name, kind, url=url, problem=problem), given, given + content)
    return SourceRow(Row(name, kind, content, url=url, size_bytes=len(content)), given, given + content)
