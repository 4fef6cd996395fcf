"""What is known of a comment as numbers: hashed word and character n-grams, and named counts that people understand.

N-grams are hashed, so the model holds weights and no words of anybody's comments. Characters are hashed by numpy,
all positions at once: a Python loop over them would take longer than all the rest.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import log1p, sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from model.ngrams import code_points, ngram_slots
from model.spam_text import LINK, Undisguised, host_of, undisguise
from model.types import PostedComment

_WORD_BITS, _CHAR_BITS = 14, 15
WORD_SLOTS, CHAR_SLOTS = 1 << _WORD_BITS, 1 << _CHAR_BITS
"""Slots that words and pairs of words, and n-grams of characters, are hashed into."""

_LAST_WORD_SLOT = WORD_SLOTS - 1
_CHAR_LENGTHS = (2, 3, 4, 5)

_EMAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}\s?(?:\.|\(dot\)|\[dot\])\s?[a-z]{2,}", re.IGNORECASE
)
_PHONE = re.compile(r"(?<!\w)\+?\(?\d{1,4}\)?(?:[ .\-()]{0,2}\d{2,4}){2,5}(?!\w)")
_PHONE_DIGITS = 5
"""The fewest that `_PHONE` matches."""

_HANDLE = re.compile(r"(?<![\w.])@[a-z0-9_]{4,}", re.IGNORECASE)
_MESSENGER = re.compile(
    r"\b(?:whats?\s?app|telegram|t\.me|viber|wechat|skype|kik|snapchat|signal|icq|discord|zalo|телеграмм?|тг|лс|личку|"
    r"личные|ватсап\w*|вотсап\w*|вайбер|hangouts?)\b",
    re.IGNORECASE,
)
_MESSENGER_STEMS = (
    "what", "telegram", "t.me", "viber", "wechat", "skype", "kik", "snap", "signal", "icq", "discord", "zalo",
    "hangout",
)  # fmt: skip
"""One of which stands in all ASCII that `_MESSENGER` matches; looking for them takes a tenth of its time."""

_MONEY = re.compile(
    r"[$€£₽₹¥]\s?\d[\d,. ]{0,20}k?\b|\d[\d,. ]{0,20}k?\s?(?:[$€£₽₹¥]|usd|eur|dollars?|euros?|bucks|руб|грн)",
    re.IGNORECASE,
)
_EMOJI = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[!?$€£%#]")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_CJK = re.compile("([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f])")

_PRAISE = re.compile(
    r"\b(?:(?:great|nice|good|awesome|amazing|excellent|wonderful|fantastic|informative|useful|valuable|helpful) "
    r"(?:\w+ )?(?:post|article|blog|site|website|information|info|info\w*|content|write ?up|weblog|read|job|work|page)"
    r"|thanks? (?:you )?(?:\w+ )?for (?:\w+ )?(?:sharing|posting|the (?:great |good |useful )?(?:info|post|article))"
    r"|keep (?:up the (?:good|great)|writing|posting|it up)|bookmark(?:ed|ing|s)?|your (?:blog|site|website|post)"
    r"|(?:toller|guter|super|interessanter|klasse) (?:beitrag|artikel|blog|seite)|vielen dank für (?:den|diesen) "
    r"|(?:excelente|buen|gran|muy buen) (?:artículo|post|blog|aporte|trabajo)|gracias por compartir"
    r"|(?:très|super|excellent|bon) (?:bon )?(?:article|blog|site|partage)|merci pour (?:ce|le|cet) (?:partage|article)"
    r"|(?:ottimo|bel|bell|complimenti per il) ?(?:articolo|blog|sito|post)|(?:ótimo|excelente) (?:artigo|post|conteúdo)"
    r"|(?:отличн|полезн|интересн|классн)\w+ (?:стать|сайт|блог|пост|ресурс)\w*|спасибо за (?:стать|информаци)\w*)",
    re.IGNORECASE,
)

_COMMON = frozenset(
    "the and for with this that you your from how what why when who are was not all new official".split()
)
_TOPIC_CHARS, _TOPIC_LETTERS, _TOPIC_WORDS, _TOPIC_REPEATS = 20_000, 5, 25, 3
"""How much of an article is read for its topic, and which of its words make it: the 25 commonest of five letters and
more that stand there three times."""

_ID_CHARS = 9
"""A part of an address this long with a digit in it names one page, wherever a link holds it."""

COUNT_NAMES = (
    "links", "link_hosts", "link_share", "html_links", "bbcode_links", "email", "phone", "handle", "messenger", "money",
    "invisible", "look_alikes", "fancy", "leet", "spaced", "shouting", "exclamation", "repetition", "repeated_links",
    "emoji", "digits", "length", "few_words", "lines", "praise", "praise_and_link", "author_link", "author_sells",
    "author_host", "hashtags", "stretched", "on_topic", "topic_share", "off_topic_link",
)  # fmt: skip
"""The columns of `Features.counts`."""


@dataclass(frozen=True, slots=True)
class Features:
    """One comment as numbers.

    words, chars   slots of its distinct n-grams, intp (n,)
    counts         float32 (len(COUNT_NAMES),)
    plain          its text undisguised and in lower case, for the reader of reasons and for finding repeats
    """

    words: NDArray[np.intp]
    chars: NDArray[np.intp]
    counts: NDArray[np.float32]
    plain: str
    tokens: list[str]
    """what the slots of `words` stand for: words, pairs, hosts ("host:..."), words of the author's name ("by:...")"""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a page is about (`words`), and what a link to the page itself holds (`marks`)."""

    words: frozenset[str] = frozenset()
    marks: tuple[str, ...] = ()


