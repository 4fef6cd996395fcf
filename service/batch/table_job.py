"""Clean the rows of a table, an archive or a folder into one table: the same rows, in the same order, and new columns.

    IN (folder, .jsonl, .parquet, .warc.gz, .wet.gz, -)  ->  OUT.jsonl or OUT.parquet, and OUT.winnow/ with the report

Pages are cleaned one by one, in any order; the rows of a batch are written when the last of them is answered, and the
table is put together when all are there. So a killed run loses the batches under way and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from model.errors import WinnowError
from service.batch.engine import NOT_NOW, Engine, Task, Work
from service.batch.job import BatchJob, Run, findings_of, stopped, tell
from service.batch.outfolder import NO_MORE_WRITES, FailureList, FolderError, TakenError, open_out_folder
from service.batch.parts import OutputFormat, Parts, RowNote
from service.batch.progress import Progress
from service.batch.recipe import Answer, Recipe
from service.batch.report import BatchReport
from service.batch.rows import added_names, clean_row, clean_row_in_worker
from service.batch.sources import Batch, folder_batches, table_batches
from service.batch.tally import Failure
from service.columns import ADDED_COLUMNS, PREFIX, InputFormat
from service.contract import PageCleaner
from service.files import Finding, LinkToFolder, OtherFiles, describe_os_error

OPEN_BATCHES = 6
"""Batches of which some rows are answered and some not: one slow row must not let memory grow."""

_OUTPUTS: dict[str, OutputFormat] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}


@dataclass(frozen=True, slots=True)
class TableJob:
    """A batch job whose output is a table, and often its input too.

    `address` is the input as it was given; `form` its format, None for a folder.
    """

    job: BatchJob
    address: str
    form: InputFormat | None
    column: str | None = None

    @property
    def output_form(self) -> OutputFormat:
        """The format of the output. Raises FolderError when its name does not tell."""
        form = output_format(self.job.target)
        if form is None:
            raise FolderError("Rows are written to a table: name an OUT that ends in .jsonl or .parquet.")
        return form

    @property
    def target(self) -> Path:
        """Where the table goes; a shard's has its number in the name."""
        target, shard = self.job.target, self.job.shard
        return target.with_stem(f"{target.stem}-{shard.index}-of-{shard.count}") if shard else target

    @property
    def folder(self) -> Path:
        """Where the report and what a run needs to go on are kept."""
        return self.target.with_name(self.target.name + ".winnow")

    @property
    def is_readable_again(self) -> bool:
        """Standard input is not, nor are names that come from it."""
        return self.address != "-" and self.job.names is None

    def digest(self) -> str:
        """A short name for everything that a row depends on beside the page."""
        return f"{self.job.recipe.digest()}-{self.output_form}-{self.column or ''}"


def output_format(target: Path) -> OutputFormat | None:
    """The format that a table's name tells; None for a folder."""
    return None if target.is_dir() else _OUTPUTS.get(target.suffix.lower())


def row_work_in_workers(recipe: Recipe) -> Work:
    """The work for an engine whose workers are other processes."""
    return partial(clean_row_in_worker, recipe=recipe)


def row_work_with(cleaner: PageCleaner, recipe: Recipe) -> Work:
    """The work for an engine that stays in this process."""
    return partial(clean_row, recipe=recipe, cleaner=cleaner)


def run_table(table: TableJob, engine: Engine, work: Work) -> BatchReport:
    """Clean the rows that have no current part yet, put the table together and write the report.

    Ctrl-C and a full disk end the run early with a report that says so; the same command goes on. Raises FolderError,
    TakenError and OptionError for what cannot be done as asked, and OSError when the input cannot be read.
    """
    form = table.output_form
    _check_places(table)
    if table.is_readable_again and next(_batches(table, Run()), None) is None:
        raise _no_pages(table)  # before anything is made beside OUT
    run = Run()
    added = [*(PREFIX + name for name in ADDED_COLUMNS), *added_names(table.job.recipe)]
    with ExitStack() as opened:
        out = opened.enter_context(open_out_folder(table.folder))
        failures = opened.enter_context(FailureList(out))
        parts = Parts(out, table.target, form, table.digest(), added)
        parts.check_place(overwrite=table.job.overwrite)
        try:
            if table.job.overwrite:
                parts.forget()
            if not _told_again(table, parts, run, failures):
                _make(_Making(table, parts, run, failures), engine, work)
        except KeyboardInterrupt:
            run.interrupted = True
        except OSError as error:
            if error.errno not in NO_MORE_WRITES:
                raise
            run.problems.append(stopped(error))
        return tell(table.job, run, out, failures)


