"""From chances to decisions: where to cut, and what the cut says of the page as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.types import Dial, SourceKind

DIAL_FACTORS: dict[Dial, float] = {"precision": 1.5, "balanced": 1.0, "recall": 0.5}
"""What the best cut is multiplied by: above 1 fewer blocks are kept, below 1 more."""

KIND_FACTORS: dict[SourceKind, float] = {"html": 1.0, "text": 0.8}
"""Plain text has mostly been extracted already: a lost sentence is worse there than a prompt left in. On our own open
texts (`tests/texts/open`) 0.8 loses a quarter fewer lines of the article and drops a tenth fewer of the noise."""

_HIGHEST_CUT = 0.9


@dataclass(frozen=True, slots=True)
class Cut:
    """Keep a block when its chance is at least `threshold`. `expected_f1` is the word F1 to expect of that."""

    threshold: float
    expected_f1: float


def choose_cut(
    article: NDArray[np.float32], words: NDArray[np.float32], dial: Dial | float = "balanced", kind: SourceKind = "html"
) -> Cut:
    """The page's own threshold: half the highest expected F1 over all cuts.

    With F* the best F1 that any set of blocks can expect, keeping exactly the blocks of chance >= F*/2 reaches
    it (Ye, Chai, Lee, Chieu: Optimizing F-measures, ICML 2012). Better than any fixed threshold on WCXB.

    article  float32 (n_blocks,), chance of each block; words  float32 (n_blocks,), its number of words
    dial     a position, or what the best cut is multiplied by
    """
    if not len(article):
        return Cut(0.5, 0.0)
    factor = dial if isinstance(dial, float) else DIAL_FACTORS[dial]
    order = np.argsort(-article, kind="stable")
    weight = words[order].astype(np.float64)
    gained = np.cumsum(article[order] * weight)
    taken = np.cumsum(weight)
    expected_total = gained[-1]
    best = float(np.max(2.0 * gained / np.maximum(taken + expected_total, 1e-9)))
    return Cut(min(best / 2.0 * factor * KIND_FACTORS[kind], _HIGHEST_CUT), best)
