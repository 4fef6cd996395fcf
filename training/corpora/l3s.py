"""L3S-GN1: 621 news pages of early 2008 (Kohlschütter, Fankhauser, Nejdl, WSDM 2010; research use only).

Source: github.com/geodrome/page-signal @ 186d815. `annotated` is a browser's DOM in which the nearest element
with a class `x-nc-selN` around a text says what it is: 0 not content, 1 headline, 2 full text, 3 supplemental
(captions, bylines, dates), 4 related content, 5 user comments. Text under no such class is boilerplate.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from pathlib import Path

from training.corpora.markup import Attributes, labelled_blocks
from training.corpora.page import Corpus, LabelledPage, site_for

_GOLD_ELSEWHERE = frozenset({"599fc2eb-b6af-4fb1-b27c-d0a93b4d8bb3"})
"""Pages whose original holds next to nothing of their gold: 3 % of its 4-word sequences."""

_BODY = frozenset({1, 2, 3})
_COMMENT = 5
_CLASS = re.compile(r"\bx-nc-sel([0-5])\b")
_MAPPING_LINE = re.compile(r"<urn:uuid:([0-9a-f-]+)>\s+(\S+)")


def open_corpus(folder: Path) -> Corpus:
    """All pages, named by their UUID."""
    pages = next(folder.glob("L3S-GN1-*"))
    mapping = (pages / "url-mapping.txt").read_text("utf-8")
    url_of = {match[1]: match[2] for match in _MAPPING_LINE.finditer(mapping)}
    ids = sorted(path.stem for path in (pages / "original").glob("*.html"))
    return Corpus(ids, lambda page_id: _load(pages, page_id, url_of.get(page_id)))


def _load(pages: Path, page_id: str, url: str | None) -> LabelledPage | None:
    if page_id in _GOLD_ELSEWHERE:
        return None
    annotated = (pages / "annotated" / f"{page_id}.html").read_text("utf-8", "replace")
    blocks = list(labelled_blocks(annotated, _class_of))
    html = (pages / "original" / f"{page_id}.html").read_bytes()
    return LabelledPage(
        corpus="l3s-gn1",
        page_id=page_id,
        html=html,
        gold="\n\n".join(_texts(blocks, _BODY)),
        site=site_for(url, html, page_id),
        comments=tuple(_texts(blocks, {_COMMENT})),
        url=url,
        encoding="utf-8",  # the meta tags of 112 pages say otherwise and are wrong: the copy was re-encoded
    )


def _texts(blocks: Iterable[tuple[int | None, str]], wanted: Container[int | None]) -> list[str]:
    return [text for label, text in blocks if label in wanted]


def _class_of(attributes: Attributes) -> int | None:
    names = next((value for name, value in attributes if name == "class" and value), "")
    match = _CLASS.search(names)
    return int(match[1]) if match else None
