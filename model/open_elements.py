"""The block-level elements that the pass over a page's tree is inside of: their names, and the columns of cells."""

from __future__ import annotations

import re
from collections.abc import Mapping

from turbohtml import Element as Node

from model.limits import Limits

_NAMING_ATTRIBUTES = (("id", "#"), ("role", "@"), ("itemprop", "="))
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MOST_COLUMNS = 100
"""Columns into which it is noted that cells reach down: tables of more are not written with their empty cells."""

_NO_SPANS: Mapping[int, int] = {}


class OpenElement:
    """A block-level element that the pass is inside of; `index` is -1 until a block needs it.

    Two in five elements hold no text. They cost nothing: names are read when the first block inside is closed.
    """

    __slots__ = ("column", "columns", "index", "node", "spans", "start", "tag", "taken")

    def __init__(self, node: Node, tag: str) -> None:
        self.node = node
        self.tag = tag
        self.index = -1
        self.column = -1
        self.start = 1
        """As in `Element`, both."""
        self.columns = 0
        """Of a row, the columns of its cells so far; `taken` are those into which cells of rows above reach."""
        self.taken = _NO_SPANS
        self.spans = _NO_SPANS
        """Of what holds rows, the columns into which cells of past rows reach, and how many rows further."""


def place_cell(cell: OpenElement, row: OpenElement, rows: OpenElement) -> None:
    """Give a cell the next free column of its row, and note in what holds the rows how far it reaches down."""
    while row.columns in row.taken:
        row.columns += 1
    cell.column = row.columns
    row.columns += _span(cell.node, "colspan")
    further = _span(cell.node, "rowspan") - 1
    if further:
        rows.spans = {**rows.spans, **dict.fromkeys(range(cell.column, min(row.columns, _MOST_COLUMNS)), further)}


def _span(cell: Node, attribute: str) -> int:
    """How many rows or columns a cell spans, 1 to 1,000 as the standard has it."""
    return min(max(whole_number(cell.attr(attribute), 1), 1), 1_000)


def whole_number(value: str | None, default: int) -> int:
    """An attribute's number, at most nine digits of it; `default` where it has none."""
    number = value.strip()[:9] if value else ""
    return int(number) if number.isascii() and number.isdigit() else default


def names_of(node: Node, limits: Limits) -> tuple[str, ...]:
    """What its author called an element, as in `Element.names`."""
    if not len(node.attrs):  # asking for six attributes one by one costs ten times as much
        return ()
    attribute_of = node.attr
    most = limits.max_attribute_chars
    names = []
    classes = attribute_of("class")
    if classes:
        names = ["." + name for name in classes[:most].lower().split()]
        if len(node.attrs) == 1:  # two in five elements are named by nothing else
            return tuple(names)
    for attribute, mark in _NAMING_ATTRIBUTES:
        value = attribute_of(attribute)
        if value:
            names.append(mark + " ".join(value[:most].lower().split()))
    style = attribute_of("style")
    if (style and _NOT_DISPLAYED.search(style)) or attribute_of("hidden") is not None:
        names.append("hidden")
    return tuple(names)
