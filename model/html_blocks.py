"""HTML to blocks: the front door for markup.

One pass over the tree that turbohtml builds by the WHATWG rules. A block ends where a block-level element
starts or ends (`<hr>` among them) and at a run of two or more `<br>`; where a single one stands is noted. Scripts,
styles, drawings and form controls' hidden values are not text; formulas are (`model.formulas`), open shadow trees that
the markup declares are, and so is `<noscript>`, since Discourse and others keep whole threads there (forum oracle
.775 -> .937, word F1 of perfect labels on WCXB's forum pages).

The pass keeps its own stack, so nesting of any depth costs no recursion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from turbohtml import Element as Node
from turbohtml import Text, parse

from model.formatting import without_copied_attributes, without_repeated_roots, without_runaway_formatting
from model.formulas import formula_of
from model.limits import Limits
from model.line_ends import places_of_breaks, without_blank_lines
from model.metadata import read_metadata
from model.open_frames import with_closed_frames
from model.types import Block, Element, Page, Position, Segmentation

SKIPPED_TAGS = frozenset(
    """
    script style template svg math iframe embed canvas audio video map head title select datalist
    textarea input img picture source track link meta base param area wbr
    """.split()
)
INLINE_TAGS = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rb rp rt rtc ruby s samp small
    span strike strong sub sup time tt u var nobr blink center-inline html:span
    """.split()
)
_FORMULA_TAGS = frozenset({"math", "script"})
_FORMULA_AGAIN = "katex-html"
"""The class of KaTeX's drawing of a formula, which stands beside its MathML."""

EMPHASIS_TAGS = frozenset({"b", "strong", "em", "i"})
_TITLE = re.compile(r"<title\b[^<>]*>[^<]*", re.IGNORECASE)
_TITLE_END = re.compile(r"</title[\s/>]", re.IGNORECASE)
_NAMING_ATTRIBUTES = (("id", "#"), ("role", "@"), ("itemprop", "="))
_CELLS = frozenset({"td", "th"})
_MOST_COLUMNS = 100
"""Columns into which it is noted that cells reach down: tables of more are not written with their empty cells."""

_NO_SPANS: Mapping[int, int] = {}
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def segment_html(page: Page, limits: Limits) -> Segmentation:
    """Cut a page of markup into blocks.

    Returns every visible run of text in document order. Beyond a limit the rest of the page is left unread
    and the segmentation carries a warning; nothing is raised.
    """
    found = _read(page.source, limits)
    title = None if found.blocks else _TITLE.search(page.source)
    if title is None or _TITLE_END.search(page.source, title.end()):
        return found
    # By the rules all that follows an unclosed title is title: the page would be lost.
    found = _read(page.source[: title.start()] + page.source[title.end() :], limits)
    return replace(found, warnings=(*found.warnings, "The page's <title> is never closed; it was left out."))


def _read(source: str, limits: Limits) -> Segmentation:
    has_formulas = "<math" in source or "math/tex" in source
    source = without_copied_attributes(without_repeated_roots(with_closed_frames(source)), limits)
    document = parse(without_runaway_formatting(source, limits))
    builder = _Builder(limits, has_formulas=has_formulas, has_shadows="shadowrootmode" in source)
    if document.root is not None:
        _walk(document.root, builder)
    warning = (
        f"The page has more than {limits.max_nodes:,} nodes or {limits.max_blocks:,} blocks; the rest was not read."
    )
    return Segmentation(
        tuple(builder.blocks),
        tuple(builder.elements),
        read_metadata(document, [block.text for block in builder.blocks]),
        (warning,) if builder.full else (),
    )


class _OpenElement:
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


