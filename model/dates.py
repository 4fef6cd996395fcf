"""Days written in text: ISO and compact forms, and days with a month's name in ten languages."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2099
"""No clock is asked: a page cleaned again next year must give the same answer."""

_MONTHS = """
january jan januar januari janvier janv enero ene janeiro gennaio gen stycznia января
february feb februar februari février fevrier févr febrero fevereiro fev febbraio lutego февраля
march mar märz mars mär maart marzo março marca марта
april apr avril avr abril abr aprile kwietnia апреля
may mai mei mayo maio maggio mag maj maja мая
june jun juni juin junio junho giugno giu czerwca июня
july jul juli juillet juil julio julho luglio lug lipca июля
august aug augusti augustus août aout agosto ago sierpnia августа
september sep sept septembre septiembre setembro settembre set września сентября
october oct oktober okt octobre octubre outubro out ottobre ott października октября
november nov novembre noviembre novembro listopada ноября
december dec dezember dez décembre déc diciembre dic dezembro dicembre grudnia декабря
"""
_NUMBER_OF = {
    name: number for number, names in enumerate(_MONTHS.strip().splitlines(), 1) for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
DAY_AND_MONTH = rf"\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s*(?:de\s+|-)?(?:{_MONTH})\b\.?"
"""How a written day begins where the month is not first, as part of a pattern that ignores case."""

_FORMS = (
    re.compile(r"\b(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(rf"\b(?P<n>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})\b", re.IGNORECASE),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s*(?:de\s+|-)?(?P<n>{_MONTH})\.?,?[\s-]+(?:de\s+)?(?P<y>\d{{4}})\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})\b"),
    re.compile(r"\b(?P<y>\d{4})年\s?(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日"),
    re.compile(r"\b(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})\b"),
)  # fmt: skip
_YEAR = re.compile(r"(?:19|20)\d\d")
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_LONGEST = 400

_MEMBERSHIP = re.compile(
    r"\W*(?:joined|join date|registered|member since|mitglied seit|registriert|dabei seit|inscrit|membre depuis|"
    r"registrado|miembro desde|iscritto|membro (?:da|desde)|lid sinds|geregistreerd|medlem sedan|dołączył|registrov|"
    r"регистрация|зарегистрирован|на форуме с|с нами с|注册|登録)",
    re.IGNORECASE,
)


def iso_day(value: str | None) -> str | None:
    """The first day named in a machine's value, such as a meta tag's, as ISO 8601; None where there is none."""
    if not value:
        return None
    compact = _COMPACT.search(value[:_LONGEST])
    return find_day(value) or (_day(*map(int, compact.groups())) if compact else None)


def find_day(text: str) -> str | None:
    """The first day written out in a text, as ISO 8601. "3/4/2024" is read as Americans do, unless that is no day."""
    text = text[:_LONGEST]
    if not _YEAR.search(text):
        return None
    found = [(match.start(), match) for form in _FORMS if (match := form.search(text))]
    for _, match in sorted(found, key=lambda item: item[0]):
        parts = match.groupdict()
        month = int(parts["m"]) if parts.get("m") else _number_of(parts["n"])
        day = _day(int(parts["y"]), month, int(parts["d"]))
        if day is None and parts.get("m"):
            day = _day(int(parts["y"]), int(parts["d"]), month)
        if day:
            return day
    return None


def published_day(lines: Iterable[str]) -> str | None:
    """The first day that a line names, but not since when somebody is a member, as beside posts of a forum."""
    return next((day for line in lines if (day := find_day(line)) and not _MEMBERSHIP.match(line)), None)


def _number_of(name: str) -> int:
    """The number of a month in any letter case; 0 for a name whose odd letters only a pattern takes for its own.

    Patterns that ignore case take "İ", "ı" and "ſ" for "i" and "s", as in "APRİL" on Turkish pages and "Auguſt" in old
    print; lower case leaves them what they are.
    """
    return _NUMBER_OF.get(name.lower().translate(_FOLDED), 0)


_FOLDED = {0x0307: None, ord("ı"): "i", ord("ſ"): "s"}
"""Letters that stay in lower case: "İ" becomes an "i" and a dot of its own, U+0307."""


def _day(year: int, month: int, day: int) -> str | None:
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:  # digits that are no day: a time stamp in seconds, a number
        return None
