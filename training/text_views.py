"""Pages as plain text: what scrapers leave of a labelled page, line by line.

Nobody publishes scraped text with its noise marked, so it is made. Of each labelled page come a whole-page rendering
and leaky extractions: the article, some of the noise around and inside it, and prompts of our own collection between
the paragraphs, where real pages have them. Title and byline are labelled as such. Languages of which the corpora have
no pages get small documents of our own lines.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from model.classifier import KIND_LABELS
from model.types import Block, Label, Position, Segmentation
from training.examples import NO_KIND, Example, block_weights, without_markup
from training.own_lines import FOLDS, OwnLine, body_lines, is_heading, local_words, noise_lines

LEAKY_VIEWS = 2
WHOLE_WEIGHT = 0.3
"""Weight of a whole-page rendering: text that another scraper extracted is our main input."""

_INJECTED_WEIGHT = 3.0
"""Injected lines are the ones people complain about, and there are few of them on a page."""

_NO_NOISE = 0.2
"""Share of leaky extractions that leak nothing: such a text must come through whole."""

_INSIDE, _INJECTED_PER_LINE = 0.2, 0.15
_MAX_INJECTED = 40
_AT_END = frozenset({Label.COMMENT_FORM, Label.COMMENT, Label.LEGAL})
_ON_TOP, _MAX_ON_TOP = 0.4, 4
_TOP_LABELS = frozenset({Label.NAVIGATION, Label.SHARE, Label.CONSENT, Label.OTHER, Label.ADVERT, Label.NOTICE})
_HEAD_REACH = 12
_OFTEN = {Label.RELATED: 4, Label.PROMO: 3, Label.NOTICE: 2, Label.SHARE: 2, Label.ADVERT: 2}
"""How much oftener than other kinds these interrupt an article."""

_DOCUMENTS_PER_FOLD = 8
_MOST_LINES = 30
_WITH_TITLE = 0.8
_TITLE, _BYLINE = KIND_LABELS.index(Label.TITLE), KIND_LABELS.index(Label.BYLINE)
HEAD_KINDS = frozenset({_TITLE, _BYLINE})


_DONATED = 0.6
_MAX_DONATED, _MAX_RUN = 3, 8
_DONATED_LABELS = frozenset(
    {
        Label.COMMENT,
        Label.COMMENT_FORM,
        Label.RELATED,
        Label.PROMO,
        Label.SHARE,
        Label.NOTICE,
        Label.LEGAL,
        Label.CONSENT,
    }
)
_LOCAL = "en"


@dataclass(frozen=True, slots=True)
class Donor:
    """A run of lines of one kind from a page, to be set into a text of another site."""

    site: str
    texts: tuple[str, ...]
    label: Label


@dataclass(frozen=True, slots=True)
class Supply:
    """What a page's views are filled with: other pages' titles and noise of the same fold and language."""

    titles: tuple[str, ...] = ()
    donors: tuple[Donor, ...] = ()


def supplies(pages: Sequence[Example], folds: Sequence[int]) -> dict[tuple[int, str], Supply]:
    """Titles and donors of the pages by fold and language: a model must not meet a line that it learnt."""
    titles: dict[tuple[int, str], list[str]] = {}
    donors: dict[tuple[int, str], list[Donor]] = {}
    for page, fold in zip(pages, folds, strict=True):
        key = (fold, language_of(page))
        title = page.segmentation.metadata.title or ""
        if 20 < len(title) < 110:
            titles.setdefault(key, []).append(title)
        donors.setdefault(key, []).extend(_donors(page))
    return {key: Supply(tuple(titles.get(key, ())), tuple(found)) for key, found in donors.items()}


def language_of(page: Example) -> str:
    """The language a page says it is in, English where it says nothing."""
    return (page.segmentation.metadata.language or _LOCAL).lower().split("-")[0]


def _donors(page: Example) -> list[Donor]:
    donors = []
    kinds = np.where(page.article == 0, page.kinds, NO_KIND).tolist()
    start = 0
    for kind, run in groupby(kinds):
        stop = start + len(list(run))
        if kind != NO_KIND and KIND_LABELS[kind] in _DONATED_LABELS:
            texts = tuple(block.text for block in page.segmentation.blocks[start : min(stop, start + _MAX_RUN)])
            donors.append(Donor(page.site, texts, KIND_LABELS[kind]))
        start = stop
    return donors


@dataclass(frozen=True, slots=True)
class View:
    """A plain-text example and the fold of the page or lines it was made of."""

    example: Example
    fold: int


def text_views(example: Example, fold: int, supply: Supply) -> list[View]:
    """The plain-text views of one page of markup, the same on every run. The titles fill "Read more: ..." lines."""
    rng = random.Random(example.key)
    everything = np.arange(len(example.article))
    if not len(everything):
        return []
    example = _with_head(example)
    whole = without_markup(example, everything)
    whole = replace(whole, weight=whole.weight * np.float32(WHOLE_WEIGHT))
    leaky = [_leaky(example, fold, supply, rng) for _ in range(LEAKY_VIEWS)]
    return [View(view, fold) for view in (whole, *leaky) if len(view.article)]


def _with_head(example: Example) -> Example:
    """Plain text has no markup to find title and byline by: there they pass as article, and are named afterwards."""
    article = example.article.copy()
    article[head_of(example)] = 1.0
    return replace(example, article=article)


def head_of(example: Example) -> list[int]:
    """The blocks shortly above the article that are its title and byline."""
    body = np.flatnonzero(example.article)
    first = int(body[0]) if len(body) else 0
    near = range(max(0, first - _HEAD_REACH), first)
    return [number for number in near if int(example.kinds[number]) in HEAD_KINDS]


def own_documents() -> list[View]:
    """Small articles of our own lines, for every language we wrote prose in and every fold."""
    views = []
    for language in sorted({line.language for line in body_lines()}):
        for fold in range(FOLDS):
            prose = [line for line in body_lines() if line.language == language and line.fold == fold]
            for number in range(_DOCUMENTS_PER_FOLD if prose else 0):
                rng = random.Random(f"{language} {fold} {number}")
                views.append(View(_own_document(prose, language, fold, rng), fold))
    return views


def _own_document(prose: list[OwnLine], language: str, fold: int, rng: random.Random) -> Example:
    headings = [line for line in prose if is_heading(line)]
    prose = [line for line in prose if not is_heading(line)]
    lines = rng.sample(prose, rng.randint(min(3, len(prose)), min(len(prose), _MOST_LINES)))
    for heading in rng.sample(headings, rng.randint(0, len(headings))):
        lines.insert(rng.randint(min(1, len(lines) - 1), len(lines) - 1), heading)
    texts = [line.text(rng) for line in lines]
    kinds = [NO_KIND] * len(texts)
    if rng.random() < _WITH_TITLE:
        texts.insert(0, rng.choice(local_words()[language].titles))
        kinds.insert(0, _TITLE)
    blocks = tuple(Block(text, Position(number, 1)) for number, text in enumerate(texts, 1))
    page = Example(
        f"own/{language}", f"own/{language}", "text", Segmentation(blocks), np.ones(len(blocks), np.float32),
        block_weights(blocks), np.array(kinds, np.int8),
    )  # fmt: skip
    return page if rng.random() < _NO_NOISE else _inject(page, fold, language, Supply(), rng)


def _leaky(example: Example, fold: int, supply: Supply, rng: random.Random) -> Example:
    kept = _leaked(example, rng) if rng.random() > _NO_NOISE else np.flatnonzero(example.article).tolist()
    lines = without_markup(example, np.array(kept, np.intp))
    if rng.random() <= _NO_NOISE:
        return lines
    return _inject(lines, fold, language_of(example), supply, rng)


def _leaked(example: Example, rng: random.Random) -> list[int]:
    """The article with part of the noise inside it and of what stands right before and behind it."""
    body = np.flatnonzero(example.article)
    if not len(body):
        return list(range(min(len(example.article), 40)))
    first, last = int(body[0]), int(body[-1])
    inside = [n for n in range(first, last) if not example.article[n] and rng.random() < _INSIDE]
    before = list(range(max(0, first - rng.choice((0, 0, 1, 2, 4))), first))
    behind = list(range(last + 1, min(len(example.article), last + 1 + rng.choice((0, 0, 1, 3, 6, 12)))))
    return sorted({*body.tolist(), *inside, *before, *behind})


def _inject(lines: Example, fold: int, language: str, supply: Supply, rng: random.Random) -> Example:
    by_label: dict[Label, list[OwnLine]] = {}
    for line in noise_lines():
        if line.fold == fold and line.language == language:
            by_label.setdefault(line.label, []).append(line)
    if not by_label:
        return lines
    count = 1 + int(rng.expovariate(1.0) * (1 + _INJECTED_PER_LINE * len(lines.article)))
    body = np.flatnonzero(lines.article)
    first = int(body[0]) if len(body) else 0
    last = int(body[-1]) + 1 if len(body) else len(lines.article)
    insertions: list[tuple[int, str, Label]] = []
    labels = sorted(by_label)
    often = [_OFTEN.get(label, 1) for label in labels]
    for label in rng.choices(labels, often, k=min(count, _MAX_INJECTED)):
        if label in _AT_END:
            place = rng.randint(last, len(lines.article))
        elif label is Label.BYLINE:
            place = min(first + 1, last)
        else:
            place = rng.randint(0, last)
        insertions.append((place, rng.choice(by_label[label]).text(rng, supply.titles), label))
    on_top = sorted(_TOP_LABELS & set(by_label))
    for _ in range(rng.randint(1, _MAX_ON_TOP) if on_top and rng.random() < _ON_TOP else 0):
        label = rng.choice(on_top)
        insertions.append((0, rng.choice(by_label[label]).text(rng, supply.titles), label))
    insertions += _donated(supply, lines, first, last, rng)
    return _with_lines(lines, sorted(insertions, key=lambda item: item[0]))


def _donated(supply: Supply, lines: Example, first: int, last: int, rng: random.Random) -> list[tuple[int, str, Label]]:
    """Whole runs of another site's noise: a thread of comments below, a list of links or a promotion in between."""
    if not supply.donors or rng.random() > _DONATED:
        return []
    insertions = []
    for donor in rng.choices(supply.donors, k=rng.randint(1, _MAX_DONATED)):
        if donor.site != lines.site:
            place = rng.randint(last, len(lines.article)) if donor.label in _AT_END else rng.randint(first, last)
            insertions += [(place, text, donor.label) for text in donor.texts]
    return insertions


def _with_lines(lines: Example, insertions: list[tuple[int, str, Label]]) -> Example:
    places = np.array([place for place, _, _ in insertions])
    blocks = list(lines.segmentation.blocks)
    for offset, (place, text, _) in enumerate(insertions):
        blocks.insert(place + offset, Block(text, Position(1, 1)))
    numbered = tuple(replace(block, position=Position(line, 1)) for line, block in enumerate(blocks, 1))
    kinds = np.array([KIND_LABELS.index(label) for _, _, label in insertions], np.int8)
    factor = np.insert((lines.weight > 0).astype(np.float32), places, _INJECTED_WEIGHT)
    article = np.insert(lines.article, places, kinds == _BYLINE).astype(np.float32)
    return Example(
        lines.key, lines.site, "text", Segmentation(numbered), article,
        (block_weights(numbered) * factor).astype(np.float32), np.insert(lines.kinds, places, kinds),
    )  # fmt: skip
