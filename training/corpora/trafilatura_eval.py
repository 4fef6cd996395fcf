"""trafilatura's evaluation pages: 990 pages, each with about three wanted and unwanted snippets (Apache-2.0).

Source: github.com/adbar/trafilatura @ e90b0ef, `tests/`; Barbaresi, Kozmus, Klink, tsolewski. No full text.
12 % of the unwanted snippets are not in the visible text: look before using one as a negative.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from training.corpora.page import Corpus, LabelledPage, site_for, utf8_or


def open_corpus(folder: Path) -> Corpus:
    """All pages, named by their file."""
    tests = folder / "tests"
    records: dict[str, dict[str, Any]] = json.loads((tests / "evaldata.json").read_bytes())
    url_of = {record["file"]: url for url, record in records.items()}
    return Corpus(sorted(url_of), lambda page_id: _load(tests, url_of[page_id], records[url_of[page_id]]))


def _load(tests: Path, key: str, record: dict[str, Any]) -> LabelledPage:
    name: str = record["file"]
    path = tests / "eval" / name
    html = (path if path.exists() else tests / "cache" / name).read_bytes()
    url = key if key.startswith("http") else None  # "hard::NAME" and "recall::NAME" are no addresses
    return LabelledPage(
        corpus="trafilatura-eval",
        page_id=name,
        html=html,
        gold=None,
        site=site_for(url, html, name),
        with_snippets=tuple(record["with"]),
        without_snippets=tuple(record["without"]),
        comments=tuple(record.get("comments") or ()),
        url=url,
        title=record.get("title"),
        author=record.get("author"),
        date=record.get("date"),
        encoding=utf8_or(html, None),
    )
