"""Frames that a `<noscript>` opens and never closes: `<noscript><iframe src="…" /></noscript>`.

A browser that runs scripts reads what is inside `<noscript>` as raw text, so the missing end tag harms nobody. A
parser that reads it as markup, as Winnow does for the threads that stand there, takes all that follows for the frame's
own text: the page is lost up to the next `</iframe>`, or to its end. A tag manager's snippet did that to a WCXB page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_START = re.compile(r"<noscript(?=[\s/>])", re.IGNORECASE)
_END = re.compile(r"</noscript(?=[\s/>])", re.IGNORECASE)
_FRAME = re.compile(r"<iframe(?=[\s/>])[^<>]*>", re.IGNORECASE)
_FRAME_END = re.compile(r"</iframe(?=[\s/>])", re.IGNORECASE)


def with_closed_frames(source: str) -> str:
    """The markup as it is, or with an end tag behind each frame that is still open where its `<noscript>` ends.

    Linear: a `<noscript>` is looked into once, and those inside another are not looked for.
    """
    parts: list[str] = []
    done = 0
    start = _START.search(source)
    while start is not None:
        end = _END.search(source, start.end())
        if end is None:
            break
        for frame in _open_frames(source, start.end(), end.start()):
            parts += [source[done:frame], "</iframe>"]
            done = frame
        start = _START.search(source, end.end())
    return "".join([*parts, source[done:]]) if parts else source


def _open_frames(source: str, start: int, end: int) -> Iterator[int]:
    """Where the start tags end of the frames that no end tag follows before `end`."""
    closed: re.Match[str] | None = None
    is_last = False
    for frame in _FRAME.finditer(source, start, end):
        if closed is not None and frame.start() < closed.end():
            continue  # the text of the frame before it
        if not is_last:
            closed = _FRAME_END.search(source, frame.end(), end)
            is_last = closed is None
        if is_last:
            yield frame.end()
