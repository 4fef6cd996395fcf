"""The command `winnow batch`. Heavy imports stand inside, so that --help is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from model.types import Format, Kind
from service.cli_options import PATH, cleaning_options, help_ending, parsed_options
from service.console import INTERRUPTED, PAGE_FAILED, CommandFailure, explained_failures, termination_as_interrupt
from service.contract import load_cleaner
from service.files import printable


@click.command(
    short_help="Clean a folder of pages.",
    epilog=help_ending(
        "winnow batch pages/ cleaned/",
        "winnow batch pages/ cleaned/ --format json --comments drop",
        "winnow batch pages/ cleaned/ --jobs 4 --overwrite",
    ),
)
@click.argument("source", metavar="IN", type=PATH)
@click.argument("target", metavar="OUT", type=PATH)
@cleaning_options
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes.  [default: one per core]")
@click.option("--overwrite", is_flag=True, help="Clean every page anew and replace what stands in OUT.")
def batch(
    *,
    source: Path,
    target: Path,
    kind: Kind,
    form: Format,
    model: Path | None,
    jobs: int | None,
    overwrite: bool,
    **options: Any,
) -> None:
    """Clean the folder IN into the folder OUT: IN/a/b.html becomes OUT/a/b.html.txt, beside a report.

    Pages end in .html .htm .xhtml .txt .md and may be packed as .gz. A page whose output is current, made
    from the same input with the same model and options, is left alone, so a run that was stopped goes on
    where it was. Inputs are never altered.
    """
    from joblib import cpu_count

    from service.batch.engine import CoresEngine, run_here
    from service.batch.job import BatchJob, run_batch, work_in_workers, work_with
    from service.batch.recipe import Recipe
    from service.batch.report import as_lines

    with explained_failures(), termination_as_interrupt():
        chosen = parsed_options(options)
        cleaner = load_cleaner(model)
        recipe = Recipe(cleaner.version, str(model) if model else None, chosen, form, kind)
        job = BatchJob(source, target, recipe, overwrite)
        workers = jobs or cpu_count()
        if workers == 1:
            report = run_batch(job, run_here, work_with(cleaner, recipe))
        else:
            report = run_batch(job, CoresEngine(workers), work_in_workers(recipe))
    click.echo("\n".join([*as_lines(report), f"Report: {printable(str(target / 'report.md'))}"]))
    if report.interrupted:
        again = " without --overwrite" if overwrite else ""
        raise CommandFailure(f"Interrupted. Run the same command again{again} to go on.", INTERRUPTED)
    if report.failed:
        sys.exit(PAGE_FAILED)
