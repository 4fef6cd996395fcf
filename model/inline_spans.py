"""Links, bold type, italics, code, raised and lowered letters inside a block: where in its text they stand.

Whoever decides on a block knows nothing of them. They are noted only for those who want Markdown or HTML, and while a
page is cut only what is needed to find them is (`Marks`): most blocks with a link are noise, so places wait for those
that are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, cast
from urllib.parse import urljoin, urlsplit

SpanKind = Literal["link", "strong", "emphasis", "code", "sub", "sup"]

KINDS: dict[str, SpanKind] = {
    "a": "link", "b": "strong", "strong": "strong", "i": "emphasis", "em": "emphasis", "code": "code", "kbd": "code",
    "samp": "code", "tt": "code", "sub": "sub", "sup": "sup",
}  # fmt: skip
"""What the inline elements that an answer keeps are."""

Style = tuple["Style | None", SpanKind, str]
"""An inline element: the one around it, its kind, and its link as the page has it. No kind is inside itself."""

MOST_HREF_CHARS = 2000
"""Characters of a link's address as the page has it: a link that is never closed begins anew in each paragraph."""

MOST_BASE_CHARS = 300
"""Characters of the page's own address, which each absolute link repeats: with a longer one they stay relative."""

_SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_EDGES = "".join(map(chr, range(33)))
_DROPPED = re.compile(r"[\t\n\r]")
_ENCODED = re.compile(r"[\s\x00-\x1f\x7f-\x9f\"<>\\^`{|}]")
"""What no address holds as it is; browsers drop the first three characters where they read one, and encode the rest."""

_JOINED = frozenset({"strong", "emphasis"})
"""Kinds of which two beside each other are one also where a space parts them: keys and links are two."""


class Span(NamedTuple):
    """A stretch of a block's text, without white space at its edges; `href` is where a link leads, else ""."""

    start: int
    end: int
    kind: SpanKind
    href: str = ""


class Marks(NamedTuple):
    """A block as it stood on the page: its runs of text, and which style they have. Nobody changes them.

    `base` is the address that relative links count from, "" where it is not known.
    """

    parts: list[str]
    changes: list[int | Style | None]
    """In turn the place of a run and the style from there on; before the first of them there is none."""
    base: str = ""

    def spans(self) -> tuple[Span, ...]:
        """The spans of the text that `parts` are once every run of white space is one space.

        Any two lie inside or beside each other. They come in the order in which they start, the outer ones first. Code
        is innermost, since Markdown reads nothing inside it. A link that leads nowhere, or neither to a page nor to a
        mailbox, is none.
        """
        addresses: dict[str, str] = {}
        found: list[Span] = []
        around: list[tuple[Style, int]] = []  # with the places in `found`
        before = 0
        for start, end, style in _regions(self):
            chain = _chain(style, self.base, addresses)
            same = 0
            while same < min(len(around), len(chain)) and _goes_on(around[same][0], chain[same], start == before):
                same += 1
            for _, place in around[same:]:
                found[place] = found[place]._replace(end=before)
            del around[same:]
            for element in chain[same:]:
                around.append((element, len(found)))
                _, kind, href = element
                found.append(Span(start, end, kind, addresses[href] if kind == "link" else ""))
            before = end
        for _, place in around:
            found[place] = found[place]._replace(end=before)
        return tuple(found)


def styled(style: Style | None, kind: SpanKind, href: str = "") -> Style:
    """The style of an element inside another; bold type inside bold type is the same, and so is any in its own kind."""
    around = style
    while around is not None:
        if around[1] == kind and style is not None:
            return style
        around = around[0]
    return (style, kind, href)


def _regions(marks: Marks) -> Iterator[tuple[int, int, Style | None]]:
    """Where text of one style starts and ends, without white space at the edges."""
    changes = cast("dict[int, Style | None]", dict(zip(marks.changes[::2], marks.changes[1::2], strict=True)))
    style: Style | None = None
    begun, length = -1, 0
    is_apart = False
    for number, part in enumerate(marks.parts):
        if number in changes:
            if begun >= 0:
                yield begun, length, style
            style, begun = changes[number], -1
        words = part.split()
        if not words:
            is_apart = is_apart or bool(part)
            continue
        start = length + (length > 0 and (is_apart or part[0].isspace()))
        begun = start if begun < 0 else begun
        length = start + sum(map(len, words)) + len(words) - 1
        is_apart = part[-1].isspace()
    if begun >= 0:
        yield begun, length, style


def _chain(style: Style | None, base: str, addresses: dict[str, str]) -> list[Style]:
    """The elements around a run of text, the outermost first and code last."""
    chain: list[Style] = []
    while style is not None:
        _, kind, href = style
        if kind == "link" and href not in addresses:
            addresses[href] = address(href, base)
        if kind != "link" or addresses[href]:
            chain.append(style)
        style = style[0]
    chain.reverse()
    chain.sort(key=lambda element: element[1] == "code")
    return chain


def _goes_on(before: Style, here: Style, is_touching: bool) -> bool:
    return before is here or (before[1:] == here[1:] and (is_touching or here[1] in _JOINED))


def address(href: str, base: str = "") -> str:
    """Where a link leads, absolute where `base` is known; "" unless it is http, https, mailto or relative.

    "#" alone is where pages hang a script.
    """
    href = _DROPPED.sub("", href.strip(_EDGES))
    if href == "#" or len(href) > MOST_HREF_CHARS:
        return ""
    try:
        joined = urljoin(base, href) if base and href else href
        urlsplit(joined)
    except ValueError:  # "http://[" is no address
        return ""
    if any(not _may_be_followed(each) for each in (href, joined)):
        return ""
    return _ENCODED.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), joined)


def _may_be_followed(href: str) -> bool:
    scheme = _SCHEME.match(href)
    return scheme is None or scheme[1].lower() in _SCHEMES


def base_address(url: str | None, stated: str | None = None) -> str:
    """The address that a page's relative links count from: what its `<base>` states, else its own; "" for neither."""
    joined = address(stated or "", url or "") or address(url or "")
    is_page = joined[:7].lower() == "http://" or joined[:8].lower() == "https://"
    return joined if is_page and len(joined) <= MOST_BASE_CHARS else ""


def pieces(text: str, spans: Sequence[Span]) -> Iterator[str | tuple[Span, bool]]:
    """A block's text with each span where it starts (True) and where it ends (False), for writing it down."""
    place = 0
    around: list[Span] = []
    for span in (*spans, None):
        start = len(text) if span is None else span.start
        while around and around[-1].end <= start:
            if place < around[-1].end:
                yield text[place : around[-1].end]
                place = around[-1].end
            yield around.pop(), False
        if place < start:
            yield text[place:start]
            place = start
        if span is not None:
            yield span, True
            around.append(span)


def without_whole(spans: Sequence[Span], size: int) -> list[Span]:
    """The spans of a heading, but for bold type over all of it, which a heading has anyway."""
    return [span for span in spans if span.kind != "strong" or span.end - span.start < size]
