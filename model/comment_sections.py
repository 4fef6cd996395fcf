"""Where a page's comment sections are, and which of their blocks make one comment together.

Three ways lead there, the surest first:

    names      elements named for comments (`model.comment_names`); the ones named for a single comment part them
    a heading  "12 Comments", followed by blocks with a name and a date in a steady rhythm
    lines      plain text has nothing else (`model.comment_lines`)

A page whose only text is in there is a forum, or the comments' own page: there they are the content, unless a named
section is announced by a heading as well ("12 Comments"), as below the photograph of a blog.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.comment_lines import REACH, Discussion, Grouped, Metas, find_in_lines, heads_among, part
from model.comment_names import FORM, ITEM, SECTION, names_author, role_of
from model.comment_tree import Tree, is_forum, read_tree
from model.comment_words import Meta, find_headings, is_control, is_form, is_heading, looks_like_name, read_meta
from model.markup_features import element_spans
from model.tags import HEADING_TAGS, TITLE_TAGS
from model.types import Block, Segmentation

_ARTICLE_CHANCE = 0.5


@dataclass(frozen=True, slots=True)
class _Outside:
    """What must be article outside the comments, in words and in share of all that reads like one.

    From `enough` words on the share is not asked for.
    """

    words: int
    share: float
    enough: float = np.inf


_OF_FORUMS = _Outside(40, 0.25)
"""Of 120 pages with comments in the training corpora the share was below .25 on two, Slashdot and Reddit, and above .65
on all others."""

_OF_TEXTS = _Outside(40, 0.5)
"""Nothing says whether a plain text was a forum: below half, three forums of WCXB lost two fifths of their posts, and
what is comments there is left to the trees."""

_OF_OTHERS = _Outside(12, 0.1, 100)
"""For a page that the page model takes for no forum: a note may have long comments (dragnet .915 -> .922, and five
pages of trafilatura's gain), a short article a thousand (dragnet +.001, nothing elsewhere)."""

_MOST_LEVELS = 6
"""Elements outwards from a heading in which its comments are looked for."""

_LONGEST_COMMENT = 40
"""Blocks without a name or date after which a section is over."""

_MOST_HEADINGS = 8
"""Headings that are looked below, from the end of the page: a list of articles has one for each."""

_LEAST_SECTION_WORDS = 60
"""Words that a section must hold in which nobody is named."""

_HEAD_BLOCKS = 3
"""Blocks with a name and a date that may stand before the first comment, outside its element."""


def find_discussion(
    segmentation: Segmentation, article: NDArray[np.float32], *, may_be_forum: bool = True
) -> Discussion:
    """Find the comments of a page; `article`, float32 (n_blocks,), is each block's chance of being article.

    Where the page `may_be_forum`, more of what reads like article must stand outside them; in plain text, most of it.
    """
    blocks = segmentation.blocks
    outside = _OF_FORUMS if may_be_forum else _OF_OTHERS
    none = Discussion((), np.zeros(len(blocks), bool))
    if not segmentation.elements:
        outside = _OF_TEXTS
        above = _article_begins(blocks, article)
        found = find_in_lines(blocks, above + 1) if above is not None else None
    else:
        roles = [role_of(element.names) for element in segmentation.elements]
        if is_forum(segmentation.elements, roles):
            return none
        headings = find_headings([block.text for block in blocks])
        if not headings and not any(role & SECTION for role in roles):
            return none
        tree = read_tree(segmentation.elements, roles)
        found = _by_names(segmentation, tree)
        if found is not None and found.comments and headings and _stands_below_title(segmentation, found.inside):
            return found  # named and announced, and no name calls the page a forum: however short its article is
        found = found or _by_heading(segmentation, tree, article, headings, outside.words)
    if found is None or not found.comments or not _has_article(outside, blocks, article, found.inside):
        return none
    return found


def _article_begins(blocks: Sequence[Block], article: NDArray[np.float32]) -> int | None:
    """The first block with which enough reads like article."""
    words = 0
    for number in np.flatnonzero(article >= _ARTICLE_CHANCE).tolist():
        words += len(blocks[number].text.split())
        if words >= _OF_TEXTS.words:
            return int(number)
    return None


def _likely_words(blocks: Sequence[Block], article: NDArray[np.float32]) -> NDArray[np.intp]:
    """Words that read like article up to and with each block."""
    words = [
        len(block.text.split()) if chance >= _ARTICLE_CHANCE else 0
        for block, chance in zip(blocks, article.tolist(), strict=True)
    ]
    return np.cumsum(np.array(words, np.intp))


def _has_article(
    least: _Outside, blocks: Sequence[Block], article: NDArray[np.float32], inside: NDArray[np.bool_]
) -> bool:
    """Whether enough outside the comments is article."""
    likely = [
        (len(block.text.split()), within)
        for block, chance, within in zip(blocks, article.tolist(), inside.tolist(), strict=True)
        if chance >= _ARTICLE_CHANCE
    ]
    outside = sum(words for words, within in likely if not within)
    every = sum(words for words, _ in likely)
    return outside >= min(max(least.words, least.share * every), least.enough)


def _stands_below_title(segmentation: Segmentation, inside: NDArray[np.bool_]) -> bool:
    first = int(np.argmax(inside))
    return any(segmentation.tag_of(block) in TITLE_TAGS for block in segmentation.blocks[:first])


def _by_names(segmentation: Segmentation, tree: Tree) -> Discussion | None:
    """The comments in elements named for them; None where there are none."""
    blocks = segmentation.blocks
    inside = np.zeros(len(blocks), bool)
    sections: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        owner = tree.section[block.element]
        if owner >= 0 and not tree.aside[block.element]:
            sections.setdefault(owner, []).append(number)
    if not sections:
        return None
    usable: list[int] = []
    for numbers in sections.values():
        section = numbers
        if _holds_title(segmentation, numbers):  # named around the whole page: only its single comments are sure
            section = [number for number in numbers if tree.item[blocks[number].element] >= 0]
            if not section or _holds_title(segmentation, section):
                continue
        inside[section] = True
        usable += [number for number in section if _may_be_said(blocks[number], tree)]
    has_items = any(tree.item[blocks[number].element] >= 0 for number in usable)
    comments = (_by_items if has_items else _by_rhythm)(segmentation, tree, usable)
    return Discussion(tuple(comments), inside) if comments else None


def _holds_title(segmentation: Segmentation, numbers: Sequence[int]) -> bool:
    return any(segmentation.elements[segmentation.blocks[number].element].tag == "h1" for number in numbers)


def _may_be_said(block: Block, tree: Tree) -> bool:
    """Whether a block in a section may be part of a comment: no form, no button, no heading."""
    if tree.nearest[block.element] & FORM and not tree.nearest[block.element] & ITEM:
        return False
    return not (is_control(block.text) or is_form(block.text))


def _by_items(segmentation: Segmentation, tree: Tree, usable: Sequence[int]) -> list[Grouped]:
    """One comment for each element named for one; names and dates between them go to the one they stand by."""
    blocks = segmentation.blocks
    owners = [tree.item[blocks[number].element] for number in usable]
    first = next(place for place, owner in enumerate(owners) if owner >= 0)
    before = usable[max(0, first - _HEAD_BLOCKS) : first]
    leading = any(_is_meta(segmentation, number) for number in before)
    dated = any((meta := read_meta(blocks[number].text)) and meta.date for number in before)
    grouped: dict[int, list[int]] = {}
    waiting: list[int] = []
    last = -1
    for number, owner in zip(usable, owners, strict=True):
        if owner >= 0:
            grouped.setdefault(owner, []).extend([*waiting, number])
            waiting, last = [], owner
        elif _is_meta(segmentation, number):
            meta = read_meta(blocks[number].text)
            is_date = meta is not None and meta.author is None
            if leading and (dated or not is_date):
                waiting.append(number)
            elif last >= 0:
                grouped[last].append(number)
        elif not is_heading(blocks[number].text):
            waiting = []
    shallowest = min(tree.depth[owner] for owner in grouped)
    return [Grouped(tuple(numbers), tree.depth[owner] - shallowest) for owner, numbers in grouped.items()]


def _is_meta(segmentation: Segmentation, number: int) -> bool:
    block = segmentation.blocks[number]
    names = segmentation.elements[block.element].names if block.element >= 0 else ()
    return (names_author(names) and looks_like_name(block.text)) or read_meta(block.text) is not None


def _by_rhythm(segmentation: Segmentation, tree: Tree, usable: Sequence[int]) -> list[Grouped]:
    """Comments parted by the names and dates between them; without any, each block of a section of some length is one.

    Short ones without a name or date are prompts and house rules.
    """
    blocks = segmentation.blocks
    said = [number for number in usable if not is_heading(blocks[number].text)]
    heads = heads_among(Metas(blocks), said)
    for number in said:
        names = segmentation.elements[blocks[number].element].names
        if number not in heads and looks_like_name(blocks[number].text) and names_author(names):
            heads[number] = Meta(blocks[number].text)
    if heads:
        return part(said, heads)
    words: Counter[int] = Counter()
    for number in said:
        words[tree.section[blocks[number].element]] += blocks[number].text.count(" ") + 1
    return [Grouped((n,)) for n in said if words[tree.section[blocks[n].element]] >= _LEAST_SECTION_WORDS]


def _by_heading(
    segmentation: Segmentation, tree: Tree, article: NDArray[np.float32], headings: Sequence[int], least_words: int
) -> Discussion | None:
    """The comments below the heading that has the most of them, of the last few headings that announce some."""
    blocks = segmentation.blocks
    words = _likely_words(blocks, article)
    metas = Metas(blocks)
    ends = element_spans(segmentation)[1].tolist()
    best: Discussion | None = None
    for number in headings[-_MOST_HEADINGS:]:
        block = blocks[number]
        linked = block.link_chars > len(block.text) / 2
        if linked or tree.aside[block.element] or words[number] < least_words:
            continue
        region = _below(segmentation, tree, metas, number, ends)
        said = [n for n in region if not is_control(blocks[n].text) and not is_heading(blocks[n].text)]
        heads = heads_among(metas, said)
        if any(head.date for head in heads.values()) or sum(head.spoken for head in heads.values()) > 1:
            comments = tuple(part(said, heads))
            if best is None or len(comments) > len(best.comments):
                inside = np.zeros(len(blocks), bool)
                inside[[number, *region]] = True
                best = Discussion(comments, inside)
    return best


def _below(segmentation: Segmentation, tree: Tree, metas: Metas, heading: int, ends: Sequence[int]) -> list[int]:
    """The blocks below a heading that are in the nearest element around it which holds names or dates.

    ends  one past the last block inside each element
    """
    blocks, elements = segmentation.blocks, segmentation.elements
    around = blocks[heading].element
    for _ in range(_MOST_LEVELS):
        region = _until_end(segmentation, tree, metas, heading, ends[around])
        if any(metas[number] for number in region[:REACH]):
            return region
        around = elements[around].parent
        if around < 0:
            break
    return []


def _until_end(segmentation: Segmentation, tree: Tree, metas: Metas, heading: int, end: int) -> list[int]:
    """The run of blocks from a heading to block `end`, up to a form, another heading or a part that holds none."""
    blocks, elements = segmentation.blocks, segmentation.elements
    region: list[int] = []
    since = 0
    for number in range(heading + 1, end):
        block = blocks[number]
        if is_form(block.text) or tree.aside[block.element]:
            break
        meta = metas[number]
        if meta is None and elements[block.element].tag in HEADING_TAGS and not looks_like_name(block.text):
            break
        since = 0 if meta else since + 1
        region.append(number)
        if since > _LONGEST_COMMENT:
            return region[:-since]
    return region
