"""Lines of our own writing: the interface prompts of the web in 39 languages, and ordinary prose beside them.

The corpora are English and German for the most part. The noise lines (`noise_lines/LANG.toml`) bring the prompts of
other languages; the article lines (`body_lines.toml`) keep a model from taking those languages' commonest words
for noise, which it would otherwise know from prompts only.
"""

from __future__ import annotations

import random
import re
import tomllib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model.types import Label

FOLDS = 5
"""Folds of every cross-validation. A line's fold is fixed by its text: no model is tested on lines it learnt."""

_FOLDER = Path(__file__).parent
_NAMES = (
    "Anna Keller", "J. Okafor", "Maria Santos", "Tom Reed", "Li Wei", "Priya N.", "Jonas Berg", "Elif Kaya", "S. Ortiz",
    "Claire Dubois", "Marek Nowak", "Yuki Mori", "Dana White", "Omar Farouk", "Ines Costa", "Peter van Dijk",
)  # fmt: skip
_FILLERS: dict[str, tuple[str, ...]] = {
    "name": _NAMES,
    "site": ("The Daily Harbour", "example.org", "Northside News", "TechLoft", "Kitchen Notes", "The Valley Post"),
    "date": ("March 3, 2024", "12/05/2023", "2022-11-08", "7 June 2021", "Tue, 14 Jan 2025", "3.10.2023"),
    "time": ("10:42", "6:15 pm", "08:03 GMT", "23:59"),
    "n": ("2", "3", "5", "8", "12", "27", "140", "2023"),
}
_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line with its language and fold. `label` is BODY for prose; `template` may hold {placeholders}."""

    template: str
    label: Label
    language: str
    fold: int

    def text(self, rng: random.Random, titles: Sequence[str] = ()) -> str:
        """The line with its placeholders filled in."""
        return filled(self.template, self.language, rng, titles)


def filled(template: str, language: str, rng: random.Random, titles: Sequence[str] = ()) -> str:
    """A template with a value drawn for each of its {placeholders}, words in its language where we have some."""

    def value(found: re.Match[str]) -> str:
        local = local_words().get(language) or local_words()[_FALLBACK]
        match found[1]:
            case "title":
                return rng.choice(titles or local.titles)
            case "topic":
                return rng.choice(local.topics)
            case "city":
                return rng.choice(local.cities)
            case other:
                return rng.choice(_FILLERS[other])

    return re.sub(r"\{(\w+)\}", value, template)


@dataclass(frozen=True, slots=True)
class LocalWords:
    """What a language's lines are filled with, and headings for its articles."""

    titles: tuple[str, ...]
    topics: tuple[str, ...]
    cities: tuple[str, ...]
    headings: tuple[str, ...]


@cache
def local_words() -> dict[str, LocalWords]:
    """The words of each language."""
    languages = tomllib.loads((Path(__file__).parent / "local_words.toml").read_text(encoding="utf-8"))
    return {
        language: LocalWords(**{name: tuple(texts) for name, texts in words.items()})
        for language, words in languages.items()
    }


@cache
def noise_lines() -> tuple[OwnLine, ...]:
    """All prompts, and the byline patterns among them, in file order."""
    lines = []
    for file in sorted((_FOLDER / "noise_lines").glob("*.toml")):
        for label, templates in tomllib.loads(file.read_text(encoding="utf-8")).items():
            lines += [OwnLine(text, Label(label), file.stem, _fold(text)) for text in templates]
    return tuple(lines)


@cache
def body_lines() -> tuple[OwnLine, ...]:
    """All lines of prose and the headings between them, in file order."""
    languages: dict[str, list[str]] = tomllib.loads((_FOLDER / "body_lines.toml").read_text(encoding="utf-8"))
    languages = {language: [*texts, *local_words()[language].headings] for language, texts in languages.items()}
    return tuple(
        OwnLine(text.replace("{", "(").replace("}", ")"), Label.BODY, language, _fold(text))
        for language, texts in languages.items()
        for text in texts
    )


def is_heading(line: OwnLine) -> bool:
    """Whether a line of prose stands above others, not among them."""
    return line.template in local_words()[line.language].headings


def _fold(text: str) -> int:
    return zlib.crc32(text.encode()) % FOLDS
