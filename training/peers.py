"""The tools Winnow is measured against, each set up for main content as its own documentation recommends.

None fetches anything: they are given pages and never an address to open (rs-trafilatura, magic-html and newspaper4k
read the address as a hint, as their documentations recommend). All keep tables and leave readers' comments out,
which costs trafilatura some forum posts and gains it more elsewhere (F1 on dragnet .81 to .91, on L3S .89 to
.90). A tool that cannot be imported is reported as missing and does not stop the others.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from training.corpora.markup import text_of
from training.peer_process import PeerProcess

WORKER_PYTHON = Path(__file__).parents[1] / ".venv-peers312" / "bin" / "python"
"""Where the Makefile puts the environment of peers that need CPython 3.12 or clash with Winnow's libraries."""

DEVELOPED_ON = {
    "rs-trafilatura": "wcxb",
    "readability-lxml": "readability",
    "trafilatura": "trafilatura-eval",
    "trafilatura-fast": "trafilatura-eval",
    "trafilatura-precision": "trafilatura-eval",
    "trafilatura-recall": "trafilatura-eval",
}
"""Corpora whose very pages a peer was developed or tuned on: there its score flatters it."""

_LANGUAGE = re.compile(rb"<html\b[^>]*\blang=[\"']?([a-z]{2})", re.IGNORECASE)
_STOPLISTS = {
    "de": "German", "en": "English", "es": "Spanish", "fi": "Finnish", "fr": "French", "it": "Italian",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish", "vi": "Vietnamese",
}  # fmt: skip
_UNSPACED_LANGUAGES = frozenset({"ja", "th", "zh"})
"""Languages without spaces between words, for which jusText's stop words cannot be counted."""


class Extract(Protocol):
    """A page's main text. It may raise whatever the peer raises."""

    def __call__(self, html: bytes, encoding: str | None, url: str | None = None) -> str:
        """Extract from a page's bytes; a known `encoding` outranks what the page declares."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool that is installed.

    `clock` is the CPU time in seconds it has used so far: this process's, or that of the peer's own process.
    """

    name: str
    version: str
    extract: Extract
    clock: Callable[[], float] = time.process_time
    close: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class PeerSearch:
    """The peers found, and for each other one why it was not."""

    found: tuple[Peer, ...]
    missing: dict[str, str]


def find_peers(names: list[str] | None = None, worker_python: Path = WORKER_PYTHON) -> PeerSearch:
    """The named peers, by default all; an unknown name is a missing peer. Close each that was found when done."""
    found: list[Peer] = []
    missing: dict[str, str] = {}
    makers: dict[str, Callable[[], Peer]] = {
        **_PEERS,
        "rs-trafilatura": lambda: _in_worker("rs-trafilatura", worker_python),
        "magic-html": lambda: _magic_html(worker_python),
        "newspaper4k": lambda: _in_worker("newspaper4k", worker_python),
    }
    for name in makers if names is None else names:
        if name not in makers:
            missing[name] = f"no such peer; choose from {', '.join(makers)}"
            continue
        try:
            found.append(makers[name]())
        except (ImportError, OSError) as error:
            missing[name] = f"{error}"
    return PeerSearch(tuple(found), missing)


def _trafilatura(mode: str, **options: Any) -> Peer:
    import trafilatura

    def extract(html: bytes, encoding: str | None, url: str | None = None) -> str:
        return trafilatura.extract(_source(html, encoding), include_comments=False, **options) or ""

    return Peer(f"trafilatura{mode}", version("trafilatura"), extract)


def _resiliparse() -> Peer:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    def extract(html: bytes, encoding: str | None, url: str | None = None) -> str:
        known = encoding or detect_encoding(html) or "utf-8"
        text = bytes_to_str(html, known, errors="replace")
        # No gold holds alternative texts: leaving them out raises its F1 by .01 on every corpus.
        return extract_plain_text(text, main_content=True, comments=False, alt_texts=False)

    return Peer("resiliparse", version("resiliparse"), extract)


def _readability_lxml() -> Peer:
    from readability import Document

    def extract(html: bytes, encoding: str | None, url: str | None = None) -> str:
        return text_of(Document(_source(html, encoding)).summary(html_partial=True))

    return Peer("readability-lxml", version("readability-lxml"), extract)


def _justext() -> Peer:
    import justext

    def extract(html: bytes, encoding: str | None, url: str | None = None) -> str:
        found = _LANGUAGE.search(html)
        language = found[1].decode().lower() if found else "en"
        source = _source(html, encoding)
        if language in _UNSPACED_LANGUAGES:  # its documented language-independent mode
            paragraphs = justext.justext(source, frozenset(), stopwords_low=0, stopwords_high=0)
        else:
            paragraphs = justext.justext(source, justext.get_stoplist(_STOPLISTS.get(language, "English")))
        return "\n\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)

    return Peer("justext", version("justext"), extract)


def _in_worker(name: str, worker_python: Path) -> Peer:
    peer = PeerProcess(worker_python, name)
    return Peer(name, peer.version, peer.extract, lambda: peer.cpu_seconds, peer.close)


def _magic_html(worker_python: Path) -> Peer:
    """Answers markup: the text is made of it here, and the time of that counts."""
    peer = PeerProcess(worker_python, "magic-html")

    def extract(html: bytes, encoding: str | None, url: str | None = None) -> str:
        markup = peer.extract(html, encoding, url)
        started = time.process_time()
        text = text_of(markup)
        peer.cpu_seconds += time.process_time() - started
        return text

    return Peer("magic-html", peer.version, extract, lambda: peer.cpu_seconds, peer.close)


def _source(html: bytes, encoding: str | None) -> bytes | str:
    """Text where the encoding is known, else the bytes for the tool's own detection."""
    return html if encoding is None else html.decode(encoding, "replace")


_PEERS: dict[str, Callable[[], Peer]] = {
    "trafilatura": lambda: _trafilatura(""),
    "trafilatura-fast": lambda: _trafilatura("-fast", fast=True),
    "trafilatura-precision": lambda: _trafilatura("-precision", favor_precision=True),
    "trafilatura-recall": lambda: _trafilatura("-recall", favor_recall=True),
    "resiliparse": _resiliparse,
    "readability-lxml": _readability_lxml,
    "justext": _justext,
}
