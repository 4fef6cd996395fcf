"""Plain text to blocks: the front door for what another scraper already extracted.

A line is a block. Two shapes need more: hard-wrapped text, whose lines are joined back into paragraphs (see
`model.wrapping`), and text that came as one huge line, where sentences are the unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from model.limits import Limits
from model.scripts import CLOSING, SPACED_STOPS, UNSPACED_STOPS
from model.types import Block, Metadata, Page, Position, Segmentation
from model.wrapping import continues, wrap_widths

_HUGE_LINE_CHARS = 3_000
"""A line longer than this is no paragraph: the corpora's longest gold paragraphs have about 2,500 characters."""

_ONLY_LINE_CHARS = 600
"""The same of a text's only line: what holds an article and its noise must not stay or go as a whole."""

_LINE_END = re.compile("[\n\r\v\f\u2028\u2029](?:(?<=\r)\r?\n)?")
"""Up to two CR and LF are one end. Not U+0085: in UTF-8 that was read as Latin-1 it is half of a letter."""

_EDGE = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_EDGE += "\u200b\u2060\ufeff"
"""What is taken off both ends of a line: white space and what has no width."""

_SENTENCE = re.compile(rf"[^\s].*?(?:[{SPACED_STOPS}][{re.escape(CLOSING)}]*(?=\s)|[{UNSPACED_STOPS}]|$)", re.DOTALL)


def segment_text(page: Page, limits: Limits) -> Segmentation:
    """Cut a page of plain text into blocks, each at the line and column where it starts.

    The words of all blocks together are those of the text, in order. Beyond `max_blocks` the rest is left unread
    and the segmentation carries a warning.
    """
    blocks: list[Block] = []
    warnings: tuple[str, ...] = ()
    for text, position in _pieces(split_lines(page.source), limits):
        if len(blocks) == limits.max_blocks:
            warnings = (f"The text has more than {limits.max_blocks:,} blocks; the rest was not read.",)
            break
        blocks.append(Block(text, position))
    return Segmentation(tuple(blocks), (), Metadata(), warnings)


def split_lines(source: str) -> list[str]:
    """The lines of a plain text, as positions count them."""
    return _LINE_END.split(source)


def _pieces(lines: list[str], limits: Limits) -> Iterator[tuple[str, Position]]:
    """Lines, paragraphs of wrapped lines and sentences of huge lines, each with where it starts."""
    stripped = [line.strip(_EDGE) for line in lines]
    stripped = [text if text.strip() else "" for text in stripped]
    widths = wrap_widths(stripped)
    longest = _HUGE_LINE_CHARS if sum(map(bool, stripped)) > 1 else _ONLY_LINE_CHARS
    number = 0
    while number < len(stripped):
        text, first = stripped[number], number
        number += 1
        if not text:
            continue
        position = Position(first + 1, lines[first].index(text[0]) + 1)
        if len(text) > longest:
            yield from _sentences(text, position, limits)
            continue
        chars = len(text)
        while number < len(stripped) and widths[number - 1] and continues(stripped, number - 1, widths[number - 1]):
            chars += 1 + len(stripped[number])
            if chars > limits.max_block_chars:
                break
            number += 1
        yield " ".join(stripped[first:number]), position


def _sentences(text: str, position: Position, limits: Limits) -> Iterator[tuple[str, Position]]:
    for sentence in _SENTENCE.finditer(text):
        for start in range(0, len(sentence[0]), limits.max_block_chars):
            piece = sentence[0][start : start + limits.max_block_chars].strip()
            if piece:
                yield piece, Position(position.line, position.column + sentence.start() + start)
