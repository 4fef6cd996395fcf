"""WARC and WET archives as rows: a row per page, with its address, date and record id. FastWARC reads them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from model.types import Kind
from service.batch.http_bodies import decoded_body
from service.batch.rows import Row, SourceRow
from service.unpacking import DamagedError

_PAGES = WarcRecordType.response | WarcRecordType.conversion
_KINDS: dict[str, Kind] = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text", "": "auto"}


def archive_rows(pieces: Iterable[bytes], name: str, max_bytes: int) -> Iterator[SourceRow]:
    """The pages of an unpacked archive; other records, redirects and files that are no text are left out.

    An archive that is damaged ends with a row that says so. Raises OSError when it cannot be read to its end: what
    came of it then is not all there is.
    """
    place = 0
    stream = _Stream(pieces)
    try:
        for record in ArchiveIterator(stream, record_types=_PAGES, parse_http=True, auto_decode="none"):
            if record.headers.get("Content-Length") is None:
                stream.damage = stream.damage or "a record has no length"
                continue
            kind = _kind_of(record)
            if kind is None:
                continue
            yield _row(record, kind, f"{name}#{place}", max_bytes)
            place += 1
    except (OSError, EOFError, ValueError) as error:  # what FastWARC raises for some damage; of other it says nothing
        if stream.failure:
            raise stream.failure from error
        stream.damage = stream.damage or str(error)
    if stream.failure:
        raise stream.failure
    if stream.damage:
        problem = f"The archive is damaged from here on ({stream.damage}). Fetch it anew."
        yield SourceRow(Row(f"{name}#{place}", "auto", problem=problem), b"{}", problem.encode())


class _Stream(io.RawIOBase):
    """Pieces as the file that FastWARC reads. Its own unpacking takes an archive cut short for a whole one."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__()
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")
        self._place = 0
        self.damage: str | None = None
        self.failure: OSError | None = None
        """What kept the source from being read, be it that FastWARC takes it for damage or for the end."""

    def read(self, size: int = -1) -> bytes:
        """Some bytes, at most `size`; none at the end, be it the true one or damage."""
        try:
            while not self._rest and (piece := next(self._pieces, None)) is not None:
                self._rest = memoryview(piece)
        except DamagedError as error:
            self.damage = str(error)
        except OSError as error:
            self.failure = error
            raise
        end = len(self._rest) if size < 0 else size
        taken, self._rest = bytes(self._rest[:end]), self._rest[end:]
        self._place += len(taken)
        return taken

    def tell(self) -> int:
        """Bytes read so far."""
        return self._place


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
    length = record.content_length
    stored = record.reader.read(max_bytes + 1)
    content, problem = b"", None
    if len(stored) < min(length, max_bytes + 1):
        problem = f"The record is cut short: {len(stored):,} of {length:,} bytes. Fetch it anew."
    else:
        try:
            content = decoded_body(stored, record.http_headers or {}, max_bytes + 1)
        except DamagedError as error:
            problem = f"The record's body is damaged ({error}). Fetch it anew."
    if max(len(stored), len(content)) > max_bytes:
        problem = f"It has more than {max_bytes:,} bytes. Leave it out."
    if problem:
        return SourceRow(Row(name, kind, url=url, problem=problem), given, given + stored)
    return SourceRow(Row(name, kind, content, url=url, size_bytes=len(content)), given, given + content)
