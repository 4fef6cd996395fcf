"""Where a table's rows come from: a folder, JSONL, Parquet, WARC or WET, standard input, any address fsspec knows.

Rows come in batches of a size that depends on the input alone. A batch knows what it was made from (`identity`),
so a run that is taken up again recognises it whatever a file's name or date says.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from model.errors import InputError, OptionError
from service.batch.archive import archive_rows
from service.batch.jsonl import json_rows
from service.batch.rows import Row, SourceRow, cell_row
from service.batch.shards import Shard
from service.columns import InputFormat, source_columns
from service.files import PACKED, Finding, LinkToFolder, OtherFiles, Unreadable, printable
from service.unpacking import unpacked

BATCH_ROWS = 128
BATCH_BYTES = 8_000_000
"""A batch ends with the row that reaches either: a few are in memory at once, of large pages too."""

_SUFFIXES: dict[str, InputFormat] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".warc": "warc",
    ".wet": "warc",
}
_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of the input, one after the other."""

    number: int
    rows: tuple[Row, ...]
    given: pa.RecordBatch | tuple[bytes, ...]
    """What the rows hold already: Arrow's columns, or a JSON object for each."""
    identity: str


def input_format(source: str) -> InputFormat | None:
    """The format that a file's name tells; None for other files and folders."""
    stem, suffix = os.path.splitext(source.lower())
    return _SUFFIXES.get(os.path.splitext(stem)[1] if suffix in PACKED else suffix)


def table_batches(
    source: str, form: InputFormat, column: str | None, max_bytes: int, shard: Shard | None = None
) -> Iterator[Batch]:
    """The rows of a table or an archive; `source` is a path, an address that fsspec knows, or "-".

    Raises OptionError when it lacks the column, InputError when it is damaged at its beginning, and OSError.
    """
    name = "stdin" if source == "-" else os.path.basename(source)
    with opened(source) as file:
        if form == "parquet":
            yield from _parquet_batches(file, name, column, shard)
            return
        coding = PACKED.get(os.path.splitext(source.lower())[1])
        packed: Iterable[bytes] = iter(partial(_read, file, source), b"")
        pieces = unpacked(packed, coding) if coding else packed
        rows = archive_rows(pieces, name, max_bytes) if form == "warc" else json_rows(pieces, name, column)
        yield from _batched(rows, shard)


def folder_batches(findings: Iterable[Finding], shard: Shard | None = None) -> Iterator[Batch]:
    """The pages of a folder as rows with the column `file`; links to folders and other files are left out."""
    return _batched((row for finding in findings if (row := _file_row(finding))), shard)


@contextmanager
def opened(source: str) -> Iterator[BinaryIO]:
    """The input, open for reading. Raises OSError, and OptionError for an address that cannot be understood."""
    if source == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(fsspec.open(source, "rb"))
        except (ValueError, ImportError) as error:  # no such protocol, or its package is not installed
            raise OptionError(f"{printable(source)} cannot be opened. {error}") from error
        except OSError as error:  # that of an address names no file, and has its address for a reason
            if error.filename or "://" not in source:
                raise
            raise OSError(errno.EIO, f"It cannot be opened ({type(error).__name__})", source) from error
        yield file


def _read(file: BinaryIO, source: str) -> bytes:
    """A piece of the input. Raises OSError, for addresses too: each protocol's package has errors of its own."""
    try:
        return file.read(_READ_BYTES)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        if "://" not in source:
            raise
        detail = f"It broke off ({type(error).__name__}: {error}); the same command goes on"
        raise OSError(errno.EIO, detail, source) from error


def _file_row(finding: Finding) -> SourceRow | None:
    if isinstance(finding, LinkToFolder | OtherFiles):
        return None
    given = json.dumps({"file": _told(finding.name)}).encode("ascii")
    if isinstance(finding, Unreadable):
        return SourceRow(Row(finding.name, "auto", problem=finding.reason), given, given)
    row = Row(finding.name, finding.kind, path=finding.path, size_bytes=finding.size_bytes)
    return SourceRow(row, given, repr((finding.name, finding.size_bytes, finding.mtime_ns)).encode())


