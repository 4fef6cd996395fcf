"""The bench's part on the page this project began with: its five noise lines go, named rightly, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from model.types import Label
from training.line_contenders import TextCleaner

HEADING = "seed page"
NOISE = {
    "Read more:": Label.RELATED,
    "Please use Chrome browser": Label.NOTICE,
    "Leave a Reply": Label.COMMENT_FORM,
    "Your email address will": Label.COMMENT_FORM,
}
"""How its noise lines begin and what they are; "Leave a Reply" stands twice."""

_LINES = 5


def seeds(folder: Path) -> list[Path]:
    """The seed pages, where they are: they are no part of the repository."""
    return sorted(folder.glob("*.txt"))


def table(files: list[Path], cleaner: TextCleaner) -> str:
    """A row for each page: noise lines dropped, other lines dropped, kinds right."""
    rows = ["| page | noise lines dropped | other lines dropped | kind right |", "|---|---|---|---|"]
    for number, file in enumerate(files, 1):
        tally: Counter[str] = Counter()
        for block in cleaner.clean(file.read_text("utf-8"), kind="text").blocks:
            expected = next((label for start, label in NOISE.items() if block.text.startswith(start)), None)
            if not block.kept:
                tally["noise" if expected else "other"] += 1
                tally["right"] += block.label is expected
        rows.append(f"| seed {number} | {tally['noise']} of {_LINES} | {tally['other']} | {tally['right']} |")
    return "\n".join([*rows, f"| target | {_LINES} of {_LINES} | 0 | {_LINES} |"])
