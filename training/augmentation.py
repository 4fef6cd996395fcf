"""More kinds of site than the corpora show: copies of training pages with markup taken away or noise put in.

Index pages teach that teasers are content and forums that posts are, so a model keeps both on article pages. The
copies show what decides:

    degraded   the page without what its author called things
    crowded    a list of teasers or a thread of another site beside or inside the article, as noise
    commented  a comment section behind the article, as noise (`training.comment_sections`)
    trailed    boilerplate prose behind the article, as noise (`training.trailers`)
    prompted   prompts of our own between the article's paragraphs, as noise
    bare       a piece of an article alone: the corpora have full pages only

Noise goes into pages of prose alone: on an index page a list of teasers is the content, and behind a forum's posts more
posts are.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from model.types import KIND_LABELS, Block, Element, Label, Position, Segmentation
from training.comment_sections import commented, spoken_texts
from training.examples import NO_KIND, Example, block_weights
from training.own_lines import OwnLine, noise_lines
from training.trailers import Trailer, trailed, trailers

DEGRADED_SHARE = 0.25
CROWDED_SHARE = 0.25
COMMENTED_SHARE = 0.35
PROMPTED_SHARE = 0.3
BARE_SHARE = 0.1
TRAILED_SHARE = 0.25
_PLAIN_TRAILED_SHARE = 0.4
"""Share of the trailed copies that lose all names, too."""

_PROSE_TYPES = frozenset({"article", "documentation", "service", None})
"""Pages on which a list of teasers is noise; on an index page it would be the content."""

_NO_PROMPTS = frozenset({Label.BYLINE, Label.TITLE, Label.COMMENT, Label.OTHER})
"""Kinds of our own lines that an article may have, too."""

_MOST_PROMPTS = 6
_COMMENTED_TYPES = frozenset({"article", None})
_PROSE_WORDS = 15
_PROSE_SHARE = 0.5
"""Share of an article's words in blocks that long from which it reads as prose: only then is a thread behind it
noise."""

_BARE_BLOCKS = 25
_SEMANTIC = frozenset({"article", "main", "nav", "aside", "footer", "header", "section", "figure", "figcaption"})
_MIN_BLOCKS, _MAX_BLOCKS = 4, 90
_MIN_WORDS, _MAX_WORDS = 25, 1_800
_ITEM_TAGS = frozenset({"li", "div", "article", "section", "tr", "td", "a", "dl", "dd"})
"""What a list's items are: paragraphs in a row are another article, not a list."""

_CONTAINER_SHARE = 0.8
_MAX_DONORS = 3


def augmented(pages: Sequence[Example], fold_of: Mapping[str, int]) -> list[Example]:
    """The added copies; the same on every run. A copy has its page's key and site, so it stays in its fold.

    fold_of  the fold of each site: a copy is given only prompts and boilerplate of its own fold, which the linear
             models that score it have not seen either
    """
    donors = [(page.site, donor) for page in pages for donor in donor_runs(page)]
    speakers = spoken_texts(pages)
    boilerplate = trailers(pages, fold_of)
    prompts = [line for line in noise_lines() if line.label not in _NO_PROMPTS]
    copies = []
    for page in pages:
        rng = random.Random("augment " + page.key)
        if rng.random() < DEGRADED_SHARE:
            copies.append(degraded(page))
        if donors and page.page_type in _PROSE_TYPES and page.article.any() and rng.random() < CROWDED_SHARE:
            site, donor = rng.choice(donors)
            if site != page.site:
                copies.append(crowded(page, donor, rng))
        if speakers and page.page_type in _COMMENTED_TYPES and _is_prose(page) and rng.random() < COMMENTED_SHARE:
            site, texts = rng.choice(speakers)
            if site != page.site:
                holder, place = _article_end(page)
                copies.append(commented(page, holder, place, texts, rng))
        if page.page_type in _PROSE_TYPES and _is_prose(page) and rng.random() < PROMPTED_SHARE:
            copies.append(prompted(page, [line for line in prompts if line.fold == fold_of[page.site]], rng))
        if page.article.any() and rng.random() < BARE_SHARE:
            copies.append(bare(page, rng))
        copies += _trailed_copies(page, boilerplate.get(fold_of[page.site], ()), rng)
    return copies


def _trailed_copies(page: Example, boilerplate: Sequence[Trailer], rng: random.Random) -> list[Example]:
    """One copy with boilerplate of other sites for a share of the articles, none for other pages."""
    if page.page_type not in _COMMENTED_TYPES or not _is_prose(page) or rng.random() >= TRAILED_SHARE:
        return []
    usable = [trailer for trailer in boilerplate if trailer.site != page.site]
    if not usable:
        return []
    copy = trailed(page, *_article_end(page), usable, rng)
    return [degraded(copy) if rng.random() < _PLAIN_TRAILED_SHARE else copy]