def _told(name: str) -> str:
    r"""A file's name as text: bytes that are no UTF-8 become `\xff`, since tables can hold nothing else."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _batched(rows: Iterable[SourceRow], shard: Shard | None) -> Iterator[Batch]:
    number, held, size_bytes = 0, list[SourceRow](), 0
    for place, row in enumerate(rows):
        if shard and not shard.owns(place):
            continue
        held.append(row)
        size_bytes += row.held_bytes()
        if len(held) >= BATCH_ROWS or size_bytes >= BATCH_BYTES:
            yield _batch(number, held)
            number, held, size_bytes = number + 1, [], 0
    if held:
        yield _batch(number, held)


def _batch(number: int, held: list[SourceRow]) -> Batch:
    digest = hashlib.blake2b(digest_size=16)
    for source in held:
        digest.update(b"%d:" % len(source.stamp) + source.stamp)
    return Batch(number, tuple(s.row for s in held), tuple(s.given for s in held), digest.hexdigest())


def _parquet_batches(file: BinaryIO, name: str, column: str | None, shard: Shard | None) -> Iterator[Batch]:
    try:
        table = pq.ParquetFile(file, pre_buffer=False)
    except pa.ArrowInvalid as error:
        raise InputError(f"{name} is no Parquet file, or a damaged one ({error}).") from error
    columns = _page_columns(table.schema_arrow, column)
    number = place = 0
    for found in _record_batches(table, name):
        owned = [row for row in range(len(found)) if not shard or shard.owns(place + row)]
        given = found if len(owned) == len(found) else found.take(pa.array(owned, pa.int64()))
        rows = tuple(_rows_of(given, columns, [f"{name}#{place + row}" for row in owned]))
        place += len(found)
        if rows:
            yield Batch(number, rows, given, _arrow_identity(given))
            number += 1


def _page_columns(schema: pa.Schema, wanted: str | None) -> list[str]:
    """The columns to look for a page in. Raises OptionError where there is none that could hold one."""
    twice = next((name for name in schema.names if schema.names.count(name) > 1), None)
    if twice is not None:
        raise OptionError(f"The table has more than one column {printable(twice)}. Rename all but one.")
    named = source_columns(schema.names, wanted)
    if not named:
        has = ", ".join(map(printable, schema.names))
        raise OptionError(f"The table has no column {wanted or 'html or text'}. It has {has}: choose with --column.")
    columns = [name for name in named if _may_hold_pages(schema.field(name).type)]
    if not columns:
        held = " and ".join(f"{printable(name)} holds {schema.field(name).type}" for name in named)
        raise OptionError(f"Pages are text or bytes, but {held}. Choose another column with --column.")
    return columns


def _may_hold_pages(kind: pa.DataType) -> bool:
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view", "fixed_size_binary")
    return pa.types.is_null(plain) or any(getattr(pa.types, f"is_{test}")(plain) for test in tests)


def _record_batches(table: pq.ParquetFile, name: str) -> Iterator[pa.RecordBatch]:
    """The rows, some at a time. Raises InputError where the file turns out to be damaged."""
    read = 0
    try:
        for found in table.iter_batches(_rows_at_once(table)):
            yield found
            read += len(found)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and (error.errno is not None or type(error) is not OSError):
            raise  # the disk's or the network's own; Arrow's is plain and has no number
        detail = f"{name} is damaged behind its first {read:,} rows ({error}). Write the file anew."
        raise InputError(detail) from error


def _rows_at_once(table: pq.ParquetFile) -> int:
    """As many as make a batch of the right size, if rows are of a size."""
    metadata = table.metadata
    size_bytes: int = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    fitting: int = BATCH_BYTES * max(1, metadata.num_rows) // max(1, size_bytes)
    return max(1, min(BATCH_ROWS, fitting))


def _rows_of(given: pa.RecordBatch, columns: list[str], names: list[str]) -> Iterator[Row]:
    read = [*columns, *(["url"] if "url" in given.schema.names else [])]
    cells = given.select(read).to_pylist()
    for name, row in zip(names, cells, strict=True):
        yield cell_row(name, row, columns)


def _arrow_identity(given: pa.RecordBatch) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with pa.ipc.new_stream(_Digesting(digest), given.schema) as stream:
        stream.write_batch(given)
    return digest.hexdigest()


class _Digesting:
    """A file that only digests what is written to it."""

    closed = False

    def __init__(self, digest: Any) -> None:
        self._digest = digest

    def write(self, piece: Any) -> int:
        self._digest.update(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""
