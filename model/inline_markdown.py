"""A block's text as CommonMark: what came from the page is escaped, its links, bold type, italics and code are marked.

Raised and lowered letters stay plain, since Markdown knows none. A mark that CommonMark would not read as one where it
stands, as behind a letter and before a quotation mark, is left out: the text is worth more than its type.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from model.inline_spans import Span, pieces

_ESCAPED = r"(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]+;)"
_INLINE = re.compile(rf"[\\`<]|{_ESCAPED}|\](?=[(:])")
"""Characters that would begin code, markup, emphasis or an entity, or make a link: what stands behind "[1]:" would be
an address and be seen nowhere. An underscore between letters begins nothing, and neither does an asterisk between
spaces; of two underscores, as in "__init__", the inner one does as well.
"""

_IN_LINK = re.compile(rf"[\\`<\[\]]|{_ESCAPED}")

_FORMULA = re.compile(r"(\$\$(?!\s)[^$\n]+(?<!\s)\$\$|(?<![\\$\w])\$(?![\s$])[^$\n]+(?<!\s)\$(?![\d$]))")
"""TeX between dollar signs that no space stands beside and no digit behind, as pandoc and GitHub read them."""

_IN_FORMULA = re.compile(r"<(?=[A-Za-z/!?])|\](?=[(\[:])")
"""What begins a tag or makes a link where formulas are not known. A space behind it means nothing in TeX."""

_MIXES = re.compile(r"[`*\[\]<]|(?<!\w)_")
"""What in a formula inside a link or emphasis could end that, where formulas are not known."""

_LINE_START = re.compile(
    r"^(?=#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|(?:-[ ]?){3,}$|=+$|[|:-][|: -]*$|~{3})|^(\d{1,9})(?=[.)](?:\s|$))",
    re.MULTILINE,
)
"""Where a line would begin a heading, a quotation, a list or a rule, or make the line above it a heading or a table."""

_STARS = {"strong": "**", "emphasis": "*"}
_MARKED = frozenset({"link", "code", *_STARS})
_TICKS = re.compile(r"`+")
_BRACKETS = re.compile(r"[()]")
_ENTITY = re.compile(r"&(?=[#\w]+;)")
_ASCII_SIGNS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class _Token(NamedTuple):
    """Some text or code, or where a span starts or ends."""

    kind: Literal["text", "code", "start", "end"]
    text: str = ""
    span: Span | None = None

    @property
    def is_stars(self) -> bool:
        return self.span is not None and self.span.kind in _STARS


def escaped(text: str) -> str:
    """Text that Markdown shows as it is; formulas stay the TeX they are, but can be no tag and no link."""
    return _line_starts(_escaped(text, _INLINE, None))


def inline_markdown(text: str, spans: Sequence[Span]) -> str:
    """The text with its spans marked, which `Marks.spans` gives. Line ends stay as they are; code ends at them."""
    if not spans:
        return escaped(text)
    return _line_starts(_written(_joined(_without_failing([*_tokens(text, spans)]))))


def _line_starts(text: str) -> str:
    return _LINE_START.sub(lambda found: f"{found[1]}\\" if found[1] else "\\", text)


def _escaped(text: str, pattern: re.Pattern[str], unsafe: re.Pattern[str] | None) -> str:
    """The text with all that `pattern` finds escaped, but for formulas that hold nothing `unsafe`."""
    parts = _FORMULA.split(text)  # every second one is a formula
    for number, part in enumerate(parts):
        if number % 2 and not (unsafe is not None and unsafe.search(part)):
            parts[number] = _IN_FORMULA.sub(r"\g<0> ", part)
        else:
            parts[number] = pattern.sub(lambda found: "\\" + found[0], part)
    return "".join(parts)


def _tokens(text: str, spans: Sequence[Span]) -> Iterator[_Token]:
    in_code = False
    for piece in pieces(text, [span for span in spans if span.kind in _MARKED]):
        if isinstance(piece, str):
            for number, line in enumerate(piece.split("\n") if in_code else [piece]):
                if number:
                    yield _Token("text", "\n")
                if line:
                    yield _Token("code" if in_code else "text", line)
        elif piece[0].kind == "code":
            in_code = piece[1]
        else:
            yield _Token("start" if piece[1] else "end", span=piece[0])


def _without_failing(tokens: list[_Token]) -> Iterator[_Token]:
    """The tokens without stars that CommonMark would show: see its rules on what is left- and right-flanking."""
    failing: set[Span | None] = set()
    for token, before, behind in zip(tokens, _beside(tokens, -1), _beside(tokens[::-1], 0)[::-1], strict=True):
        outer, inner = (before, behind) if token.kind == "start" else (behind, before)
        if token.is_stars and _is_sign(inner) and not (outer.isspace() or _is_sign(outer, surely=True)):
            failing.add(token.span)
    last: _Token | None = None
    for token in tokens:
        if token.is_stars and token.kind == "start" and last is not None and last.is_stars and last.kind == "end":
            failing.add(token.span)  # nobody can tell in "a***b" where one ends and the other starts
        if not (token.is_stars and token.span in failing):
            last = token
            yield token


def _beside(tokens: list[_Token], place: int) -> list[str]:
    """For each token the character of the one before it that is no stars, its last (-1) or first (0)."""
    beside, here = [], " "
    for token in tokens:
        beside.append(here)
        if not token.is_stars:
            here = token.text[place] if token.kind == "text" else "`"  # brackets are signs as well
    return beside


def _is_sign(char: str, *, surely: bool = False) -> bool:
    """Whether a character is punctuation; of signs like an arrow two versions of CommonMark say different things."""
    category = unicodedata.category(char)[0]
    return char in _ASCII_SIGNS or category == "P" or (category == "S" and not surely)


def _joined(tokens: Iterable[_Token]) -> Iterator[_Token]:
    """The tokens with text beside text, and code beside code, as one."""
    for kind, group in groupby(tokens, lambda token: token.kind):
        if kind in ("text", "code"):
            yield _Token(kind, "".join(token.text for token in group))
        else:
            yield from group


def _written(tokens: Iterable[_Token]) -> str:
    written: list[str] = []
    depth = 0
    in_link = False
    for kind, text, span in tokens:
        if span is None:
            pattern, unsafe = _IN_LINK if in_link else _INLINE, _MIXES if depth else _TICKS
            written.append(_code(text) if kind == "code" else _escaped(text, pattern, unsafe))
            continue
        depth += 1 if kind == "start" else -1
        if span.kind == "link":
            in_link = kind == "start"
            if in_link and written and written[-1].endswith("!"):
                written[-1] = written[-1][:-1] + r"\!"  # "![" is an image
            written.append("[" if in_link else f"]({_address(span.href)})")
        else:
            written.append(_STARS[span.kind])
    return "".join(written)


def _code(text: str) -> str:
    """A code span: between more backticks than it has in a row, with a space where they would meet its own."""
    ticks = "`" * (max(map(len, _TICKS.findall(text)), default=0) + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _address(href: str) -> str:
    return _ENTITY.sub(r"\\&", _BRACKETS.sub(lambda found: f"%{ord(found[0]):02X}", href))
