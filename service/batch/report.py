"""What a batch run did, told at its end: to the terminal, as JSON, as Markdown. `tally` has counted it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from service.batch.facts import LabelCounts
from service.batch.tally import MAX_EMPTY, MAX_FAILURES, OUTCOMES, Failure, Outcome, SiteCounts, Tally, Uncertain
from service.files import printable

__all__ = ["OUTCOMES", "BatchReport", "Failure", "Outcome", "Tally", "as_json", "as_lines", "as_markdown", "headline"]

SHOWN_ON_TERMINAL = 10
"""Lines per list on the terminal; the files have more."""

SHOWN_UNCERTAIN = 5
"""Uncertain pages on the terminal: a hint, where the lists of what went wrong matter more."""

SITES_WITH_LINES = 20
"""Sites whose dropped lines the Markdown report shows; the JSON report has every site's."""


@dataclass(frozen=True, slots=True)
class BatchReport:
    """The whole run.

    `counts` has every outcome, and `failed` the first failures. `labels` and `sites` count unchanged pages too, as
    the ledger remembers them; dropped lines, bytes and CPU time are this run's alone.
    """

    input: str
    output: str
    model_version: str
    format: str
    options: dict[str, Any]
    interrupted: bool
    seconds: float
    """Time on the clock."""
    counts: dict[Outcome, int]
    failed: tuple[Failure, ...]
    least_certain: tuple[Uncertain, ...]
    links_to_folders: tuple[str, ...] = ()
    other_files: int = 0
    failed_by_code: dict[str, int] = field(default_factory=dict)
    labels: dict[str, LabelCounts] = field(default_factory=dict)
    sites: tuple[SiteCounts, ...] = ()
    bytes_in: int = 0
    """Bytes of the pages that were cleaned, unpacked."""
    bytes_out: int = 0
    cpu_seconds: float = 0.0
    """Of this process and of the pages in its workers; what failed pages took there is not known."""
    peak_memory_mb: dict[str, float] = field(default_factory=dict)
    """Of `parent` and of the hungriest `worker`."""
    shard: str | None = None
    """The part of the input this run was for, as i/N."""
    empty: tuple[str, ...] = ()
    """The first pages that this run found no article on."""
    problems: tuple[str, ...] = ()
    """What ended the run early, or kept a report from being written."""

    @property
    def pages(self) -> int:
        """Pages that this run came to."""
        return sum(self.counts.values())

    @property
    def cleaned(self) -> int:
        """Pages whose output this run made."""
        return self.pages - self.counts["failed"] - self.counts["unchanged"]

    def per_second(self, amount: float) -> float:
        """An amount by the time on the clock; 0 for a run of no time."""
        return round(amount / self.seconds, 2) if self.seconds > 0 else 0.0


def as_json(report: BatchReport) -> str:
    """The report for machines; ASCII, since file names may hold undecodable bytes."""
    rates = {
        "pages_per_second": report.per_second(report.cleaned),
        "megabytes_per_second": report.per_second(report.bytes_in / 1e6),
    }
    labels = {label: counts._asdict() for label, counts in report.labels.items()}
    return json.dumps({"pages": report.pages} | rates | asdict(report) | {"labels": labels}, indent=2) + "\n"


def as_markdown(report: BatchReport) -> str:
    """The report for people."""
    lines = [
        "# Winnow batch report",
        "",
        f"{headline(report)}",
        "",
        f"- input: `{printable(report.input)}`" + (f", shard {report.shard}" if report.shard else ""),
        f"- output: `{printable(report.output)}` as {report.format}",
        f"- model: {report.model_version}",
        f"- options: `{json.dumps(report.options, ensure_ascii=False)}`",
        f"- files that are no pages: {report.other_files:,}",
        *(f"- {line}" for line in _cost(report)),
        *(f"- **{printable(problem)}**" for problem in report.problems),
    ]
    lines += _failures(report)
    certain = [(f"{row.confidence:.2f}", row.page) for row in report.least_certain]
    lines += _table("Least certain", ("confidence", "page"), certain)
    lines += _table("Empty", ("page",), [(page,) for page in report.empty])
    if report.counts["empty"] > len(report.empty):
        lines += ["", f"These are the first {MAX_EMPTY:,} of {report.counts['empty']:,}."]
    lines += _labels(report)
    lines += _sites(report)
    links = [(link,) for link in report.links_to_folders]
    lines += _table("Links to folders, not followed", ("link",), links)
    return "\n".join(lines) + "\n"


