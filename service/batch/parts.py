"""The output of a table run, part by part, and its assembly: the table stands whole at its place, or not at all.

    OUT.winnow/report.md, report.json, failures.jsonl
    OUT.winnow/.winnow/parts/000012.part     rows of batch 12, until the table is whole
    OUT.winnow/.winnow/parts/000012.json     what they were made from and what became of each
    OUT.winnow/.winnow/finished.jsonl         the same of all of them, when it is

A part is noted, then put in its place by one rename. Whoever finds it there finds it whole.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

from service.batch.facts import LabelCounts, PageFacts
from service.batch.outfolder import OutFolder, TakenError
from service.batch.recipe import Answer
from service.batch.sources import Batch
from service.batch.tablefiles import PART_WRITERS, assemble
from service.batch.tally import Failure, Tally
from service.files import write_atomically

OutputFormat = Literal["jsonl", "parquet"]


@dataclass(frozen=True, slots=True)
class RowNote:
    """What became of a row; a later run tells it again."""

    name: str
    status: str
    confidence: float | None = None
    site: str = ""
    labels: Mapping[str, Sequence[int]] | None = None
    code: str | None = None
    reason: str | None = None
    trace: str | None = None

    @classmethod
    def of(cls, answer: Answer) -> RowNote:
        """The note on an answer."""
        if answer.facts is None:
            return cls(answer.name, answer.status, code=answer.code, reason=answer.reason, trace=answer.trace)
        return cls(answer.name, answer.status, answer.confidence, answer.facts.site, answer.facts.labels)

    def tell(self, tally: Tally) -> Failure | None:
        """Count it as a row that an earlier run has done; a failure still is one."""
        if self.status == "failed":
            failure = Failure(self.name, self.code or "failed", self.reason or "", self.trace)
            tally.add_failure(failure)
            return failure
        labels = {label: LabelCounts(*counts) for label, counts in (self.labels or {}).items()}
        tally.add(self.name, "unchanged", self.confidence, PageFacts(self.site, labels))
        return None


class Parts:
    """The parts of one table.

    target  the table's place
    recipe  a digest of all that its rows depend on beside their pages
    added   the columns that are added, in order
    """

    def __init__(self, out: OutFolder, target: Path, form: OutputFormat, recipe: str, added: Sequence[str]) -> None:
        self._target = target
        self._form = form
        self._recipe = recipe
        self._added = list(added)
        self._staging = out.staging
        self._folder = out.state / "parts"
        self._finished = out.state / "finished.jsonl"
        self._folder.mkdir(exist_ok=True)

    def check_place(self, *, overwrite: bool) -> None:
        """Raise TakenError when something that Winnow did not make stands at the table's place."""
        if self._target.exists() and not overwrite and not self._stands_finished():
            raise TakenError(f"{self._target.name} stands there already. Move it, or pass --overwrite.")

    def forget(self) -> None:
        """Start anew."""
        shutil.rmtree(self._folder)
        self._folder.mkdir()

    def notes(self, batch: Batch) -> list[RowNote] | None:
        """The notes on a batch whose part stands as it would be made again."""
        found = _read(self._note_path(batch.number))
        if found is None or not self._part_path(batch.number).exists():
            return None
        return _notes(found["rows"]) if found["made_from"] == self._made_from(batch) else None

    def is_finished(self, batches: Iterator[Batch]) -> bool:
        """Whether the table stands finished and would be made again just so."""
        if not self._stands_finished():
            return False
        parts = (part["made_from"] for part in self._finished_parts())
        return all(made_from == expected for made_from, expected in zip_longest(parts, map(self._made_from, batches)))

    def finished_notes(self) -> Iterator[RowNote]:
        """The notes on all rows of the finished table."""
        return (note for part in self._finished_parts() for note in _notes(part["rows"]))

    def put(self, batch: Batch, answers: Sequence[Answer]) -> int:
        """Write a part; returns its bytes. Raises OSError."""
        rows = [answer.row or _failed_row(answer, self._added) for answer in answers]
        content = PART_WRITERS[self._form](batch.given, rows, self._added)
        part, note = self._part_path(batch.number), self._note_path(batch.number)
        part.unlink(missing_ok=True)  # the note must never stand beside another's part
        noted = {"made_from": self._made_from(batch), "rows": [asdict(RowNote.of(answer)) for answer in answers]}
        write_atomically(note, json.dumps(noted).encode("ascii"), self._staging)
        write_atomically(part, content, self._staging)
        return len(content)

    def finish(self, count: int) -> None:
        """Put the table together from its first `count` parts. Raises OSError, and InputError if they do not fit."""
        staged, noted = self._staging / "table", self._staging / "finished"
        assemble(self._form, [self._part_path(number) for number in range(count)], staged)
        with noted.open("wb") as file:
            file.write(json.dumps(_looks_of(staged)).encode("ascii"))
            for number in range(count):
                file.write(b"\n" + self._note_path(number).read_bytes())
        # In this order: a run killed between the two finds all parts there, and puts them together again.
        os.replace(noted, self._finished)
        os.replace(staged, self._target)
        self.forget()

    def _stands_finished(self) -> bool:
        """Whether what stands at the table's place is what Winnow put there last."""
        try:
            with self._finished.open("rb") as file:
                return bool(json.loads(file.readline()) == _looks_of(self._target))
        except (OSError, ValueError):
            return False

    def _finished_parts(self) -> Iterator[Any]:
        """One at a time: a table of millions of rows has as many notes."""
        with self._finished.open("rb") as file:
            file.readline()
            yield from map(json.loads, file)

    def _made_from(self, batch: Batch) -> str:
        return f"{batch.identity}-{self._recipe}"

    def _part_path(self, number: int) -> Path:
        return self._folder / f"{number:06}.part"

    def _note_path(self, number: int) -> Path:
        return self._folder / f"{number:06}.json"


def _failed_row(answer: Answer, added: Sequence[str]) -> dict[str, Any]:
    return dict.fromkeys(added) | {"clean_status": "failed", "clean_error": answer.reason}


def _looks_of(path: Path) -> dict[str, int]:
    status = path.stat()
    return {"size_bytes": status.st_size, "mtime_ns": status.st_mtime_ns}


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _notes(rows: Sequence[dict[str, Any]]) -> list[RowNote]:
    return [RowNote(**row) for row in rows]
