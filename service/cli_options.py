"""Options and help that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from model.dial import DIALS
from model.options import parse_options
from model.types import CommentMode, Format, Kind, Label, Options
from service.console import EXIT_CODES

Command = TypeVar("Command", bound=Callable[..., Any])


class _NamedPath(click.Path):
    """A path that is not empty: a shell variable that is not set would stand for the folder one happens to be in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Fails for an empty one."""
        if value == "":
            self.fail("It is empty. Name a place, . for the folder you are in.", param, ctx)
        return super().convert(value, param, ctx)


PATH = _NamedPath(path_type=Path, readable=False)
PLACE = _NamedPath(readable=False)
"""A path or an address, as it was written."""

model_option = click.option("--model", type=PATH, help="Folder of the model.  [default: the shipped one]")


def help_ending(*examples: str) -> str:
    """The end of a command's help: examples and exit codes. The backspaces keep click from joining lines."""
    lines = "".join(f"  {example}\n" for example in examples)
    return f"\b\nExamples:\n{lines}\n{EXIT_CODES}"


def cleaning_options(command: Command) -> Command:
    """The options that say how to clean, the same for one page and for a folder."""
    labels = ", ".join(Label)
    for option in (
        model_option,
        click.option("--always-keep", multiple=True, metavar="PHRASE", help="Keep blocks that contain it; repeatable."),
        click.option("--always-drop", multiple=True, metavar="PHRASE", help="Drop blocks that contain it; repeatable."),
        click.option(
            "--comments",
            type=click.Choice(get_args(CommentMode)),
            help="Where readers' comments go: apart from the text, nowhere, or into it.  [default: separate]",
        ),
        click.option(
            "--keep",
            multiple=True,
            metavar="LABEL",
            help=f"Keep blocks of this label too; repeatable. Labels: {labels}.",
        ),
        click.option(
            "--dial",
            metavar="DIAL",
            help=f"How sure to be before keeping a block: {', '.join(DIALS)}, or 'lose at most 1 %' of the article's "
            "words.  [default: balanced]",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(get_args(Format)),
            default="text",
            help="How to write the answer.",
            show_default=True,
        ),
        click.option(
            "--kind",
            type=click.Choice(get_args(Kind)),
            default="auto",
            help="What a page is; auto tells by its name and content.",
            show_default=True,
        ),
    ):
        command = option(command)
    return command


def parsed_options(options: dict[str, Any]) -> Options:
    """Options from flags; a flag that was not given keeps its default."""
    given = {name: value for name, value in options.items() if value not in (None, ())}
    return parse_options(given)
