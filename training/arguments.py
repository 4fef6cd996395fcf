"""What the commands of this package, `python -m training.NAME`, have in common: folders, parsers, exit codes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

CORPORA_ROOT = Path("data/corpora")
"""Where the corpora are unpacked, seen from the top of a checkout."""

FOLD_MODELS = Path("data/folds")
"""Where `make train` leaves the models of its cross-validation."""

FOLD_INDEX = "folds.json"
"""In there: which fold the key of each page, and of each of our own texts, is in."""

SOMETHING_MISSING = 2
"""Exit code where what a command needs is not there."""


def command_parser(name: str, description: str | None) -> argparse.ArgumentParser:
    """The parser of `python -m training.NAME`; its help shows the description, a module's docstring, as it is."""
    return argparse.ArgumentParser(
        prog=f"python -m training.{name}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_root(parser: argparse.ArgumentParser) -> None:
    """Add --root, the folder of the corpora."""
    parser.add_argument("--root", type=Path, default=CORPORA_ROOT, help="folder of unpacked corpora (%(default)s)")


def add_folds(parser: argparse.ArgumentParser) -> None:
    """Add --folds, the folder of the fold models."""
    parser.add_argument("--folds", type=Path, default=FOLD_MODELS, help="fold models of make train (%(default)s)")


def add_limit(parser: argparse.ArgumentParser, what: str = "pages of each corpus") -> None:
    """Add --limit, for a quick look; `what` says of what there are at most so many."""
    parser.add_argument("--limit", type=positive, metavar="N", help=f"at most N {what}, evenly spaced")


def positive(value: str) -> int:
    """A whole number from 1 on; anything else is refused with what is allowed."""
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def say_missing(name: str, message: str) -> int:
    """Tell on standard error what `python -m training.NAME` lacks; returns the exit code for that."""
    print(f"{name}: {message}", file=sys.stderr)
    return SOMETHING_MISSING


def no_corpora(name: str, root: Path) -> int:
    """The same where no corpus is unpacked in `root`."""
    return say_missing(name, f"no corpora in {root}: unpack them there, or name their folder with --root.")
