"""Lines that recur across texts of one site: evidence of boilerplate that no single text shows.

Explicit by design: whoever has several texts of a site counts their lines once and hands the count in. A text cleaned
without it never depends on what was cleaned before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.odds import less_likely
from model.types import Block, Segmentation

_PER_DOUBLING = 1.0
"""By how much a line's log odds of being article fall each time the number of texts that hold it doubles. On whole-page
renderings of eight WCXB sites 1 removes 7 points more of the noise words for .3 points of the body's, 2 and 4 hardly
more noise for .7 and 2 points of the body's (`training.bench_text`, "texts of one site together")."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class SiteLines:
    """How many texts of one site hold each line; `counts` has those that at least two hold."""

    counts: dict[str, int]

    @classmethod
    def of(cls, texts: Iterable[Sequence[Block]]) -> SiteLines:
        """Count the lines of some texts of one site, given by their blocks; a line counts once for each text."""
        counts: Counter[str] = Counter()
        for blocks in texts:
            counts.update({_shape(block.text) for block in blocks})
        return cls({line: count for line, count in counts.items() if count > 1})

    def seen(self, blocks: Sequence[Block]) -> NDArray[np.float32]:
        """The number of texts that hold each line, float32 (n_blocks,), 1 for a line of one text alone."""
        return np.array([self.counts.get(_shape(block.text), 1) for block in blocks], np.float32)


def with_recurrence(
    segmentation: Segmentation, article: NDArray[np.float32], site: SiteLines | None
) -> tuple[NDArray[np.float32], dict[int, str]]:
    """What the site's other texts say, as evidence: new chances, float32 (n_blocks,), and why by recurring line.

    Without a site the chances stay as they are.
    """
    if site is None:
        return article, {}
    seen = site.seen(segmentation.blocks)
    reasons = {
        number: f"stands in {seen[number]:.0f} texts of this site" for number in np.flatnonzero(seen > 1).tolist()
    }
    return weigh_recurrence(article, seen), reasons


def weigh_recurrence(article: NDArray[np.float32], seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """Chances of being article, lowered where a line recurs in other texts, float32 (n_blocks,)."""
    return less_likely(article, _PER_DOUBLING * np.log2(seen))


def _shape(text: str) -> str:
    """A line as it is compared: letter case, white space and numbers do not count ("3 comments", "12 Comments")."""
    return _NUMBER.sub("0", " ".join(text.lower().split()))
