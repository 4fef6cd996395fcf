"""The kept text of a plain page as HTML: its paragraphs, and the lists, quotations, tables and code of its Markdown.

What `model.text_layout` left together on lines of its own is read line by line; a paragraph of several lines is a verse
or an address. Marks inside a line (`**bold**`, links) stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Literal, NamedTuple

from model.text_layout import ITEM, ends_of_code, indent_of
from model.types import Cleaned, CleanedBlock, Label

_DEEPEST = 12
"""Lists and quotations inside each other that are written; what is deeper is paragraphs."""

_RULE = re.compile(r"(?:[-*_]\s*){3,}")
_HEADING_SIGNS = re.compile(r"(#{1,6})\s+")
_CLOSING_SIGNS = re.compile(r"(?:^|\s)#+$")
"""Signs that end a heading's line, as those that begin it: a space parts them from it, which "Learn C#" has not."""

_CELL_END = re.compile(r"(?<!\\)\|")
_BELOW_HEAD = re.compile(r"[|:\-\s]+")
"""What the line below a table's head is made of, one "-" at least."""

_LINE_END, _BREAK = "\n", "<br>\n"

Headings = Mapping[str, Label]
"""The texts of blocks that are titles or headings, with which of the two they are."""


def text_html(cleaned: Cleaned, shown: Sequence[CleanedBlock]) -> list[str]:
    """`cleaned.text` as lines of HTML, all escaped; `shown` are the blocks it is made of."""
    headings = {block.text: block.label for block in shown if block.label in (Label.TITLE, Label.HEADING)}
    return _written(cleaned.text.split("\n"), headings, 0)


class _Part(NamedTuple):
    """Lines that are one thing: from `start` up to, and without, `end`."""

    kind: Literal["code", "rule", "quotation", "list", "rows", "paragraph"]
    start: int
    end: int


def _written(lines: Sequence[str], headings: Headings, depth: int) -> list[str]:
    written: list[str] = []
    for kind, start, end in _parts(lines, depth):
        rows = [row.strip() for row in lines[start:end]]
        if kind == "code":
            written.append(_code(lines[start:end]))
        elif kind == "rule":
            written.append("<hr>")
        elif kind == "quotation":
            quoted = [row[1:].removeprefix(" ") for row in rows]
            written += ["<blockquote>", *_written(quoted, headings, depth + 1), "</blockquote>"]
        elif kind == "list":
            written += _list(lines[start:end], headings, depth)
        elif kind == "rows" and _is_table(rows):
            written += _table(rows)
        else:
            written.append(_paragraph(rows, headings))
    return written


def _parts(lines: Sequence[str], depth: int) -> Iterator[_Part]:
    """What the lines are, part by part; blank lines between parts belong to none."""
    ends = ends_of_code(lines)
    number = 0
    while number < len(lines):
        if not lines[number].strip():
            number += 1
            continue
        part = _part_at(lines, number, ends, depth)
        number = part.end
        yield part


def _part_at(lines: Sequence[str], start: int, ends: Mapping[int, int], depth: int) -> _Part:
    """The part that begins with a line that is not blank; `ends` are the last lines of code blocks by their first."""
    line = lines[start].strip()
    if start in ends:
        return _Part("code", start, ends[start] + 1)
    if _RULE.fullmatch(line):
        return _Part("rule", start, start + 1)
    if line[0] == ">" and depth < _DEEPEST:
        return _Part("quotation", start, _end_of(lines, start, ">"))
    if ITEM.match(line) and depth < _DEEPEST:
        return _Part("list", start, _end_of_list(lines, start))
    if line[0] == "|":
        return _Part("rows", start, _end_of(lines, start, "|"))
    end = start + 1
    while end < len(lines) and end not in ends and not _begins(lines[end].strip(), depth):
        end += 1
    return _Part("paragraph", start, end)


