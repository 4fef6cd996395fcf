"""Tools whose output only measures: nothing is learnt from it, so a score on it says how a new tool would do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from training.corpora import LabelledPage
from training.peers import Peer, find_peers

Render = Callable[[LabelledPage], str]


def held_out_leaky() -> dict[str, Render]:
    """Extractors that leave noise in: resiliparse, jusText and boilerpy3's two; those that are installed."""
    found: dict[str, Render] = {
        peer.name: partial(_by_peer, peer) for peer in find_peers(["resiliparse", "justext"]).found
    }
    try:
        from boilerpy3 import extractors
    except ImportError:
        return found
    return found | {
        "boilerpy3-article": partial(_by_boilerpy, extractors.ArticleExtractor(raise_on_failure=False)),
        "boilerpy3-default": partial(_by_boilerpy, extractors.DefaultExtractor(raise_on_failure=False)),
    }


def held_out_whole() -> dict[str, Render]:
    """Whole pages as text, by resiliparse and by trafilatura; those that are installed."""
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from trafilatura import html2txt
    except ImportError:
        return {}
    whole = partial(extract_plain_text, main_content=False, alt_texts=False)
    return {"resiliparse-whole": partial(_by_function, whole), "trafilatura-html2txt": partial(_by_function, html2txt)}


def _by_peer(peer: Peer, page: LabelledPage) -> str:
    return peer.extract(page.html, page.encoding, page.url)


def _by_boilerpy(extractor: Any, page: LabelledPage) -> str:
    return str(extractor.get_content(_decoded(page)))


def _by_function(function: Callable[[str], str], page: LabelledPage) -> str:
    return function(_decoded(page)) or ""


def _decoded(page: LabelledPage) -> str:
    return page.html.decode(page.encoding or "utf-8", "replace")
