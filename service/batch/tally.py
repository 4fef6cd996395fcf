"""Counts of a batch run, kept while it runs. Their size is bounded, whatever comes: pages, sites, lines, failures."""

from __future__ import annotations

import heapq
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from service.batch.facts import LabelCounts, PageFacts, peak_rss_bytes, site_of
from service.batch.frequent import Frequent

Outcome = Literal["ok", "degraded", "empty", "failed", "unchanged"]
"""`unchanged`: an earlier run made this output from the same input, model and options."""

OUTCOMES: tuple[Outcome, ...] = ("ok", "degraded", "empty", "failed", "unchanged")

LEAST_CERTAIN = 20
"""Pages of lowest confidence that are listed: what a person looks at in a few minutes."""

MAX_FAILURES = 1_000
"""Failed pages that the report lists, so that it stays readable; failures.jsonl beside it lists all."""

MAX_EMPTY = 20
"""Pages without an article that are listed: a few show whether they are what they seem."""

MAX_SITES = 200
"""Sites with a row of their own; the others share one. With `LINES_COUNTED` it bounds memory to some 25 MB."""

LINES_COUNTED = 400
"""Counters for a site's dropped lines: whatever is more than 1/400 of them is found, on a site that drops 40
lines a page a line of every tenth page."""

LINES_TOLD = 10
"""Lines per site in the report: what one site repeats is seen from the first few."""

OTHER_SITES = "(other sites)"


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
class DroppedLine:
    """A line that was dropped on `pages` pages of a site, or on a few more; cut to its beginning."""

    pages: int
    text: str


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """What became of a site's pages."""

    site: str
    pages: int = 0
    failed: int = 0
    words_kept: int = 0
    words_dropped: int = 0
    dropped_most_often: tuple[DroppedLine, ...] = ()


@dataclass(slots=True)
class _Site:
    pages: int = 0
    failed: int = 0
    words_kept: int = 0
    words_dropped: int = 0
    lines: Frequent = field(default_factory=lambda: Frequent(LINES_COUNTED))

    def take(self, other: _Site) -> None:
        self.pages += other.pages
        self.failed += other.failed
        self.words_kept += other.words_kept
        self.words_dropped += other.words_dropped

    def told(self, site: str) -> SiteCounts:
        lines = tuple(DroppedLine(pages, text) for text, pages in self.lines.most(LINES_TOLD))
        return SiteCounts(site, self.pages, self.failed, self.words_kept, self.words_dropped, lines)


@dataclass(slots=True)
class Tally:
    """Counts pages by outcome, label and site while a run goes on."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    """Failures by code."""
    failed: list[Failure] = field(default_factory=list)
    """The first `MAX_FAILURES`."""
    empty: list[str] = field(default_factory=list)
    """The first `MAX_EMPTY` pages without an article."""
    bytes_in: int = 0
    """Bytes of the pages that were cleaned, unpacked."""
    bytes_out: int = 0
    """Bytes written; whoever writes adds them."""
    labels: dict[str, LabelCounts] = field(default_factory=dict)
    _surest_first: list[tuple[float, str]] = field(default_factory=list)
    _sites: dict[str, _Site] = field(default_factory=dict)
    _largest_sites: Frequent = field(default_factory=lambda: Frequent(MAX_SITES))
    _other_sites: _Site = field(default_factory=_Site)
    _worker_seconds: float = 0.0
    _worker_peak_bytes: int = 0

    def add(self, page: str, outcome: Outcome, confidence: float | None = None, facts: PageFacts | None = None) -> None:
        """Count a page that has an output."""
        self.counts[outcome] += 1
        if outcome == "empty" and len(self.empty) < MAX_EMPTY:
            self.empty.append(page)
        if confidence is not None and outcome != "empty":
            heapq.heappush(self._surest_first, (-confidence, page))
            if len(self._surest_first) > LEAST_CERTAIN:
                heapq.heappop(self._surest_first)
        site = self._site(facts.site if facts else site_of(page))
        site.pages += 1
        if facts:
            self._add_facts(facts, site)

    def add_failure(self, failure: Failure, site: str | None = None) -> None:
        """Count a page that has none."""
        self.counts["failed"] += 1
        self.codes[failure.code] += 1
        if len(self.failed) < MAX_FAILURES:
            self.failed.append(failure)
        row = self._site(site_of(failure.page) if site is None else site)
        row.pages += 1
        row.failed += 1

    def least_certain(self) -> tuple[Uncertain, ...]:
        """The pages of lowest confidence, the lowest first."""
        rows = sorted((-negative, page) for negative, page in self._surest_first)
        return tuple(Uncertain(confidence, page) for confidence, page in rows)

    def all_counts(self) -> dict[Outcome, int]:
        """Every outcome with its count, zeros included."""
        return {outcome: self.counts[outcome] for outcome in OUTCOMES}

    def sites(self) -> tuple[SiteCounts, ...]:
        """The sites, the one of most pages first; those without a row of their own together at the end."""
        rows = [site.told(name) for name, site in self._sites.items()]
        rows.sort(key=lambda row: (-row.pages, row.site))
        others = [self._other_sites.told(OTHER_SITES)] if self._other_sites.pages else []
        return (*rows, *others)

    def worker_seconds(self) -> float:
        """CPU time that pages took in other processes than this one."""
        return self._worker_seconds

    def peak_memory_mb(self) -> dict[str, float]:
        """The most memory that this process and any of its workers has held, in megabytes."""
        peaks = {"parent": peak_rss_bytes(), "worker": self._worker_peak_bytes}
        return {name: round(peak / 1e6, 1) for name, peak in peaks.items() if peak}

    def _add_facts(self, facts: PageFacts, site: _Site) -> None:
        self.bytes_in += facts.size_bytes
        for label, counts in facts.labels.items():
            before = self.labels.get(label, LabelCounts())
            self.labels[label] = LabelCounts(*(old + new for old, new in zip(before, counts, strict=True)))
        site.words_kept += facts.words_kept
        site.words_dropped += facts.words_dropped
        if site is not self._other_sites:
            for line in facts.dropped_lines:
                site.lines.add(line)
        if facts.process not in (0, os.getpid()):
            self._worker_seconds += facts.seconds
            self._worker_peak_bytes = max(self._worker_peak_bytes, facts.peak_rss_bytes)

    def _site(self, name: str) -> _Site:
        """The row to count a page of this site in. A site that loses its own leaves its counts to the others."""
        for lost in self._largest_sites.add(name):
            if lost in self._sites:
                self._other_sites.take(self._sites.pop(lost))
        if name in self._largest_sites:
            return self._sites.setdefault(name, _Site())
        return self._other_sites
