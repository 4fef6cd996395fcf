"""Where a page's comment sections are, and which of their blocks make one comment together.

Three ways lead there, the surest first:

    names      elements named for comments (`model.comment_names`); the ones named for a single comment part them
    a heading  "12 Comments", followed by blocks with a name and a date in a steady rhythm
    lines      plain text has nothing else: a heading, or two lines in the manner of "Ada says:" with a date

A page whose only text is in there is a forum, or the comments' own page: there they are the content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.comment_names import ASIDE, FORM, FORUM, ITEM, REPLIES, SECTION, depth_in, item_shapes, names_author, role_of
from model.comment_words import Meta, find_headings, is_control, is_form, is_heading, is_reply_button, looks_like_name, read_meta
from model.types import Block, Element, Segmentation

_ARTICLE_CHANCE = 0.5
_LEAST_ARTICLE_WORDS = 40
_LEAST_ARTICLE_SHARE = 0.05
"""What must be article outside the comments, in words and in share of all that reads like one."""

_REACH = 12
"""Blocks between a heading and the first name or date below it; the rest of a section is read until it ends."""

_MOST_LEVELS = 6
"""Elements outwards from a heading in which its comments are looked for."""

_LONGEST_COMMENT = 40
"""Blocks without a name or date after which a section is over."""

_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_OPEN_TAGS = frozenset({"html", "body", "main"})
_NOT_IN = frozenset({"nav", "aside", "button"})


@dataclass(frozen=True, slots=True)
class Grouped:
    """The blocks of one comment by their numbers, and how deep it stands in the thread, 0 at the top."""

    blocks: tuple[int, ...]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Discussion:
    """A page's comments in order, and `inside`, bool (n_blocks,): all that stands in their sections, buttons too."""

    comments: tuple[Grouped, ...]
    inside: NDArray[np.bool_]


def find_discussion(segmentation: Segmentation, article: NDArray[np.float32]) -> Discussion:
    """Find the comments of a page; `article`, float32 (n_blocks,), is each block's chance of being article."""
    blocks = segmentation.blocks
    none = Discussion((), np.zeros(len(blocks), bool))
    if not segmentation.elements:
        found = _by_lines(blocks)
    else:
        roles = [role_of(element.names) for element in segmentation.elements]
        seen = 0
        for role in set(roles):
            seen |= role
        headings = [] if seen & FORUM else find_headings([block.text for block in blocks])
        if seen & FORUM or not (seen & SECTION or headings):
            return none
        tree = _read_tree(segmentation.elements, roles)
        found = _by_names(segmentation, tree) or _by_heading(segmentation, tree, article, headings)
    if found is None or not found.comments or not _has_article_outside(blocks, article, found.inside):
        return none
    return found


def _has_article_outside(
    blocks: Sequence[Block], article: NDArray[np.float32], inside: NDArray[np.bool_]
) -> bool:
    likely = [
        (len(block.text.split()), within)
        for block, chance, within in zip(blocks, article.tolist(), inside.tolist(), strict=True)
        if chance >= _ARTICLE_CHANCE
    ]
    outside = sum(words for words, within in likely if not within)
    every = sum(words for words, _ in likely)
    return outside >= max(_LEAST_ARTICLE_WORDS, _LEAST_ARTICLE_SHARE * every)


@dataclass(frozen=True, slots=True)
class _Tree:
    """Per element, itself included: the number of the nearest section, of its comment, its depth, what it is in.

    section   the outermost section around it, -1 for none
    nearest   the role of the nearest element around it that has one of section, item, form
    item      the comment it belongs to, -1 for none
    depth     how deep that comment stands
    aside     whether it is in a list of comments made elsewhere, or in a part of the page that holds none
    """

    section: list[int]
    nearest: list[int]
    item: list[int]
    depth: list[int]
    aside: list[bool]


_NAMED = SECTION | FORM


def _read_tree(elements: Sequence[Element], roles: Sequence[int]) -> _Tree:
    roles = [
        role & ~(_NAMED | ITEM) if element.tag in _OPEN_TAGS else role
        for element, role in zip(elements, roles, strict=True)
    ]
    section: list[int] = []
    nearest: list[int] = []
    aside: list[bool] = []
    for number, (element, role) in enumerate(zip(elements, roles, strict=True)):
        above = element.parent
        around = section[above] if above >= 0 else -1
        section.append(number if around < 0 and role & SECTION else around)
        nearest.append(role if role & _NAMED else nearest[above] if above >= 0 else 0)
        inherited = above >= 0 and aside[above]
        aside.append(inherited or bool(role & ASIDE) or (element.tag in _NOT_IN and around < 0))
    item, depth = _read_items(elements, roles)
    return _Tree(section, nearest, item, depth, aside)


