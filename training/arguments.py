"""Values of the command line that several commands of this package read alike."""

from __future__ import annotations

import argparse


def positive(value: str) -> int:
    """A whole number from 1 on; anything else is refused with what is allowed."""
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
