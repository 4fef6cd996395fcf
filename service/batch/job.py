"""Clean a folder of pages into another folder: one output per input, resumable, never lost, never twice.

    IN/a/b.html  ->  OUT/a/b.html.txt        (.md, .html or .json by format)
                     OUT/a/b.html.comments.json, OUT/a/b.html.removed.json      (if asked for)
                     OUT/report.md, OUT/report.json, OUT/failures.jsonl
                     OUT/.winnow/            ledger, lock, files being written

First all pages are looked at and those whose outputs are not current are written down, then these are cleaned. So
nothing in memory grows with the number of pages, and what is still to be done is known.

Inputs are only read. Workers clean, this process writes: a killed worker leaves nothing half-written.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path

from service.batch.engine import Engine, Work
from service.batch.facts import site_of
from service.batch.filelist import listed_pages
from service.batch.ledger import open_ledger
from service.batch.outfolder import (
    NO_MORE_WRITES,
    FailureList,
    FolderError,
    OutFolder,
    check_folders,
    open_out_folder,
)
from service.batch.plan import Plan
from service.batch.progress import Progress
from service.batch.recipe import Recipe, clean_file, clean_in_worker, options_as_json
from service.batch.report import BatchReport, as_json, as_markdown
from service.batch.shards import Shard
from service.batch.shelf import Shelf
from service.batch.tally import Failure, Tally
from service.contract import PageCleaner
from service.files import (
    PAGE_KINDS,
    Finding,
    LinkToFolder,
    OtherFiles,
    PageFile,
    Unreadable,
    describe_os_error,
    walk_pages,
)

MAX_LINKS = 1_000
"""Links to folders that the report lists: enough to see where they come from."""


@dataclass(frozen=True, slots=True)
class BatchJob:
    """What to clean, how, and where to."""

    source: Path
    target: Path
    recipe: Recipe
    overwrite: bool = False
    """Clean every page anew and replace whatever stands at its output's place."""
    shard: Shard | None = None
    """Clean only this part of the pages."""
    names: Iterable[str] | None = None
    """Clean only the pages of these names below `source`, instead of all that are there."""


def work_in_workers(recipe: Recipe) -> Work:
    """The work for an engine whose workers are other processes: each loads the model itself."""
    return partial(clean_in_worker, recipe=recipe)


def work_with(cleaner: PageCleaner, recipe: Recipe) -> Work:
    """The work for an engine that stays in this process."""
    return partial(clean_file, recipe=recipe, cleaner=cleaner)


def run_batch(job: BatchJob, engine: Engine, work: Work) -> BatchReport:
    """Clean the pages of `job.source` that have no current output yet, and write the report.

    Ctrl-C and a full disk end the run early with a report that says so. A page that fails is in the report; the
    others go on. Raises FolderError when IN or OUT cannot be used, ArtefactError when a worker cannot load the
    model, and OSError when the ledger cannot be written.
    """
    run = Run()
    findings = findings_of(job)
    with ExitStack() as opened:
        out = opened.enter_context(open_out_folder(job.target, job.shard, overwrite=job.overwrite))
        ledger = opened.enter_context(open_ledger(out.ledger_path, out.other_ledgers(), anew=job.overwrite))
        failures = opened.enter_context(FailureList(out))
        shelf = Shelf(job.recipe, out, ledger, failures, run.tally)
        try:
            plan = opened.enter_context(Plan(job.source.resolve(), out.staging))
            _plan(job, findings, shelf, plan, run)
            _clean_all(plan, engine, work, shelf)
        except KeyboardInterrupt:
            run.interrupted = True
        except OSError as error:
            if error.errno not in NO_MORE_WRITES:
                raise
            run.problems.append(stopped(error))
        return tell(job, run, out, failures)


@dataclass(slots=True)
class Run:
    """What is counted and noted while a run goes on."""

    tally: Tally = field(default_factory=Tally)
    links: list[str] = field(default_factory=list)
    other_files: int = 0
    interrupted: bool = False
    problems: list[str] = field(default_factory=list)
    started_s: float = field(default_factory=time.perf_counter)
    started_cpu_s: float = field(default_factory=time.process_time)

    def add_link(self, name: str) -> None:
        """Note a link to a folder."""
        self.links += [name][: MAX_LINKS - len(self.links)]


def stopped(error: OSError) -> str:
    """What a report says of an error that lets nothing more be written."""
    remedy = "Make OUT writable" if error.errno == errno.EROFS else "Make room"
    return f"Stopped: {describe_os_error(error)} {remedy}, then run the same command again to go on."


