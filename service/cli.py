"""The `winnow` command. Heavy imports stand in the commands that need them, so that --help is quick."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from model.types import Format, Kind
from service import package_version
from service.batch.command import batch
from service.cli_options import PATH, PLACE, Command, cleaning_options, help_ending, model_option, parsed_options
from service.console import (
    WRONG_USAGE,
    CommandFailure,
    WinnowGroup,
    explained_failures,
    read_input,
    write_output,
)
from service.contract import load_cleaner
from service.files import page_kind
from service.web.settings import SETTINGS, Settings


@click.group(
    cls=WinnowGroup,
    epilog=help_ending(
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


@main.command(
    short_help="Clean one page.",
    epilog=help_ending(
        "winnow clean page.html",
        "winnow clean page.html --format markdown -o page.md",
        "winnow clean - --kind text < extracted.txt",
        "winnow clean page.html --dial precision --keep title --keep byline",
        'winnow clean page.html --always-drop "Follow us on" --explain',
    ),
)
@click.argument("file", type=PLACE)
@cleaning_options
@click.option("--url", help="Where the page came from; it is never fetched.")
@click.option("--explain", is_flag=True, help="Print a table of all blocks: label, probability, reasons.")
@click.option(
    "-o", "--output", type=PATH, help="Write to this file: all of the answer or nothing.  [default: standard output]"
)
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
    """Clean one page: FILE (.html .htm .xhtml .txt .md, also .gz .zst), or - for standard input."""
    from model.options import for_format
    from model.rendering import render
    from service.explain import explain_lines

    with explained_failures():
        chosen = parsed_options(options)
        source = read_input(file)
        known = page_kind(file) if kind == "auto" else kind
        cleaned = load_cleaner(model).clean(source, kind=known or "auto", url=url, options=for_format(chosen, form))
        write_output("\n".join(explain_lines(cleaned)) if explain else render(cleaned, form), output)
    for warning in cleaned.warnings:
        click.echo(f"winnow: {warning}", err=True)


def _settings_options(command: Command) -> Command:
    for setting in reversed(SETTINGS):
        text = f"{setting.help[0].upper()}{setting.help[1:]}.  [{setting.variable}; default: {setting.default}]"
        command = click.option(setting.flag, setting.name, metavar="VALUE", help=text)(command)
    return command


@main.command(
    short_help="Serve the HTTP API and the workbench page.",
    epilog=help_ending(
        "winnow serve",
        "winnow serve --port 8080 --workers 2",
        "winnow serve --host 0.0.0.0 --keys-file keys",
        "WINNOW_PORT=8080 winnow serve",
    ),
)
@_settings_options
def serve(**flags: str | None) -> None:
    """Serve the HTTP API and the workbench page, until Ctrl-C or SIGTERM."""
    from service.web.server import serve as run_server

    with explained_failures():
        run_server(Settings.from_environment(os.environ, **flags))


@main.command(
    short_help="Make an API key for the service.",
    epilog=help_ending(
        "winnow key nightly-crawl --file keys    the key, and its line goes into the file",
        "winnow key nightly-crawl                the key, and the line to put there yourself",
        "WINNOW_KEYS_FILE=keys winnow serve      asks every caller for a key",
    ),
)
@click.argument("name")
@click.option("--file", "path", type=PATH, help="The keys file to add it to; made when it is not there.")
def key(name: str, path: Path | None) -> None:
    """Make an API key for the caller NAME and print it, this one time: the file knows only its hash."""
    from service.web.keys import add_key, key_line, new_key

    with explained_failures():
        if path is None:
            made = new_key()
            write_output(f"{made}\n{key_line(name, made)}", None)
        else:
            write_output(add_key(path, name), None)
    kept = "The second line is for the keys file." if path is None else "Its hash is in the keys file."
    click.echo(f"winnow: Keep the key, it is not shown again. {kept}", err=True)


@main.command(
    short_help="Check the model and describe it.",
    epilog=help_ending(
        "winnow model",
        "winnow model --json | jq .version",
        "winnow model --model my-model/",
    ),
)
@model_option
@click.option("--json", "as_json", is_flag=True, help="Print the whole manifest.")
def model(model: Path | None, as_json: bool) -> None:
    """Check the model and print what its manifest says of it."""
    from service.manifest import summary_lines

    with explained_failures():
        manifest = dict(load_cleaner(model).manifest)
        write_output(json.dumps(manifest, indent=2) if as_json else "\n".join(summary_lines(manifest)), None)


main.add_command(batch)

_TRAINING_NEEDS = ("rapidfuzz",)
"""The packages of the extra "train", which `make batch` and `make serve` do without."""

_PASSED_THROUGH = {"ignore_unknown_options": True, "allow_interspersed_args": False}


@main.command(
    short_help="Train a model.",
    epilog=help_ending(
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
    epilog=help_ending(
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
    if any(importlib.util.find_spec(name) is None for name in ("training", *_TRAINING_NEEDS)):
        message = (
            "Training is not installed here. Use make train or make evaluate in a checkout of Winnow, "
            "or install what it needs there first: make setup-dev."
        )
        raise CommandFailure(message, WRONG_USAGE)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])
