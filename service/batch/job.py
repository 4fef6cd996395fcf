"""Clean a folder of pages into another folder: one output per input, resumable, never lost, never twice.

    IN/a/b.html  ->  OUT/a/b.html.txt        (.md, .html or .json by format)
                     OUT/report.md, OUT/report.json
                     OUT/.winnow/            ledger, lock, files being written

Inputs are only read. Workers clean, this process writes: a killed worker leaves nothing half-written.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from tqdm import tqdm

from model.errors import WinnowError
from service.batch.engine import Engine, Work
from service.batch.ledger import Entry, LedgerWriter, read_ledger
from service.batch.outfolder import FolderError, OutFolder, check_folders, open_out_folder
from service.batch.recipe import Answer, Recipe, clean_file, clean_in_worker, options_as_json
from service.batch.report import BatchReport, Failure, Tally, as_json, as_markdown
from service.contract import PageCleaner
from service.files import PAGE_KINDS, Found, PageFile, describe_os_error, find_pages


@dataclass(frozen=True, slots=True)
class BatchJob:
    """What to clean, how, and where to."""

    source: Path
    target: Path
    recipe: Recipe
    overwrite: bool = False
    """Clean every page anew and replace whatever stands at its output's place."""


def work_in_workers(recipe: Recipe) -> Work:
    """The work for an engine whose workers are other processes: each loads the model itself."""
    return partial(clean_in_worker, recipe=recipe)


def work_with(cleaner: PageCleaner, recipe: Recipe) -> Work:
    """The work for an engine that stays in this process."""
    return partial(clean_file, recipe=recipe, cleaner=cleaner)


def run_batch(job: BatchJob, engine: Engine, work: Work) -> BatchReport:
    """Clean the pages of `job.source` that have no current output yet, and write the report.

    Ctrl-C ends the run early with a report that says so. A page that fails is in the report; the others
    go on. Raises FolderError when IN or OUT cannot be used, ArtefactError when a worker cannot load the
    model, and OSError when the ledger or the report cannot be written.
    """
    started = time.perf_counter()
    found = _pages_of(job)
    tally = Tally()
    interrupted = False
    with open_out_folder(job.target) as out:
        entries = _earlier_entries(job, out)
        with LedgerWriter(out.ledger_path, entries) as ledger:
            todo = _plan(job, found, entries, out, tally)
            try:
                _clean_all(todo, engine, work, _Shelf(job, entries, out, ledger, tally))
            except KeyboardInterrupt:
                interrupted = True
        report = _report(job, found, tally, interrupted, time.perf_counter() - started)
        out.write_report("report.json", as_json(report))
        out.write_report("report.md", as_markdown(report))
    return report


class _Shelf:
    """Puts answers where they belong: the output, the ledger, the tally."""

    def __init__(
        self, job: BatchJob, entries: Mapping[str, Entry], out: OutFolder, ledger: LedgerWriter, tally: Tally
    ) -> None:
        self._job = job
        self._entries = entries
        self._out = out
        self._ledger = ledger
        self._tally = tally
        self._digest = job.recipe.digest()

    def put(self, page: PageFile, answer: Answer) -> None:
        if answer.status == "failed":
            code, reason = answer.code or "failed", answer.reason or ""
            self._tally.add_failure(Failure(page.name, code, reason, answer.trace))
            return
        output = self._job.recipe.output_name(page.name)
        may_replace = self._job.overwrite or output in self._entries
        made_from = (page.size_bytes, page.mtime_ns, self._digest)
        try:
            self._out.put(output, answer.content, may_replace)
            self._ledger.add(Entry(output, *made_from, answer.status, answer.confidence))
        except WinnowError as error:
            self._tally.add_failure(Failure(page.name, error.code, str(error)))
        except OSError as error:
            reason = f"Its output cannot be written. {describe_os_error(error)}"
            self._tally.add_failure(Failure(page.name, "unwritable-output", reason))
        else:
            self._tally.add(page.name, answer.status, answer.confidence)


def _pages_of(job: BatchJob) -> Found:
    try:
        check_folders(job.source, job.target)
        found = find_pages(job.source.resolve(), exclude=job.target.resolve())
    except OSError as error:
        raise FolderError(f"{error.filename} cannot be read. {describe_os_error(error)}") from error
    if not found.pages and not found.unreadable:
        suffixes = " ".join(PAGE_KINDS)
        raise FolderError(f"{job.source} has no pages. Pages end in {suffixes}, and may be packed as .gz.")
    return found


def _earlier_entries(job: BatchJob, out: OutFolder) -> dict[str, Entry]:
    entries = read_ledger(out.ledger_path)
    if job.overwrite:
        # Without their recipe they no longer hold, yet still say which outputs are ours: a run that starts
        # anew and is interrupted can be taken up again.
        return {name: replace(entry, recipe="") for name, entry in entries.items()}
    return entries


def _plan(job: BatchJob, found: Found, entries: Mapping[str, Entry], out: OutFolder, tally: Tally) -> list[PageFile]:
    """The pages to clean; those that fail already, or are done, are counted."""
    digest = job.recipe.digest()
    folders = {str(parent) for page in found.pages for parent in PurePosixPath(page.name).parents}
    todo: list[PageFile] = []
    for missing in found.unreadable:
        tally.add_failure(Failure(missing.name, "unreadable-file", missing.reason))
    for page in found.pages:
        output = job.recipe.output_name(page.name)
        entry = entries.get(output)
        if output in folders:
            reason = f"Its output would have the name of the folder {output}. Rename one of them."
            tally.add_failure(Failure(page.name, "name-clash", reason))
        elif entry and entry.still_holds(page, digest) and (out.root / output).is_file():
            tally.add(page.name, "unchanged", entry.confidence)
        else:
            todo.append(page)
    return todo


def _clean_all(todo: list[PageFile], engine: Engine, work: Work, shelf: _Shelf) -> None:
    pages = {page.name: page for page in todo}
    with closing(engine(todo, work)) as answers:
        # disable=None: no bar unless standard error is a terminal
        for answer in tqdm(answers, total=len(todo), unit=" pages", disable=None, leave=False):
            shelf.put(pages[answer.name], answer)


def _report(job: BatchJob, found: Found, tally: Tally, interrupted: bool, seconds: float) -> BatchReport:
    return BatchReport(
        input=str(job.source),
        output=str(job.target),
        model_version=job.recipe.model_version,
        format=job.recipe.format,
        options=options_as_json(job.recipe.options),
        interrupted=interrupted,
        seconds=round(seconds, 3),
        counts=tally.all_counts(),
        failed=tuple(tally.failed),
        least_certain=tally.least_certain(),
        links_to_folders=found.links_to_folders,
        other_files=found.other_files,
    )
