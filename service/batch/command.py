"""The command `winnow batch`. Heavy imports stand inside, so that --help is quick."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, get_args

import click

from model.errors import OptionError
from model.types import Format, Kind
from service.batch.engine_options import EngineChoice, engine_and_work, engine_options, guards_of
from service.batch.recipe import Extra, Recipe
from service.cli_options import PATH, PLACE, cleaning_options, help_ending, parsed_options
from service.columns import InputFormat
from service.console import (
    INTERRUPTED,
    PAGE_FAILED,
    CommandFailure,
    WinnowCommand,
    explained_failures,
    termination_as_interrupt,
    write_output,
)
from service.contract import load_cleaner
from service.files import printable

if TYPE_CHECKING:
    from service.batch.engine import Engine, Work
    from service.batch.job import BatchJob
    from service.batch.report import BatchReport


@click.command(
    cls=WinnowCommand,
    short_help="Clean a folder, a table or an archive of pages.",
    epilog=help_ending(
        "winnow batch pages/ cleaned/",
        "winnow batch pages/ cleaned/ --format json --comments drop",
        "winnow batch pages/ cleaned/ --jobs 4 --overwrite",
        "winnow batch pages/ cleaned/ --with comments --with removed",
        "find pages/ -newer stamp -printf '%P\\0' | winnow batch pages/ cleaned/ -0 --files-from -",
        "winnow batch pages/ cleaned/ --engine dask --scheduler tcp://head:8786",
        "winnow batch pages/ cleaned/ --shard $SLURM_ARRAY_TASK_ID/64",
        "winnow batch pages.parquet cleaned.parquet --column raw_html",
        "winnow batch CC-MAIN-00000.warc.gz cleaned.jsonl",
        "zcat pages.jsonl.gz | winnow batch - cleaned.jsonl",
    ),
)
@click.argument("source", metavar="IN", type=PLACE)
@click.argument("target", metavar="OUT", type=PATH)
@cleaning_options
@click.option("--overwrite", is_flag=True, help="Clean every page anew and replace what stands in OUT.")
@click.option(
    "--with",
    "extras",
    type=click.Choice(get_args(Extra)),
    multiple=True,
    help="Write these too, as OUT/NAME.comments.json or OUT/NAME.removed.json.",
)
@click.option(
    "--files-from",
    type=click.File("rb"),
    metavar="LIST",
    help="Clean only the pages named in LIST, or - for standard input: one per line, relative to IN.",
)
@click.option("-0", "--null", is_flag=True, help="The names in LIST end with NUL, not with a newline.")
@click.option("--column", metavar="NAME", help="The table's column with the pages.  [default: html, then text]")
@click.option(
    "--input-format",
    type=click.Choice(get_args(InputFormat)),
    help="What IN is.  [default: by its name; jsonl for standard input]",
)
@click.option("--shard", metavar="i/N", help="Clean part i of N, counted from 0; all parts may run at once.")
@engine_options
@click.option("--summary", is_flag=True, help="Print the report as one JSON object and nothing else.")
def batch(
    *,
    source: str,
    target: Path,
    kind: Kind,
    form: Format,
    model: Path | None,
    overwrite: bool,
    extras: tuple[Extra, ...],
    files_from: BinaryIO | None,
    null: bool,
    column: str | None,
    input_format: InputFormat | None,
    shard: str | None,
    engine: Literal["local", "dask"],
    jobs: int | None,
    scheduler: str | None,
    page_timeout: float,
    page_memory: int,
    summary: bool,
    **options: Any,
) -> None:
    """Clean the folder IN into the folder OUT: IN/a/b.html becomes OUT/a/b.html.txt, beside a report.

    Or clean a table or an archive: IN is .jsonl (also .gz .zst), .parquet, .warc.gz, .wet.gz, - for JSONL on standard
    input, or an address that fsspec knows, s3://... for one; OUT is .jsonl or .parquet. The rows are the same, in the
    same order, with columns clean_text, clean_title, clean_status and more; the report is in OUT.winnow/. A
    folder can be cleaned into a table too.

    Pages end in .html .htm .xhtml .txt .md and may be packed as .gz or .zst. A page whose output is current, made
    from the same input with the same model and options, is left alone, so a run that was stopped goes on
    where it was. Inputs are never altered.
    """
    from service.batch.filelist import read_names
    from service.batch.job import BatchJob
    from service.batch.shards import parse_shard
    from service.batch.worker import warm_up

    if engine == "local" and jobs != 1:
        warm_up()
    with explained_failures(), termination_as_interrupt():
        choice = EngineChoice(engine, jobs, scheduler)
        cleaner = load_cleaner(model)
        recipe = Recipe(
            model_version=cleaner.version,
            model_path=str(model) if model else None,
            options=parsed_options(options),
            format=form,
            kind=kind,
            extras=tuple(dict.fromkeys(extras)),
            guards=guards_of(page_timeout, page_memory),
        )
        part = parse_shard(shard) if shard else None
        names = read_names(files_from, b"\0" if null else b"\n") if files_from else None
        job = BatchJob(Path(source), target, recipe, overwrite, part, names)
        report, path = _run(job, source, input_format, column, partial(engine_and_work, choice, recipe, cleaner))
    _tell(report, path, summary=summary)
    if report.interrupted:
        again = " without --overwrite" if overwrite else ""
        raise CommandFailure(f"Interrupted. Run the same command again{again} to go on.", INTERRUPTED)
    if report.problems:
        raise CommandFailure(" ".join(report.problems), PAGE_FAILED)
    if report.failed:
        sys.exit(PAGE_FAILED)


_OTHER_TABLES = frozenset({".arrow", ".csv", ".feather", ".gz", ".json", ".tsv", ".warc", ".xlsx", ".zip", ".zst"})
"""What nobody calls a folder for the outputs of a folder."""


def _run(
    job: BatchJob,
    address: str,
    given: InputFormat | None,
    column: str | None,
    engine_and_work_for: Callable[..., tuple[Engine, Work]],
) -> tuple[BatchReport, Path]:
    """Run the job as one of files or one of rows; also returns where its report is."""
    from service.batch.job import run_batch
    from service.batch.outfolder import OutFolder
    from service.batch.sources import input_format
    from service.batch.table_job import TableJob, output_format, run_table

    is_folder = job.source.is_dir()
    form = None if is_folder else given or ("jsonl" if address == "-" else input_format(address))
    if form is None and job.target.suffix.lower() in _OTHER_TABLES and not job.target.exists():
        raise OptionError(
            f"A table is written as .jsonl or .parquet, not {job.target.suffix}. Name OUT so, or a folder."
        )
    if form is None and output_format(job.target) is None:
        if column or given:
            raise OptionError(
                "--column and --input-format are for tables and archives. IN is a folder: leave them out."
            )
        report = run_batch(job, *engine_and_work_for())
        return report, job.target / OutFolder(job.target, job.shard).report_name("report.md")
    if form is not None and job.names is not None:
        raise OptionError("--files-from goes with a folder. Leave it out.")
    table = TableJob(job, address, form, column)
    return run_table(table, *engine_and_work_for(rows=True)), table.folder / "report.md"


def _tell(report: BatchReport, path: Path, *, summary: bool) -> None:
    from service.batch.report import as_json, as_lines

    if summary:
        write_output(as_json(report).removesuffix("\n"), None)
    else:
        is_written = not any(problem.startswith(f"{path.name} ") for problem in report.problems)
        place = [f"Report: {printable(str(path))}"] if is_written else []
        write_output("\n".join([*as_lines(report), *place]), None)
