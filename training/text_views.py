"""Pages as plain text: what scrapers leave of a labelled page, line by line.

Nobody publishes scraped text with its noise marked, so it is made. Of each labelled page come a whole-page rendering
and a leaky extraction: the article, some of the noise around and inside it, and interstitial lines of our own
collection (`noise_lines/`) between the paragraphs, where real pages have them. Title and byline are labelled as such.
"""

from __future__ import annotations

import random
import re
import tomllib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from model.classifier import KIND_LABELS
from model.types import Block, Label, Position, Segmentation
from training.examples import Example, block_weights, without_markup

LINES = Path(__file__).parent / "noise_lines"
FOLDS = 5

_NO_NOISE = 0.2
"""Share of leaky extractions that leak nothing: such a text must come through whole."""

_INSIDE, _INJECTED_PER_LINE = 0.35, 0.10
_AT_END = frozenset({Label.COMMENT_FORM, Label.COMMENT, Label.LEGAL})
_NAMES = (
    "Anna Keller", "J. Okafor", "Maria Santos", "Tom Reed", "Li Wei", "Priya N.", "Jonas Berg", "Elif Kaya", "S. Ortiz",
    "Claire Dubois", "Marek Nowak", "Yuki Mori", "Dana White", "Omar Farouk", "Ines Costa", "Peter van Dijk",
)  # fmt: skip
_FILLERS: dict[str, tuple[str, ...]] = {
    "name": _NAMES,
    "site": ("The Daily Harbour", "example.org", "Northside News", "TechLoft", "Kitchen Notes", "The Valley Post"),
    "date": ("March 3, 2024", "12/05/2023", "2022-11-08", "7 June 2021", "Tue, 14 Jan 2025", "yesterday", "3.10.2023"),
    "time": ("10:42", "6:15 pm", "08:03 GMT", "23:59"),
    "topic": ("Politics", "Travel", "Health", "Local news", "Football", "Science", "Business", "Recipes"),
    "city": ("Leeds", "Porto", "Graz", "Austin", "Lyon", "Osaka"),
}
_TITLES = (
    "Ten harbours to see before you die", "Council votes to close the old bridge", "How we tested forty kettles",
    "What the new rules mean for you", "Storm warning extended until Friday", "Inside the last paper mill",
    "The quiet return of the night train", "Five easy dinners for busy weeks", "Striker signs until 2029",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoiseLine:
    """A line of our own collection: its label, its language, and the fold in which it may be used."""

    label: Label
    language: str
    template: str
    fold: int


@cache
def noise_lines() -> tuple[NoiseLine, ...]:
    """The whole collection. A line's fold is fixed by its text, so that a model is never tested on lines it learnt."""
    lines = []
    for file in sorted(LINES.glob("*.toml")):
        for label, templates in tomllib.loads(file.read_text(encoding="utf-8")).items():
            lines += [
                NoiseLine(Label(label), file.stem, template, zlib.crc32(template.encode()) % FOLDS)
                for template in templates
            ]
    return tuple(lines)


def filled(template: str, rng: random.Random, titles: Sequence[str] = _TITLES) -> str:
    """A template with its placeholders filled in."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name == "title":
            return rng.choice(titles)
        if name == "n":
            return str(rng.choice((2, 3, 5, 8, 12, 27, 140, 2023)))
        return rng.choice(_FILLERS[name])

    return re.sub(r"\{(\w+)\}", value, template)


def text_views(example: Example, fold: int, titles: Sequence[str]) -> list[Example]:
    """The plain-text views of one page of markup, the same on every run."""
    rng = random.Random(example.key)
    everything = np.arange(len(example.article))
    if not len(everything):
        return []
    return [without_markup(example, everything), _leaky(example, fold, titles, rng)]


def _leaky(example: Example, fold: int, titles: Sequence[str], rng: random.Random) -> Example:
    kept = _leaked(example, rng) if rng.random() > _NO_NOISE else _body_and_head(example)
    lines = without_markup(example, np.array(kept, np.intp))
    return (
        _inject(lines, fold, example.segmentation.metadata.language or "en", titles, rng)
        if rng.random() > _NO_NOISE
        else lines
    )


def _body_and_head(example: Example) -> list[int]:
    head = {KIND_LABELS.index(Label.TITLE), KIND_LABELS.index(Label.BYLINE)}
    body = np.flatnonzero(example.article)
    first = int(body[0]) if len(body) else 0
    near = [number for number in range(max(0, first - 12), first) if int(example.kinds[number]) in head]
    return near + body.tolist()


def _leaked(example: Example, rng: random.Random) -> list[int]:
    """The article with part of the noise inside it and of what stands right before and behind it."""
    kept = _body_and_head(example)
    body = np.flatnonzero(example.article)
    if not len(body):
        return list(range(min(len(example.article), 40)))
    first, last = int(body[0]), int(body[-1])
    inside = [n for n in range(first, last) if not example.article[n] and rng.random() < _INSIDE]
    before = list(range(max(0, first - rng.choice((0, 0, 1, 2, 4))), first))
    behind = list(range(last + 1, min(len(example.article), last + 1 + rng.choice((0, 0, 1, 3, 6, 12)))))
    return sorted({*kept, *inside, *before, *behind})


def _inject(lines: Example, fold: int, language: str, titles: Sequence[str], rng: random.Random) -> Example:
    pool = [line for line in noise_lines() if line.fold == fold and line.language == language]
    if not pool:
        return lines
    count = 1 + int(rng.expovariate(1.0) * (1 + _INJECTED_PER_LINE * len(lines.article)))
    body = np.flatnonzero(lines.article)
    last = int(body[-1]) + 1 if len(body) else len(lines.article)
    insertions: list[tuple[int, str, Label]] = []
    by_label: dict[Label, list[NoiseLine]] = {}
    for line in pool:
        by_label.setdefault(line.label, []).append(line)
    labels = sorted(by_label)
    for _ in range(min(count, 40)):
        label = rng.choice(labels)
        template = rng.choice(by_label[label]).template
        place = rng.randint(last, len(lines.article)) if label in _AT_END else rng.randint(0, last)
        if label is Label.BYLINE:
            place = min(place, rng.randint(0, 2))
        insertions.append((place, filled(template, rng, titles or _TITLES), label))
    return _with_lines(lines, sorted(insertions, key=lambda item: item[0]))


def _with_lines(lines: Example, insertions: list[tuple[int, str, Label]]) -> Example:
    places = np.array([place for place, _, _ in insertions])
    added = [Block(text, Position(1, 1)) for _, text, _ in insertions]
    blocks = list(lines.segmentation.blocks)
    for offset, (place, block) in enumerate(zip(places.tolist(), added, strict=True)):
        blocks.insert(place + offset, block)
    numbered = tuple(replace(block, position=Position(line, 1)) for line, block in enumerate(blocks, 1))
    kinds = np.array([KIND_LABELS.index(label) for _, _, label in insertions], np.int8)
    known = np.insert(lines.weight > 0, places, True)
    return Example(
        lines.key, lines.site, "text", Segmentation(numbered), np.insert(lines.article, places, 0.0).astype(np.float32),
        (block_weights(numbered) * known).astype(np.float32), np.insert(lines.kinds, places, kinds),
    )  # fmt: skip
