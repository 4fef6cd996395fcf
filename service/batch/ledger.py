"""The ledger of a batch: which output was made from what, so that a second run need not make it again.

One JSON object per line in `ledger.jsonl`; a later line on the same output replaces an earlier one. A line is
written after its output stands complete: a run killed in between makes that output again.

The lines stay on disk. In memory is where to find them, 24 bytes per output: a hash of its name, the time of its
line, and the line's place.

Nothing is forced to disk (fsync): it would cost more than cleaning the page, and a killed process loses nothing
that was written. When the machine itself goes down the last seconds' outputs may be missing or cut short while their
lines survived. So a line says how long its output is, and one that is not so long is made again.
"""

from __future__ import annotations

import hashlib
import json
import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from service.batch.facts import LabelCounts, PageFacts
from service.files import PageFile

_OFFSET_BITS = 44
"""Of a line's place: 16 TiB of ledger in 2**19 files."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An output of an earlier run, by name, and its input then; `recipe` is a digest of model and options."""

    output: str
    size_bytes: int
    mtime_ns: int
    recipe: str
    status: str
    confidence: float | None
    output_bytes: int
    extras: Mapping[str, int] = field(default_factory=dict)
    """Bytes of the extra outputs that Winnow has made beside it, in this run or an earlier one."""
    labels: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """`LabelCounts` by label."""
    noted_ns: int = 0
    """When the line was written: of two ledgers' lines on one output the later holds."""

    def still_holds(self, page: PageFile, recipe: str) -> bool:
        """Whether cleaning the page now would give what it gave then."""
        then = (self.size_bytes, self.mtime_ns, self.recipe)
        return then == (page.size_bytes, page.mtime_ns, recipe)

    def facts(self, site: str) -> PageFacts:
        """What the report still counts of a page that is left alone."""
        return PageFacts(site, {label: LabelCounts(*counts) for label, counts in self.labels.items()})


class Ledger:
    """A ledger that is read and appended to; made by `open_ledger`."""

    def __init__(self, path: Path, others: Sequence[Path]) -> None:
        self._index = _Index([path, *others])
        # Unbuffered: what one write does not take, on a full disk, must not be written later by surprise.
        self._file = path.open("ab", buffering=0)
        self._torn = not _ends_with_newline(path)

    def get(self, output: str) -> Entry | None:
        """The entry of an output from earlier runs; this run's own are not looked up."""
        return self._index.get(output)

    def add(self, entry: Entry) -> None:
        """Append an entry; it survives the death of this process. Raises OSError."""
        # A line cut in half, by a full disk or a kill, is ended first: it must not spoil the next.
        line = (b"\n" if self._torn else b"") + _line(replace(entry, noted_ns=time.time_ns()))
        self._torn = True
        while line:
            line = line[self._file.write(line) :]
        self._torn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._index.close()


def open_ledger(path: Path, others: Sequence[Path] = (), *, anew: bool = False) -> Ledger:
    """Open the ledger at `path`, and beside it for reading alone those of other runs into the same folder.

    anew  nothing in it holds any longer, yet it still says which outputs are ours: a run that starts anew and is
          interrupted can be taken up again

    Raises OSError.
    """
    if path.exists():
        index = _Index([path])
        if anew or index.lines > 2 * len(index):
            _rewrite(path, index, anew)
        index.close()
    return Ledger(path, others)


class _Index:
    """Where the last line on each output is. Damaged lines are as if they were never written."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._open: tuple[int, BinaryIO] | None = None
        keys, times, places = array("Q"), array("q"), array("q")
        for number, path in enumerate(paths):
            for offset, entry in _entries(path):
                keys.append(_key(entry.output))
                times.append(entry.noted_ns)
                places.append(number << _OFFSET_BITS | offset)
        self.lines = len(keys)
        self._keys, self._places = _last_of_each(keys, times, places)

    def __len__(self) -> int:
        return len(self._keys)

    def get(self, output: str) -> Entry | None:
        """The last entry on an output."""
        key = np.uint64(_key(output))
        at = int(np.searchsorted(self._keys, key))
        if at == len(self._keys) or self._keys[at] != key:
            return None
        entry = _parsed(self._line_at(int(self._places[at])))
        return entry if entry and entry.output == output else None

    def entries(self) -> Iterator[Entry]:
        """The last entries on all outputs, in the order of their lines."""
        for place in np.sort(self._places):
            entry = _parsed(self._line_at(int(place)))
            if entry:
                yield entry

    def close(self) -> None:
        """Close the file that was read last."""
        if self._open:
            self._open[1].close()
        self._open = None

    def _line_at(self, place: int) -> bytes:
        number, offset = place >> _OFFSET_BITS, place & ((1 << _OFFSET_BITS) - 1)
        if self._open is None or self._open[0] != number:
            # One at a time: an array of a thousand shards leaves more ledgers than a process may open files.
            self.close()
            self._open = number, self._paths[number].open("rb")
        file = self._open[1]
        file.seek(offset)
        return file.readline()


def _last_of_each(
    keys: array[int], times: array[int], places: array[int]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The distinct keys in order, and the place of each one's last line."""
    hashes, when = np.array(keys, np.uint64), np.array(times, np.int64)
    order = np.lexsort((when, hashes))  # stable: lines of one time stay in the order of the file
    hashes = hashes[order]
    last = np.ones(len(hashes), bool)
    last[:-1] = hashes[:-1] != hashes[1:]
    return hashes[last], np.array(places, np.int64)[order][last]


def _entries(path: Path) -> Iterator[tuple[int, Entry]]:
    """The entries of a ledger, each with the offset of its line; none when there is no file."""
    if not path.exists():
        return
    offset = 0
    with path.open("rb") as file:
        for line in file:
            entry = _parsed(line)
            if entry:
                yield offset, entry
            offset += len(line)


def _parsed(line: bytes) -> Entry | None:
    try:
        entry = Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None
    return entry if isinstance(entry.output, str) and line.endswith(b"\n") else None


def _rewrite(path: Path, index: _Index, anew: bool) -> None:
    """Write the ledger again with one line per output; `anew`: without recipes, so that none holds."""
    temporary = path.parent / "tmp" / path.name  # swept at the next start
    temporary.parent.mkdir(exist_ok=True)
    with temporary.open("wb") as file:
        for entry in index.entries():
            file.write(_line(replace(entry, recipe="") if anew else entry))
    temporary.replace(path)


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 1, 0))
        return file.read() in (b"\n", b"")


def _key(output: str) -> int:
    digest = hashlib.blake2b(output.encode("utf-8", "surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _line(entry: Entry) -> bytes:
    # ASCII only: file names may hold undecodable bytes, which JSON escapes carry through.
    return json.dumps(asdict(entry)).encode("ascii") + b"\n"
