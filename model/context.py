"""From chances to decisions: where to cut, and what the cut says of the page as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.types import Dial, SourceKind

DIAL_FACTORS: dict[Dial, float] = {"precision": 1.5, "balanced": 1.0, "recall": 0.5}
"""What the best cut is multiplied by: above 1 fewer blocks are kept, below 1 more."""


@dataclass(frozen=True, slots=True)
class TextCut:
    """The chance below which a line of plain text goes: `least` where none is noise, `slope` more where all is.

    Such text has mostly been extracted already: what counts is how few lines of the article go. The more of it is
    noise, the likelier is noise a line in doubt; the page's own best F1 moves the other way. A few lines tell little of
    that share, so it is drawn towards none as if `unseen` more lines were article.

    Where the trees are in doubt about most lines and sure that hardly any is noise, as in code, price lists and tables
    of contents, their chances tell noise from article badly: there the cut is lower (`doubts`). Where much is plainly
    noise the text came as it was scraped, and the cut is `scraped` higher. It is never above `most`.

    A line that ends a sentence goes below `sentence` times that chance: at the same chance it is article several times
    as often as a line without a final mark, most of all in languages of which few pages were learnt from.
    """

    least: float
    slope: float
    unseen: int
    sentence: float
    scraped: float
    most: float
    doubts: bool

    def threshold(self, article: NDArray[np.float32]) -> float:
        """The cut of one text; `article`, float32 (n_lines,), is each line's chance; there is one at least."""
        cut = self.least + self.slope * float((1.0 - article).sum()) / (len(article) + self.unseen)
        scraped = _scraped(article)
        if self.doubts:
            cut *= _sureness(article) ** (_DOUBT_POWER * (1.0 - scraped))
        return min(cut + self.scraped * scraped, self.most)


_HIGHEST_CUT = 0.9
_DOUBT_POWER = 2.5
_PLAIN, _LIKELY, _SHARE_PLAIN, _FEW = 0.1, 0.6, 0.5, 2
"""Below `_PLAIN` a line is plainly noise, from there to `_LIKELY` in doubt. Half as many of those as of these and
`_FEW` more are all that is asked for: at less, gold texts that are lists lose half of their lines."""

TEXT_CUTS: dict[Dial, TextCut] = {
    "precision": TextCut(0.4, 1.7, 80, 0.5, 0.0, _HIGHEST_CUT, doubts=False),
    "balanced": TextCut(0.08, 0.9, 80, 0.6, 0.06, 0.5, doubts=True),
    "recall": TextCut(0.02, 0.2, 200, 0.5, 0.0, 0.5, doubts=True),
}
"""`precision` is for texts that are mostly noise, `balanced` for what an extractor leaves."""


def _sureness(article: NDArray[np.float32]) -> float:
    """How sure the trees are of a text's lines: 1 where every chance is 0 or 1, 0 where every one is a half."""
    chance = article.astype(np.float64)
    return 1.0 - 4.0 * float((chance * (1.0 - chance)).mean())


def _scraped(article: NDArray[np.float32]) -> float:
    """From 0 to 1, how plain it is that a text holds noise: lines that plainly are, by those that are in doubt."""
    plain = int((article < _PLAIN).sum())
    doubted = int((article < _LIKELY).sum()) - plain
    return min(plain / (_SHARE_PLAIN * (doubted + _FEW)), 1.0)


_LEAST_CHANCE = 0.25
"""A page of markup none of whose blocks reaches this chance of being article has no article."""

_LEAST_OF_FORUMS = 0.05
"""The same for a forum: what readers say is its content, and trees that have seen comments under articles doubt it."""

_LEAST_WHOLE = 100
"""Words from which on a plain text's only block is a whole page."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Keep a block when its chance is at least `threshold`, or `sentence` times that where it ends a sentence.

    `expected_f1` is the word F1 to expect of the best cut.
    """

    threshold: float
    expected_f1: float
    sentence: float = 1.0


def choose_cut(
    article: NDArray[np.float32], words: NDArray[np.float32], dial: Dial | float = "balanced", kind: SourceKind = "html"
) -> Cut:
    """The page's own threshold: half the highest expected F1 over all cuts.

    With F* the best F1 that any set of blocks can expect, keeping exactly the blocks of chance >= F*/2 reaches
    it (Ye, Chai, Lee, Chieu: Optimizing F-measures, ICML 2012). Better than any fixed threshold on WCXB.

    Plain text has a threshold about lines instead, which rises with the expected share of noise.

    article  float32 (n_blocks,), chance of each block; words  float32 (n_blocks,), its number of words
    dial     a position, or what the best cut is multiplied by
    """
    if not len(article):
        return Cut(0.5, 0.0)
    order = np.argsort(-article, kind="stable")
    weight = words[order].astype(np.float64)
    gained = np.cumsum(article[order] * weight)
    taken = np.cumsum(weight)
    expected_total = gained[-1]
    best = float(np.max(2.0 * gained / np.maximum(taken + expected_total, 1e-9)))
    if kind == "text":
        cut = TEXT_CUTS["balanced" if isinstance(dial, float) else dial]
        threshold = cut.threshold(article) * (dial if isinstance(dial, float) else 1.0)
        return Cut(min(threshold, _HIGHEST_CUT), best, cut.sentence)
    threshold = best / 2.0 * (dial if isinstance(dial, float) else DIAL_FACTORS[dial])
    return Cut(min(threshold, _HIGHEST_CUT), best)


def choose_body(
    article: NDArray[np.float32],
    words: NDArray[np.float32],
    dial: Dial | float,
    kind: SourceKind,
    ends_sentence: NDArray[np.float32] | None = None,
    *,
    is_forum: bool = False,
) -> tuple[Cut, NDArray[np.bool_]]:
    """The page's cut and the blocks that pass it, bool (n_blocks,); parameters as in `choose_cut`.

    ends_sentence  float32 (n_blocks,), above 0 where a block ends one; None asks for no difference

    A page of markup none of whose blocks is likely has no article. A long plain text in one piece, in which nothing
    parts sentences, holds article and noise alike: it stays. At factor 0 all blocks pass.
    """
    cut = choose_cut(article, words, dial, kind)
    if dial == 0.0 or (kind == "text" and len(article) == 1 and words[0] >= _LEAST_WHOLE):
        return cut, np.ones(len(article), bool)
    least = (_LEAST_OF_FORUMS if is_forum else _LEAST_CHANCE) * (min(dial, 1.0) if isinstance(dial, float) else 1.0)
    is_article = kind == "text" or float(article.max(initial=0.0)) >= least
    is_sentence = np.zeros(len(article), bool) if ends_sentence is None else ends_sentence > 0
    return cut, (article >= np.where(is_sentence, cut.sentence, 1.0) * cut.threshold) & is_article
