"""JSON Lines as rows: an object per line. A line that is none is a row that fails; its place is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from model.errors import OptionError
from service.batch.rows import Row, SourceRow, cell_row
from service.columns import SOURCE_COLUMNS, source_columns
from service.unpacking import DamagedError

MAX_LINE_BYTES = 100_000_000
"""The largest page that is let in, every character of it escaped; a longer line is not read into memory."""


def json_rows(pieces: Iterable[bytes], name: str, column: str | None) -> Iterator[SourceRow]:
    """The rows of a stream; empty lines are none. Raises OptionError when the first object lacks the column.

    A packed stream that is damaged ends with a row that says so.
    """
    known = False
    lines = _lines(pieces)
    number = -1
    try:
        for number, line in enumerate(lines):
            row, given = _row(line, f"{name}#{number}", column)
            if given is not None and not known:
                _check(given, column)
                known = True
            yield row
    except DamagedError as error:
        problem = f"The file is damaged from here on ({error}). Pack it anew."
        yield SourceRow(Row(f"{name}#{number + 1}", "auto", problem=problem), b"{}", problem.encode())


def _row(line: bytes | None, name: str, column: str | None) -> tuple[SourceRow, dict[str, object] | None]:
    """The row of a line, and its object if it is one."""
    if line is None:
        problem = f"The line has more than {MAX_LINE_BYTES:,} bytes. Split it or leave it out."
        return SourceRow(Row(name, "auto", problem=problem), b"{}", b"long"), None
    try:
        # Given bytes, json would guess at UTF-16 and read the first line of such a file, but no other.
        given = json.loads(line.decode("utf-8-sig", "surrogatepass"))
        problem = "The line is no JSON object. Write one object per line."
    except UnicodeDecodeError as error:
        given, problem = None, f"The line is not UTF-8 (at its byte {error.start:,}). Write the file as UTF-8."
    except (ValueError, RecursionError):
        given, problem = None, "The line is no JSON object. Write one object per line."
    if not isinstance(given, dict):
        return SourceRow(Row(name, "auto", problem=problem), b"{}", line), None
    columns = [column] if column else list(SOURCE_COLUMNS)
    return SourceRow(cell_row(name, given, columns), line, line), given


def _check(first: dict[str, object], column: str | None) -> None:
    if not source_columns(first, column):
        has = ", ".join(first) or "none"
        raise OptionError(f"The rows have no column {column or 'html or text'}. The first has {has}: use --column.")


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes | None]:
    """The lines that are not empty; None for one that is too long."""
    rest, too_long = bytearray(), False
    for piece in pieces:
        first, *others = piece.split(b"\n")
        rest += first
        for other in others:
            if too_long or rest.strip():
                yield None if too_long else bytes(rest).strip()
            rest, too_long = bytearray(other), False
        if len(rest) > MAX_LINE_BYTES:
            rest, too_long = bytearray(), True
    if too_long or rest.strip():
        yield None if too_long else bytes(rest).strip()