def findings_of(job: BatchJob, exclude: Path | None = None) -> Iterator[Finding]:
    """What there is to clean, and what is odd about it; `exclude` is a folder that is left out, OUT by default.

    Raises FolderError when there is nothing.
    """
    try:
        check_folders(job.source, exclude or job.target)
        source, target = job.source.resolve(), (exclude or job.target).resolve()
        found: Iterator[Finding]
        if job.names is None:
            found = walk_pages(source, exclude=target)
        else:
            found = listed_pages(job.names, source, exclude=target)
        before: list[Finding] = []
        for finding in found:
            before.append(finding)
            if isinstance(finding, PageFile | Unreadable):
                return chain(before, found)
    except OSError as error:
        raise FolderError(f"{error.filename} cannot be read. {describe_os_error(error)}") from error
    if job.names is not None:
        raise FolderError("The list names no pages. Is it the right one?")
    suffixes = " ".join(PAGE_KINDS)
    raise FolderError(f"{job.source} has no pages. Pages end in {suffixes}, and in .gz or .zst if packed.")


def _plan(job: BatchJob, findings: Iterable[Finding], shelf: Shelf, plan: Plan, run: Run) -> None:
    """Write down the pages to clean; those that fail already, or are done, are counted."""
    for finding in findings:
        if isinstance(finding, OtherFiles):
            run.other_files += finding.count
        elif isinstance(finding, LinkToFolder):
            run.add_link(finding.name)
        elif job.shard and not job.shard.owns_name(finding.name):
            continue
        elif isinstance(finding, Unreadable):
            shelf.fail(Failure(finding.name, "unreadable-file", finding.reason))
        else:
            _plan_page(finding, job, shelf, plan)


def _plan_page(page: PageFile, job: BatchJob, shelf: Shelf, plan: Plan) -> None:
    output = job.recipe.output_name(page.name)
    entry = None if job.overwrite else shelf.current(page)
    if _is_folder(os.path.join(job.source, output)):
        reason = f"Its output would have the name of the folder {output}. Rename one of them."
        shelf.fail(Failure(page.name, "name-clash", reason))
    elif entry:
        shelf.tally.add(page.name, "unchanged", entry.confidence, entry.facts(site_of(page.name)))
    else:
        plan.add(page)


def _clean_all(plan: Plan, engine: Engine, work: Work, shelf: Shelf) -> None:
    in_hand: dict[str, PageFile] = {}

    def handed_out() -> Iterator[PageFile]:
        for page in plan:
            in_hand[page.name] = page
            yield page

    failed = shelf.tally.counts["failed"]
    with Progress(plan.pages, plan.size_bytes, failed) as progress, closing(engine(handed_out(), work)) as answers:
        for answer in answers:
            page = in_hand.pop(answer.name)
            shelf.put(page, answer)
            progress.add(page.size_bytes, failed=shelf.tally.counts["failed"] > failed)
            failed = shelf.tally.counts["failed"]


def tell(job: BatchJob, run: Run, out: OutFolder, failures: FailureList) -> BatchReport:
    """Write what can be written of the report; it is returned in any case, and says what could not."""
    try:
        failures.publish()
    except OSError as error:
        run.problems.append(f"failures.jsonl cannot be written. {describe_os_error(error)}")
    report = _report(job, run)
    for name, form in (("report.json", as_json), ("report.md", as_markdown)):
        try:
            out.write_report(name, form(report))
        except OSError as error:
            run.problems.append(f"{out.report_name(name)} cannot be written. {describe_os_error(error)}")
    return replace(report, problems=tuple(run.problems))


def _report(job: BatchJob, run: Run) -> BatchReport:
    tally = run.tally
    return BatchReport(
        input=str(job.source),
        output=str(job.target),
        model_version=job.recipe.model_version,
        format=job.recipe.format,
        options=options_as_json(job.recipe.options),
        interrupted=run.interrupted,
        seconds=round(time.perf_counter() - run.started_s, 3),
        counts=tally.all_counts(),
        failed=tuple(tally.failed),
        least_certain=tally.least_certain(),
        empty=tuple(tally.empty),
        links_to_folders=tuple(run.links),
        other_files=run.other_files,
        failed_by_code=dict(tally.codes),
        labels=tally.labels,
        sites=tally.sites(),
        bytes_in=tally.bytes_in,
        bytes_out=tally.bytes_out,
        cpu_seconds=round(time.process_time() - run.started_cpu_s + tally.worker_seconds(), 3),
        peak_memory_mb=tally.peak_memory_mb(),
        shard=f"{job.shard.index}/{job.shard.count}" if job.shard else None,
        problems=tuple(run.problems),
    )


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)