def _read_items(elements: Sequence[Element], roles: Sequence[int]) -> tuple[list[int], list[int]]:
    """The comment around each element and its depth.

    A comment's element holds others of such names: wrappers of its text, which belong to it, and replies, which do
    not. Replies are built like it, or stand in an element named for them. What holds several built unlike itself is
    a wrapper around all.
    """
    none: frozenset[str] = frozenset()
    shapes = [item_shapes(element.names) if role & ITEM else none for element, role in zip(elements, roles, strict=True)]
    if not any(shapes):
        return [-1] * len(elements), [0] * len(elements)
    wrappers = _wrappers(elements, shapes)
    item: list[int] = []
    depth: list[int] = []
    replies: list[int] = []
    for number, element in enumerate(elements):
        above = element.parent
        around, level, in_replies = (item[above], depth[above], replies[above]) if above >= 0 else (-1, 0, 0)
        if roles[number] & REPLIES:
            in_replies += 1
        own = shapes[number] if number not in wrappers else none
        starts = bool(own) and (around < 0 or in_replies > replies[around] or bool(own & _chain(around, elements, item, shapes)))
        if starts:
            stated = depth_in(element.names)
            level = stated if stated is not None else in_replies if around < 0 else max(in_replies, depth[around] + 1)
            around = number
        item.append(around)
        depth.append(level)
        replies.append(in_replies)
    return item, depth


def _chain(number: int, elements: Sequence[Element], item: Sequence[int], shapes: Sequence[frozenset[str]]) -> frozenset[str]:
    """The shapes of the comment that an element belongs to and of the wrappers in between."""
    return shapes[number] | shapes[item[number]] if item[number] >= 0 else shapes[number]


def _wrappers(elements: Sequence[Element], shapes: Sequence[frozenset[str]]) -> set[int]:
    """Elements named for one comment that hold several of another shape."""
    above: list[int] = []
    held: dict[int, Counter[str]] = {}
    for number, element in enumerate(elements):
        around = above[element.parent] if element.parent >= 0 else -1
        if shapes[number] and around >= 0:
            held.setdefault(around, Counter()).update(shapes[number] - shapes[around])
        above.append(number if shapes[number] else around)
    return {number for number, counts in held.items() if counts and max(counts.values()) > 1}


def _by_names(segmentation: Segmentation, tree: _Tree) -> Discussion | None:
    blocks = segmentation.blocks
    inside = np.zeros(len(blocks), bool)
    sections: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        section = tree.section[block.element]
        if section >= 0 and not tree.aside[block.element]:
            sections.setdefault(section, []).append(number)
    if not sections:
        return None
    comments: list[Grouped] = []
    pieces: list[int] = []
    for numbers in sections.values():
        of_items = [number for number in numbers if tree.item[blocks[number].element] >= 0]
        if not of_items and _holds_title(segmentation, numbers):
            continue
        if _holds_title(segmentation, of_items):
            continue
        inside[of_items if _holds_title(segmentation, numbers) else numbers] = True
        pieces += numbers
    usable = [number for number in pieces if _may_be_said(blocks[number], tree) and inside[number]]
    if any(tree.item[blocks[number].element] >= 0 for number in usable):
        comments = _by_items(segmentation, tree, usable)
    else:
        comments = _by_rhythm(segmentation, usable)
    return Discussion(tuple(comments), inside) if comments else None


def _holds_title(segmentation: Segmentation, numbers: Sequence[int]) -> bool:
    return any(segmentation.elements[segmentation.blocks[number].element].tag == "h1" for number in numbers)


def _may_be_said(block: Block, tree: _Tree) -> bool:
    """Whether a block in a section may be part of a comment: no form, no button, no heading."""
    if tree.nearest[block.element] & FORM and not tree.nearest[block.element] & ITEM:
        return False
    return not (is_control(block.text) or is_form(block.text))


def _by_items(segmentation: Segmentation, tree: _Tree, usable: Sequence[int]) -> list[Grouped]:
    """One comment for each element named for one; names and dates between them go to the one they stand by."""
    blocks = segmentation.blocks
    owners = [tree.item[blocks[number].element] for number in usable]
    first = next(place for place, owner in enumerate(owners) if owner >= 0)
    leading = any(_is_meta(segmentation, number) for number in usable[max(0, first - 3) : first])
    grouped: dict[int, list[int]] = {}
    waiting: list[int] = []
    last = -1
    for number, owner in zip(usable, owners, strict=True):
        if owner >= 0:
            grouped.setdefault(owner, []).extend([*waiting, number])
            waiting, last = [], owner
        elif _is_meta(segmentation, number):
            if leading:
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


def _by_rhythm(segmentation: Segmentation, usable: Sequence[int]) -> list[Grouped]:
    """Comments parted by the names and dates between them; without any, each block is one."""
    blocks = segmentation.blocks
    said = [number for number in usable if not is_heading(blocks[number].text)]
    heads = _heads(blocks, said)
    if heads:
        return _parted(said, heads)
    return [Grouped((number,)) for number in said]


