"""What spammers do to a text so that filters miss it: one function per disguise, the same for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from model.spam_text import LINK

_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_SHARE = 0.6
"""Share of a text's longer words that are disguised: enough to hide it, and a reader still gets through."""

_LOOK_ALIKES = str.maketrans("aeopcxyiAEOPCXTHKMBаеорсухкмтв", "аеорсхуіАЕОРСХТНКМВaeopcyxkmtb")
_LEET = str.maketrans("aeiost", "431057")
_BOLD = {ord("a") + place: chr(0x1D5EE + place) for place in range(26)} | {
    ord("A") + place: chr(0x1D5D4 + place) for place in range(26)
}
_HIDDEN = ("\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad")


def _on_words(change: Callable[[str, random.Random], str]) -> Callable[[str, random.Random], str]:
    def attack(text: str, rng: random.Random) -> str:
        """Links stay: a disguised one would lead nowhere."""
        parts, end = [], 0
        for link in LINK.finditer(text):
            parts += [(text[end : link.start()], True), (link[0], False)]
            end = link.end()
        parts.append((text[end:], True))

        def disguise(found: re.Match[str]) -> str:
            return change(found[0], rng) if rng.random() < _SHARE else found[0]

        return "".join(_LONG_WORD.sub(disguise, part) if is_text else part for part, is_text in parts)

    return attack


def _look_alikes(word: str, rng: random.Random) -> str:
    return "".join(letter.translate(_LOOK_ALIKES) if rng.random() < 0.7 else letter for letter in word)


def _zero_width(word: str, rng: random.Random) -> str:
    cut = rng.randrange(1, len(word))
    return word[:cut] + rng.choice(_HIDDEN) + word[cut:]


def _spaced_out(word: str, rng: random.Random) -> str:
    return rng.choice((" ", ".", "-", "_")).join(word)


def _leet(word: str, rng: random.Random) -> str:
    place = rng.randrange(1, len(word) - 1)
    return word[:place] + word[place].translate(_LEET) + word[place + 1 :]


def _decorated(word: str, _: random.Random) -> str:
    return word.translate(_BOLD)


def _bbcode(text: str, rng: random.Random) -> str:
    return _relinked(text, rng, "[url={link}]{words}[/url]")


def _html(text: str, rng: random.Random) -> str:
    return _relinked(text, rng, '<a href="{link}">{words}</a>')


def _relinked(text: str, rng: random.Random, markup: str) -> str:
    def wrap(found: re.Match[str]) -> str:
        return markup.format(link=found[0], words=rng.choice(("here", "this page", "my photos", "read more")))

    return LINK.sub(wrap, text)


ATTACKS: Mapping[str, Callable[[str, random.Random], str]] = {
    "look-alike letters": _on_words(_look_alikes),
    "zero-width characters": _on_words(_zero_width),
    "spaced-out words": _on_words(_spaced_out),
    "digits for letters": _on_words(_leet),
    "decorative letters": _on_words(_decorated),
    "BBCode links": _bbcode,
    "HTML links": _html,
}
"""Every disguise by name. A text that offers nothing to disguise comes back as it was."""
