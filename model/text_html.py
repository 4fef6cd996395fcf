"""The kept text of a plain page as HTML: its paragraphs, and the lists, quotations, tables and code of its Markdown.

What `model.text_layout` left together on lines of its own is read line by line; a paragraph of several lines is a verse
or an address. Marks inside a line (`**bold**`, links) stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

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


def text_html(cleaned: Cleaned, shown: Sequence[CleanedBlock]) -> list[str]:
    """The lines of HTML, all escaped, that `cleaned.text` is; `shown` are the blocks it is made of."""
    headings = {block.text: block.label for block in shown if block.label in (Label.TITLE, Label.HEADING)}
    return _written(cleaned.text.split("\n"), headings, 0)


def _written(lines: Sequence[str], headings: Headings, depth: int) -> list[str]:
    ends = ends_of_code(lines)
    written: list[str] = []
    number = 0
    while number < len(lines):
        line, start = lines[number].strip(), number
        number += 1
        if not line:
            continue
        if start in ends:
            number = ends[start] + 1
            inside = (code.removeprefix(indent_of(lines[start])) for code in lines[start + 1 : number - 1])
            written.append(f"<pre>{escape(_LINE_END.join(inside))}</pre>")
        elif _RULE.fullmatch(line):
            written.append("<hr>")
        elif line[0] == ">" and depth < _DEEPEST:
            number = _end_of(lines, number, ">")
            quoted = [row.strip()[1:].removeprefix(" ") for row in lines[start:number]]
            written += ["<blockquote>", *_written(quoted, headings, depth + 1), "</blockquote>"]
        elif ITEM.match(line) and depth < _DEEPEST:
            number = _end_of_list(lines, start)
            written += _list(lines[start:number], headings, depth)
        elif line[0] == "|":
            number = _end_of(lines, number, "|")
            rows = [row.strip() for row in lines[start:number]]
            is_table = len(rows) > 1 and "-" in rows[1] and _BELOW_HEAD.fullmatch(rows[1])
            written += _table(rows) if is_table else [_paragraph(rows, headings)]
        else:
            while number < len(lines) and number not in ends and not _begins(lines[number].strip(), depth):
                number += 1
            written.append(_paragraph([row.strip() for row in lines[start:number]], headings))
    return written


def _begins(line: str, depth: int) -> bool:
    """Whether no line of a paragraph is this: a blank one, or the first of something else."""
    return not line or (depth < _DEEPEST and (line[0] in ">|" or ITEM.match(line) is not None))


def _end_of(lines: Sequence[str], number: int, sign: str) -> int:
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
