"""What a batch run did, counted while it runs and told at its end: to the terminal, as JSON, as Markdown."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from service.files import printable

Outcome = Literal["ok", "degraded", "empty", "failed", "unchanged"]
"""`unchanged`: an earlier run made this output from the same input, model and options."""

OUTCOMES: tuple[Outcome, ...] = ("ok", "degraded", "empty", "failed", "unchanged")

LEAST_CERTAIN = 20
"""Pages of lowest confidence that are listed: what a person looks at in a few minutes."""

SHOWN_ON_TERMINAL = 10
"""Lines per list on the terminal; the files have them all."""

SHOWN_UNCERTAIN = 5
"""Uncertain pages on the terminal: a hint, where the lists of what went wrong matter more."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that has no output, and why."""

    page: str
    code: str
    reason: str
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A page whose answer the model trusts little."""

    confidence: float
    page: str


@dataclass(frozen=True, slots=True)
class BatchReport:
    """The whole run. `counts` has every outcome; `seconds` is the time on the clock."""

    input: str
    output: str
    model_version: str
    format: str
    options: dict[str, Any]
    interrupted: bool
    seconds: float
    counts: dict[Outcome, int]
    failed: tuple[Failure, ...]
    least_certain: tuple[Uncertain, ...]
    links_to_folders: tuple[str, ...]
    other_files: int

    @property
    def pages(self) -> int:
        """Pages that this run came to."""
        return sum(self.counts.values())


@dataclass(slots=True)
class Tally:
    """Counts outcomes while a run goes on; its size grows with the failures, not with the pages."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    failed: list[Failure] = field(default_factory=list)
    _surest_first: list[tuple[float, str]] = field(default_factory=list)

    def add(self, page: str, outcome: Outcome, confidence: float | None = None) -> None:
        """Count a page that has an output."""
        self.counts[outcome] += 1
        if confidence is not None and outcome != "empty":
            heapq.heappush(self._surest_first, (-confidence, page))
            if len(self._surest_first) > LEAST_CERTAIN:
                heapq.heappop(self._surest_first)

    def add_failure(self, failure: Failure) -> None:
        """Count a page that has none."""
        self.counts["failed"] += 1
        self.failed.append(failure)

    def least_certain(self) -> tuple[Uncertain, ...]:
        """The pages of lowest confidence, the lowest first."""
        rows = sorted((-negative, page) for negative, page in self._surest_first)
        return tuple(Uncertain(confidence, page) for confidence, page in rows)

    def all_counts(self) -> dict[Outcome, int]:
        """Every outcome with its count, zeros included."""
        return {outcome: self.counts[outcome] for outcome in OUTCOMES}


def as_json(report: BatchReport) -> str:
    """The report for machines; ASCII, since file names may hold undecodable bytes."""
    return json.dumps({"pages": report.pages} | asdict(report), indent=2) + "\n"


def as_markdown(report: BatchReport) -> str:
    """The report for people."""
    lines = [
        "# Winnow batch report",
        "",
        f"{headline(report)}",
        "",
        f"- input: `{printable(report.input)}`",
        f"- output: `{printable(report.output)}` as {report.format}",
        f"- model: {report.model_version}",
        f"- options: `{json.dumps(report.options, ensure_ascii=False)}`",
        f"- files that are no pages: {report.other_files:,}",
    ]
    lines += _table("Failed", ("page", "code", "reason"), [(f.page, f.code, f.reason) for f in report.failed])
    lines += _table(
        "Least certain",
        ("confidence", "page"),
        [(f"{row.confidence:.2f}", row.page) for row in report.least_certain],
    )
    links = [(link,) for link in report.links_to_folders]
    lines += _table("Links to folders, not followed", ("link",), links)
    return "\n".join(lines) + "\n"


def as_lines(report: BatchReport) -> list[str]:
    """The report for a terminal: the headline, and of each list its first lines."""
    lines = [headline(report)]
    failed = [f"  {printable(f.page)}: {f.reason}" for f in report.failed]
    lines += _shortened("Failed:", failed)
    certain = [f"  {row.confidence:.2f}  {printable(row.page)}" for row in report.least_certain[:SHOWN_UNCERTAIN]]
    lines += _shortened("Least certain:", certain)
    links = [f"  {printable(link)}" for link in report.links_to_folders]
    return lines + _shortened("Links to folders, not followed:", links)


def headline(report: BatchReport) -> str:
    """One sentence with all counts."""
    counts = ", ".join(f"{report.counts[outcome]:,} {outcome}" for outcome in OUTCOMES)
    cleaned = report.pages - report.counts["failed"] - report.counts["unchanged"]
    rate = f", {cleaned / report.seconds:,.1f} a second" if cleaned and report.seconds > 0 else ""
    verb = "Interrupted after" if report.interrupted else "Finished:"
    pages = f"{report.pages:,} page{'' if report.pages == 1 else 's'}"
    return f"{verb} {pages} in {report.seconds:,.1f} s{rate}: {counts}."


def _shortened(title: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = len(lines) - SHOWN_ON_TERMINAL
    ending = [f"  … and {more:,} more in the report"] if more > 0 else []
    return [title, *lines[:SHOWN_ON_TERMINAL], *ending]


def _table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    body = [_row(tuple(printable(cell).replace("|", "\\|") for cell in row)) for row in rows]
    return ["", f"## {title}", "", _row(head), _row(tuple("---" for _ in head)), *body]


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"
