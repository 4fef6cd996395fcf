"""WCXB, the Web Content Extraction Benchmark: 1,358 pages of seven types (Foley 2026, CC BY 4.0).

Source: github.com/Murrough-Foley/web-content-extraction-benchmark @ c039d5e, the 139 pages that upstream
repeats in its test split removed. On a fresh download drop every number that is in both splits.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from training.corpora.page import Corpus, LabelledPage, site_for


def open_corpus(folder: Path) -> Corpus:
    """The dev split. 4802 and 4893 lack their gold; the 19 script-only pages have an empty one and stay."""
    ids = sorted(path.stem for path in (folder / "dev" / "ground-truth").glob("*.json"))
    return Corpus(ids, lambda page_id: _load(folder / "dev", page_id))


def _load(split: Path, page_id: str) -> LabelledPage | None:
    record: dict[str, Any] = json.loads((split / "ground-truth" / f"{page_id}.json").read_bytes())
    truth: dict[str, Any] = record["ground_truth"]
    if truth.get("main_content") is None:
        return None
    html = gzip.decompress((split / "html" / f"{page_id}.html.gz").read_bytes())
    url: str | None = record["url"] or None
    return LabelledPage(
        corpus="wcxb",
        page_id=page_id,
        html=html,
        gold=truth["main_content"],
        site=site_for(url, html, page_id),
        with_snippets=tuple(truth["with"]),
        without_snippets=tuple(truth["without"]),
        page_type=record["_internal"]["page_type"]["primary"],
        url=url,
        title=truth["title"],
        author=truth["author"],
        date=truth["publish_date"],
        encoding="utf-8",  # whatever the meta tag says: upstream stored all pages so
    )
