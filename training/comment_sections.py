"""Readers' comments under articles: copies of training pages with a comment section set behind the article, as noise.

The corpora have few articles with comments and many forum threads whose posts are content, so a model that is fitted on
them keeps what readers say under an article too. The copies show what decides: a thread behind an article is noise,
whatever it is built of. Words come from the comments of other training pages and from our own lines; the markup is
that of the systems that have run the web's comments since 2000, and of pages that name nothing.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path as FilePath

import numpy as np

from model.types import KIND_LABELS, Block, Element, Label, Position, Segmentation
from training.examples import Example, block_weights
from training.own_lines import filled, noise_lines

_FILE = FilePath(__file__).with_suffix(".toml")
_COMMENT = KIND_LABELS.index(Label.COMMENT)
_MIN_WORDS = 5
"""A shorter block inside a comment is a name, a date or a button."""

_MOST_PARAGRAPHS = 3
_MOST_COMMENTS = 40
_OWN_LINE_SHARE = 0.25
_PLAIN_SHARE = 0.35
"""Share of sections without any names, as old templates and generated ones have them."""

_NAMELESS_SHARE = 0.15
"""Share of sections whose comments nobody signs."""

Path = tuple[tuple[str, tuple[str, ...]], ...]
"""Elements from the outside in, each a tag with its names."""


@dataclass(frozen=True, slots=True)
class Markup:
    """How a system writes its comments.

    section  from where the article stands to what holds all comments; () puts them beside its paragraphs
    comment  from there to one comment; () when its lines are not held together
    byline, text, button   from the comment to these
    byline_last            who spoke stands under what was said
    """

    section: Path
    comment: Path
    byline: Path
    text: Path
    button: Path
    byline_last: bool


def _path(written: str) -> Path:
    """`div#comments.area p` as a path of elements."""
    path = []
    for part in written.split():
        spaced = part.replace(".", " .").replace("#", " #").replace("=", " =").split()
        path.append((spaced[0], tuple(spaced[1:])))
    return tuple(path)


@dataclass(slots=True)
class _Section:
    """A comment section that is being written: its elements and blocks; the first element is its root."""

    elements: list[Element] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def enter(self, parent: int, path: Path, plain: bool) -> int:
        """Open the elements of a path below `parent`; gives the innermost."""
        for tag, names in path:
            self.elements.append(Element(parent, tag, () if plain else names))
            parent = len(self.elements) - 1
        return parent

    def say(self, parent: int, text: str, is_link: bool = False) -> None:
        """A block of text in `parent`."""
        links = len(text) if is_link else 0
        self.blocks.append(Block(text, Position(1, 1), parent, links, int(is_link)))


def spoken_texts(pages: Sequence[Example]) -> list[tuple[str, list[str]]]:
    """What readers said on the training pages: (site, paragraphs in page order) of each page that has comments."""
    found = []
    for page in pages:
        rows = np.flatnonzero((page.kinds == _COMMENT) & (page.weight > 0) & (page.article == 0))
        texts = [page.segmentation.blocks[row].text for row in rows.tolist()]
        texts = [text for text in texts if text.count(" ") >= _MIN_WORDS]
        if texts:
            found.append((page.site, texts))
    return found


def commented(page: Example, holder: int, place: int, texts: Sequence[str], rng: random.Random) -> Example:
    """The page with a comment section as noise before block `place`, inside element `holder`."""
    section = _write_section(texts, rng)
    offset = len(page.segmentation.elements)
    elements = page.segmentation.elements + tuple(
        replace(element, parent=element.parent + offset if element.parent >= 0 else holder)
        for element in section.elements
    )
    added = tuple(
        replace(block, element=block.element + offset if block.element >= 0 else holder) for block in section.blocks
    )
    blocks = page.segmentation.blocks[:place] + added + page.segmentation.blocks[place:]
    places = np.full(len(added), place)
    weights = block_weights(blocks)
    return replace(
        page,
        segmentation=Segmentation(blocks, elements, page.segmentation.metadata),
        article=np.insert(page.article, places, 0.0).astype(np.float32),
        weight=np.insert(page.weight, places, weights[place : place + len(added)]),
        kinds=np.insert(page.kinds, places, _COMMENT).astype(np.int8),
    )


def _write_section(texts: Sequence[str], rng: random.Random) -> _Section:
    markup = rng.choice(_markup())
    plain = rng.random() < _PLAIN_SHARE
    language = rng.choice(list(_lines("bylines"))) if rng.random() < 0.5 else "en"
    byline = rng.choice(_lines("bylines")[language])
    buttons = rng.sample(_lines("buttons")[language], rng.randint(0, 2))
    signed = rng.random() >= _NAMELESS_SHARE
    section = _Section()
    outer = -1
    if rng.random() < 0.7:
        heading = _path(rng.choice(("h2", "h3", "h4", "div", "p", "h2#comments", "h3.comments-title")))
        section.say(section.enter(-1, heading, plain), filled(rng.choice(_lines("headings")[language]), language, rng))
    outer = section.enter(-1, markup.section, plain)
    for words in _comments(texts, rng):
        comment = section.enter(outer, markup.comment, plain)
        if signed and not markup.byline_last:
            section.say(section.enter(comment, markup.byline, plain), filled(byline, language, rng))
        for paragraph in words:
            section.say(section.enter(comment, markup.text, plain), paragraph)
        if signed and markup.byline_last:
            section.say(section.enter(comment, markup.byline, plain), filled(byline, language, rng))
        for button in buttons:
            section.say(section.enter(comment, markup.button, plain), filled(button, language, rng), is_link=True)
    return section


def _comments(texts: Sequence[str], rng: random.Random) -> list[list[str]]:
    """Comments of one to three paragraphs, as many as fit a short or a long section."""
    count = min(_MOST_COMMENTS, 1 + int(rng.expovariate(1 / 8)))
    own = [line for line in noise_lines() if line.label is Label.COMMENT]
    comments, place = [], rng.randrange(len(texts))
    for _ in range(count):
        if rng.random() < _OWN_LINE_SHARE:
            comments.append([rng.choice(own).text(rng)])
            continue
        size = rng.randint(1, _MOST_PARAGRAPHS)
        comments.append([texts[(place + step) % len(texts)] for step in range(size)])
        place += size
    return comments


@cache
def _lines(part: str) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))[part]
    return lines


@cache
def _markup() -> tuple[Markup, ...]:
    systems = []
    for part, rows in _lines("markup").items():
        for row in rows:
            section, comment, byline, text, button = map(_path, row.split("|"))
            systems.append(Markup(section, comment, byline, text, button, part == "signed_below"))
    return tuple(systems)
