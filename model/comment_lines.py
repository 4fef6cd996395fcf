"""Comments told apart by the lines between them that say who and when: a plain text has nothing else.

They start below a heading, "12 Comments", or at the first of several lines in the manner of "Ada says:" with a date,
and end where a form asks for more. No article stands below its comments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.comment_words import (
    Meta,
    find_dated,
    find_headings,
    find_signed,
    is_control,
    is_form,
    is_heading,
    is_reply_button,
    looks_like_name,
    read_meta,
)
from model.types import Block, Label

REACH = 12
"""Blocks between a heading and the first name or date below it."""

_DATE_REACH, _BUTTON_REACH = 2, 5
"""Blocks behind a name among which its date, or a button to reply, is looked for."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """The blocks of one comment by their numbers, and how deep it stands in the thread, 0 at the top."""

    blocks: tuple[int, ...]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Discussion:
    """A page's comments in order, and `inside`, bool (n_blocks,): all that stands in their sections, buttons too."""

    comments: tuple[Grouped, ...]
    inside: NDArray[np.bool_]


def labelled_discussion(labels: Sequence[Label]) -> Discussion:
    """The comments of a plain text that only the model sees: every line that it calls one."""
    inside = np.array([label is Label.COMMENT for label in labels], bool)
    return Discussion(tuple(Grouped((number,)) for number in np.flatnonzero(inside).tolist()), inside)


def find_in_lines(blocks: Sequence[Block], lowest: int) -> Discussion | None:
    """The comments of a plain text from block `lowest` on, where enough article is above them."""
    metas = Metas(blocks)
    start = _first_line(metas, lowest)
    if start < 0:
        return None
    end = start
    while end < len(blocks) and not (is_form(blocks[end].text) and not is_control(blocks[end].text)):
        end += 1
    said = [n for n in range(start, end) if not is_control(blocks[n].text) and not is_heading(blocks[n].text)]
    heads = heads_among(metas, said)
    if not heads:
        return None
    inside = np.zeros(len(blocks), bool)
    inside[start:end] = True
    return Discussion(tuple(part(said, heads)), inside)


def _first_line(metas: Metas, lowest: int) -> int:
    """Where they start: at a heading, or at the first of two lines that say who said it when. -1 where they do not."""
    blocks = metas.blocks
    texts = [block.text for block in blocks]
    announced = set(find_headings(texts))
    dated = _up_to(find_dated(texts), range(_DATE_REACH + 1))
    signed = find_signed(texts, [number for number in dated if number >= lowest])
    replied = _up_to([n for n, text in enumerate(texts) if is_reply_button(text)], range(1, _BUTTON_REACH + 1))
    spoken: list[int] = []
    for number in sorted(n for n in announced.union(signed, replied) if n >= lowest):  # nowhere else do they start
        if number in announced:
            near = range(number + 1, min(number + 1 + REACH, len(blocks)))
            if any(meta.date or meta.spoken for n in near if (meta := metas[n])):
                return number
        meta = metas[number]
        if meta is None or meta.rest:
            continue
        near = range(number, min(number + 1 + _DATE_REACH, len(blocks)))
        if number in replied or (meta.author and meta.spoken and any(m.date for n in near if (m := metas[n]))):
            spoken.append(number)
            if len(spoken) > 1:
                first = spoken[0]
                unnamed = first > 0 and (meta := metas[first]) is not None and meta.author is None
                return first - 1 if unnamed and looks_like_name(blocks[first - 1].text) else first
    return -1


def _up_to(numbers: Sequence[int], steps: range) -> set[int]:
    """The blocks that stand so many steps before one of these."""
    return {number - step for number in numbers for step in steps}


class Metas:
    """What each block says of who and when, read once."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self._known: dict[int, Meta | None] = {}

    def __getitem__(self, number: int) -> Meta | None:
        if number not in self._known:
            self._known[number] = read_meta(self.blocks[number].text)
        return self._known[number]


def heads_among(metas: Metas, numbers: Sequence[int]) -> dict[int, Meta]:
    """Which of these blocks say who and when; a name alone counts where a date comes right after it."""
    heads: dict[int, Meta] = {}
    for place, number in enumerate(numbers):
        meta = metas[number]
        if meta is None:
            continue
        blocks = metas.blocks
        before = numbers[place - 1] if place else -1
        if meta.author is None and before >= 0 and before not in heads and looks_like_name(blocks[before].text):
            heads[before] = Meta(blocks[before].text)
        heads[number] = meta
    return heads


def part(numbers: Sequence[int], heads: dict[int, Meta]) -> list[Grouped]:
    """Part a run of blocks where who and when stand: before each comment, or behind each."""
    leading = numbers[0] in heads
    groups: list[list[int]] = [[]]
    had_text = had_head = False
    for number in numbers:
        is_head = number in heads
        if is_head if leading else not is_head:
            ends = had_text if leading else had_head
            if ends:
                groups.append([])
                had_text = had_head = False
        had_head = had_head or is_head
        had_text = had_text or not is_head or bool(heads[number].rest)
        groups[-1].append(number)
    if not leading and not had_head:
        groups.pop()  # what stands behind the last signature was said by nobody
    return [Grouped(tuple(group)) for group in groups if group]
