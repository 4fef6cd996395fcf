"""What only plain text is asked: which kind of noise a line names, and whether it speaks of what the text is about.

A heading, a caption or the last paragraph of an article shares its words with the article; a teaser of another story,
a portrait of the author or a shop's promise does not, whatever language it is in.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from model.block_features import Columns
from model.scripts import MARKS, SPACELESS, has_marks
from model.types import KIND_LABELS, Block

_READ_CHARS = 600
"""Characters read of a block."""

_SIGNS = SPACELESS + "\uac00-\ud7af"
_WORD = re.compile(f"[^\\W\\d_{_SIGNS}]{{4,}}|[{_SIGNS}]{{2}}")
_MARKED_WORD = re.compile(f"[^\\W\\d_{_SIGNS}](?:[^\\W\\d_{_SIGNS}]|[{MARKS}]){{3,}}|[{_SIGNS}]{{2}}")
"""Words of four letters or more, most of which are no function words; pairs of characters where there are no spaces."""

_ASCII_WORD = re.compile("[a-z]{4,}")
"""The same for lowered ASCII at half the time."""

_RARE_LETTERS = 7
_NOTHING = -1.0


def kind_columns(kinds: NDArray[np.float32]) -> Columns:
    """How much likelier each kind is, by a line's words, than the likeliest other: from logits (n_blocks, n_kinds).

    None where the text model names no kinds.
    """
    if not kinds.shape[1]:
        return {}
    first, second = np.sort(kinds, axis=1)[:, [-1, -2]].T
    margins = kinds - np.where(kinds == first[:, None], second[:, None], first[:, None])
    return {f"says_{label.value}": margin for label, margin in zip(KIND_LABELS, margins.T, strict=True)}


def topic_columns(blocks: tuple[Block, ...], prose: NDArray[np.float32]) -> Columns:
    """What of a block's words stands in other paragraphs.

    prose  float32 (n_blocks,), above 0 where a block is a paragraph

    topic_shared  share of its words that do; -1 where it has none
    topic_rare    the same of its long words
    """
    known: dict[str, frozenset[str]] = {}
    words = []
    for block in blocks:
        found = known.get(block.text)
        if found is None:
            read = block.text[:_READ_CHARS].lower()
            pattern = _ASCII_WORD if read.isascii() else _MARKED_WORD if has_marks(read) else _WORD
            found = known[block.text] = frozenset(pattern.findall(read))
        words.append(found)
    is_prose = (prose > 0).tolist()
    counts: Counter[str] = Counter()
    for text in {block.text for block, paragraph in zip(blocks, is_prose, strict=True) if paragraph}:
        counts.update(known[text])
    rows = [_row(found, counts, int(paragraph)) for found, paragraph in zip(words, is_prose, strict=True)]
    table = np.array(rows, np.float32).reshape(len(rows), 2)
    return dict(zip(("topic_shared", "topic_rare"), table.T, strict=True))


def _row(words: frozenset[str], counts: Counter[str], own: int) -> tuple[float, float]:
    if not words:
        return _NOTHING, _NOTHING
    count_of = counts.get  # a Counter asked for what it lacks calls Python
    shared = [word for word in words if count_of(word, 0) > own]
    rare = len([word for word in words if len(word) >= _RARE_LETTERS])
    shared_rare = len([word for word in shared if len(word) >= _RARE_LETTERS])
    return len(shared) / len(words), shared_rare / rare if rare else _NOTHING
