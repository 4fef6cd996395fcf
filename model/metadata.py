"""What a page says of itself in its head: title, author, date, language."""

from __future__ import annotations

import datetime
import re

from turbohtml import Document

from model.types import Metadata

_TITLE_KEYS = ("og:title", "twitter:title", "dc.title")
_AUTHOR_KEYS = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
_DATE_KEYS = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "pubdate", "publishdate",
    "parsely-pub-date", "sailthru.date", "og:published_time", "publish_date", "publication_date",
)  # fmt: skip
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_JSON_AUTHOR = re.compile(r'"author"\s*:[\[{\s]*(?:"@type"\s*:\s*"Person"\s*,\s*)?"name"\s*:\s*"([^"\\]{2,80})"')
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{4}/\d{2}/\d{2}|\d{8}")
_SITE_SUFFIX = re.compile(r"\s+[|\-–—·»:]\s+[^|–—·»]{2,40}$")
_MAX_META = 400
_MAX_JSON_CHARS = 200_000


def read_metadata(document: Document) -> Metadata:
    """Read the head's meta tags, and JSON-LD for what they leave out.

    Dates are ISO 8601 days. Whatever the page does not say is None; nothing is guessed from its text.
    """
    named: dict[str, str] = {}
    for node in document.find_all("meta", limit=_MAX_META):
        key = node.attr("property") or node.attr("name") or node.attr("itemprop")
        content = node.attr("content")
        if key and content and content.strip():
            named.setdefault(key.lower(), " ".join(content.split()))
    author = _first(named, _AUTHOR_KEYS)
    date = _iso_day(_first(named, _DATE_KEYS))
    if author is None or author.startswith("http") or date is None:
        json_author, json_date = _from_json_ld(document)
        date = date or _iso_day(json_date)
        if author is None or author.startswith("http"):
            author = json_author
    root = document.root
    language = root.attr("lang") if root is not None else None
    return Metadata(_title(document, named), author, date, _language_code(language))


def _first(named: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((named[key] for key in keys if key in named), None)


def _title(document: Document, named: dict[str, str]) -> str | None:
    """The shared title where there is one, else `<title>` without the site's name behind it."""
    shared = _first(named, _TITLE_KEYS)
    if shared:
        return shared
    node = document.find("title")
    text = " ".join(node.text.split()) if node is not None else ""
    return _SITE_SUFFIX.sub("", text) or None


def _from_json_ld(document: Document) -> tuple[str | None, str | None]:
    for node in document.find_all("script", attrs={"type": "application/ld+json"}, limit=8):
        text = node.text[:_MAX_JSON_CHARS]
        author, date = _JSON_AUTHOR.search(text), _JSON_DATE.search(text)
        if author or date:
            return (author and author[1]) or None, (date and date[1]) or None
    return None, None


def _iso_day(value: str | None) -> str | None:
    found = _DATE.search(value) if value else None
    if found is None:
        return None
    try:
        return datetime.date.fromisoformat(re.sub(r"\D", "", found[0])).isoformat()
    except ValueError:  # digits that are no day: a time stamp in seconds, a number
        return None


def _language_code(value: str | None) -> str | None:
    """The primary subtag of a BCP 47 tag, lower case."""
    code = re.match(r"[A-Za-z]{2,3}(?=$|[-_])", value.strip()) if value else None
    return code[0].lower() if code else None
