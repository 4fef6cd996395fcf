"""Where the words stand that Winnow keeps or loses wrongly.

    python -m training.error_tally --corpus dragnet --limit 300

Every block of a page is compared with its gold label (`training.alignment`). Words kept wrongly are counted by their
place (before, inside or after the article), by what the element around them is named for, and by whether they are
mostly link; words lost by the label they were given. No text of any page is printed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model import Cleaned, Cleaner
from model.decoding import decode_page
from model.hints import element_hints
from model.types import Label, Segmentation
from training.alignment import MIN_COVERED, coverage
from training.arguments import add_folds, add_limit, add_root, command_parser, no_corpora, say_missing
from training.bench import cleaners_by_page
from training.corpora import CORPORA, LabelledPage, available, read
from training.metrics import word_score, words

_MOSTLY_LINK = 0.5
_WORST = 15
_ROWS = 12


@dataclass(frozen=True, slots=True)
class PageErrors:
    """One page's word F1, and its wrong words by cause: `kept` wrongly and `lost`."""

    page_id: str
    f1: float
    kept: Counter[str]
    lost: Counter[str]


def page_errors(cleaner: Cleaner, page: LabelledPage) -> PageErrors | None:
    """Count the wrong words of one page; None where it has no gold text."""
    if page.gold is None:
        return None
    cleaned = cleaner.clean(page.source, kind="html", url=page.url)
    segmentation = cleaner.segment(decode_page(page.source, kind="html", url=page.url, limits=cleaner.limits))
    texts = [block.text for block in cleaned.blocks]
    article = coverage(texts, page.gold) >= MIN_COVERED
    f1 = word_score(cleaned.text, page.gold).f1
    return PageErrors(page.page_id, f1, _wrongly_kept(cleaned, segmentation, article), _lost(cleaned, article))


def _wrongly_kept(cleaned: Cleaned, segmentation: Segmentation, article: NDArray[np.bool_]) -> Counter[str]:
    hints = element_hints(segmentation.elements)
    inside = np.flatnonzero(article)
    first, last = (inside[0], inside[-1]) if len(inside) else (len(article), -1)
    causes: Counter[str] = Counter()
    for number, (block, source) in enumerate(zip(cleaned.blocks, segmentation.blocks, strict=True)):
        if article[number] or not block.kept or block.label in (Label.TITLE, Label.BYLINE):
            continue
        place = "before" if number < first else "after" if number > last else "inside"
        hint = hints[source.element] if source.element >= 0 else None
        form = "links" if source.link_chars > _MOSTLY_LINK * len(source.text) else "text"
        causes[f"{place} the article, {hint.label if hint else 'unnamed'}, {form}"] += len(words(block.text))
    return causes


def _lost(cleaned: Cleaned, article: NDArray[np.bool_]) -> Counter[str]:
    causes: Counter[str] = Counter()
    for block, wanted in zip(cleaned.blocks, article.tolist(), strict=True):
        if wanted and (not block.kept or block.label in (Label.TITLE, Label.BYLINE)):
            causes[f"taken for {block.label}"] += len(words(block.text))
    return causes


def tally_table(corpus: str, pages: Sequence[PageErrors]) -> str:
    """The tally as Markdown: words by cause, and the ids of the worst pages."""
    ranked = sorted(pages, key=lambda page: page.f1)
    missing = sum(1 - page.f1 for page in pages) or 1.0
    worst = sum(1 - page.f1 for page in ranked[:50])
    mean = sum(page.f1 for page in pages) / max(len(pages), 1)
    lines = [
        f"## {corpus}: {len(pages)} pages",
        "",
        f"word F1 {mean:.4f}; the fifty worst pages are {worst / missing:.0%} of what is missing",
        "",
    ]
    for title, counts in (
        ("words kept wrongly", [page.kept for page in pages]),
        ("words lost", [page.lost for page in pages]),
    ):
        total = sum(counts, Counter[str]())
        lines += [f"| {title} | {total.total():,} |", "|---|---|"]
        lines += [f"| {cause} | {count:,} |" for cause, count in total.most_common(_ROWS)] + [""]
    return "\n".join([*lines, "worst: " + ", ".join(f"{page.page_id} {page.f1:.2f}" for page in ranked[:_WORST]), ""])


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tally of each corpus; returns the exit code."""
    parser = command_parser("error_tally", __doc__)
    parser.add_argument("--corpus", action="append", choices=list(CORPORA), help="repeatable; default: all with gold")
    add_root(parser)
    add_folds(parser)
    add_limit(parser)
    parser.add_argument("--page-type", help="only pages that the corpus gives this type")
    arguments = parser.parse_args(argv)
    corpora = arguments.corpus or available(arguments.root)
    if not corpora:
        return no_corpora("error_tally", arguments.root)
    for corpus in corpora:
        cleaner_of = cleaners_by_page(corpus, arguments.folds, Cleaner.load)
        if cleaner_of is None:
            say_missing("error_tally", f"{corpus} was trained on and has no fold models. Run `make train` first.")
            continue
        pages = _pages(read(corpus, arguments.root, arguments.limit), arguments.page_type)
        found = [page_errors(cleaner_of(page), page) for page in tqdm(pages, desc=corpus, unit="page", disable=None)]
        print(tally_table(corpus, [errors for errors in found if errors is not None]))
    return 0


def _pages(pages: Iterable[LabelledPage], page_type: str | None) -> Iterable[LabelledPage]:
    return (page for page in pages if page_type is None or page.page_type == page_type)


if __name__ == "__main__":
    sys.exit(main())
