"""What stands around a block: its neighbours, wider windows, and the last heading before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.block_features import Columns

_NEIGHBOUR_COLUMNS = (
    "log_words", "link_density", "ends_sentence", "sentences", "text_score", "path_score", "heading", "is_p",
)  # fmt: skip
_REACH = 3
_OFFSETS = (-3, -2, -1, 1, 2, 3)
"""Places of the neighbours that are read, up to `_REACH` away."""

_NOBODY = -9.0
"""What columns say of a neighbour, or of a heading, that is not there: below all they can have."""

_WINDOW_COLUMNS = (
    "log_words", "link_density", "sentences", "text_score", "prompt_score", "discussion_score", "path_score", "stamp",
    "topic_shared", "topic_rare",
)  # fmt: skip
_WINDOWS = (4, 12)
"""Blocks on either side over which the mean of a column is taken."""

_PROSE_WORDS, _FAR = 12, 60
"""Words of a paragraph at least; blocks from which on one is as far away as any."""

_HEAD_WORDS, _NO_HEAD = 6, 99
"""Words of a line that may be a heading without an element saying so; the distance of one that is not there."""

_SHORT_WORDS = 10
_NO_OPENER = -1.0
"""Discussion score below which a short block opens nothing."""
_LONGEST_SINCE = 20


def discussion_columns(columns: Columns) -> Columns:
    """What came before a block that may have opened a discussion: "12 comments", "Posted by".

    discussion_so_far  the highest discussion score of a short block up to here
    discussion_since   blocks since the last one that may open it, at most `_LONGEST_SINCE`; -1 where none did
    stamps_before      log of the number of short dated lines before
    """
    words, scores = columns["words"], columns["discussion_score"]
    openers = np.where(words <= _SHORT_WORDS, scores, _NO_OPENER)
    highest = np.maximum.accumulate(np.maximum(openers, _NO_OPENER))
    index = np.arange(len(words))
    last = np.maximum.accumulate(np.where(openers > _NO_OPENER, index, -1))
    return {
        "discussion_so_far": highest.astype(np.float32),
        "discussion_since": np.where(last >= 0, np.minimum(index - last, _LONGEST_SINCE), -1).astype(np.float32),
        "stamps_before": np.log1p(np.cumsum(columns["stamp"]) - columns["stamp"]).astype(np.float32),
    }


def neighbour_columns(columns: Columns) -> Columns:
    """The chosen columns at each offset and over each window, and the reach of the last heading."""
    count = len(columns["words"])
    result: Columns = {}
    index = np.arange(count)
    padded = np.full((len(_NEIGHBOUR_COLUMNS), count + 2 * _REACH), _NOBODY, np.float32)
    padded[:, _REACH:-_REACH] = [columns[name] for name in _NEIGHBOUR_COLUMNS]
    for name, row in zip(_NEIGHBOUR_COLUMNS, padded, strict=True):
        for offset in _OFFSETS:
            result[f"{name}@{offset:+d}"] = row[_REACH + offset : _REACH + offset + count]
    names = [name for name in _WINDOW_COLUMNS if name in columns]
    sums = np.zeros((len(names), count + 1))
    np.cumsum([columns[name] for name in names], axis=1, dtype=np.float64, out=sums[:, 1:])
    spans = [(np.maximum(index - reach, 0), np.minimum(index + reach + 1, count)) for reach in _WINDOWS]
    means = [(sums[:, high] - sums[:, low]) / (high - low) for low, high in spans]
    for number, name in enumerate(names):
        result |= {f"{name}~{reach}": mean[number] for reach, mean in zip(_WINDOWS, means, strict=True)}
    return result | _last_heading_columns(columns, index) | _prose_columns(columns, index)


def _prose_columns(columns: Columns, index: NDArray[np.intp]) -> Columns:
    """How many blocks lie between each and the last paragraph before it, the next behind it, and those two.

    A heading stands alone between paragraphs, links come in long runs, and behind the last paragraph most is noise.
    """
    prose = (columns["words"] >= _PROSE_WORDS) & (columns["ends_sentence"] > 0)
    count = len(index)
    last = np.concatenate([[-_FAR], np.maximum.accumulate(np.where(prose, index, -_FAR))[:-1]])
    following = np.minimum.accumulate(np.where(prose, index, count + _FAR)[::-1])[::-1]
    behind = np.concatenate([following[1:], [count + _FAR]])
    since, until = index - last, behind - index
    return {
        "since_prose": np.minimum(since, _FAR).astype(np.float32),
        "until_prose": np.minimum(until, _FAR).astype(np.float32),
        "between_prose": np.minimum(since + until, _FAR).astype(np.float32),
    }


def _last_heading_columns(columns: Columns, index: NDArray[np.intp]) -> Columns:
    """The last short line or heading before each block: "Related", "Comments", "Most read"."""
    is_head = (columns["heading"] > 0) | ((columns["words"] <= _HEAD_WORDS) & (columns["ends_sentence"] == 0))
    last = np.maximum.accumulate(np.where(is_head, index, -1))
    previous = np.concatenate([[-1], last[:-1]])
    known = previous >= 0
    safe = np.maximum(previous, 0)
    result = {
        "last_head_distance": np.where(known, np.minimum(index - previous, _NO_HEAD), _NO_HEAD).astype(np.float32)
    }
    scores = {name: columns[f"{name}_score"] for name in ("text", "prompt", "discussion")}
    scores |= {name: column for name, column in columns.items() if name.startswith("says_")}
    of_heads = np.where(known, np.array(list(scores.values()), np.float32)[:, safe], np.float32(_NOBODY))
    result |= {f"last_head_{name}": row for name, row in zip(scores, of_heads, strict=True)}
    result["last_head_heading"] = np.where(known, columns["heading"][safe], 0.0).astype(np.float32)
    return result
