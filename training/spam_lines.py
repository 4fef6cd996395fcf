"""Spam and honest comments of our own writing (`spam_lines/LANG.toml`), with their placeholders filled in.

The corpora know music videos and chat groups; these lines bring what stands under blog posts: praise with a link,
signed advertisements, loans and casinos, in several languages, and honest comments that look a little like it.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model.types import PostedComment

_FOLDER = Path(__file__).parent / "spam_lines"
_FILLERS: dict[str, tuple[str, ...]] = {
    "name": ("Anna Keller", "J. Okafor", "Maria Santos", "Tom Reed", "Li Wei", "Priya N.", "Jonas Berg", "Elif Kaya"),
    "city": ("Leeds", "Porto", "Graz", "Austin", "Lyon", "Osaka", "Delhi", "Gdansk"),
    "amount": ("$500", "$9,800", "3000$", "€250", "5000 USD", "£1,200", "20 000 €", "$75"),
    "n": ("2", "3", "7", "12", "30", "70", "500"),
    "product": ("viagra", "cialis", "levitra", "xanax", "tramadol", "Ray Ban", "Air Jordan", "weight loss"),
    "topic": ("caching", "sourdough", "zoning", "politics", "watercolour"),
    "email": ("fastloans77@mail.example", "dr.spell@temple.example", "finance@post.example", "hack.pro@in.example"),
    "phone": ("+1 202 555 0143", "+2348012345678", "+44 7700 900123", "07700900456", "+91 98765 43210"),
    "handle": ("@crypto_anna77", "@fx_master", "@job_online24", "@coachreed"),
    "host": ("best-pills.example", "luckyspin.example", "quick-loan.example", "seo-rank.example", "cheapbags.example"),
    "link": (
        "http://best-pills.example", "https://luckyspin.example/bonus?id=77", "www.quick-loan.example",
        "http://bit.ly/2xYz7", "https://seo-rank.example/", "cheapbags.example.com", "http://tinyurl.com/yx3k2",
        "https://www.online-deals.example/shop/item.php?p=991", "http://my-homepage.example.ru/",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SpamLine:
    """A template, the language (file) it stands in, and whether it is spam."""

    text: str
    author: str
    link: str
    is_spam: bool
    language: str

    def filled(self, rng: random.Random) -> PostedComment:
        """The comment with its placeholders filled in."""
        return PostedComment(_fill(self.text, rng), _fill(self.author, rng) or None, _fill(self.link, rng) or None)


@cache
def spam_lines() -> tuple[SpamLine, ...]:
    """All lines, in file order."""
    return tuple(line for file in sorted(_FOLDER.glob("*.toml")) for line in _lines(file))


def _lines(file: Path) -> Iterator[SpamLine]:
    kinds = tomllib.loads(file.read_text(encoding="utf-8"))
    for name, is_spam in (("spam", True), ("ham", False)):
        for text in kinds.get(name, ()):
            yield SpamLine(text, "", "", is_spam, file.stem)
        for author, link, text in kinds.get(f"signed_{name}", ()):
            yield SpamLine(text, author, link, is_spam, file.stem)


def _fill(template: str, rng: random.Random) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: rng.choice(_FILLERS[found[1]]), template)
