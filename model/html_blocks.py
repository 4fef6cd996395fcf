"""HTML to blocks: the front door for markup.

One pass over the tree that turbohtml builds by the WHATWG rules. A block ends where a block-level element
starts or ends (`<hr>` among them) and at a run of two or more `<br>`; where a single one stands is noted. Scripts,
styles, drawings and form controls' hidden values are not text; formulas are (`model.formulas`), open shadow trees that
the markup declares are, and so is `<noscript>`, since Discourse and others keep whole threads there (forum oracle
.775 -> .937, word F1 of perfect labels on WCXB's forum pages).

The pass keeps its own stack, so nesting of any depth costs no recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from turbohtml import Element as Node
from turbohtml import Text, parse

from model.formatting import without_copied_attributes, without_repeated_roots, without_runaway_formatting
from model.formulas import FORMULA_TAGS, formula_of, has_formulas, is_drawing
from model.inline_marks import is_no_text, is_numbering, visible
from model.inline_spans import KINDS, Marks, Style, base_address, styled
from model.inline_state import CODE_PART_TAGS, INLINE_TAGS, WATCHED_TAGS, InlineState
from model.limits import Limits
from model.line_ends import breaks_inside, places_of_breaks, without_blank_lines
from model.metadata import read_metadata
from model.open_elements import OpenElement, names_of, place_cell, whole_number
from model.open_frames import with_closed_frames
from model.other_readings import other_reading
from model.scripts import unbroken
from model.types import Block, Element, Page, Position, Segmentation

SKIPPED_TAGS = frozenset(
    """
    script style template svg math iframe embed canvas audio video map head title select datalist
    textarea input img picture source track link meta base param area wbr
    """.split()
)
_CELLS = frozenset({"td", "th"})
_CELLS_AROUND = 4
"""Elements around the text of a `<pre>` that are looked at for the cell of a table which numbers lines of code."""


def segment_html(page: Page, limits: Limits, *, inline: bool = False) -> Segmentation:
    """Cut a page of markup into blocks; with `inline` they know their links and type.

    Returns every visible run of text in document order. Beyond a limit the rest of the page is left unread
    and the segmentation carries a warning; nothing is raised.
    """
    found = _read(page, limits, inline=inline)
    other = other_reading(page.source, found)
    if other is None:
        return found
    again = _read(replace(page, source=other.source), limits, inline=inline)
    return replace(again, warnings=(*again.warnings, other.warning), metadata=found.metadata)


def _read(page: Page, limits: Limits, *, inline: bool) -> Segmentation:
    source = without_copied_attributes(without_repeated_roots(with_closed_frames(page.source)), limits)
    document = parse(without_runaway_formatting(source, limits))
    made = _MarkedBuilder if inline else _Builder
    builder = made(limits, has_formulas=has_formulas(source), has_shadows="shadowrootmode" in source)
    builder.has_scripts = builder.has_formulas and "math/tex" in source
    if isinstance(builder, _MarkedBuilder):
        stated = document.find("base")
        builder.base = base_address(page.url, stated.attr("href") if stated is not None else None)
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


class _Builder(InlineState):
    """Collects blocks and elements while the tree is walked; the only mutable state of the pass."""

    def __init__(self, limits: Limits, *, has_formulas: bool = False, has_shadows: bool = False) -> None:
        super().__init__()
        self.limits = limits
        self.has_formulas = has_formulas
        self.has_scripts = False
        """Whether formulas stand in scripts; what the page draws of these repeats them."""
        self.has_shadows = has_shadows
        self.blocks: list[Block] = []
        self.elements: list[Element] = []
        self.open: list[OpenElement] = []
        self.watches = int(has_formulas)
        """`WATCHED_TAGS` around, and 1 more on a page with formulas: only then may an element be no text."""
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
        self.crossed = 0
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
        if not text.isascii() and not (text := self._readable(text)):
            return
        if not self.parts:
            self.crossed = 0
            line_column = node.position
            if line_column is not None:
                self._position = Position(line_column[0], line_column[1] + 1)
        elif self.crossed:
            text = self.joined(text, node) if text[0].isalnum() else text
            self.crossed = 0
        self.parts.append(text)
        if is_space:
            return
        self._after_link = False
        self.breaks = 0
        if self.link_depth:
            self._link_chars += len(text)
        if self.emphasis_depth:
            self._emphasis_chars += len(text)

    def _readable(self, text: str) -> str:
        return visible(text) if self.in_pre else unbroken(visible(text))

    def is_no_text(self, node: Node) -> bool:
        """Whether an element is the drawing of a formula, a heading's own link or the number of a line of code."""
        is_drawn = self.has_formulas and is_drawing(node, has_scripts=self.has_scripts)
        return is_drawn or ((self.in_pre or self.in_heading) > 0 and is_no_text(node, in_pre=self.in_pre > 0))

    def add_formula(self, node: Node, parent: Node) -> None:
        """Append the formula of an element that is not read itself, if it holds one."""
        tag = node.tag
        if tag == "img" or (self.has_formulas and tag in FORMULA_TAGS):
            formula = formula_of(node)
            if formula:
                self.add_text(formula, parent)

    def add_break(self) -> None:
        """Note a `<br>`; the second in a row ends the block, but not in `<pre>`, where it is a blank line of code."""
        self.breaks += not self.in_pre
        if self.breaks > 1:
            self.end_block()
        elif self.parts:
            if not self.in_pre:
                self._line_ends.append(len(self.parts))
            self.parts.append("\n")

    def watch(self, tag: str, more: int) -> None:
        """Note that an element of `WATCHED_TAGS` is entered (1) or left (-1)."""
        self.watches += more
        if tag == "pre":
            self.in_pre += more
        else:
            self.in_heading += more

    def drop_numbering(self) -> None:
        """Forget the text of a `<pre>` in a table's cell that only numbers the lines of the code beside it."""
        cells = self.open[-_CELLS_AROUND:]
        if self.parts and any(opened.tag == "td" for opened in cells) and is_numbering("".join(self.parts)):
            self._clear()

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
            inside = breaks_inside(breaks, start, start + size) if breaks else ()
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
            elements.append(Element(owner, entry.tag, names_of(entry.node, self.limits), entry.column, entry.start))
            owner = entry.index = len(elements) - 1
        return owner