def prompted(page: Example, prompts: Sequence[OwnLine], rng: random.Random) -> Example:
    """The page with prompts of our own between the paragraphs of its article, in elements like theirs."""
    segmentation = page.segmentation
    body = np.flatnonzero(page.article).tolist()
    places = sorted(rng.sample(body, min(len(body), rng.randint(1, _MOST_PROMPTS))))
    language = rng.choice(sorted({line.language for line in prompts})) if rng.random() < 0.5 else "en"
    usable = [line for line in prompts if line.language == language] or prompts
    elements, blocks = list(segmentation.elements), list(segmentation.blocks)
    kinds = []
    for offset, place in enumerate(places):
        line = rng.choice(usable)
        beside = segmentation.elements[segmentation.blocks[place].element]
        tag = rng.choice((beside.tag, "p", "div"))
        names = rng.choice((beside.names, (), ()))
        elements.append(Element(max(beside.parent, 0), tag, names))
        text = line.text(rng)
        links = rng.choice((0, 0, len(text), len(text) // 2))
        blocks.insert(place + offset, Block(text, Position(1, 1), len(elements) - 1, links, int(links > 0)))
        kinds.append(KIND_LABELS.index(line.label))
    added = np.array(places)
    weights = np.insert(page.weight, added, 0.0)
    own = added + np.arange(len(added))
    weights[own] = block_weights(tuple(blocks))[own]
    return replace(
        page,
        segmentation=replace(segmentation, blocks=tuple(blocks), elements=tuple(elements)),
        article=np.insert(page.article, added, 0.0).astype(np.float32),
        weight=weights.astype(np.float32),
        kinds=np.insert(page.kinds, added, kinds).astype(np.int8),
    )


def bare(page: Example, rng: random.Random) -> Example:
    """A run of the page's article blocks and nothing else."""
    body = np.flatnonzero(page.article)
    size = rng.randint(1, min(_BARE_BLOCKS, len(body)))
    start = rng.randint(0, len(body) - size)
    rows = body[start : start + size]
    blocks = tuple(page.segmentation.blocks[row] for row in rows.tolist())
    return replace(
        page,
        segmentation=replace(page.segmentation, blocks=blocks),
        article=page.article[rows],
        weight=block_weights(blocks) * (page.weight[rows] > 0),
        kinds=page.kinds[rows],
    )


def degraded(page: Example) -> Example:
    """The page without classes, ids and semantic tags, as old sites and many generators write them."""
    elements = tuple(
        Element(element.parent, "div" if element.tag in _SEMANTIC else element.tag, ())
        for element in page.segmentation.elements
    )
    return replace(page, segmentation=replace(page.segmentation, elements=elements))


def donor_runs(page: Example) -> list[Segmentation]:
    """Lists of several blocks that stand in one element: what a sidebar or a "more stories" box is made of."""
    segmentation = page.segmentation
    spans = _spans(segmentation)
    runs = []
    for number, (first, last) in sorted(spans.items(), key=lambda item: item[1][0] - item[1][1]):
        blocks = segmentation.blocks[first:last]
        size = sum(len(block.text.split()) for block in blocks)
        if (
            _MIN_BLOCKS <= len(blocks) <= _MAX_BLOCKS
            and _MIN_WORDS <= size <= _MAX_WORDS
            and _is_list(segmentation, number)
        ):
            runs.append(_subtree(segmentation, number, first, last))
        if len(runs) == _MAX_DONORS:
            break
    return runs


def crowded(page: Example, donor: Segmentation, rng: random.Random) -> Example:
    """The page with a donor's blocks, as noise, inside or right behind the element that holds the article."""
    segmentation = page.segmentation
    holder, place = _article_end(page)
    above = holder if rng.random() < 0.5 else max(segmentation.elements[holder].parent, 0)
    offset = len(segmentation.elements)
    elements = segmentation.elements + tuple(
        replace(element, parent=above if element.parent < 0 else element.parent + offset) for element in donor.elements
    )
    added = tuple(replace(block, element=block.element + offset) for block in donor.blocks)
    blocks = segmentation.blocks[:place] + added + segmentation.blocks[place:]
    places = np.full(len(added), place)
    return replace(
        page,
        segmentation=replace(segmentation, blocks=blocks, elements=elements),
        article=np.insert(page.article, places, 0.0).astype(np.float32),
        weight=np.insert(page.weight, places, block_weights(blocks)[place : place + len(added)]),
        kinds=np.insert(page.kinds, places, NO_KIND).astype(np.int8),
    )


def _is_prose(page: Example) -> bool:
    words = np.array([len(block.text.split()) for block in page.segmentation.blocks]) * page.article
    return bool(words.sum() > 0 and words[words >= _PROSE_WORDS].sum() >= _PROSE_SHARE * words.sum())


def _article_end(page: Example) -> tuple[int, int]:
    """The innermost element that holds the article, and one past its last block."""
    spans = _spans(page.segmentation)
    words = np.array([len(block.text.split()) for block in page.segmentation.blocks]) * page.article
    holder = max(
        number for number, (first, last) in spans.items() if words[first:last].sum() >= _CONTAINER_SHARE * words.sum()
    )
    return holder, spans[holder][1]


def _spans(segmentation: Segmentation) -> dict[int, tuple[int, int]]:
    """First block inside each element and one past the last."""
    spans: dict[int, tuple[int, int]] = {}
    for number, block in enumerate(segmentation.blocks):
        element = block.element
        while element >= 0:
            spans[element] = (spans.get(element, (number, 0))[0], number + 1)
            element = segmentation.elements[element].parent
    return spans


def _is_list(segmentation: Segmentation, number: int) -> bool:
    """Whether an element has several children that look alike: same tag and names."""
    shapes = [(e.tag, e.names) for e in segmentation.elements if e.parent == number and e.tag in _ITEM_TAGS]
    return len(shapes) >= 3 and max(map(shapes.count, shapes)) >= 3


def _subtree(segmentation: Segmentation, root: int, first: int, last: int) -> Segmentation:
    numbers = {root: 0}
    elements = [replace(segmentation.elements[root], parent=-1)]
    blocks: list[Block] = []
    for number in range(root + 1, len(segmentation.elements)):
        element = segmentation.elements[number]
        if element.parent in numbers:
            numbers[number] = len(elements)
            elements.append(replace(element, parent=numbers[element.parent]))
    for block in segmentation.blocks[first:last]:
        blocks.append(replace(block, element=numbers[block.element]))
    return Segmentation(tuple(blocks), tuple(elements))