def as_lines(report: BatchReport) -> list[str]:
    """The report for a terminal: the headline, the cost, and of each list its first lines."""
    lines = [headline(report)]
    if report.cleaned:
        lines += _cost(report)
    failed = [f"  {printable(f.page)}: {printable(f.reason)}" for f in report.failed]
    lines += _shortened("Failed:", failed, report.counts["failed"])
    certain = [f"  {row.confidence:.2f}  {printable(row.page)}" for row in report.least_certain[:SHOWN_UNCERTAIN]]
    lines += _shortened("Least certain:", certain, len(certain))
    empty = [f"  {printable(page)}" for page in report.empty[:SHOWN_UNCERTAIN]]
    lines += _shortened("Empty:", empty, len(report.empty))
    links = [f"  {printable(link)}" for link in report.links_to_folders]
    return lines + _shortened("Links to folders, not followed:", links, len(links))


def headline(report: BatchReport) -> str:
    """One sentence with all counts."""
    counts = ", ".join(f"{report.counts[outcome]:,} {outcome}" for outcome in OUTCOMES)
    rate = f", {report.cleaned / report.seconds:,.1f} a second" if report.cleaned and report.seconds > 0 else ""
    verb = "Interrupted after" if report.interrupted else "Stopped after" if report.problems else "Finished:"
    pages = f"{report.pages:,} page{'' if report.pages == 1 else 's'}"
    return f"{verb} {pages} in {report.seconds:,.1f} s{rate}: {counts}."


def _cost(report: BatchReport) -> list[str]:
    kept = sum(counts.words_kept for counts in report.labels.values())
    dropped = sum(counts.words_dropped for counts in report.labels.values())
    memory = ", ".join(f"{name} {megabytes:,.0f} MB" for name, megabytes in report.peak_memory_mb.items())
    read, written = report.bytes_in / 1e6, report.bytes_out / 1e6
    return [
        f"words: {kept:,} kept, {dropped:,} dropped",
        f"bytes: {read:,.1f} MB read, {written:,.1f} MB written, {report.per_second(read):,.2f} MB a second",
        f"time: {report.seconds:,.1f} s on the clock, {report.cpu_seconds:,.1f} s of CPU",
        f"peak memory: {memory or 'unknown'}",
    ]


def _failures(report: BatchReport) -> list[str]:
    codes = [(code, f"{count:,}") for code, count in sorted(report.failed_by_code.items())]
    rows = [(failure.page, failure.code, failure.reason) for failure in report.failed]
    lines = _table("Failures by code", ("code", "pages"), codes)
    lines += _table("Failed", ("page", "code", "reason"), rows)
    if report.counts["failed"] > len(report.failed):
        lines += ["", f"These are the first {MAX_FAILURES:,} of {report.counts['failed']:,}."]
    return lines


def _labels(report: BatchReport) -> list[str]:
    head = ("label", "blocks kept", "blocks dropped", "words kept", "words dropped")
    by_words = sorted(report.labels.items(), key=lambda row: (-row[1].words_kept, -row[1].words_dropped, row[0]))
    return _table("Labels", head, [(label, *(f"{count:,}" for count in counts)) for label, counts in by_words])


def _sites(report: BatchReport) -> list[str]:
    head = ("site", "pages", "failed", "words kept", "words dropped")
    rows = [
        (site.site or "(none)", *(f"{n:,}" for n in (site.pages, site.failed, site.words_kept, site.words_dropped)))
        for site in report.sites
    ]
    often = [
        (site.site or "(none)", f"{line.pages:,}", line.text)
        for site in report.sites[:SITES_WITH_LINES]
        for line in site.dropped_most_often
    ]
    return _table("Sites", head, rows) + _table("Dropped most often", ("site", "pages", "line"), often)


def _shortened(title: str, lines: Sequence[str], count: int) -> list[str]:
    if not lines:
        return []
    shown = lines[:SHOWN_ON_TERMINAL]
    more = count - len(shown)
    ending = [f"  … and {more:,} more in the report"] if more > 0 else []
    return [title, *shown, *ending]


def _table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    body = [_row(tuple(_cell(cell) for cell in row)) for row in rows]
    return ["", f"## {title}", "", _row(head), _row(tuple("---" for _ in head)), *body]


def _cell(text: str) -> str:
    """Text that neither breaks the table nor becomes markup: names and dropped lines are the pages' own words."""
    return printable(text).replace("|", "\\|").replace("<", "&lt;").replace("[", "&#91;")


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"
