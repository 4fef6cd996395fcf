"""The ledger of a batch: which output was made from what, so that a second run need not make it again.

One JSON object per line in `OUT/.winnow/ledger.jsonl`; a later line on the same output replaces an earlier one.
A line is written after its output stands complete: a run killed in between makes that output again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from service.files import PageFile, write_atomically


@dataclass(frozen=True, slots=True)
class Entry:
    """An output of an earlier run, by name, and its input then; `recipe` is a digest of model and options."""

    output: str
    size_bytes: int
    mtime_ns: int
    recipe: str
    status: str
    confidence: float | None

    def still_holds(self, page: PageFile, recipe: str) -> bool:
        """Whether cleaning the page now would give what it gave then."""
        then = (self.size_bytes, self.mtime_ns, self.recipe)
        return then == (page.size_bytes, page.mtime_ns, recipe)


def read_ledger(path: Path) -> dict[str, Entry]:
    """The entries by output name; a missing file has none, and a damaged line is as if it was never written."""
    entries: dict[str, Entry] = {}
    if not path.exists():
        return entries
    for line in path.read_text("ascii", errors="replace").splitlines():
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue
        entries[entry.output] = entry
    return entries


class LedgerWriter:
    """Appends entries to a ledger, which it first rewrites without the lines that no longer count."""

    def __init__(self, path: Path, entries: Mapping[str, Entry]) -> None:
        write_atomically(path, "".join(map(_line, entries.values())).encode())
        self._file = path.open("a", encoding="utf-8")

    def add(self, entry: Entry) -> None:
        """Append an entry; it survives the death of this process. Raises OSError."""
        self._file.write(_line(entry))
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _line(entry: Entry) -> str:
    # ASCII only: file names may hold undecodable bytes, which JSON escapes carry through.
    return json.dumps(asdict(entry)) + "\n"
