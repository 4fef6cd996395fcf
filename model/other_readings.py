"""Pages whose tree shows nothing of their article although they hold it: other ways to read them.

An unclosed `<title>` makes a title of all that follows; a set of frames keeps what it says of itself in `<noframes>`,
which is no markup to a parser; a page that scripts build may hold its article in JSON-LD.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import NamedTuple

from model.types import Segmentation

_TITLE = re.compile(r"<title\b[^<>]*>[^<]*", re.IGNORECASE)
_TITLE_END = re.compile(r"</title[\s/>]", re.IGNORECASE)
_FRAMES = re.compile(r"<frameset\b", re.IGNORECASE)
_FRAME_TAGS = re.compile(r"</?(?:no)?frame(?:s|set)?\b[^<>]*>", re.IGNORECASE)
_NO_LINE_END = re.compile(r"[^\r\n]")
_MOST_FRAME_BLOCKS = 2

_LEAST_CHARS = 200
"""Characters of an article in JSON-LD, below which it is a summary."""

_SHOWN = 0.5
"""Visible characters outside links, as a share of the article's in JSON-LD, from which the page shows it itself."""

_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|ul|li)\b", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")


class Reading(NamedTuple):
    """Markup to read instead of the page's, and a warning that says so."""

    source: str
    warning: str


def other_reading(source: str, found: Segmentation) -> Reading | None:
    """What to read instead of `source`, in which `found` was; None for nearly all pages."""
    title = None if found.blocks else _TITLE.search(source)
    if title is not None and not _TITLE_END.search(source, title.end()):
        unclosed = source[: title.start()] + _blank(title) + source[title.end() :]
        return Reading(unclosed, "The page's <title> is never closed; it was left out.")
    if len(found.blocks) <= _MOST_FRAME_BLOCKS and _FRAMES.search(source):
        return Reading(
            _FRAME_TAGS.sub(_blank, source), "The page is a set of frames: what they show are pages of their own."
        )
    body = found.metadata.body or ""
    if len(body) < _LEAST_CHARS or _is_shown(body, found):
        return None
    return Reading(
        _as_markup(body, found.metadata.title), "The article was read from the page's JSON-LD; its markup lacks it."
    )


def _blank(found: re.Match[str]) -> str:
    """White space in the place of markup, so that what follows keeps its line and column."""
    return _NO_LINE_END.sub(" ", found[0])


def _is_shown(body: str, found: Segmentation) -> bool:
    """Whether the page shows, outside links, enough text to hold an article, which is text or markup."""
    enough = _SHOWN * len(body)
    if _shown_chars(found, enough) >= enough:
        return True
    enough = _SHOWN * len(_TAGS.sub("", _unescaped(body)))
    return _shown_chars(found, enough) >= enough


def _shown_chars(found: Segmentation, enough: float) -> int:
    """The visible characters outside links; no more are counted once they are enough."""
    shown = 0
    for block in found.blocks:
        shown += len(block.text) - block.link_chars
        if shown >= enough:
            break
    return shown


def _as_markup(body: str, title: str | None) -> str:
    """An article in JSON-LD is text with line ends, or markup, or either escaped once more."""
    body = _unescaped(body)
    if not _MARKUP.search(body):
        paragraphs = filter(None, map(str.strip, body.split("\n")))
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    heading = f"<h1>{escape(title)}</h1>" if title else ""
    return f"<main><article>{heading}{body}</article></main>"


def _unescaped(text: str) -> str:
    """The text with its character references resolved; as it is where one has more digits than Python reads."""
    try:
        return unescape(text)
    except ValueError:
        return text