def topic_of(title: str | None, text: str = "", url: str | None = None) -> Topic:
    """The words of a page's title and those that its text comes back to most often; its address, and its id in it."""
    named = [word for word in _WORD.findall((title or "").lower()) if _is_telling(word)]
    counted = Counter(word for word in _WORD.findall(text[:_TOPIC_CHARS].lower()) if len(word) >= _TOPIC_LETTERS)
    words = frozenset(named) | {word for word, count in counted.most_common(_TOPIC_WORDS) if count >= _TOPIC_REPEATS}
    return Topic(words, _marks(url) if url else ())


def _marks(url: str) -> tuple[str, ...]:
    address = re.sub(r"^[a-z]+://(?:www\.)?|[?#].*$|/$", "", url, flags=re.IGNORECASE)
    ids = [part for part in re.split(r"[/?&=#]", url) if len(part) >= _ID_CHARS and re.search(r"\d", part)]
    return (*([address] if "/" in address and "?" not in url else []), *ids[-1:])


def _is_telling(word: str) -> bool:
    return word not in _COMMON and (len(word) >= 3 or not word.isascii())


def features_of(comment: PostedComment, topic: Topic = Topic()) -> Features:
    """Read one comment. `topic` is that of the page it stands on, empty where that is not known.

    A link to the page itself does not count: nobody advertises to readers what they are reading.
    """
    seen = undisguise(_without_own_links(comment.text, topic.marks))
    lowered = seen.text.lower()
    tokens = _tokens(lowered)
    author = _author_tokens(comment.author)
    pairs = [f"{one} {other}" for one, other in pairwise(tokens)]
    every = [*tokens, *pairs, *("host:" + host for host in seen.hosts), *("by:" + token for token in author)]
    slots = set(map(word_slot, every))
    counts = _counts(comment, seen, tokens, author, topic.words)
    return Features(
        np.fromiter(slots, np.intp, len(slots)),
        _char_slots(_masked(lowered)),
        np.array([counts[name] for name in COUNT_NAMES], np.float32),
        lowered,
        every,
    )


def _without_own_links(text: str, marks: tuple[str, ...]) -> str:
    if not any(mark in text for mark in marks):
        return text
    return LINK.sub(lambda link: "" if any(mark in link[0] for mark in marks) else link[0], text)


def word_slot(token: str) -> int:
    """Where the weight of a token stands."""
    return crc32(token.encode("utf-8", "replace")) & _LAST_WORD_SLOT


