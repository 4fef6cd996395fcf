"""The bench's part on recurrence: texts of one site cleaned one by one, and together.

Whole-page renderings of the sites with several pages, by tools that training has not seen. A site's pages are all in
one fold, so one model that never saw the site cleans them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from model.types import Cleaned, Kind
from training.bench_renderings import WHOLE, RenderedText, label_rendering
from training.corpora import LabelledPage, open_corpus
from training.line_contenders import line_verdicts
from training.metrics import words

HEADING = "texts of one site together, tool and site held out"
MIN_PAGES, MAX_PAGES = 4, 12
_CORPUS = "wcxb"


class SiteCleaner(Protocol):
    """What of `model.Cleaner` is measured."""

    def clean(self, source: bytes | str, *, kind: Kind = ...) -> Cleaned:
        """Clean one text."""

    def clean_site(self, texts: Sequence[bytes | str]) -> list[Cleaned]:
        """Clean texts of one site."""


def site_groups(root: Path, most_sites: int | None = None) -> list[list[RenderedText]]:
    """For each site and tool its rendered pages. Errors: as `open_corpus`."""
    corpus = open_corpus(_CORPUS, root)
    by_site: dict[str, list[LabelledPage]] = {}
    for page in filter(None, map(corpus.load, corpus.ids)):
        if page.gold:
            by_site.setdefault(page.site, []).append(page)
    sites = [pages[:MAX_PAGES] for _, pages in sorted(by_site.items()) if len(pages) >= MIN_PAGES]
    groups = [
        [text for page in pages if (text := label_rendering(tool, render, page))]
        for pages in sites[:most_sites]
        for tool, render in WHOLE.tools().items()
    ]
    return [group for group in groups if len(group) >= MIN_PAGES]


def table(groups: Sequence[Sequence[RenderedText]], cleaner_of: Callable[[str], SiteCleaner]) -> str:
    """Noise words removed and body words lost, one by one and together."""
    rows = [
        ["one by one", *_cells(groups, lambda c, texts: [c.clean(text, kind="text") for text in texts], cleaner_of)],
        ["together", *_cells(groups, lambda c, texts: c.clean_site(texts), cleaner_of)],
    ]
    lines = ["| " + " | ".join(row) + " |" for row in (["cleaned", "noise words removed", "body words lost"], *rows)]
    return "\n".join([lines[0], "|---|---|---|", *lines[1:]])


def _cells(
    groups: Sequence[Sequence[RenderedText]],
    clean: Callable[[SiteCleaner, Sequence[str]], list[Cleaned]],
    cleaner_of: Callable[[str], SiteCleaner],
) -> list[str]:
    noise = removed = body = lost = 0
    for group in groups:
        answers = clean(cleaner_of(group[0].marked.key), [text.marked.source for text in group])
        for text, answer in zip(group, answers, strict=True):
            marked = text.marked
            verdicts = line_verdicts(answer.blocks, len(marked.lines))
            for line, keep, verdict in zip(marked.lines, marked.keep, verdicts, strict=True):
                count = len(words(line))
                if keep:
                    body, lost = body + count, lost + count * verdict.is_noise
                else:
                    noise, removed = noise + count, removed + count * verdict.is_noise
    return [f"{removed / max(noise, 1):.1%}", f"{lost / max(body, 1):.2%}"]
