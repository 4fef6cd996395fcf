"""dragnet: 1,381 news and blog pages of 2012 (Peters, Lecocq 2013; AGPL-3.0 data, so only measured with).

Source: github.com/seomoz/dragnet_data @ 95559be; HTML from github.com/j-szulc/html-cleaning-dataset-merged.
A gold file is the body, then a separator line, then the readers' comments (416 pages have some).
"""

from __future__ import annotations

import re
from pathlib import Path

from training.corpora.page import Corpus, LabelledPage, read_text, site_for, utf8_or

_GOLD_ELSEWHERE = frozenset({"R237", "R427"})
"""Pages that are an error message, not what the gold was taken from."""

_SEPARATOR = re.compile(r"^[^\w\n]{3,}COMMENTS[ \t]*$", re.MULTILINE)
"""Meant to be `!@#$%^&*()  COMMENTS`, mistyped in about 20 files."""


def open_corpus(folder: Path) -> Corpus:
    """Training and test pages together, named as upstream names them."""
    ids = sorted(path.stem for path in (folder / "HTML").glob("*.html"))
    return Corpus(ids, lambda page_id: _load(folder, page_id))


def _load(folder: Path, page_id: str) -> LabelledPage | None:
    gold_path = folder / "Corrected" / f"{page_id}.html.corrected.txt"
    if page_id in _GOLD_ELSEWHERE or not gold_path.exists():
        return None
    body, *comments = _SEPARATOR.split(read_text(gold_path.read_bytes()), maxsplit=1)
    html = (folder / "HTML" / f"{page_id}.html").read_bytes()
    return LabelledPage(
        corpus="dragnet",
        page_id=page_id,
        html=html,
        gold=body.strip(),
        site=site_for(None, html, page_id),
        comments=tuple(text for text in map(str.strip, comments) if text),
        encoding=utf8_or(html, None),
    )