def _begins(line: str, depth: int) -> bool:
    """Whether a line ends the paragraph before it: a blank one, or the first of something else."""
    return not line or (depth < _DEEPEST and (line[0] in ">|" or ITEM.match(line) is not None))


def _end_of(lines: Sequence[str], number: int, sign: str) -> int:
    """The number behind the last of the lines from here on that begin with a sign."""
    while number < len(lines) and lines[number].lstrip().startswith(sign):
        number += 1
    return number


def _end_of_list(lines: Sequence[str], start: int) -> int:
    """The number behind the last line of the list that starts here; what is indented more is inside its items."""
    indent, ordered = len(indent_of(lines[start])), lines[start].lstrip()[0].isdigit()
    end = number = start + 1
    while number < len(lines):
        line = lines[number].strip()
        if line:
            is_item = len(indent_of(lines[number])) == indent and ITEM.match(line) and line[0].isdigit() == ordered
            if not is_item and len(indent_of(lines[number])) <= indent:
                break
            end = number + 1
        number += 1
    return end


def _list(lines: Sequence[str], headings: Headings, depth: int) -> list[str]:
    indent = len(indent_of(lines[0]))
    starts = [n for n, line in enumerate(lines) if line.strip() and len(indent_of(line)) <= indent]
    first = lines[0].strip()
    tag = "ol" if first[0].isdigit() else "ul"
    expected = _number(first)
    written = [f"<{tag}>" if expected == 1 else f'<{tag} start="{expected}">']
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        line = lines[start].strip()
        value = "" if _number(line) == expected else f' value="{_number(line)}"'
        expected = _number(line) + (tag == "ol")
        inside = _written(
            [ITEM.sub("", line, count=1).strip(), *_dedented(lines[start + 1 : end])], headings, depth + 1
        )
        if len(inside) == 1 and inside[0].startswith("<p>"):
            inside[0] = inside[0].removeprefix("<p>").removesuffix("</p>")
        written += [f"<li{value}>{inside[0]}</li>"] if len(inside) == 1 else [f"<li{value}>", *inside, "</li>"]
    return [*written, f"</{tag}>"]


def _number(item: str) -> int:
    """What an ordered list's item is numbered; 1 for others."""
    return int(re.split(r"[.)]", item, maxsplit=1)[0]) if item[0].isdigit() else 1


def _dedented(lines: Sequence[str]) -> list[str]:
    least = min((len(indent_of(line)) for line in lines if line.strip()), default=0)
    return [line[least:] for line in lines]


def _code(lines: Sequence[str]) -> str:
    """A code block, without its fences and as far to the left as they stand."""
    inside = (line.removeprefix(indent_of(lines[0])) for line in lines[1:-1])
    return f"<pre>{escape(_LINE_END.join(inside))}</pre>"


def _is_table(rows: Sequence[str]) -> bool:
    return len(rows) > 1 and "-" in rows[1] and _BELOW_HEAD.fullmatch(rows[1]) is not None


def _table(rows: Sequence[str]) -> list[str]:
    written = ["<table>"]
    for number, row in enumerate(rows):
        if number != 1:
            cells = _CELL_END.split(row.removeprefix("|"))
            cells = [cell.strip().replace("\\|", "|") for cell in (cells if cells[-1].strip() else cells[:-1])]
            tag = "td" if number else "th"
            written.append(f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>")
    return [*written, "</table>"]


def _paragraph(lines: Sequence[str], headings: Headings) -> str:
    label = headings.get(lines[0]) if len(lines) == 1 else None
    if label is None:
        return f"<p>{escape(_LINE_END.join(lines)).replace(_LINE_END, _BREAK)}</p>"
    signs = _HEADING_SIGNS.match(lines[0])
    level = 1 if label is Label.TITLE else len(signs[1]) if signs else 2
    text = _CLOSING_SIGNS.sub("", lines[0][signs.end() :]).rstrip() if signs else lines[0]
    return f"<h{level}>{escape(text)}</h{level}>"
