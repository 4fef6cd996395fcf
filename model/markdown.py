"""The article as CommonMark with pipe tables: headings, lists, quotations, code and tables keep their form.

See CommonMark 0.31 and GitHub's tables; what stands inside a paragraph is written by `model.inline_markdown`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from model.inline_markdown import escaped, inline_markdown
from model.inline_spans import without_whole
from model.nesting import Row, cell_text, data_table, grouped
from model.tags import HEADING_LEVELS
from model.types import CleanedBlock, Container, Label

_LISTS = frozenset({"ul", "ol"})
_HARD_BREAK = "  \n"
"""A line break inside a paragraph. A backslash at the line's end would be one too, but is no word of the page."""

_FENCE = re.compile(r"`{3,}")
_CLOSING = re.compile(r"(?<=\s)#+$")


def markdown_of(blocks: Sequence[CleanedBlock]) -> str:
    """The blocks of a page of markup as one document, without a newline at its end."""
    return "\n\n".join(_parts(blocks, 0))


def _parts(blocks: Sequence[CleanedBlock], depth: int) -> list[str]:
    """Paragraphs, lists, tables and so on, which blank lines part."""
    parts: list[str] = []
    for container, inside in grouped(blocks, depth):
        if container is None:
            parts += map(_leaf, inside)
        elif container.tag == "blockquote":
            parts.append(_behind("> ", "\n\n".join(_parts(inside, depth + 1)), first="> "))
        elif container.tag in _LISTS:
            parts.append(_list(container, inside, depth + 1))
        elif container.tag == "li":  # of no list
            parts.append(_item("- ", inside, depth + 1))
        elif container.tag == "table" and (table := data_table(inside, depth + 1)) is not None:
            parts += [*map(_leaf, table.caption), _table(table.rows)]
        else:
            parts += _parts(inside, depth + 1)
    return parts


def _list(container: Container, blocks: Sequence[CleanedBlock], depth: int) -> str:
    items: list[str] = []
    number = container.start
    marker = ""
    for item, inside in grouped(blocks, depth):
        if item is not None and item.tag in _LISTS and items:  # beside the items: it belongs to the one before it
            items[-1] += _between(item) + _behind(" " * len(marker), _list(item, inside, depth + 1))
            continue
        marker = f"{number}. " if container.tag == "ol" else "- "
        items.append(_item(marker, inside, depth + (item is not None and item.tag == "li")))
        number += 1
    return ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)


def _item(marker: str, blocks: Sequence[CleanedBlock], depth: int) -> str:
    """A list's item; a list right below its only line stands close to it."""
    groups = list(grouped(blocks, depth))
    below = groups[1][0] if len(groups) == 2 else None
    first = groups[0][1]
    is_close = groups[0][0] is None and len(first) == 1 and first[0].tag != "pre"
    between = _between(below) if is_close and below is not None and below.tag in _LISTS else "\n\n"
    return _behind(" " * len(marker), between.join(_parts(blocks, depth)), first=marker)


def _between(container: Container) -> str:
    """What parts a line from a list below it: a list that does not start at 1 would be read as more of the line."""
    return "\n" if container.start == 1 else "\n\n"


def _behind(indent: str, text: str, *, first: str | None = None) -> str:
    """Text with `indent` in front of its lines, `first` of the first; lines that stay blank end without a space."""
    lines = text.split("\n")
    rest = [f"{indent}{line}".rstrip() if not line else f"{indent}{line}" for line in lines[1:]]
    return "\n".join([f"{indent if first is None else first}{lines[0]}", *rest])


def _table(rows: Sequence[Row]) -> str:
    """A pipe table; rows of different lengths, whose columns nobody knows since cells span rows, are lines."""
    cells = [[_cell(cell).replace("|", r"\|") for cell in row] for row in rows]
    if len({len(row) for row in cells}) > 1:
        return "\n\n".join(" | ".join(row) for row in cells)
    head, *body = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([head, f"|{' --- |' * len(cells[0])}", *body])


def _cell(cell: Sequence[CleanedBlock]) -> str:
    """A table's cell on one line."""
    if not any(block.spans for block in cell):
        return escaped(cell_text(cell))
    return " ".join(inline_markdown(" ".join(block.text.split()), block.spans) for block in cell)


def _leaf(block: CleanedBlock) -> str:
    if block.tag == "pre":
        longest = max(map(len, _FENCE.findall(block.text)), default=2)
        fence = "`" * (longest + 1)
        return f"{fence}\n{block.text}\n{fence}"
    if block.label is Label.TITLE:
        return f"# {_heading(block)}"
    if block.label is Label.HEADING:
        return "#" * max(HEADING_LEVELS.get(block.tag, 2), 2) + " " + _heading(block)
    return inline_markdown(block.text, block.spans).replace("\n", _HARD_BREAK)


def _heading(block: CleanedBlock) -> str:
    """A heading's text on one line; signs at its end, as in "Learn C #", would be taken for the heading's own."""
    text = inline_markdown(block.text, without_whole(block.spans, len(block.text)))
    return _CLOSING.sub(r"\\\g<0>", " ".join(text.split()))
