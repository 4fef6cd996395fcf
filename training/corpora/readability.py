"""Mozilla's readability test pages: 130 pages (Apache-2.0), about 37 of them tiny "Lorem ipsum" fixtures.

Source: github.com/mozilla/readability @ ab4027a, `test/test-pages`. The gold is the program's own accepted
output, not a person's label.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from training.corpora.markup import text_of
from training.corpora.page import Corpus, LabelledPage, site_for, utf8_or


def open_corpus(folder: Path) -> Corpus:
    """All pages, named by their folder."""
    pages = folder / "test" / "test-pages"
    ids = sorted(path.parent.name for path in pages.glob("*/expected.html"))
    return Corpus(ids, lambda page_id: _load(pages / page_id))


def _load(page: Path) -> LabelledPage:
    html = (page / "source.html").read_bytes()
    metadata: dict[str, Any] = json.loads((page / "expected-metadata.json").read_bytes())
    return LabelledPage(
        corpus="readability",
        page_id=page.name,
        html=html,
        gold=text_of((page / "expected.html").read_text("utf-8")),
        site=site_for(None, html, re.sub(r"-\d+$", "", page.name)),  # nytimes-1 and nytimes-2 are one site
        title=metadata["title"],
        author=metadata["byline"],
        date=metadata["publishedTime"],
        encoding=utf8_or(html, None),
    )
