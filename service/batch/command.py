"""The command `winnow batch`. Heavy imports stand inside, so that --help is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, get_args

import click

from model.types import Format, Kind
from service.batch.engine_options import EngineChoice, engine_and_work, engine_options, guards_of
from service.batch.recipe import Extra, Recipe
from service.cli_options import PATH, cleaning_options, help_ending, parsed_options
from service.console import INTERRUPTED, PAGE_FAILED, CommandFailure, explained_failures, termination_as_interrupt
from service.contract import load_cleaner
from service.files import printable

if TYPE_CHECKING:
    from service.batch.report import BatchReport


@click.command(
    short_help="Clean a folder of pages.",
    epilog=help_ending(
        "winnow batch pages/ cleaned/",
        "winnow batch pages/ cleaned/ --format json --comments drop",
        "winnow batch pages/ cleaned/ --jobs 4 --overwrite",
        "winnow batch pages/ cleaned/ --with comments --with removed",
        "find pages/ -newer stamp -printf '%P\\0' | winnow batch pages/ cleaned/ -0 --files-from -",
        "winnow batch pages/ cleaned/ --engine dask --scheduler tcp://head:8786",
        "winnow batch pages/ cleaned/ --shard $SLURM_ARRAY_TASK_ID/64",
    ),
)
@click.argument("source", metavar="IN", type=PATH)
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
@click.option("--shard", metavar="i/N", help="Clean part i of N, counted from 0; all parts may run at once.")
@engine_options
@click.option("--summary", is_flag=True, help="Print the report as one JSON object and nothing else.")
def batch(
    *,
    source: Path,
    target: Path,
    kind: Kind,
    form: Format,
    model: Path | None,
    overwrite: bool,
    extras: tuple[Extra, ...],
    files_from: BinaryIO | None,
    null: bool,
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

    Pages end in .html .htm .xhtml .txt .md and may be packed as .gz or .zst. A page whose output is current, made
    from the same input with the same model and options, is left alone, so a run that was stopped goes on
    where it was. Inputs are never altered.
    """
    from service.batch.filelist import read_names
    from service.batch.job import BatchJob, run_batch
    from service.batch.outfolder import OutFolder
    from service.batch.shards import parse_shard

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
        report = run_batch(
            BatchJob(source, target, recipe, overwrite, part, names), *engine_and_work(choice, recipe, cleaner)
        )
    _tell(report, target / OutFolder(target, part).report_name("report.md"), summary=summary)
    if report.interrupted:
        again = " without --overwrite" if overwrite else ""
        raise CommandFailure(f"Interrupted. Run the same command again{again} to go on.", INTERRUPTED)
    if report.problems:
        raise CommandFailure(" ".join(report.problems), PAGE_FAILED)
    if report.failed:
        sys.exit(PAGE_FAILED)


def _tell(report: BatchReport, path: Path, *, summary: bool) -> None:
    from service.batch.report import as_json, as_lines

    if summary:
        click.echo(as_json(report), nl=False)
    else:
        click.echo("\n".join([*as_lines(report), f"Report: {printable(str(path))}"]))
