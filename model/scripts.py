"""What the world's scripts end sentences with, write without spaces, and put above and below their letters.

Python's patterns take combining marks for no part of a word: they cut Hindi, Bengali and Thai at every vowel sign.
"""

from __future__ import annotations

import re
from unicodedata import category

SPACED_STOPS = ".!?…؟۔।॥։።"
"""A space or the line's end follows them where they end a sentence. The last ones are Arabic's and Urdu's, India's,
Armenian's and Amharic's.
"""

UNSPACED_STOPS = "。！？｡．။៕។"
STOPS = SPACED_STOPS + UNSPACED_STOPS
CLOSING = "\"'”’»)]」』】）》"
"""What may stand behind the stop of a sentence: quotation marks and brackets."""

SPACELESS = "\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Scripts that part no words, as part of a pattern's class: kana and Han, Thai and Lao, Burmese, Khmer."""

_WIDE = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60"
"""Kana, Han and their punctuation, as part of a pattern's class; Korean has spaces."""

STOPLESS = "\u0e00-\u0eff"
"""Thai and Lao end sentences with a space at most, as part of a pattern's class."""

MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if category(chr(code)) in ("Mn", "Mc"))
"""Combining marks of the Basic Multilingual Plane, as part of a pattern's class."""

_WIDE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n\s*(?=[{_WIDE}])")
_MARK = re.compile(f"[{MARKS}]")


def unbroken(text: str) -> str:
    """The text without the line ends that stand between two letters of Chinese or Japanese: there they are no space.

    The segment break transformation rules of CSS Text Module Level 3, section 4.1.3.
    """
    return _WIDE_BREAK.sub("", text) if "\n" in text and not text.isascii() else text


def has_marks(text: str) -> bool:
    """Whether a text has combining marks. Most scripts have none, and patterns without them are much faster."""
    return _MARK.search(text) is not None