def _heads(blocks: Sequence[Block], numbers: Sequence[int]) -> dict[int, Meta]:
    """Which of these blocks say who and when; a name alone counts where a date comes right after it."""
    heads: dict[int, Meta] = {}
    for place, number in enumerate(numbers):
        meta = read_meta(blocks[number].text)
        if meta is None:
            continue
        before = numbers[place - 1] if place else -1
        if meta.author is None and before >= 0 and before not in heads and looks_like_name(blocks[before].text):
            heads[before] = Meta(blocks[before].text)
        heads[number] = meta
    return heads


def _parted(numbers: Sequence[int], heads: dict[int, Meta]) -> list[Grouped]:
    """Part a run of blocks where who and when stand: before each comment, or behind each."""
    leading = numbers[0] in heads
    groups: list[list[int]] = [[]]
    had_text = had_head = False
    for number in numbers:
        is_head = number in heads
        if is_head if leading else not is_head:
            ends = had_text if leading else had_head
            if ends:
                groups.append([])
                had_text = had_head = False
        had_head = had_head or is_head
        had_text = had_text or not is_head or bool(heads[number].rest)
        groups[-1].append(number)
    if not leading and not had_head:
        groups.pop()  # what stands behind the last signature was said by nobody
    return [Grouped(tuple(group)) for group in groups if group]


def _by_heading(
    segmentation: Segmentation, tree: _Tree, article: NDArray[np.float32], headings: Sequence[int]
) -> Discussion | None:
    """The comments below the page's last heading that announces some."""
    blocks = segmentation.blocks
    for number in reversed(headings):
        block = blocks[number]
        if tree.aside[block.element] or block.link_chars > len(block.text) / 2:
            continue
        if not (article[:number] >= _ARTICLE_CHANCE).any():
            continue
        region = _below(segmentation, tree, number)
        said = [n for n in region if not is_control(blocks[n].text) and not is_heading(blocks[n].text)]
        heads = _heads(blocks, said)
        if any(head.date for head in heads.values()) or sum(head.spoken for head in heads.values()) > 1:
            inside = np.zeros(len(blocks), bool)
            inside[[number, *region]] = True
            return Discussion(tuple(_parted(said, heads)), inside)
    return None


def _below(segmentation: Segmentation, tree: _Tree, heading: int) -> list[int]:
    """The blocks below a heading that are in the nearest element around it which holds names or dates."""
    blocks, elements = segmentation.blocks, segmentation.elements
    around = blocks[heading].element
    for _ in range(_MOST_LEVELS):
        region = _until_end(segmentation, tree, heading, around)
        if any(read_meta(blocks[number].text) for number in region[:_REACH]):
            return region
        around = elements[around].parent
        if around < 0:
            break
    return []


def _until_end(segmentation: Segmentation, tree: _Tree, heading: int, around: int) -> list[int]:
    """The run of blocks below a heading inside one element, up to a form, another heading or a part that holds none."""
    blocks, elements = segmentation.blocks, segmentation.elements
    region: list[int] = []
    since = 0
    for number in range(heading + 1, len(blocks)):
        block = blocks[number]
        if is_form(block.text) or tree.aside[block.element] or not _within(elements, block.element, around):
            break
        meta = read_meta(block.text)
        if meta is None and elements[block.element].tag in _HEADING_TAGS and not looks_like_name(block.text):
            break
        since = 0 if meta else since + 1
        region.append(number)
        if since > _LONGEST_COMMENT:
            return region[:-since]
    return region


def _within(elements: Sequence[Element], element: int, around: int) -> bool:
    while element > around:
        element = elements[element].parent
    return element == around


def _by_lines(blocks: Sequence[Block]) -> Discussion | None:
    """The comments of a plain text: below a heading, or from the first of several lines that say who said it when."""
    start = _first_line(blocks)
    if start < 0:
        return None
    end = start
    while end < len(blocks) and not (is_form(blocks[end].text) and not is_control(blocks[end].text)):
        end += 1
    said = [n for n in range(start, end) if not is_control(blocks[n].text) and not is_heading(blocks[n].text)]
    heads = _heads(blocks, said)
    if not heads:
        return None
    inside = np.zeros(len(blocks), bool)
    inside[start:end] = True
    return Discussion(tuple(_parted(said, heads)), inside)


def _first_line(blocks: Sequence[Block]) -> int:
    """Where a plain text's comments start, -1 where it has none."""
    spoken: list[int] = []
    for number, block in enumerate(blocks):
        if is_heading(block.text):
            near = blocks[number + 1 : number + 1 + _REACH]
            metas = [meta for line in near if (meta := read_meta(line.text))]
            if any(meta.date or meta.spoken for meta in metas):
                return number
        meta = read_meta(block.text)
        if meta is None or meta.rest:
            continue
        near = blocks[number + 1 : number + 3]
        dated = meta.date is not None or any((m := read_meta(line.text)) and m.date for line in near)
        if (meta.author and meta.spoken and dated) or any(is_reply_button(line.text) for line in blocks[number + 1 : number + 6]):
            spoken.append(number)
            if len(spoken) > 1:
                first = spoken[0]
                named = first and not meta.author and looks_like_name(blocks[first - 1].text)
                return first - 1 if named else first
    return -1
