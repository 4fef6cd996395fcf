"""Where the pass over a page's tree is within a line of text: links, emphasis, code, readings, and how words join."""

from __future__ import annotations

from turbohtml import Element as Node

from model.inline_marks import CLOSED, OPENED, TIMED, are_apart
from model.tags import HEADING_TAGS

INLINE_TAGS = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rb rp rt rtc ruby s samp small
    span strike strong sub sup time tt u var nobr blink center-inline html:span mjx-container mjx-assistive-mml
    """.split()
)
WATCHED_TAGS = HEADING_TAGS | {"pre", "dt", "caption", "figcaption"}
"""Elements in which others are no text: lines are numbered, and documentation adds permanent links."""

KNIT_TAGS = frozenset({"code", "kbd", "samp", "tt", "var", "sub", "sup"})
"""Elements in and beside which letters and digits of two elements are one word: `getName`, `H2O`."""

EMPHASIS_TAGS = frozenset({"b", "strong", "em", "i"})
CODE_LINE_TAGS = frozenset({"div", "p", "li", "tr"})
CODE_PART_TAGS = CODE_LINE_TAGS | {"ol", "ul", "table", "tbody", "td"}
"""Block-level elements that a highlighter makes of a `<pre>`'s lines; the first four begin one."""

_MOST_NOTE_DIGITS = 3


class InlineState:
    """The inline elements around, and the block's text so far in `parts`."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.link_depth = 0
        self.link_count = 0
        self.emphasis_depth = 0
        self.knit = 0
        """Depth in elements of `KNIT_TAGS`."""
        self.crossed = 0
        """What has opened and closed since the last run of text, as bits."""
        self.in_pre = 0
        self.in_heading = 0
        self.in_reading = False
        """Whether this is the reading of a `<ruby>` that the page puts no brackets around."""
        self._after_link = False

    def enter(self, tag: str, node: Node) -> bool:  # noqa: ARG002 - whoever notes links overrides it
        """Note that an inline element starts here; it is none that must be closed as a block."""
        if tag == "span":
            self.crossed |= OPENED
        elif tag == "a":
            self._open_link()
            self.crossed |= OPENED
        elif tag in EMPHASIS_TAGS:
            self.emphasis_depth += 1
        elif tag in KNIT_TAGS:
            self.knit += 1
        else:
            self.crossed |= OPENED | TIMED if tag == "time" else OPENED
            if tag == "rt":
                self._open_reading()
        return False

    def leave(self, tag: str) -> None:
        """Note that an inline element ends here."""
        if tag == "span":
            self.crossed |= CLOSED
        elif tag == "a":
            self._close_link()
            self.crossed |= CLOSED
        elif tag in EMPHASIS_TAGS:
            self.emphasis_depth -= 1
        elif tag in KNIT_TAGS:
            self.knit -= 1
        else:
            self.crossed |= CLOSED | TIMED if tag == "time" else CLOSED
            if tag == "rt":
                self._close_reading()

    def joined(self, text: str, node: Node) -> str:
        """A run of text in `node` as it follows what is there already; a space parts it where it is another word."""
        if self.knit:
            return self._note_mark(text, node) if self.link_depth else text
        if not self.in_pre and are_apart(self.parts[-1], text, self.crossed):
            self.parts.append(" ")
        return text

    def end_code_line(self, tag: str) -> None:
        """Note that one of `CODE_PART_TAGS` begins or ends here, and a line of code with it unless one just did."""
        if tag in CODE_LINE_TAGS and self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")

    def _open_reading(self) -> None:
        """Note that a `<ruby>`'s reading starts here; without brackets it would be one word with what it reads."""
        self.in_reading = bool(self.parts) and not self.parts[-1].endswith(("(", "（", "[", "【"))
        if self.in_reading:
            self.parts.append("(")

    def _close_reading(self) -> None:
        """Note that it ends here."""
        if self.in_reading:
            self.parts.append(")")
        self.in_reading = False

    def _open_link(self) -> None:
        """Note that a link starts here; two links with nothing between them are still two words, but not in code."""
        if self._after_link and not self.in_pre:
            self.parts.append(" ")
        self.link_depth += 1
        self.link_count += 1

    def _close_link(self) -> None:
        """Note that a link ends here."""
        self.link_depth -= 1
        self._after_link = bool(self.parts)

    def _note_mark(self, text: str, node: Node) -> str:
        """The number of a footnote in brackets: raised and linked as it is, it would be part of the word before it."""
        number = text.strip()
        if not number.isdigit() or len(number) > _MOST_NOTE_DIGITS or self.parts[-1].endswith(("[", "(")):
            return text
        around = node.parent
        is_raised = node.tag == "sup" or (isinstance(around, Node) and around.tag == "sup")
        return f"[{number}]" if is_raised else text
