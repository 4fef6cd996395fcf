"""How much of what a block speaks of the page's paragraphs speak of too.

A heading, a caption or the last paragraph of an article shares its words with the article; a teaser of another story,
a portrait of the author or a shop's promise does not, whatever language it is in.
"""

from __future__ import annotations

import re
from collections import Counter
from math import log1p

import numpy as np
from numpy.typing import NDArray

from model.block_features import Columns
from model.types import Block

_READ_CHARS = 600
"""Characters read of a block."""

_WORD = re.compile("[^\\W\\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{4,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2}")
"""Words of four letters or more, most of which are no function words; pairs of characters where there are no spaces."""

_RARE_LETTERS = 7
_NOTHING = -1.0


def topic_columns(blocks: tuple[Block, ...], prose: NDArray[np.float32]) -> Columns:
    """What of a block's words stands in other paragraphs.

    prose  float32 (n_blocks,), above 0 where a block is a paragraph

    topic_shared  share of its words that do; -1 where it has none
    topic_rare    the same of its long words
    topic_depth   mean over its words of the log of the number of paragraphs
    """
    known: dict[str, frozenset[str]] = {}
    words = []
    for block in blocks:
        found = known.get(block.text)
        if found is None:
            found = known[block.text] = frozenset(_WORD.findall(block.text[:_READ_CHARS].lower()))
        words.append(found)
    is_prose = (prose > 0).tolist()
    counts: Counter[str] = Counter()
    for text in {block.text for block, paragraph in zip(blocks, is_prose, strict=True) if paragraph}:
        counts.update(known[text])
    rows = [_row(found, counts, int(paragraph)) for found, paragraph in zip(words, is_prose, strict=True)]
    table = np.array(rows, np.float32).reshape(len(rows), 3)
    return dict(zip(("topic_shared", "topic_rare", "topic_depth"), table.T, strict=True))


def _row(words: frozenset[str], counts: Counter[str], own: int) -> tuple[float, float, float]:
    if not words:
        return _NOTHING, _NOTHING, 0.0
    elsewhere = {word: counts[word] - own for word in words if counts[word] > own}
    rare = sum(len(word) >= _RARE_LETTERS for word in words)
    return (
        len(elsewhere) / len(words),
        sum(len(word) >= _RARE_LETTERS for word in elsewhere) / rare if rare else _NOTHING,
        sum(map(log1p, elsewhere.values())) / len(words),
    )
