"""What tells an article's comment section from a forum's posts: how much prose stands outside and before it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.block_features import Columns, prose_words
from model.hints import Hint
from model.types import Block, Label


def comment_columns(blocks: Sequence[Block], hints: Sequence[Hint | None], columns: Columns) -> Columns:
    """Blocks inside elements named for comments, and the page's prose before and outside such elements.

    All 0 for plain text, which names nothing.
    """
    named = np.zeros(len(blocks), np.float32)
    if hints:
        labels = [hint is not None and hint.label is Label.COMMENT for hint in hints]
        named[:] = [labels[max(block.element, 0)] for block in blocks]
    prose = prose_words(columns)
    total = max(float(prose.sum()), 1.0)
    outside = prose * (1 - named)
    has_hints = float(bool(hints))
    return {
        "named_comment": named,
        "named_comment_before": np.log1p(np.cumsum(outside) - outside).astype(np.float32) * has_hints,
        "named_comment_share": np.full(len(named), (prose * named).sum() / total, np.float32),
        "named_comment_outside": np.full(len(named), np.log1p(outside.sum()) * has_hints, np.float32),
    }
