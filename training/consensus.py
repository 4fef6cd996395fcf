"""Labels for pages that only have snippets: what several extractors agree on, checked by the snippets.

trafilatura-eval gives about three snippets of the body and three of the noise per page. Where trafilatura in two modes,
readability-lxml and resiliparse find nearly the same text, and that text holds every wanted snippet and no
unwanted one, the page is labelled by their majority (645 of 990 such pages took the prototype from .813 to
.889 on dragnet). Of the other pages only the blocks that bear a snippet are labelled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from statistics import fmean

import numpy as np

from model.limits import Limits
from training.alignment import MIN_COVERED, coverage
from training.corpora import LabelledPage
from training.examples import Example, make_example, segment
from training.metrics import snippet_score, word_score, words

Extract = Callable[[LabelledPage], str]

MIN_AGREEMENT = 0.75
"""Mean word F1 between all pairs of extractors."""

_COMMENT_COVERED = 0.8
_MIN_SNIPPET_WORDS = 2


def example_from_consensus(page: LabelledPage, extractors: Sequence[Extract], limits: Limits | None = None) -> Example:
    """Label a page by its extractors' majority if they agree and its snippets hold, else by its snippets alone."""
    segmentation = segment(page, limits or Limits())
    texts = [block.text for block in segmentation.blocks]
    found = [extract(page) for extract in extractors]
    votes = np.mean([coverage(texts, text) >= MIN_COVERED for text in found], axis=0)
    is_comment = coverage(texts, "\n".join(page.comments)) >= _COMMENT_COVERED
    article = (votes >= 0.5) & ~is_comment
    chosen = "\n".join(text for text, kept in zip(texts, article.tolist(), strict=True) if kept)
    if agreement(found) >= MIN_AGREEMENT and _snippets_hold(page, chosen, "\n".join(texts)):
        return make_example(page, segmentation, article.astype(np.float32))
    wanted = _bears(texts, page.with_snippets)
    unwanted = _bears(texts, (*page.without_snippets, *page.comments)) & ~wanted
    return make_example(page, segmentation, wanted.astype(np.float32), wanted | unwanted)


def agreement(texts: Sequence[str]) -> float:
    """Mean word F1 over all pairs, 0 to 1."""
    return fmean(word_score(one, other).f1 for one, other in combinations(texts, 2))


def _snippets_hold(page: LabelledPage, chosen: str, everything: str) -> bool:
    present = [
        snippet for snippet in page.without_snippets if " ".join(snippet.split()) in " ".join(everything.split())
    ]
    score = snippet_score(chosen, page.with_snippets, present)
    return score.found == score.wanted and score.avoided == score.unwanted


def _bears(texts: Sequence[str], snippets: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    wanted = [" ".join(snippet.split()) for snippet in snippets if len(words(snippet)) >= _MIN_SNIPPET_WORDS]
    return np.array([any(snippet in text for snippet in wanted) for text in texts], bool)
