"""The language of a text, for pages that do not say it."""

from __future__ import annotations

import re

from turbohtml.detect import LanguageDetection, detect_language

_SAMPLE_CHARS = 2_000
_MIN_CHARS = 40
_CONFIDENCE = LanguageDetection(threshold=0.2)
_TWO_LETTERS = dict(
    pair.split(":")
    for pair in """
    eng:en deu:de fra:fr spa:es ita:it por:pt nld:nl swe:sv dan:da nob:no nno:no fin:fi isl:is pol:pl ces:cs
    slk:sk slv:sl hrv:hr srp:sr bul:bg ukr:uk rus:ru bel:be ron:ro hun:hu ell:el tur:tr ara:ar heb:he pes:fa
    fas:fa urd:ur hin:hi ben:bn tam:ta tel:te cmn:zh jpn:ja kor:ko vie:vi tha:th ind:id cat:ca est:et lav:lv
    lit:lt mkd:mk sqi:sq aze:az kat:ka hye:hy lat:la afr:af eus:eu glg:gl gle:ga cym:cy swa:sw swh:sw tgl:tl msa:ms
    zsm:ms mlt:mt bos:bs kaz:kk uzb:uz kir:ky tgk:tg mon:mn amh:am nep:ne mar:mr guj:gu pan:pa kan:kn mal:ml sin:si
    khm:km lao:lo mya:my yid:yi epo:eo jav:jv sun:su som:so hau:ha yor:yo ibo:ig zul:zu xho:xh sna:sn tat:tt pus:ps
    """.split()
)


_KANA = re.compile(r"[\u3041-\u30fa]")
_LEAST_KANA = 0.03
"""Share of a Japanese text's characters, Latin names among them, that are kana at least; other texts have none."""

_CYRILLIC = re.compile(r"[а-яё]")
_LEAST_CYRILLIC = 0.3
_LETTERS = (
    ("cv", "ӗӑ"), ("tg", "ӣӯҷ"), ("ba", "ҡҙ"), ("uz", "ҳ"), ("kk", "қғұ"), ("tt", "әҗ"), ("ky", "ң"), ("mn", "өү"),
    ("mk", "ѓќѕ"), ("sr", "ђћљњџј"), ("be", "ў"), ("uk", "іїєґ"), ("ru", "ыэё"), ("bg", "ъщ"),
)  # fmt: skip
"""Letters that no language further down writes; the first of which a text has enough is its language's. Those of the
first line are told here only: statistics take them for Belarusian or Serbian.
"""

_LEAST_LETTERS = 0.004
"""Share of a Cyrillic text's characters."""

_LEAST_WORDS = 2
_WORDS = {
    code: frozenset(words.split())
    for code, words in (
        ("da", "af blev hvad nogle nogen gør ud op havde siger meget lidt bliver"),
        ("no", "ble etter meg deg seg hva noen noe gjør opp mye litt igjen sier blir enn"),
        ("sv", "och att inte jag från för är också vara något någon vad säger mycket"),
    )
}  # fmt: skip
"""Frequent words of neighbours that no other of them has."""


def detect_code(text: str) -> str | None:
    """The ISO 639-1 code of a text's language (639-3 where there is none); None when it is too short to tell."""
    sample = text[:_SAMPLE_CHARS]
    if len(sample) < _MIN_CHARS:
        return None
    return _by_letters(sample) or _among_neighbours(_guessed(sample), sample)


def _guessed(sample: str) -> str | None:
    code = detect_language(sample, _CONFIDENCE).language
    return _TWO_LETTERS.get(code, code) if code else None


def _by_letters(sample: str) -> str | None:
    """The language that a text's script or letters tell, where they do: statistics take short Russian for Bulgarian."""
    if sample.isascii():
        return None
    if len(_KANA.findall(sample)) >= _LEAST_KANA * len(sample):
        return "ja"
    text = sample.lower()
    if len(_CYRILLIC.findall(text)) < _LEAST_CYRILLIC * len(text):
        return None
    return next(
        (code for code, letters in _LETTERS if sum(map(text.count, letters)) >= _LEAST_LETTERS * len(text)), None
    )


def _among_neighbours(code: str | None, sample: str) -> str | None:
    """The same, or the neighbour whose words a Scandinavian text has; these also tell what statistics are unsure of."""
    if code is not None and code not in _WORDS:
        return code
    words = sample.lower().split()
    counts = {near: sum(word in known for word in words) for near, known in _WORDS.items()}
    likeliest = max(counts, key=lambda near: (counts[near], near == code))
    return likeliest if code is not None or counts[likeliest] >= _LEAST_WORDS else None
