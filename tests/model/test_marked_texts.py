"""The shipped model on invented texts as scrapers leave them, line by line against their marks.

The lines of `locked/` are only counted, never shown: see tests/texts/README.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from model import Cleaner, Label
from model.types import KEPT_LABELS, CleanedBlock

TEXTS = Path(__file__).parents[1] / "texts"
FLOORS = TEXTS / "floors.json"
HALVES = ("open", "locked")
HoldFloor = Callable[[Path, str, float, str], None]


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of a text with its mark; `number` counts all lines from 1."""

    number: int
    label: Label
    text: str

    @property
    def stays(self) -> bool:
        return self.label in KEPT_LABELS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the lines of some texts: how many stayed of each label, and a report of those that went wrong."""

    lines: Counter[Label]
    kept: Counter[Label]
    wrong: list[str]

    def share(self, kept: bool) -> float:
        """Share of the lines that should stay and did, or should go and did."""
        chosen = [label for label in self.lines if (label in KEPT_LABELS) is kept]
        total = sum(self.lines[label] for label in chosen)
        stayed = sum(self.kept[label] for label in chosen)
        return (stayed if kept else total - stayed) / total if total else 1.0


def marked(file: Path) -> tuple[str, list[MarkedLine]]:
    """The text as the cleaner is given it, and its nonblank lines with their marks."""
    source, lines = [], []
    for number, raw in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        label, _, text = raw.partition("\t")
        source.append(text)
        if text.strip():
            lines.append(MarkedLine(number, Label(label), text))
    return "\n".join(source), lines


def kept_lines(blocks: tuple[CleanedBlock, ...], lines: list[MarkedLine]) -> Iterator[tuple[MarkedLine, bool]]:
    """Each line with whether it stays: a block covers the lines from its own to the next block's."""
    starts: dict[int, bool] = {}
    for block in blocks:
        starts[block.position.line] = starts.get(block.position.line, False) or block.kept
    stays = False
    for line in lines:
        stays = starts.get(line.number, stays)
        yield line, stays


def clean_all(cleaner: Cleaner, files: list[Path]) -> Outcome:
    lines: Counter[Label] = Counter()
    kept: Counter[Label] = Counter()
    wrong: list[str] = []
    for file in files:
        source, expected = marked(file)
        for line, stays in kept_lines(cleaner.clean(source, kind="text").blocks, expected):
            lines[line.label] += 1
            kept[line.label] += stays
            if stays is not line.stays:
                wrong.append(f"{'kept' if stays else 'lost'} {line.label} {file.name}: {line.text[:100]}")
    return Outcome(lines, kept, wrong)


@cache
def files_of(half: str) -> list[Path]:
    return sorted((TEXTS / half).glob("*.marked.txt"))


@pytest.mark.parametrize("half", HALVES)
def test_noise_lines_go_and_article_lines_stay(shipped_cleaner: Cleaner, hold_floor: HoldFloor, half: str) -> None:
    outcome = clean_all(shipped_cleaner, files_of(half))
    shown = "\n".join(outcome.wrong) if half == "open" else f"{len(outcome.wrong)} lines went wrong"
    hold_floor(FLOORS, f"{half}: share of noise lines dropped", outcome.share(kept=False), shown)
    hold_floor(FLOORS, f"{half}: share of article lines kept", outcome.share(kept=True), shown)


@pytest.mark.parametrize("half", HALVES)
def test_a_text_without_noise_comes_through_whole(shipped_cleaner: Cleaner, hold_floor: HoldFloor, half: str) -> None:
    clean = [file for file in files_of(half) if all(line.stays for line in marked(file)[1])]
    assert len(clean) >= 2
    outcome = clean_all(shipped_cleaner, clean)
    shown = "\n".join(outcome.wrong) if half == "open" else f"{len(outcome.wrong)} lines were lost"
    hold_floor(FLOORS, f"{half}: share of lines kept of texts without noise", outcome.share(kept=True), shown)


@pytest.mark.parametrize("half", HALVES)
def test_the_marked_texts_are_well_formed(half: str) -> None:
    assert len(files_of(half)) == 20
    without_body = [
        file.name for file in files_of(half) if all(line.label is not Label.BODY for line in marked(file)[1])
    ]
    assert without_body == []
