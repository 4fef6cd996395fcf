"""What a block's own characters say: length, links, punctuation, letter case, likeness to the page's title."""

from __future__ import annotations

import re
from itertools import chain
from math import log1p

import numpy as np
from numpy.typing import NDArray

from model.scripts import CLOSING, SPACELESS, STOPLESS, STOPS, UNSPACED_STOPS
from model.types import Block

Column = NDArray[np.float32]
Columns = dict[str, Column]
"""Feature columns by name, each float32 (n_blocks,)."""

_HEAD = 240
"""Characters of a block in which letter case, digits and separators are counted."""

_SEPARATORS = frozenset("|·•»«›‹→←▶►/\\")
_QUOTES = frozenset('"“”«„「')
_CURRENCY = frozenset("$€£¥₽₹")
_STOPS = frozenset(STOPS)
_MARKS = re.compile(rf"[{re.escape(''.join(sorted(_SEPARATORS | _QUOTES | _CURRENCY | _STOPS)))}@©\d]")
"""Which of these a block holds is found in a quarter of the time that the set of all its characters takes."""

_DATE_TIME = re.compile(r"\d(?<!\w\d)(?:(?:(?<=1)9|(?<=2)0)\d\d\b|\d?:\d\d\b|\d?[./]\d{1,2}[./]\d{2,4}\b)")
"""1999, 12:30, 1.2.99. Patterns that begin with a set of characters are looked for at a fifth of the time: this and the
next one say what must stand before, or which character it was, behind their first."""

_SENTENCE_END = re.compile(rf"[{STOPS}](?:(?<=[{UNSPACED_STOPS}])|[{re.escape(CLOSING)}]*(?=\s|$))")
_ENDS_SENTENCE = re.compile(rf"[{STOPS}][{re.escape(CLOSING)}]*$")
_CLOSING = frozenset(STOPS + CLOSING)
_ENDS_WITHOUT_STOP = re.compile(f"[{STOPLESS}][{re.escape(CLOSING)}]*$")
_FIRST_STOPLESS = STOPLESS[0]
_STOPLESS_PROSE = 60
"""Characters from which on a line of a script without stops is taken for whole sentences."""

_NO_SPACE_SCRIPT = re.compile(f"[{SPACELESS}]")
_WRITTEN_LINK = re.compile(r"!?\[[^\[\]]{0,300}\]\([^()\s]{0,500}\)")
"""A link as Markdown writes it."""

_MAX_TITLE_WORDS = 40
_PROSE_WORDS, _PROSE_LINKS = 12, 0.5
"""From how many words on, and below what share of link text, a block with a whole sentence is a paragraph."""

_CHARS_PER_WORD = 2.0
"""Characters of a script without spaces that count as one word."""


def text_columns(blocks: tuple[Block, ...], title: str | None) -> Columns:
    """One column per count or share; `title` is what the page calls itself, if anything."""
    title_words = _title_words(title)
    names = """
    log_words log_chars word_length link_density log_links emphasis_density sentences commas ends_sentence
    ends_colon ends_open starts_upper starts_lower capitalised caps_words digits separators date_time address
    copyright question exclamation quotes currency brackets in_title starts_mark markdown_share words
    """.split()
    known: dict[_Facts, int] = {}  # links of a menu, cells of a table: every third block repeats another
    index = [
        known.setdefault((block.text, block.link_chars, block.link_count, block.emphasis_chars), len(known))
        for block in blocks
    ]
    values = chain.from_iterable([_text_row(*facts, title_words) for facts in known])
    table = np.fromiter(values, np.float32, len(known) * len(names)).reshape(len(known), len(names))[index]
    return {name: table[:, number] for number, name in enumerate(names)}


_Facts = tuple[str, int, int, int]
"""A block's text, characters in links, number of links, characters with emphasis."""


def _text_row(
    text: str, link_chars: int, link_count: int, emphasis_chars: int, title_words: frozenset[str]
) -> tuple[float, ...]:
    chars = len(text)
    head = text if chars <= _HEAD else text[:_HEAD]
    marks = _MARKS.findall(head)
    used = set(marks)
    words = text.count(" ") + text.count("\n") + 1.0
    if not text.isascii():
        words += len(_NO_SPACE_SCRIPT.findall(text)) / _CHARS_PER_WORD
    head_words = head.split()
    n_head = max(len(head_words), 1)
    is_lower = head.islower()
    first, last = text[0], text[-1]
    digits = sum(map(str.isdecimal, marks))
    long = chars > _HEAD
    return (
        log1p(words),
        log1p(chars),
        min(chars / words, 30.0),
        link_chars / chars,
        log1p(link_count),
        emphasis_chars / chars,
        len(_SENTENCE_END.findall(text)) if long or not used.isdisjoint(_STOPS) else 0,
        (text.count(",") + text.count("，") + text.count("、")) / words,
        (last in _CLOSING or last >= _FIRST_STOPLESS) and _ends_sentence(text),
        last in ":：",
        last in "…»›→>" or text.endswith("..."),
        first.isupper(),
        first.islower(),
        0 if is_lower else sum(map(str.isupper, [word[0] for word in head_words])) / n_head,
        0 if is_lower else sum(map(str.isupper, head_words)) / n_head,
        digits / len(head),
        0 if used.isdisjoint(_SEPARATORS) else sum(map(_SEPARATORS.__contains__, marks)) / n_head,
        len(_DATE_TIME.findall(head)) if digits else 0,
        "@" in used or "http" in head or "www." in head,
        "©" in used or "(c)" in head,
        text.count("?") / words,
        text.count("!") / words,
        not used.isdisjoint(_QUOTES),
        not used.isdisjoint(_CURRENCY),
        first in "[({" or last in "])}",
        _overlap(head_words, title_words),
        not first.isalnum(),
        sum(map(len, _WRITTEN_LINK.findall(text))) / chars if "](" in text else 0,
        words,
    )


def _ends_sentence(text: str) -> bool:
    if _ENDS_SENTENCE.search(text[-6:]):
        return True
    return len(text) >= _STOPLESS_PROSE and _ENDS_WITHOUT_STOP.search(text[-6:]) is not None


def prose_words(columns: Columns) -> Column:
    """The words of each block that reads like a paragraph, 0 for the others."""
    words = columns["words"]
    is_prose = (words >= _PROSE_WORDS) & (columns["sentences"] > 0) & (columns["link_density"] < _PROSE_LINKS)
    return np.asarray(words * is_prose, np.float32)


def title_overlap(text: str, title: str) -> float:
    """Share of words that a block and the page's title have in common, 0 to 1."""
    return _overlap(text[:_HEAD].split(), _title_words(title))


def _title_words(title: str | None) -> frozenset[str]:
    return frozenset((title or "").lower().split())


def _overlap(head_words: list[str], title_words: frozenset[str]) -> float:
    if not title_words or len(head_words) > _MAX_TITLE_WORDS:
        return 0.0
    common = title_words.intersection(map(str.lower, head_words))
    return len(common) / max(len(title_words), len(head_words))
