"""What the elements of a page say of its comments: sections, single comments, their depth, forums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from model.comment_names import ASIDE, FORM, FORUM, ITEM, REPLIES, SECTION, depth_in, item_shapes
from model.types import Element

_OPEN_TAGS = frozenset({"html", "body", "main"})
"""Elements whose names describe the page, not a part of it: `<body class="comments">`."""

_NAMED = SECTION | FORM


@dataclass(frozen=True, slots=True)
class Tree:
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


def read_tree(elements: Sequence[Element], roles: Sequence[int]) -> Tree:
    """Read the elements, each with the bits that `role_of` gives its names, in one pass from the root."""
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
        aside.append(inherited or bool(role & ASIDE))
    item, depth = _read_items(elements, roles)
    return Tree(section, nearest, item, depth, aside)


def _read_items(elements: Sequence[Element], roles: Sequence[int]) -> tuple[list[int], list[int]]:
    """The comment around each element and its depth.

    A comment's element holds others of such names: wrappers of its text, which belong to it, and replies, which do
    not. Replies are built like it, or stand in an element named for them. What holds several built unlike itself is
    a wrapper around all.
    """
    none: frozenset[str] = frozenset()
    shapes = [
        item_shapes(element.names) if role & ITEM else none for element, role in zip(elements, roles, strict=True)
    ]
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
        starts = bool(own) and (around < 0 or in_replies > replies[around] or bool(own & shapes[around]))
        if starts:
            stated = depth_in(element.names)
            level = stated if stated is not None else in_replies if around < 0 else max(in_replies, depth[around] + 1)
            around = number
        item.append(around)
        depth.append(level)
        replies.append(in_replies)
    return item, depth


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


def is_forum(elements: Sequence[Element], roles: Sequence[int]) -> bool:
    """Whether the page, an element around a named section, or a section itself says that it is a forum."""
    if any(role & SECTION and element.tag == "body" for element, role in zip(elements, roles, strict=True)):
        return True  # the comments' own page
    if not any(role & FORUM for role in roles):
        return False
    around: list[int] = []
    for element, role in zip(elements, roles, strict=True):
        above = around[element.parent] if element.parent >= 0 else 0
        if role & FORUM and (element.tag in ("html", "body") or role & SECTION):
            return True
        if role & SECTION and above & FORUM:
            return True
        around.append(above | role)
    return False
