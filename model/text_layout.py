"""The kept lines of a plain text as one text again: paragraphs parted by a blank line, Markdown as it was written.

A line is a paragraph unless it was wrapped, so a blank line parts what is kept. But the lines of a code block, a list,
a table or a quotation in Markdown mean something together: there line ends, and the indentation of code and of
nested items, stay what they were. So do the lines of a verse, and of an address, between blank ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from model.scripts import STOPS
from model.types import CleanedBlock

_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*")
ITEM = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s")
_SIGNS = "|>"
"""What the rows of a table, and the lines of a quotation, begin with."""

_LEAST_VERSES, _LONGEST_VERSE = 3, 60
"""Lines between two blank ones, and characters of each, that are a verse unless half of them end a sentence."""

_STOPS = tuple(STOPS)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Lines that belong together, `indent` as far as the first of them; blank lines in code are the code's own."""

    indent: str
    is_code: bool = False


def lay_out(blocks: Sequence[CleanedBlock], lines: Sequence[str]) -> str:
    """The text of `blocks`, which are in page order; `lines` are those of their page.

    Sentences that came from one line stay on one line, and what stood side by side gets no space between it.
    """
    groups = _groups(lines)
    groups |= _verses(lines, groups)
    parts: list[str] = []
    line = end = 0
    for block in blocks:
        start = block.position.line
        if start == line:
            parts.append("" if block.position.column == end else " ")
        elif parts:
            parts.append(_between(lines, line - 1, start - 1, groups))
        parts.append(block.text)
        line, end = start, block.position.column + len(block.text)
    return "".join(parts)


def _between(lines: Sequence[str], first: int, second: int, groups: dict[int, _Group]) -> str:
    """Line ends, and the indentation of the second, between two kept lines with these numbers from 0."""
    group = groups.get(second)
    if group is None or groups.get(first) is not group:
        return "\n\n"
    blank = sum(not line.strip() for line in lines[first:second])
    indent = indent_of(lines[second]).removeprefix(group.indent)
    return "\n" * (1 + (blank if group.is_code else min(blank, 1))) + indent


def _groups(lines: Sequence[str]) -> dict[int, _Group]:
    """The group of each line that is in one, by the line's number from 0."""
    groups: dict[int, _Group] = {}
    ends = ends_of_code(lines)
    items: _Group | None = None
    rows, sign = _Group(""), ""
    number = 0
    while number < len(lines):
        text, indent = lines[number].strip(), indent_of(lines[number])
        last = ends.get(number, number)
        is_inner = items is not None and len(indent) > len(items.indent)
        if not text:
            sign = ""
        elif last > number or text[0] in _SIGNS:
            if last > number or text[0] != sign:
                rows = _Group(indent, is_code=last > number)
            sign = "" if last > number else text[0]
            items = items if is_inner else None
            groups |= dict.fromkeys(range(number, last + 1), items or rows)
        else:
            sign = ""
            if not is_inner:
                is_same = items is not None and items.indent == indent
                items = None if not ITEM.match(text) else items if is_same else _Group(indent)
            if items is not None:
                groups[number] = items
        number = last + 1
    return groups


def _verses(lines: Sequence[str], groups: dict[int, _Group]) -> dict[int, _Group]:
    """The group of each line of a verse, where blank lines part what the text says; no line of `groups` is in one."""
    blanks = [-1, *(number for number, line in enumerate(lines) if not line.strip()), len(lines)]
    runs = [range(before + 1, after) for before, after in pairwise(blanks) if after > before + 1]
    found: dict[int, _Group] = {}
    for run in runs if len(runs) > 1 else ():
        said = [lines[number].strip() for number in run]
        is_short = len(run) >= _LEAST_VERSES and max(map(len, said)) <= _LONGEST_VERSE
        if is_short and groups.keys().isdisjoint(run) and 2 * sum(text.endswith(_STOPS) for text in said) < len(run):
            found |= dict.fromkeys(run, _Group(indent_of(lines[run[0]])))
    return found


def ends_of_code(lines: Sequence[str]) -> dict[int, int]:
    """The last line of each code block between fences by its first, both from 0; an unclosed fence opens none."""
    ends: dict[int, int] = {}
    opened, fence = -1, ""
    for number, line in enumerate(lines):
        found = _FENCE.fullmatch(line.strip())
        if found and opened < 0:
            opened, fence = number, found[1]
        elif found and found[0] == found[1] and found[0].startswith(fence):
            ends[opened] = number
            opened = -1
    return ends


def indent_of(line: str) -> str:
    """The spaces and tabs that a line begins with."""
    return line[: len(line) - len(line.lstrip(" \t"))]
