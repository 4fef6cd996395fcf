"""What stands beyond a plain text's article, and what stands between its paragraphs.

A line that the trees doubt is noise nine times in ten where it stands behind the last sure paragraph and behind a line
that is plainly noise: related stories, forms and rights come in a row. The same holds before the first, and above the
title. A short line between two sure lines of the article is more often article than the trees say.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.odds import log_odds, sigmoid

_PARAGRAPH_WORDS, _PARAGRAPH_CHANCE = 8, 0.5
"""A paragraph of the article has at least so many words, ends a sentence and has this chance."""

_NOISE_BEHIND, _NOISE_BEFORE = 0.1, 0.05
"""Below this chance a line behind or before the article is plainly noise."""

_LEAST_BEFORE, _SHARE_BEFORE = 2, 0.1
"""So many lines, and so much of all, must be plainly noise before the article: a list of goods has two, too."""

_BEHIND, _BEFORE, _ABOVE_TITLE = 1.25, 1.5, 1.5
"""Units of log odds that lines lose behind the article and the first such line, before it and the last but one, and
above the title: near what a logistic regression over the trees' log odds gives them on our own marked texts and on
renderings (`training/NOTES.md`)."""

_TITLE_CHANCE = 0.4
_TITLE_ARTICLE = 0.2
"""Chance of being article, as the trees gave it, below which a line is no title: "Home » Culture"."""

_BETWEEN, _SHORT, _SURE = 1.0, 12, 0.8
"""Units that a line of fewer words gains between two lines of more than this chance."""


def weigh_edges(
    words: NDArray[np.float32],
    ends_sentence: NDArray[np.bool_],
    article: NDArray[np.float32],
    may_gain: NDArray[np.bool_],
    titles: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Chances of being article of a plain text's blocks, all (n_blocks,); lines gain where they `may_gain`.

    titles  each line's chance of being a title, should it be no body
    """
    paragraphs = np.flatnonzero((words >= _PARAGRAPH_WORDS) & ends_sentence & (article >= _PARAGRAPH_CHANCE))
    if not len(paragraphs):
        return article
    first, last = paragraphs[0], paragraphs[-1]
    index, units = np.arange(len(article)), np.zeros(len(article))
    behind = last + 1 + np.flatnonzero(article[last + 1 :] < _NOISE_BEHIND)
    before = np.flatnonzero(article[:first] < _NOISE_BEFORE)
    if len(behind):
        units[behind[0] + 1 :] = -_BEHIND
    if len(before) >= max(_SHARE_BEFORE * first, _LEAST_BEFORE):
        units[: before[-2]] = -_BEFORE  # what stands above two of them at least
    units[: likeliest_title(titles[:first], article[:first]) or 0] -= _ABOVE_TITLE
    sure = article > _SURE
    inside = (index > first) & (index < last)
    inside[1:-1] &= sure[:-2] & sure[2:]
    units += np.where(inside & may_gain & (words < _SHORT), _BETWEEN, 0.0)
    return np.asarray(np.where((article > 0) & (units != 0), sigmoid(log_odds(article) + units), article), np.float32)


def likeliest_title(chances: NDArray[np.float32], article: NDArray[np.float32]) -> int | None:
    """The likeliest title among the lines above the prose, if one is likely. The trees learn titles as article.

    chances, article  float32 (n_lines,): of being a title, and of being article
    """
    chances = np.where(article >= _TITLE_ARTICLE, chances, 0.0)
    return int(np.argmax(chances)) if chances.max(initial=0.0) >= _TITLE_CHANCE else None
