"""What a page's JSON-LD says of the page itself: schema.org's headline, author, day, site and language.

Pages carry several scripts that describe many things. What counts is what is most likely the page itself:
an article before a page or question, these before a product or video, all before mere parts of something else.
Scripts are untrusted: beyond a size, a number of values or a depth they are not read, and a script that is no
valid JSON is only searched for its first author and day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from model.decoding import without_surrogates

MAX_SCRIPT_CHARS = 200_000
"""characters of one script that are read; the longest on WCXB's article pages has 60,000"""

MAX_SCRIPTS = 12
"""scripts of one page; WCXB's pages have up to 9 that matter"""

MAX_VALUES = 20_000
"""objects and lists looked at in one page's scripts; a shop's catalogue has thousands, none of them the page"""

_TYPE = re.compile(r'"@type"\s*:\s*"([A-Za-z]{2,40})"')
_MAX_TYPES = 40

_OF_INTEREST = ('"author"', '"datePublished"', '"headline"', '"publisher"', '"WebSite"', '"creator"')
_ARTICLES = ("Article", "Posting", "Report", "Chapter")
_PAGES = frozenset({"WebPage", "QAPage", "Question", "Recipe", "HowTo", "Review", "Book", "CreativeWork", "AboutPage"})
_OTHERS = frozenset({
    "review", "reviews", "comment", "comments", "itemListElement", "hasPart", "mentions", "isPartOf", "citation",
    "suggestedAnswer", "acceptedAnswer", "video", "image", "associatedMedia", "blogPost", "offers",
})  # fmt: skip
"""Members that describe other things than the page."""

_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_AUTHOR = re.compile(r'"author"\s*:[\[{\s]*(?:"@type"\s*:\s*"Person"\s*,\s*)?"name"\s*:\s*"([^"\\]{2,80})"')


@dataclass(frozen=True, slots=True)
class JsonLd:
    """What was found; None or empty where nothing was said. `date` is as the page writes it."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    site_name: str | None = None
    language: str | None = None
    body: str | None = None
    """The whole article, its line ends as they are."""


def read_json_ld(scripts: Iterable[str]) -> JsonLd:
    """Read the texts of a page's `application/ld+json` scripts. Nothing is raised."""
    nodes: list[dict[str, Any]] = []
    broken: list[str] = []
    left = MAX_VALUES
    for script in scripts:
        if len(script) > MAX_SCRIPT_CHARS or not any(word in script for word in _OF_INTEREST):
            continue
        try:
            value = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            broken.append(script)
            continue
        found = list(_objects(value, left))
        left -= len(found)
        nodes += found
    return _from_nodes(nodes) if nodes else _from_broken(broken)


def declared_types(scripts: Iterable[str], og_type: str | None) -> tuple[str, ...]:
    """What a page declares to be about: the schema.org types in its scripts and its og:type, lower case, each once."""
    found = dict.fromkeys(
        name.lower() for script in scripts if len(script) <= MAX_SCRIPT_CHARS for name in _TYPE.findall(script)
    )
    return tuple(found)[:_MAX_TYPES] + ((og_type.lower(),) if og_type else ())


def _from_nodes(nodes: list[dict[str, Any]]) -> JsonLd:
    ranked = sorted((node for node in nodes if _rank(node) < 3), key=_rank)
    by_id = {name: node for node in nodes if isinstance(name := node.get("@id"), str) and "name" in node}
    authors = next((found for node in ranked if (found := tuple(_names(_author(node), by_id)))), ())
    site = next((_text(node.get("name")) for node in nodes if "WebSite" in _types(node)), None)
    publishers = (name for node in ranked for name in _names(node.get("publisher"), by_id))
    return JsonLd(
        next((text for node in ranked if _rank(node) == 0 and (text := _text(node.get("headline")))), None),
        authors,
        next((text for node in ranked if _is_dated(node) and (text := _text(node.get("datePublished")))), None),
        site or next(publishers, None),
        next((text for node in ranked if (text := _text(node.get("inLanguage")))), None),
        next((text for node in ranked if _rank(node) == 0 and (text := _body(node.get("articleBody")))), None),
    )


def _rank(node: dict[str, Any]) -> int:
    """How likely a node is the page itself: 0 article, 1 page, 2 another work with an author or day, 3 not."""
    types = _types(node)
    if any(name.endswith(_ARTICLES) for name in types):
        return 0
    if any(name in _PAGES for name in types):
        return 1
    return 2 if "datePublished" in node else 3


def _is_dated(node: dict[str, Any]) -> bool:
    """Whether the day of a node is that of a publication: shops and services give every page one when they make it
    (on half of WCXB's sites 23 of 29 such days were on pages that have none in the gold).
    """
    return "WebPage" not in _types(node) or bool(_author(node))


def _types(node: dict[str, Any]) -> list[str]:
    kind = node.get("@type")
    listed = kind if isinstance(kind, list) else [kind]
    return [name.rpartition("/")[2] for name in listed if isinstance(name, str)]


def _author(node: dict[str, Any]) -> object:
    return node.get("author") or node.get("creator")


def _names(value: object, by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The names in an author or publisher: a string, an object, a reference to one, or a list of those."""
    for item in value if isinstance(value, list) else [value]:
        named = item
        if isinstance(item, dict):
            reference = item.get("@id")
            referred = by_id.get(reference, {}) if isinstance(reference, str) else {}
            named = item.get("name") or referred.get("name")
        for name in named if isinstance(named, list) else [named]:
            text = _text(name)
            if text:
                yield text


def _text(value: object) -> str | None:
    """A text on one line, None for anything else. JSON can spell lone surrogates; no answer could be sent with one."""
    return without_surrogates(" ".join(value.split())) or None if isinstance(value, str) else None


def _body(value: object) -> str | None:
    """A text with its line ends, None for anything else."""
    return without_surrogates(value) if isinstance(value, str) and value.strip() else None


def _objects(value: object, most: int) -> Iterator[dict[str, Any]]:
    """All objects inside a JSON value in their order, without recursion; what stands in reviews and lists of others
    is left out.
    """
    stack = [value]
    seen = 0
    while stack and seen < most:
        seen += 1
        item = stack.pop()
        if isinstance(item, dict):
            yield item
            inner = [v for k, v in item.items() if k not in _OTHERS and isinstance(v, dict | list)]
            stack += reversed(inner)
        elif isinstance(item, list):
            stack += (v for v in reversed(item) if isinstance(v, dict | list))


def _from_broken(scripts: list[str]) -> JsonLd:
    for script in scripts:
        author, date = _AUTHOR.search(script), _DATE.search(script)
        if author or date:
            return JsonLd(authors=(author[1],) if author else (), date=date[1] if date else None)
    return JsonLd()