class _Builder:
    """Collects blocks and elements while the tree is walked; the only mutable state of the pass."""

    def __init__(self, limits: Limits, *, has_formulas: bool = False, has_shadows: bool = False) -> None:
        self.limits = limits
        self.has_formulas = has_formulas
        self.has_shadows = has_shadows
        self.blocks: list[Block] = []
        self.elements: list[Element] = []
        self.open: list[_OpenElement] = []
        self.link_depth = 0
        self.emphasis_depth = 0
        self.breaks = 0
        self.in_pre = 0
        self.full = False
        """Whether something was left unread because of a limit."""
        self._position = Position(1, 1)
        self._clear()

    def _clear(self) -> None:
        self.parts: list[str] = []
        self._link_chars = 0
        self.link_count = 0
        self._emphasis_chars = 0
        self._after_link = False
        self.breaks = 0
        self._line_ends: list[int] = []
        """Where in `parts` a single `<br>` stands; None are noted in `<pre>`, whose text holds its line ends."""

    def add_text(self, text: str, node: Node) -> None:
        """Append a run of text that stands in `node`."""
        is_space = text.isspace()
        if is_space and not self.in_pre:
            if self.parts:
                self.parts.append(" ")
            return
        if not self.parts:
            line_column = node.position
            if line_column is not None:
                self._position = Position(line_column[0], line_column[1] + 1)
        self.parts.append(text)
        if is_space:
            return
        self._after_link = False
        self.breaks = 0
        if self.link_depth:
            self._link_chars += len(text)
        if self.emphasis_depth:
            self._emphasis_chars += len(text)

    def add_formula(self, node: Node, parent: Node) -> None:
        """Append the formula of an element that is not read itself, if it holds one."""
        if self.has_formulas and node.tag in _FORMULA_TAGS:
            formula = formula_of(node)
            if formula:
                self.add_text(formula, parent)

    def add_break(self) -> None:
        """Note a `<br>`; the second in a row ends the block, but in preformatted text it is a blank line."""
        self.breaks += not self.in_pre
        if self.breaks > 1:
            self.end_block()
        elif self.parts:
            if not self.in_pre:
                self._line_ends.append(len(self.parts))
            self.parts.append("\n")

    def open_link(self) -> None:
        """Note that a link starts here; two links with nothing between them are still two words, but not in code."""
        if self._after_link and not self.in_pre:
            self.parts.append(" ")
        self.link_depth += 1
        self.link_count += 1

    def close_link(self) -> None:
        """Note that a link ends here."""
        self.link_depth -= 1
        self._after_link = bool(self.parts)

    def end_block(self) -> None:
        """Close the block that is being collected, if it holds any text."""
        if self.parts:
            joined = "".join(self.parts)
            text = without_blank_lines(joined) if self.in_pre else " ".join(joined.split())
            if text:
                self._add_block(text, places_of_breaks(self.parts, self._line_ends) if self._line_ends else ())
            self._clear()
        elif self.link_count or self.breaks:
            self._clear()

    def _add_block(self, text: str, breaks: tuple[int, ...]) -> None:
        size = self.limits.max_block_chars
        owner = self._owner()
        for start in range(0, len(text), size):
            piece = text[start : start + size]
            if piece.isspace():
                continue
            if len(self.blocks) == self.limits.max_blocks:
                self.full = True
                return
            linked, emphasised = min(self._link_chars, len(piece)), min(self._emphasis_chars, len(piece))
            inside = tuple(place - start for place in breaks if start < place < start + size - 1) if breaks else ()
            self.blocks.append(Block(piece, self._position, owner, linked, self.link_count, emphasised, inside))

    def _owner(self) -> int:
        """The index of the innermost open element, entering it and those around it into `elements` if need be."""
        entered = self.open
        known = len(entered)
        while known and entered[known - 1].index < 0:
            known -= 1
        owner = entered[known - 1].index if known else -1
        elements = self.elements
        for entry in entered[known:]:
            elements.append(Element(owner, entry.tag, _names(entry.node, self.limits), entry.column, entry.start))
            owner = entry.index = len(elements) - 1
        return owner


def _walk(root: Node, builder: _Builder) -> None:
    most_nodes = builder.limits.max_nodes
    stack: list[tuple[Iterator[object], Node, str, bool]] = [(iter(root), root, root.tag, False)]
    nodes = 0
    while stack and not builder.full:
        children, parent, parent_tag, is_block = stack[-1]
        for child in children:
            nodes += 1
            if nodes > most_nodes:
                builder.full = True
                break
            if type(child) is Text:
                text = child.data
                if builder.parts or builder.in_pre or not text.isspace():  # two in three are white space between blocks
                    builder.add_text(text, parent)
            elif type(child) is Node:
                tag = child.tag
                if tag == "br":
                    builder.add_break()
                elif tag in SKIPPED_TAGS or (builder.has_formulas and child.has_class(_FORMULA_AGAIN)):
                    builder.add_formula(child, parent)
                else:
                    stack.append((_children(child, builder), child, tag, _open(child, tag, builder)))
                    break
        else:
            stack.pop()
            _close(parent_tag, is_block, builder)
    builder.end_block()


def _children(node: Node, builder: _Builder) -> Iterator[object]:
    """What is inside an element; where it has a shadow tree, that stands before what the tree shows in its slots."""
    shadow = node.shadow_root if builder.has_shadows else None
    return iter(node) if shadow is None else chain(shadow, node)


def _open(node: Node, tag: str, builder: _Builder) -> bool:
    """Enter an element; says whether it counts as a block-level element that must be left again."""
    if tag in INLINE_TAGS:
        if tag == "a":
            builder.open_link()
        elif tag in EMPHASIS_TAGS:
            builder.emphasis_depth += 1
        return False
    if builder.parts or builder.link_count or builder.breaks:
        builder.end_block()
    if tag == "pre":
        builder.in_pre += 1
    if len(builder.open) >= builder.limits.max_depth:
        return False
    opened = _OpenElement(node, tag)
    if tag in _CELLS and builder.open:
        _place_cell(opened, builder.open[-1], builder.open[-2:][0])
    elif tag == "tr" and builder.open and builder.open[-1].spans:
        opened.taken = builder.open[-1].spans
        builder.open[-1].spans = {column: rows - 1 for column, rows in opened.taken.items() if rows > 1}
    elif tag == "ol":
        opened.start = _whole_number(node.attr("start"), 1)
    builder.open.append(opened)
    return True


def _place_cell(cell: _OpenElement, row: _OpenElement, rows: _OpenElement) -> None:
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
    return min(max(_whole_number(cell.attr(attribute), 1), 1), 1_000)


def _whole_number(value: str | None, default: int) -> int:
    """An attribute's number, at most nine digits of it; `default` where it has none."""
    number = value.strip()[:9] if value else ""
    return int(number) if number.isascii() and number.isdigit() else default


def _close(tag: str, is_block: bool, builder: _Builder) -> None:
    if tag in INLINE_TAGS:
        if tag == "a":
            builder.close_link()
        elif tag in EMPHASIS_TAGS:
            builder.emphasis_depth -= 1
        return
    if builder.parts or builder.link_count or builder.breaks:
        builder.end_block()
    if tag == "pre":
        builder.in_pre -= 1
    if is_block:
        builder.open.pop()


def _names(node: Node, limits: Limits) -> tuple[str, ...]:
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
