"""A comment's text as its reader sees it: disguises undone, and counted, since honest people use few.

links in HTML or BBCode   taken out of their markup        "[url=http://a.example]b[/url]"
zero-width characters     removed                          "ch<200B>eap"
compatibility forms       NFKC                             bold, full-width, circled letters
look-alike letters        folded to the word's own script  Latin letters in a Russian word
digits for letters        read as letters                  "fr33 v1agra"
spaced-out letters        joined                           "f r e e   g.i.f.t"
long runs of a letter     cut to two                       "pleeeease"
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

HEAD_CHARS, TAIL_CHARS = 1_500, 500
"""Characters read of a comment: its start and its end, where the link is. More would only cost time."""

_HTML_LINK = re.compile(r"<a\b(?=[^<>]*>)[^<>]*?href\s*=\s*[\"']?([^\"'\s<>]++)[^<>]*+>", re.IGNORECASE)
_BBCODE_LINK = re.compile(r"\[(?:url|link)\s*=\s*[\"']?([^\[\]\"'\s]++)[^\[\]]*+\]", re.IGNORECASE)
"""Whether a tag is ever closed is asked first, and what was read is not given back: a comment of 44 addresses in a tag
that is not took 70 ms."""

_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,200})\]\((https?://[^()\s]+)\)")
_BBCODE = re.compile(r"\[/?(?:url|link|img|b|i|u|color|size|quote)\b[^\[\]]{0,200}\]", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/?p|/?div)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,500}>", re.IGNORECASE)

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_EMOJI_JOINER = re.compile("(?<=[\u2600-\u27bf\ufe0f\U0001f300-\U0001faff])\u200d")
_PILED_MARKS = re.compile("(?<=[a-z\u0300-\u036f])[\u0300-\u036f\u0489]+", re.IGNORECASE)

_LATIN_OF_CYRILLIC = dict(
    zip("аеорсухіјѕԁһӏкмтвнԛԝАЕОРСУХІЈЅКМТВНҮ", "aeopcyxijsdhlkmtbhqwAEOPCYXIJSKMTBHY", strict=True)
)
_LATIN_OF_GREEK = dict(zip("αονρτυκιχωγεΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aovptukixwyeABEZHIKMNOPTYX", strict=True))
_LATIN_OF_OTHERS = dict(
    zip(
        "ɑɡɩıʟʀɴʜɪᴀʙᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡʏᴢօսոհցԍᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᏃ",
        "agiilrnhiabcdejkmoptuvwyzounhggABCDEGHiJKLMPRSTVZ",
        strict=True,
    )
)
_TO_LATIN = str.maketrans(_LATIN_OF_CYRILLIC | _LATIN_OF_GREEK | _LATIN_OF_OTHERS)
_TO_CYRILLIC = str.maketrans(
    dict(zip("aeopcyxkmtbhiAEOPCYXKMTBH3", "аеорсухкмтвніАЕОРСУХКМТВНз", strict=True))
    | {"ɑ": "а", "ο": "о", "ρ": "р", "α": "а"}
)
_STRANGE_LETTERS = "ɑɡɩıʟʀɴʜɪᴀ-ᴢʏօսոհցԍᎠ-Ᏼ"
_OTHER_SCRIPT = re.compile(f"[\u0370-\u052f{_STRANGE_LETTERS}]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_LETTER = re.compile("[A-Za-z]")
_ONLY_CYRILLIC = re.compile("[бгджзийлпфцчшщъыьэюяБГДЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯЄєЇї]")
_ONLY_GREEK = re.compile("[βδζηθλμξπσςφψΓΔΘΛΞΠΣΦΨΩάέήίόύώ]")
_ONLY_LATIN = re.compile("[dfgjlnqrsuvwzDFGIJLNQRSUVWZ]")

_LEET = re.compile(
    r"(?<=[a-z])[013457$]{1,2}(?=[a-z])|(?<=[a-z])@(?=[a-z])(?![\w-]+\.\w)|\b[0134$5](?=[a-z]{3})"
    r"|(?<=[a-z]{2})(?:33|00)\b|(?<=[a-z]{3})[013$5]\b",
    re.IGNORECASE,
)
_LEET_SIGN = re.compile("[013457@$]")
"""One of which stands in all that `_LEET` matches, and in few comments."""

_LEET_LETTERS = str.maketrans("013457@$", "oieastas")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_](?:[ .\-_*·|]|\s?\u2022\s?)){3,}[^\W\d_](?![^\W_])")
_WIDE_GAP = re.compile(r"[^\S\n]{2,}")
_RUN = re.compile(r"([^\W\d_])\1{2,}")

LINK = re.compile(
    r"(?:https?|hxxps?|ftp)\s?:\s?//\s?[^\s<>\"\[\]]+|\bwww\.[^\s<>\"\[\]]+"
    r"|(?<!@)\b(?:[a-z0-9-]{1,63}\.){1,8}(?:com|net|org|info|biz|ru|ua|cn|co|io|me|ly|gl|tk|ml|ga|cf|xyz|top|club|site|online|shop|store|"
    r"icu|vip|win|bid|loan|live|app|page|be|us|de|uk|fr|it|es|pl|nl|eu|in|br|tv|cc|ws|su|pro|link|click|blog|dev)\b(?:/[^\s<>\"\[\]]*)?",
    re.IGNORECASE,
)
_MAY_LINK = re.compile(r"[.:](?:[^\s.]|\s?/)")
"""Stands in all that `LINK` matches but "www..": most comments have full stops and no link."""

_HOST = re.compile(r"^(?:[a-z]+\s?:\s?//\s?)?(?:www\.)?([^/?#:\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Undisguised:
    """A comment's text without its disguises, and how many of each kind there were."""

    text: str
    """Cased; links are taken out."""
    hosts: tuple[str, ...] = ()
    """The host of every link, lower case, in order."""
    html_links: int = 0
    bbcode_links: int = 0
    invisible: int = 0
    """zero-width and other invisible characters"""
    look_alikes: int = 0
    """words with letters of another script that look like their own"""
    fancy: int = 0
    """letters in a compatibility form: bold, full-width, circled"""
    leet: int = 0
    """digits and signs read as letters"""
    spaced: int = 0
    """words whose letters stood apart"""


