"""The language of a text, for pages that do not say it."""

from __future__ import annotations

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
    lit:lt mkd:mk sqi:sq aze:az kat:ka hye:hy
    """.split()
)


def detect_code(text: str) -> str | None:
    """The ISO 639-1 code of a text's language (639-3 where there is none); None when it is too short to tell."""
    sample = text[:_SAMPLE_CHARS]
    if len(sample) < _MIN_CHARS:
        return None
    code = detect_language(sample, _CONFIDENCE).language
    return _TWO_LETTERS.get(code, code) if code else None
