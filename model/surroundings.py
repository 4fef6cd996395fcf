"""What stands around an article is less likely part of it: page footers, menus, hidden text, what follows its end.

The trees judge a block by features of its own and of its neighbours. Where the article is, as a whole, only their
chances say: once they are known, five things can be told that no single block shows. Each lowers chances and none
forbids: a page that holds nothing else may keep its text, since the cut falls with the chances.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.markup_features import block_owners, element_spans
from model.odds import less_likely
from model.types import Element, Label, Segmentation

_LANDMARK, _FOOTER_NAME, _HIDDEN, _TEASER, _TRAILER = 4.0, 2.0, 2.0, 2.0, 2.0
"""Units of log odds that blocks lose: in <footer> or <nav>, named for a footer, hidden, teasers, lines behind the end.
"""

_MOST = 0.5
"""Share of a page's article words that the article's own element holds."""

_MAIN_WORDS, _MAIN_PARAGRAPHS = 50.0, 3
"""Expected article words and likely paragraphs that it holds at least; below, nothing is known of where it ends."""

_PARAGRAPH_WORDS, _PARAGRAPH_CHANCE = 12, 0.4
_VISIBLE_WORDS, _VISIBLE_SHARE = 150.0, 0.6
"""Article words in sight, and their share, from which hidden text is the same again or no part of the article."""

_LONGEST_TRAILER = 80
"""Words of a block that ends no sentence beyond which it is a paragraph all the same."""

_LEAST_TEASERS, _LEAST_LINKS = 3, 5
"""Pairs of a linked headline and a few sentences, and bare links, that are built alike, from which they are a list."""

_LINKED, _BARE_LINK, _UNLINKED = 0.8, 0.9, 0.5
_HEADLINE_WORDS, _SHORTEST_BLURB, _LONGEST_BLURB = 25, 6, 80


@dataclass(frozen=True, slots=True)
class _Page:
    """What the rules read of a page; all are (n_blocks,), `likely` are its article words by chance."""

    segmentation: Segmentation
    prediction: Prediction
    article: NDArray[np.float32]
    words: NDArray[np.float32]
    links: NDArray[np.float32]
    likely: NDArray[np.float64]


def weigh_surroundings(
    segmentation: Segmentation, prediction: Prediction, article: NDArray[np.float32], page_type: str | None
) -> tuple[NDArray[np.float32], dict[int, str]]:
    """Chances of being article, float32 (n_blocks,), lowered for what stands around it on a page of markup, and why.

    Where the article ends, and what lists of teasers are, is asked of pages of type "article" alone. Footers and menus
    have no reason here: their tags and names are reasons already.
    """
    if not len(article):
        return article, {}
    words, links = prediction.column("words"), prediction.column("link_density")
    likely = np.multiply(article, words * (1.0 - links), dtype=np.float64)
    page = _Page(segmentation, prediction, article, words, links, likely)
    signs = {"hidden, while the article is in sight": _hidden(page)}
    main = _main(page) if page_type == "article" else None
    if main is not None:
        signs["stands behind the end of the article"] = _behind(page, main)
        signs["in a list of links beside the article"] = _teasers(page, main)
    why = {number: reason for reason, units in signs.items() for number in np.flatnonzero(units).tolist()}
    return less_likely(article, _landmarks(page) + sum(signs.values())), why


def _landmarks(page: _Page) -> NDArray[np.float64]:
    """Page footers and menus, by tag; by name unless they would hold most of the article ("topicbodyandfooter")."""
    column = page.prediction.column
    quoted = (column("anc_blockquote") > 0) | (column("anc_figure") > 0)  # whose footer names who said it
    tagged = (column("anc_footer") > 0) | (column("anc_nav") > 0)
    hints = page.prediction.features.hints
    is_legal = [hint is not None and hint.label is Label.LEGAL for hint in hints]
    named = np.array(is_legal, bool)[block_owners(page.segmentation)]
    expected = page.article * page.words
    if expected[named].sum() > _MOST * expected.sum():
        named[:] = False
    return np.where(quoted, 0.0, np.where(tagged, _LANDMARK, 0.0) + np.where(named, _FOOTER_NAME, 0.0))


def _hidden(page: _Page) -> NDArray[np.float64]:
    """Hidden text where plenty of the article is in sight. Where it is not, the page waits for a script to show it."""
    hidden = page.prediction.column("anc_hidden") > 0
    prose = page.article * page.words * (page.links < _UNLINKED)
    visible = float(prose[~hidden].sum())
    if visible < _VISIBLE_WORDS or visible < _VISIBLE_SHARE * float(prose.sum()):
        hidden = np.zeros_like(hidden)
    return np.where(hidden, _HIDDEN, 0.0)


def _main(page: _Page) -> tuple[int, int] | None:
    """First block and one past the last of the innermost element that holds the article; None where none is sure."""
    first, last = element_spans(page.segmentation)
    paragraphs = (page.article >= _PARAGRAPH_CHANCE) & (page.words >= _PARAGRAPH_WORDS)
    words, count = (np.concatenate([[0.0], np.cumsum(part)]) for part in (page.likely, paragraphs))
    inside = np.where(last > first, words[last] - words[first], 0.0)
    enough = (inside >= max(_MOST * words[-1], _MAIN_WORDS)) & (count[last] - count[first] >= _MAIN_PARAGRAPHS)
    found = np.flatnonzero(enough)  # each of them holds the next
    return (int(first[found[-1]]), int(last[found[-1]])) if len(found) else None


def _behind(page: _Page, main: tuple[int, int]) -> NDArray[np.float64]:
    """Lines behind the article's element that end no sentence: headlines, dates, labels, buttons."""
    ends = page.prediction.column("ends_sentence") > 0
    behind = np.arange(len(ends)) >= main[1]
    return np.where(behind & ~ends & (page.words < _LONGEST_TRAILER), _TRAILER, 0.0)


def _teasers(page: _Page, main: tuple[int, int]) -> NDArray[np.float64]:
    """Lists outside the article's element: of bare links, or of linked headlines with a few sentences below each."""
    index = np.arange(len(page.words))
    outside = (index < main[0]) | (index >= main[1])
    column = page.prediction.column
    alike = (column("same_markup_count") >= np.log(_LEAST_LINKS) - 1e-3) & (column("same_markup_links") > _BARE_LINK)
    found = outside & alike & (page.links > _BARE_LINK)
    headline = (page.links > _LINKED) & (page.words >= 2) & (page.words <= _HEADLINE_WORDS)
    blurb = (page.links <= _UNLINKED) & (page.words >= _SHORTEST_BLURB) & (page.words <= _LONGEST_BLURB)
    pairs: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number in (np.flatnonzero(outside[1:] & blurb[1:] & headline[:-1]) + 1).tolist():
        pairs[_shape(page.segmentation, number) + _shape(page.segmentation, number - 1)].append(number)
    for numbers in pairs.values():
        if len(numbers) >= _LEAST_TEASERS:
            found[numbers] = found[[number - 1 for number in numbers]] = True
    return np.where(found, _TEASER, 0.0)


def _shape(segmentation: Segmentation, number: int) -> tuple[object, ...]:
    element: Element = segmentation.elements[segmentation.blocks[number].element]
    return element.tag, element.names