def _check_places(table: TableJob) -> None:
    source, target = Path(table.address), table.target
    if table.form is None or "://" in table.address or table.address == "-":
        pass
    elif not source.exists():
        raise FolderError(f"{table.address} does not exist. Name a folder, a table or an archive.")
    elif not source.is_file():
        raise FolderError(f"{table.address} is not a file. A table or an archive is one.")
    elif target.exists() and source.samefile(target):
        raise FolderError("IN and OUT are the same file: inputs are never altered. Name another OUT.")
    if target.is_dir():
        raise TakenError(f"{target.name} is a folder. Name a file for the table.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(
            f"{target} cannot be written to. {describe_os_error(error)} Name an OUT that you may write to."
        ) from error


def _batches(table: TableJob, run: Run) -> Iterator[Batch]:
    job = table.job
    if table.form is not None:
        return table_batches(table.address, table.form, table.column, job.recipe.limits.max_page_bytes, job.shard)
    return folder_batches(_noted(findings_of(job, exclude=table.folder), run), job.shard)


def _noted(findings: Iterator[Finding], run: Run) -> Iterator[Finding]:
    for finding in findings:
        if isinstance(finding, OtherFiles):
            run.other_files += finding.count
        elif isinstance(finding, LinkToFolder):
            run.add_link(finding.name)
        else:
            yield finding


def _told_again(table: TableJob, parts: Parts, run: Run, failures: FailureList) -> bool:
    """Whether the table stands finished already; then its rows are counted."""
    if table.job.overwrite or not table.is_readable_again:
        return False
    seen = Run()
    if not parts.is_finished(_batches(table, seen)):
        return False
    run.other_files, run.links = seen.other_files, seen.links
    for note in parts.finished_notes():
        _retell(note, run, failures)
    parts.forget()
    return True


def _retell(note: RowNote, run: Run, failures: FailureList) -> None:
    failure = note.tell(run.tally)
    if failure:
        failures.add(failure)


def _no_pages(table: TableJob) -> FolderError:
    part = " for this shard" if table.job.shard else ""
    return FolderError(f"{table.address} has no pages{part}. Is it the right one?")


@dataclass(slots=True)
class _Open:
    batch: Batch
    answers: dict[str, Answer] = field(default_factory=dict)

    def in_order(self) -> list[Answer]:
        return [self.answers[row.name] for row in self.batch.rows]


class _Making:
    """The rows that go out, and the batches that their answers come back to."""

    def __init__(self, table: TableJob, parts: Parts, run: Run, failures: FailureList) -> None:
        self.table = table
        self.parts = parts
        self.run = run
        self.failures = failures
        self.count = 0
        self._home: dict[str, _Open] = {}
        self._open: set[int] = set()

    def rows(self) -> Iterator[Task]:
        """The rows without a part, in order; it says "not now" while too many batches are open."""
        for batch in _batches(self.table, self.run):
            self.count += 1
            notes = self.parts.notes(batch)
            if notes is not None:
                for note in notes:
                    _retell(note, self.run, self.failures)
                continue
            while len(self._open) >= OPEN_BATCHES:
                yield NOT_NOW
            home = _Open(batch)
            self._open.add(batch.number)
            self._home |= {row.name: home for row in batch.rows}
            yield from batch.rows

    def take(self, answer: Answer) -> int:
        """Count an answer and write its batch if it was the last; returns the page's bytes. Raises OSError."""
        home = self._home.pop(answer.name)
        home.answers[answer.name] = answer
        if answer.status == "failed":
            failure = Failure(answer.name, answer.code or "failed", answer.reason or "", answer.trace)
            self.run.tally.add_failure(failure)
            self.failures.add(failure)
        else:
            self.run.tally.add(answer.name, answer.status, answer.confidence, answer.facts)
        if len(home.answers) == len(home.batch.rows):
            self.run.tally.bytes_out += self.parts.put(home.batch, home.in_order())
            self._open.remove(home.batch.number)
        return answer.facts.size_bytes if answer.facts else 0


def _make(making: _Making, engine: Engine, work: Work) -> None:
    with Progress(None, None) as progress, closing(engine(making.rows(), work)) as answers:
        for answer in answers:
            progress.add(making.take(answer), failed=answer.status == "failed")
    if not making.count:
        raise _no_pages(making.table)
    try:
        making.parts.finish(making.count)
    except WinnowError as error:
        making.run.problems.append(str(error))
