"""Which lines of a plain text were broken by a program that wraps, and so belong to one paragraph.

A wrapper breaks a line where the next word would have gone beyond its width. So each line break says at which widths
it would have been made, and lines that were wrapped agree on one, while headlines, verse, rows and the
prompts between paragraphs do not. The width is looked for in each stretch of the text by itself: pages that were
glued together need not share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from model.scripts import CLOSING, STOPS

_WRAP_MIN, _WRAP_MAX = 45, 110
"""Columns at which people and programs wrap text."""

_LEAST_BREAKS = 5
"""Line breaks that can tell whether lines were wrapped; fewer look to the stretches beside them."""

_LEAST_AGREEING = 5
_AGREE, _AGREE_IN_PART = 0.6, 0.8
"""Share of a stretch's line breaks that one width has to explain; of a part of it, where chance has more tries.

Line breaks behind the end of a sentence may part paragraphs, and do not speak against a width."""

_SURE = 0.9
"""Share with which the lines before a short paragraph settle its width, and those after it are not asked."""

_MID_SENTENCE = 0.5
"""Share of those breaks behind which a sentence goes on: fewer are rows or headlines of one length."""

_SLACK = 7
"""Columns by which a line may be longer than the width most agree on."""

_LONG_WORD = 20
"""Longer first words say nothing of the width."""

_LEAST_LINE = _WRAP_MIN - _LONG_WORD
"""Columns below which no line was broken, however long the next word: a text may have 100,000 of such lines."""

_POOLED_BREAKS = 12
_POOLED_LINES = 60
"""How much of what stands before or after a short paragraph is looked at for its width."""

_FULL_LINE = 0.75
"""Share of the width below which a line was not broken for want of room, even by a wrapper that evens out."""

_OPENING = "\"'“”‘’«»([{"
_SENTENCE_END = re.compile(rf"[{STOPS}:;][{re.escape(CLOSING)}*_]*$")
_NEW_ITEM = re.compile(r"(?:[-*+•>|–]|#{1,6}|\d{1,3}[.)])\s|!\[|\||</?[a-z]|```|[-=*_]{3,}$")


def wrap_widths(lines: Sequence[str]) -> list[int]:
    """The column at which each line's paragraph was wrapped, 0 for one that was not.

    lines   the text's lines without the white space around them, "" for a blank one
    """
    stretches = list(_stretches(lines))
    usual = _width(lines, stretches)[0]
    widths = [0] * len(lines)
    for place, (start, end) in enumerate(stretches):
        if all(len(line) < _LEAST_LINE for line in lines[start : end - 1]):
            continue
        if end - start > _LEAST_BREAKS:
            _judge(lines, start, end, widths)
        if end - start < 2 * _POOLED_BREAKS and not any(widths[start:end]):
            found = _width(lines, _pooled(stretches, place, -1))
            if found[1] < _SURE:
                found = max(found, _width(lines, _pooled(stretches, place, 1)), key=_share)
            width = found[0]
            widths[start:end] = [width] * (end - start)
        if usual:
            widths[start:end] = [width or usual for width in widths[start:end]]
    return widths


def continues(lines: Sequence[str], number: int, width: int) -> bool:
    """Whether line `number`, wrapped at `width`, goes on in the line after it."""
    line, after = lines[number], lines[number + 1]
    if not width or not after or len(line) > width + _SLACK or _NEW_ITEM.match(after) or len(after) > _WRAP_MAX:
        return False
    fills = len(line) <= width and _is_full(line, after, width)
    if not fills and not (len(line) >= _FULL_LINE * width and _goes_on(after)):
        return False
    return not (_SENTENCE_END.search(line) and _stands_alone(lines, number + 1, width))


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether there was no room for the next word."""
    return len(line) + 1 + _room(after) > width


def _room(after: str) -> int:
    """Columns that the first word needs; scripts without spaces are broken at any letter."""
    return 1 if after[0] >= "\u2e80" else min(len(after.split(maxsplit=1)[0]), _LONG_WORD)


def _goes_on(after: str) -> bool:
    """Whether a line starts within a sentence, as far as its letters can tell."""
    first = after.lstrip(_OPENING)[:1]
    return first.isalpha() and not first.isupper()


def _stands_alone(lines: Sequence[str], number: int, width: int) -> bool:
    """Whether a line behind a full stop is a prompt between paragraphs: one line that is no sentence itself."""
    line, after = lines[number], lines[number + 1] if number + 1 < len(lines) else ""
    return not _SENTENCE_END.search(line) and not (after and _is_full(line, after, width))


def _stretches(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From where to where two or more lines stand together, none of them longer than wrapped ones are."""
    start = 0
    for number, line in enumerate([*lines, ""]):
        if not line or len(line) > _WRAP_MAX:
            if number - start > 1:
                yield start, number
            start = number + 1


def _pooled(stretches: list[tuple[int, int]], place: int, step: int) -> list[tuple[int, int]]:
    """A short stretch and enough of those before it (step -1) or after it (1) to tell a width."""
    pooled, breaks, reach = [], 0, stretches[place][0]
    while 0 <= place < len(stretches) and breaks < _POOLED_BREAKS:
        start, end = stretches[place]
        if abs(start - reach) > _POOLED_LINES:
            break
        if end - start > _POOLED_BREAKS:
            start, end = (end - _POOLED_BREAKS, end) if step < 0 else (start, start + _POOLED_BREAKS)
        pooled.append((start, end))
        breaks += end - start - 1
        place += step
    return pooled


def _judge(lines: Sequence[str], start: int, end: int, widths: list[int]) -> None:
    """Write the width of a long stretch into `widths`, or of its halves where the whole has none."""
    waiting = [(start, end, _AGREE)]
    while waiting:
        start, end, agree = waiting.pop()
        width, share = _width(lines, [(start, end)])
        if share >= agree:
            widths[start:end] = [width] * (end - start)
        elif end - start >= 2 * _POOLED_BREAKS:
            middle = (start + end) // 2
            waiting += [(start, middle, _AGREE_IN_PART), (middle, end, _AGREE_IN_PART)]


def _share(found: tuple[int, float]) -> float:
    return found[1]


def _width(lines: Sequence[str], stretches: list[tuple[int, int]]) -> tuple[int, float]:
    """The width that explains most line breaks, and which share of them; (0, 0.0) where none explains enough."""
    edges = [0] * (_WRAP_MAX + 2)
    spans: list[tuple[int, int, bool, bool]] = []
    for start, end in stretches:
        for number in range(start, end - 1):
            length, after = len(lines[number]), lines[number + 1]
            if length < _FULL_LINE * _WRAP_MIN:
                continue
            last = min(length + max(_room(after), 2), _WRAP_MAX)
            edges[length] += 1
            edges[last + 1] -= 1
            ends = bool(_SENTENCE_END.search(lines[number]))
            spans.append((length, last, not ends and _goes_on(after), ends))
    if len(spans) < _LEAST_BREAKS:
        return 0, 0.0
    votes = list(accumulate(edges))
    width = max(range(_WRAP_MIN, _WRAP_MAX + 1), key=votes.__getitem__)
    agreeing = votes[width]
    going_on = sum(goes_on for first, last, goes_on, _ in spans if first <= width <= last)
    against = sum(not (first <= width <= last or ends) for first, last, _, ends in spans)
    share = agreeing / (agreeing + against) if agreeing >= _LEAST_AGREEING else 0.0
    return (width, share) if share >= _AGREE and going_on >= _MID_SENTENCE * agreeing else (0, 0.0)