class _MarkedBuilder(_Builder):
    """A builder that also notes where links, bold type and so on begin and end. A page takes a twentieth longer."""

    def __init__(self, limits: Limits, *, has_formulas: bool = False, has_shadows: bool = False) -> None:
        super().__init__(limits, has_formulas=has_formulas, has_shadows=has_shadows)
        self.base = ""
        self._style: Style | None = None
        self._around: list[Style | None] = []

    def _clear(self) -> None:
        super()._clear()
        self._noted: Style | None = None
        self._changes: list[int | Style | None] = []

    def enter(self, tag: str, node: Node) -> bool:
        if tag in KINDS:
            self._around.append(self._style)
            self._style = styled(self._style, KINDS[tag], (node.attr("href") or "") if tag == "a" else "")
        elif tag == "rt":
            self._note_style()
        return super().enter(tag, node)

    def leave(self, tag: str) -> None:
        if tag in KINDS:
            self._style = self._around.pop()
        elif tag == "rt":
            self._note_style()
        super().leave(tag)

    def add_text(self, text: str, node: Node) -> None:
        self._note_style()
        super().add_text(text, node)

    def _note_style(self) -> None:
        """Note which style the next of `parts` has: where that is white space, or nothing, it does not matter."""
        if self._style is not self._noted:
            self._noted = self._style
            self._changes += (len(self.parts), self._style)

    def _add_block(self, text: str, breaks: tuple[int, ...]) -> None:
        known = len(self.blocks)
        super()._add_block(text, breaks)
        if self._changes and not self.in_pre and len(text) <= self.limits.max_block_chars and len(self.blocks) > known:
            self.blocks[-1] = replace(self.blocks[-1], marks=Marks(self.parts, self._changes, self.base))


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
                elif tag in SKIPPED_TAGS or (builder.watches and builder.is_no_text(child)):
                    builder.add_formula(child, parent)
                else:
                    is_inline = tag in INLINE_TAGS
                    is_opened = builder.enter(tag, child) if is_inline else _open(child, tag, builder)
                    stack.append((_children(child, builder), child, tag, is_opened))
                    break
        else:
            stack.pop()
            if parent_tag in INLINE_TAGS:
                builder.leave(parent_tag)
            else:
                _close(parent_tag, is_block, builder)
    builder.end_block()


def _children(node: Node, builder: _Builder) -> Iterator[object]:
    """What is inside an element; where it has a shadow tree, that stands before what the tree shows in its slots."""
    shadow = node.shadow_root if builder.has_shadows else None
    return iter(node) if shadow is None else chain(shadow, node)


def _open(node: Node, tag: str, builder: _Builder) -> bool:
    """Enter an element; says whether it counts as a block-level element that must be left again."""
    if builder.in_pre and builder.knit and tag in CODE_PART_TAGS:
        builder.end_code_line(tag)
        return False
    if builder.parts or builder.link_count or builder.breaks:
        builder.end_block()
    if tag in WATCHED_TAGS:
        builder.watch(tag, 1)
    if len(builder.open) >= builder.limits.max_depth:
        return False
    opened = OpenElement(node, tag)
    if tag in _CELLS and builder.open:
        place_cell(opened, builder.open[-1], builder.open[-2:][0])
    elif tag == "tr" and builder.open and builder.open[-1].spans:
        opened.taken = builder.open[-1].spans
        builder.open[-1].spans = {column: rows - 1 for column, rows in opened.taken.items() if rows > 1}
    elif tag == "ol":
        opened.start = whole_number(node.attr("start"), 1)
    builder.open.append(opened)
    return True


def _close(tag: str, is_block: bool, builder: _Builder) -> None:
    if builder.in_pre:
        if builder.knit and tag in CODE_PART_TAGS:
            builder.end_code_line(tag)
            return
        if tag == "pre":
            builder.drop_numbering()
    if builder.parts or builder.link_count or builder.breaks:
        builder.end_block()
    if tag in WATCHED_TAGS:
        builder.watch(tag, -1)
    if is_block:
        builder.open.pop()
