"""A labelled page and a corpus of them, with what every reader needs to make one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gob", "gov", "ne", "net", "or", "org"})
"""Registries below a two-letter country code: bbc.co.uk is somebody's site, co.uk nobody's."""

_HEAD_BYTES = 200_000
"""How far into a page its own address is looked for; inlined styles push it far down."""
_OWN_ADDRESS = re.compile(
    rb"<link\b[^>]*\brel=[\"']?canonical\b[^>]*>|<meta\b[^>]*\b(?:property|name)=[\"']?og:url\b[^>]*>",
    re.IGNORECASE,
)
_ADDRESS_VALUE = re.compile(rb"\b(?:href|content)=[\"']?(https?://[^\"'\s>]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page with what people said is its body.

    gold              body text; None where the corpus has only snippets, "" where nothing is body
    with_snippets     texts that belong to the body
    without_snippets  texts that do not; not all of them are on the page
    comments          texts of readers' comments: whole ones, or snippets of them
    site              grouping key: pages of one site never stand on both sides of a split
    encoding          the encoding that reads `html` rightly whatever its meta tag says; None if not known
    """

    corpus: str
    page_id: str
    html: bytes
    gold: str | None
    site: str
    with_snippets: tuple[str, ...] = ()
    without_snippets: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    page_type: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    encoding: str | None = None

    @property
    def key(self) -> str:
        """The page's name among all corpora, such as "wcxb/0001"."""
        return f"{self.corpus}/{self.page_id}"

    @property
    def source(self) -> bytes | str:
        """What a tool is given: text where the encoding is known, else the bytes as they were found."""
        return self.html if self.encoding is None else self.html.decode(self.encoding, "replace")


@dataclass(frozen=True, slots=True)
class Corpus:
    """An unpacked corpus: the ids of its pages in a fixed order and how to read one.

    `load` gives None for a page whose gold is missing.
    """

    ids: Sequence[str]
    load: Callable[[str], LabelledPage | None]


def site_of(url: str) -> str:
    """The domain somebody owns, roughly: the last two labels of the host, three below co.uk and its like.

    Blogs on one platform share a site, as they share templates. A host without a name stays as it is.
    """
    host = (urlsplit(url.strip()).hostname or "").removeprefix("www.")
    labels = host.split(".")
    if host.replace(".", "").isdigit():
        return host
    below_registry = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if below_registry else -2 :])


def site_for(url: str | None, html: bytes, otherwise: str) -> str:
    """The site of a page: by its address, else by the one it gives itself in its head, else `otherwise`."""
    own = url or _own_address(html)
    return (site_of(own) if own else "") or otherwise


def utf8_or(html: bytes, otherwise: str | None) -> str | None:
    """The name "utf-8" if the bytes are valid UTF-8, which those of other encodings hardly ever are."""
    try:
        html.decode("utf-8")
    except UnicodeDecodeError:
        return otherwise
    return "utf-8"


def read_text(raw: bytes) -> str:
    """A gold file's text: UTF-16 or UTF-8 by its mark, UTF-8 if valid, else Windows-1252; newlines as LF."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", "replace")
    else:
        text = raw.decode(utf8_or(raw, "cp1252") or "utf-8", "replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _own_address(html: bytes) -> str | None:
    tag = _OWN_ADDRESS.search(html[:_HEAD_BYTES])
    address = _ADDRESS_VALUE.search(tag.group()) if tag else None
    return address[1].decode("ascii", "replace") if address else None
