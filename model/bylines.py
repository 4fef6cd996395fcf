"""Who wrote a page, as names: from machine-readable values and from bylines as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from model.dates import DAY_AND_MONTH

_MAX_NAMES = 20
_MAX_CHARS = 400
_MAX_NAME_WORDS = 7
_BEFORE = re.compile(
    r"""^\W*
    (?: (?:story|words|article|text|photographs?|posted|written|published|reviewed|created|submitted|authored|
        edited|guest\ post|contributed|asked|started|thread\ starter|topic\ starter) \s* )?
    (?: (?:by|author|authors|von|par|por|di|door|av|af|autor|autore|auteurs?|yazar|автор|作者) \b(?!\.) \s*[:|]?\s*
      | (?-i:By)(?=(?-i:[A-Z])) | from\s*: | [:@]\s* )""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands before the names: "By", "Written by:"."""

_SAYS_BY = re.compile(r"\b(?:[Bb]y|BY)\b:? +(?=[^\W\d_a-z])")

_DAY = rf"(?:\b(?:le|am|den|el|il|em|op)\s+)?\b{DAY_AND_MONTH}"
_DAY_BEFORE = re.compile(rf"^\W*{_DAY},?(?:\s+(?:de\s+)?\d{{4}})?\W+", re.IGNORECASE)
"""A day before the names, in the languages of `model.dates`: "3. März 2024, von Ada Reed"."""

_AFTER = re.compile(
    rf"""\s*
    (?: {_DAY} | [|•·–—»<>(@] | \s-\s | \bon\s*$ | \bon\s+\w+\ \d | \bin\s+[A-Z]
      | \b (?:published|updated|posted|last|modified|medically|reviewed|contributor|staff\ writer|follow|view|see|read|
        about|reporter|editor|correspondent|senior|min(?:ute)?s?\ read|ago
        |\d+\ (?:min|sec|hour|day|week|month|year|comments?)) \b
      | \b (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \b
      | \b (?:January|February|March|April|June|July|August|September|October|November|December|
        Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec) \.?\s+\d
      | \d{{1,2}}[./-]\d | \b\d{{4}} ).*$""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
"""What stands behind them: days, professions, buttons."""

_BETWEEN = re.compile(r"\s*(?:;|&|\band\b|\bund\b|\bet\b|,\s*and\b|,)\s*", re.IGNORECASE)
_NOBODY = frozenset(
    """
    admin administrator author authors editor editors staff unknown anonymous guest user webmaster by none null
    undefined posts website wordpress home root system profile contributor share follow
    """.split()
)
"""What systems fill in where nobody signed."""

_NOT_IN_NAMES = frozenset(
    """
    about account agree articles author authors badge badges bio blog board bronze case category company contact
    content cookies feed full gold guest guide home insights joined license member members menu more moderator my
    news offline online page popular post posts privacy profile read recent recipe registered reply rights search
    senior share sign silver size stories story terms thread tool topic type updated use user via view written your
    """.split()
)
"""Words of labels that stand where an author's name does."""

_PARTICLES = frozenset(
    "de da do dos du del della di van von der den ter la le el al bin ibn of the and y e zu af".split()
)
_ADDRESS = re.compile(r"https?:|www\.|\S@\S+\.\S|\.(?:com|org|net)/", re.IGNORECASE)
_DIGIT, _USER = re.compile(r"\d"), re.compile(r"[^\W\d][\w.-]*")
_DEGREE = re.compile(r"^(?:[A-Z]\.?){2,6}(?:-[A-Z]+)?$|^(?:PhD|Ph\.D\.?|MD|Jr\.?|Sr\.?|RN|Esq\.?)$")


def join_names(values: Iterable[str]) -> str | None:
    """The names in machine-readable values, each once, joined by commas; None where there are none."""
    seen: dict[str, str] = {}
    for value in values:
        name = _clean(value)
        if name:
            seen.setdefault(name.lower(), name)
    return ", ".join(list(seen.values())[:_MAX_NAMES]) or None


def names_in(text: str) -> str | None:
    """The names in a byline such as "By Ada Reed and Bo Lind, March 5, 2024"; None where it holds none."""
    line = _DAY_BEFORE.sub("", " ".join(text[:_MAX_CHARS].split()))
    rest = _BEFORE.sub("", line, count=1)
    rest = _AFTER.sub("", " " + rest).strip(" ,;:.|-")
    if not rest:
        return None
    parts = [part for part in _BETWEEN.split(rest) if part and not _DEGREE.match(part)]
    return join_names(parts) if all(len(part.split()) <= _MAX_NAME_WORDS for part in parts) else None


def signed_names(bylines: Iterable[str]) -> str | None:
    """The names in the first of a page's bylines that holds any; the others say the day, a price, how many posts."""
    for byline in bylines:
        line = byline[:_MAX_CHARS]
        said = _SAYS_BY.search(line)  # a day may stand before it: "March 5, 2024 · 3 min read · By Ada Reed"
        names = (said and names_in(line[said.start() :])) or names_in(line)
        if names and names.lower() not in _NOT_IN_NAMES and (_USER.fullmatch(names) or not _DIGIT.search(names)):
            return names
    return None


def is_name(text: str) -> bool:
    """Whether a visible text could be a name, a team's or a user's: a few capitalised words and none of a label's."""
    words = text.replace(",", " ").split()
    return 0 < len(words) <= _MAX_NAME_WORDS and all(
        word.lower() not in _NOT_IN_NAMES and (word in _PARTICLES or not word[0].islower()) for word in words
    )


def is_user_name(text: str) -> bool:
    """Whether a visible text could be what a forum's user is called."""
    return text.lower() not in _NOT_IN_NAMES and len(text) <= 30 and text.count(" ") < 3


def _clean(value: str) -> str | None:
    name = _BEFORE.sub("", " ".join(value[:_MAX_CHARS].split()), count=1).strip(" ,;:|")
    named = any(map(str.isalpha, name)) and len(name) > 1
    return name if named and name.lower() not in _NOBODY and not _ADDRESS.search(name) else None