def undisguise(source: str) -> Undisguised:
    """Undo the disguises of one comment."""
    if len(source) > HEAD_CHARS + TAIL_CHARS:
        source = source[:HEAD_CHARS] + "\n" + source[-TAIL_CHARS:]
    text, html_hosts, bbcode_hosts = _without_markup(source)
    text, invisible, fancy = _without_invisible(text)
    text, look_alikes = _own_script(text)
    may_link = _MAY_LINK.search(text) is not None or "www." in text.lower()
    plain_hosts = [host_of(link) for link in LINK.findall(text)] if may_link else []
    if plain_hosts:
        text = LINK.sub(" ", text)
    text, spaced = _joined(text)
    leet = 0
    if _LEET_SIGN.search(text):
        text, leet = _LEET.subn(lambda found: found[0].translate(_LEET_LETTERS), text)
    text = _RUN.sub(r"\1\1", text)
    return Undisguised(
        text.strip(),
        (*html_hosts, *bbcode_hosts, *plain_hosts),
        len(html_hosts),
        len(bbcode_hosts),
        invisible,
        look_alikes,
        fancy,
        leet,
        spaced,
    )


def host_of(link: str) -> str:
    """The host of a link, lower case, without "www."."""
    found = _HOST.match(link)
    return found[1].lower().strip(".") if found else ""


def _without_markup(text: str) -> tuple[str, list[str], list[str]]:
    html_hosts: list[str] = []
    bbcode_hosts: list[str] = []
    if "<" in text or "&" in text:
        html_hosts = [host_of(link) for link in _HTML_LINK.findall(text)]
        text = html.unescape(_TAG.sub(" " if html_hosts else "", _BREAK.sub("\n", text)))
    if "[" in text:
        bbcode_hosts = [host_of(link) for link in _BBCODE_LINK.findall(text)]
        marked = [host_of(link) for _, link in _MARKDOWN_LINK.findall(text)]
        text = _BBCODE.sub("", _MARKDOWN_LINK.sub(r"\1", text) if marked else text)
        bbcode_hosts += marked
    return text, html_hosts, bbcode_hosts


def _without_invisible(text: str) -> tuple[str, int, int]:
    if text.isascii():
        return text, 0, 0
    text = _EMOJI_JOINER.sub("", text)
    text, invisible = _INVISIBLE.subn("", text)
    plain = unicodedata.normalize("NFKC", text)
    fancy = 0
    if plain != text:
        fancy = sum(new != old and new.isascii() and new.isalpha() for old, new in zip(text, plain, strict=False))
        plain, piled = _PILED_MARKS.subn("", plain)
        invisible += piled
    return plain, invisible, fancy


def _own_script(text: str) -> tuple[str, int]:
    """Fold letters that look like those of their word's script, where a text mixes scripts."""
    if not _OTHER_SCRIPT.search(text) or not (_LATIN_LETTER.search(text) or _ONLY_CYRILLIC.search(text)):
        return text, 0
    own_cyrillic = len(_ONLY_CYRILLIC.findall(text)) + len(_ONLY_GREEK.findall(text))
    is_latin = len(_ONLY_LATIN.findall(text)) >= own_cyrillic
    folded = 0

    def fold(found: re.Match[str]) -> str:
        nonlocal folded
        word = found[0]
        foreign, latin = _OTHER_SCRIPT.search(word), _LATIN_LETTER.search(word)
        if not foreign or (not latin and (own_cyrillic or not is_latin)):
            return word
        if _ONLY_CYRILLIC.search(word):
            new = word.translate(_TO_CYRILLIC) if latin else word
        elif latin and not is_latin and not _ONLY_LATIN.search(word):
            new = word.translate(_TO_CYRILLIC)
        else:
            new = word if _ONLY_GREEK.search(word) else word.translate(_TO_LATIN)
        folded += new != word
        return new

    return _WORD.sub(fold, text), folded


def _joined(text: str) -> tuple[str, int]:
    """Join letters that stand apart; a wider gap is where the word ended."""

    def join(found: re.Match[str]) -> str:
        return "".join(letter for letter in found[0] if letter.isalpha())

    joined, count = _SPACED.subn(join, text)
    return (_WIDE_GAP.sub(" ", joined) if count else joined), count
