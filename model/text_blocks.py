"""Plain text to blocks: the front door for what another scraper already extracted.

A line is a block. Two shapes need more: hard-wrapped text, whose lines are joined back into paragraphs, and
text that came as one huge line, where sentences are the unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import quantiles

from model.limits import Limits
from model.types import Block, Metadata, Page, Position, Segmentation

_HUGE_LINE_CHARS = 3_000
"""A line longer than this is no paragraph: the corpora's longest gold paragraphs have about 2,500 characters."""

_WRAP_MIN, _WRAP_MAX = 45, 110
"""Columns at which people and programs wrap text."""

_WRAP_LONGEST = 1.25
"""How many times that width the longest line may have."""

_WRAP_MIN_LINES = 6
_SENTENCE = re.compile(r"[^\s].*?(?:[.!?…][\"'”’»)\]]*(?=\s)|[。！？]|$)", re.DOTALL)
_NEW_ITEM = re.compile(r"\s*(?:[-*•#>|]|\d+[.)])\s")


def segment_text(page: Page, limits: Limits) -> Segmentation:
    """Cut a page of plain text into blocks, each at the line and column where it starts.

    Beyond `max_blocks` the rest is left unread and the segmentation carries a warning.
    """
    lines = page.source.splitlines()
    width = _wrap_width(lines)
    pieces = _wrapped_paragraphs(lines, width, limits) if width else _lines(lines, limits)
    blocks: list[Block] = []
    warnings: tuple[str, ...] = ()
    for text, position in pieces:
        if len(blocks) == limits.max_blocks:
            warnings = (f"The text has more than {limits.max_blocks:,} blocks; the rest was not read.",)
            break
        blocks.append(Block(text, position))
    return Segmentation(tuple(blocks), (), Metadata(), warnings)


def _lines(lines: list[str], limits: Limits) -> Iterator[tuple[str, Position]]:
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        column = line.index(text[0]) + 1
        if len(text) <= _HUGE_LINE_CHARS:
            yield text, Position(number, column)
        else:
            for sentence in _SENTENCE.finditer(text):
                for start in range(0, len(sentence[0]), limits.max_block_chars):
                    piece = sentence[0][start : start + limits.max_block_chars].strip()
                    if piece:
                        yield piece, Position(number, column + sentence.start() + start)


def _wrap_width(lines: list[str]) -> int:
    """The column at which the text was wrapped, or 0 for text that was not.

    Wrapped text has many lines and none is much longer than the others: nine in ten stay below a
    width that most lines followed by another come close to.
    """
    inner = [len(line.rstrip()) for line, after in pairwise(lines) if line.strip() and after.strip()]
    if len(inner) < _WRAP_MIN_LINES:
        return 0
    width = round(quantiles(inner, n=10)[8])
    longest = max(len(line.rstrip()) for line in lines)
    near = sum(width * 0.8 <= length <= width for length in inner)
    even = longest <= width * _WRAP_LONGEST and near >= 0.6 * len(inner)
    return width if even and _WRAP_MIN <= width <= _WRAP_MAX else 0


def _wrapped_paragraphs(lines: list[str], width: int, limits: Limits) -> Iterator[tuple[str, Position]]:
    most_lines = max(1, int(limits.max_block_chars / (_WRAP_LONGEST * width + 1)))
    parts: list[str] = []
    start = 0
    for number, line in enumerate([*lines, ""], 1):
        text = line.strip()
        ends = not text or _NEW_ITEM.match(line) or (parts and len(parts[-1]) < width * 0.75)
        if parts and (ends or len(parts) == most_lines):
            yield " ".join(parts), Position(start, 1)
            parts = []
        if text:
            start = start if parts else number
            parts.append(text)
