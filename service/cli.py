"""The `winnow` command. Heavy imports stand in the commands that need them, so that --help is quick."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args

import click

from model.options import parse_options
from model.types import CommentMode, Dial, Format, Kind, Label, Options
from service import package_version
from service.console import (
    EXIT_CODES,
    INTERRUPTED,
    PAGE_FAILED,
    WRONG_USAGE,
    CommandFailure,
    WinnowGroup,
    explained_failures,
    read_input,
    termination_as_interrupt,
    write_output,
)
from service.contract import load_cleaner
from service.files import page_kind, printable
from service.settings import SETTINGS, Settings

Command = TypeVar("Command", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path, readable=False)
_model_option = click.option("--model", type=_PATH, help="Folder of the model.  [default: the shipped one]")


def _ending(*examples: str) -> str:
    """The end of a command's help: examples and exit codes. The backspaces keep click from joining lines."""
    lines = "".join(f"  {example}\n" for example in examples)
    return f"\b\nExamples:\n{lines}\n{EXIT_CODES}"


@click.group(
    cls=WinnowGroup,
    epilog=_ending(
        "winnow clean page.html                  the article's text",
        "curl -s URL | winnow clean - --explain  every block, kept or dropped, and why",
        "winnow batch pages/ cleaned/            a folder, over all cores",
        "winnow serve                            the HTTP service and its workbench page",
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_version(), prog_name="winnow")
def main() -> None:
    """Separate the article of a scraped page from the noise around it."""


def _cleaning_options(command: Command) -> Command:
    """The options that say how to clean, the same for one page and for a folder."""
    labels = ", ".join(Label)
    for option in (
        _model_option,
        click.option("--always-keep", multiple=True, metavar="PHRASE", help="Keep blocks that contain it."),
        click.option("--always-drop", multiple=True, metavar="PHRASE", help="Drop blocks that contain it."),
        click.option(
            "--comments",
            type=click.Choice(get_args(CommentMode)),
            help="Readers' comments: apart, nowhere, in the text.  [default: separate]",
        ),
        click.option("--keep", multiple=True, metavar="LABEL", help=f"Keep these too: {labels}."),
        click.option(
            "--dial",
            type=click.Choice(get_args(Dial)),
            help="How sure to be before keeping a block.  [default: balanced]",
        ),
        click.option("--format", "form", type=click.Choice(get_args(Format)), default="text", show_default=True),
        click.option(
            "--kind", type=click.Choice(get_args(Kind)), default="auto", help="What a page is.", show_default=True
        ),
    ):
        command = option(command)
    return command


@main.command(
    short_help="Clean one page.",
    epilog=_ending(
        "winnow clean page.html",
        "winnow clean page.html --format markdown -o page.md",
        "winnow clean - --kind text < extracted.txt",
        "winnow clean page.html --dial precision --keep title --keep byline",
        'winnow clean page.html --always-drop "Follow us on" --explain',
    ),
)
@click.argument("file")
@_cleaning_options
@click.option("--url", help="Where the page came from; it is never fetched.")
@click.option("--explain", is_flag=True, help="Print a table of all blocks: label, probability, reasons.")
@click.option("-o", "--output", type=_PATH, help="Write here, all or nothing.")
def clean(
    *,
    file: str,
    kind: Kind,
    form: Format,
    model: Path | None,
    url: str | None,
    explain: bool,
    output: Path | None,
    **options: Any,
) -> None:
    """Clean one page: FILE (.html .htm .xhtml .txt .md, also .gz), or - for standard input."""
    from model.rendering import render
    from service.explain import explain_lines

    with explained_failures():
        chosen = _parsed(options)
        source = read_input(file)
        known = page_kind(file) if kind == "auto" else kind
        cleaned = load_cleaner(model).clean(source, kind=known or "auto", url=url, options=chosen)
        write_output("\n".join(explain_lines(cleaned)) if explain else render(cleaned, form), output)
    for warning in cleaned.warnings:
        click.echo(f"winnow: {warning}", err=True)


@main.command(
    short_help="Clean a folder of pages.",
    epilog=_ending(
        "winnow batch pages/ cleaned/",
        "winnow batch pages/ cleaned/ --format json --comments drop",
        "winnow batch pages/ cleaned/ --jobs 4 --overwrite",
    ),
)
@click.argument("source", metavar="IN", type=_PATH)
@click.argument("target", metavar="OUT", type=_PATH)
@_cleaning_options
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

    from service.batch import BatchJob, run_batch, work_in_workers, work_with
    from service.engine import CoresEngine, run_here
    from service.recipe import Recipe
    from service.report import as_lines

    with explained_failures(), termination_as_interrupt():
        chosen = _parsed(options)
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


def _settings_options(command: Command) -> Command:
    for setting in reversed(SETTINGS):
        text = f"{setting.help}  [{setting.variable}; default: {setting.default}]"
        command = click.option(setting.flag, setting.name, help=text)(command)
    return command


@main.command(
    short_help="Serve the HTTP API and the workbench page.",
    epilog=_ending(
        "winnow serve",
        "winnow serve --port 8080 --workers 2",
        "WINNOW_PORT=8080 winnow serve",
    ),
)
@_settings_options
def serve(**flags: str | None) -> None:
    """Serve the HTTP API and the workbench page on this machine, until Ctrl-C or SIGTERM."""
    from service.server import serve as run_server

    with explained_failures():
        run_server(Settings.from_environment(os.environ, **flags))


@main.command(
    short_help="Check the model and describe it.",
    epilog=_ending(
        "winnow model",
        "winnow model --json | jq .version",
        "winnow model --model my-model/",
    ),
)
@_model_option
@click.option("--json", "as_json", is_flag=True, help="Print the whole manifest.")
def model(model: Path | None, as_json: bool) -> None:
    """Check the model and print what its manifest says of it."""
    from service.manifest import summary_lines

    with explained_failures():
        manifest = dict(load_cleaner(model).manifest)
        write_output(json.dumps(manifest, indent=2) if as_json else "\n".join(summary_lines(manifest)), None)


_PASSED_THROUGH = {"ignore_unknown_options": True, "allow_interspersed_args": False}


@main.command(
    short_help="Train a model.",
    epilog=_ending(
        "winnow train",
        "winnow train -- --help        the options of training itself",
    ),
    context_settings=_PASSED_THROUGH,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def train(arguments: tuple[str, ...]) -> None:
    """Train a model: passes ARGUMENTS to `python -m training.train`."""
    _become("training.train", arguments)


@main.command(
    short_help="Measure the model on the corpora.",
    epilog=_ending(
        "winnow evaluate",
        "winnow evaluate -- --help     the options of the evaluation itself",
    ),
    context_settings=_PASSED_THROUGH,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def evaluate(arguments: tuple[str, ...]) -> None:
    """Measure the model on the corpora: passes ARGUMENTS to `python -m training.bench`."""
    _become("training.bench", arguments)


def _become(module: str, arguments: tuple[str, ...]) -> NoReturn:
    """Replace this process by `python -m module`; the service imports nothing from training."""
    if importlib.util.find_spec("training") is None:
        message = "Training is not installed here. Run the command in a checkout of Winnow, or use make train."
        raise CommandFailure(message, WRONG_USAGE)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])


def _parsed(options: dict[str, Any]) -> Options:
    """Options from flags; a flag that was not given keeps its default."""
    given = {name: value for name, value in options.items() if value not in (None, ())}
    return parse_options(given)