def _tokens(lowered: str) -> list[str]:
    if not lowered.isascii():
        lowered = _CJK.sub(r" \1 ", lowered)
    return ["0" * len(token) if token[0].isdecimal() else token for token in _TOKEN.findall(lowered)]


def _author_tokens(author: str | None) -> list[str]:
    return _tokens(undisguise(author).text.lower()) if author else []


def _masked(lowered: str) -> str:
    return f" {' '.join(_NUMBER.sub('0', lowered).split())} "


def _char_slots(text: str) -> NDArray[np.intp]:
    is_there = np.zeros(CHAR_SLOTS, np.bool_)
    for _, slots in ngram_slots(code_points(text), _CHAR_LENGTHS, _CHAR_BITS):
        is_there[slots] = True
    return np.flatnonzero(is_there)


def _counts(
    comment: PostedComment, seen: Undisguised, tokens: list[str], author: list[str], topic: frozenset[str]
) -> dict[str, float]:
    """The counts by name; `seen` is the comment's text, `tokens` and `author` what it and its signature hold."""
    text = seen.text
    chars = max(len(text), 1)
    letters = sum(map(str.isalpha, text))
    upper = sum(map(str.isupper, text))
    digits = sum(map(str.isdecimal, text))
    words = [token for token in tokens if token[0].isalpha()]
    links = len(seen.hosts)
    praise = bool(_PRAISE.search(text))
    is_shouting = letters >= 8 and len(words) >= 2 and upper > 0.6 * letters
    commonest = Counter(words).most_common(1)[0][1] if len(words) >= 6 else 0
    host = bool(comment.author and LINK.search(comment.author))
    shared = len(topic.intersection(words))
    return {
        "links": log1p(links),
        "link_hosts": log1p(max(len(set(seen.hosts)) - 1, 0)),
        "link_share": links / (links + len(words)) if links else 0.0,
        "html_links": log1p(seen.html_links),
        "bbcode_links": log1p(seen.bbcode_links),
        "email": float("@" in text and bool(_EMAIL.search(text))),
        "phone": float(digits >= _PHONE_DIGITS and bool(_PHONE.search(text))),
        "handle": float("@" in text and bool(_HANDLE.search(text))),
        "messenger": float(_may_name_messenger(text) and bool(_MESSENGER.search(text))),
        "money": float(digits > 0 and bool(_MONEY.search(text))),
        "invisible": log1p(seen.invisible),
        "look_alikes": log1p(seen.look_alikes),
        "fancy": log1p(seen.fancy),
        "leet": log1p(seen.leet),
        "spaced": log1p(seen.spaced),
        "shouting": float(is_shouting),
        "exclamation": min(text.count("!") / sqrt(chars), 2.0),
        "repetition": commonest / len(words) if words else 0.0,
        "repeated_links": log1p(links - len(set(seen.hosts))),
        "emoji": log1p(len(_EMOJI.findall(text))) if not text.isascii() else 0.0,
        "digits": digits / chars,
        "length": log1p(len(words)),
        "few_words": float(len(words) <= 3),
        "lines": log1p(text.count("\n")),
        "praise": float(praise),
        "praise_and_link": float(praise and bool(links or comment.link)),
        "author_link": float(bool(comment.link)),
        "author_sells": float(len(author) >= 3),
        "author_host": float(
            host or bool(comment.author and comment.link and _named_after(comment.author, comment.link))
        ),
        "hashtags": log1p(text.count("#")),
        "stretched": float(any(token[-1:] * 2 == token[-2:] and len(token) > 3 for token in words)),
        "on_topic": float(shared > 0),
        "topic_share": min(shared / len(words), 0.5) if words else 0.0,
        "off_topic_link": float(bool(topic) and not shared and bool(links or comment.link)),
    }


def _may_name_messenger(text: str) -> bool:
    if not text.isascii():
        return True
    lowered = text.lower()
    return any(stem in lowered for stem in _MESSENGER_STEMS)


def _named_after(author: str, link: str) -> bool:
    """Whether the author's name is the host's: "Best Loans" of best-loans.example."""
    name = re.sub(r"\W", "", author.lower())
    return len(name) >= 6 and name in re.sub(r"\W", "", host_of(link))
