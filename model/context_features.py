"""What stands around a block: its neighbours, wider windows, and the last heading before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.block_features import Columns

_NEIGHBOUR_COLUMNS = (
    "log_words", "link_density", "ends_sentence", "sentences", "text_score", "path_score", "heading", "is_p",
)  # fmt: skip
_OFFSETS = (-3, -2, -1, 1, 2, 3)
_WINDOW_COLUMNS = (
    "log_words",
    "link_density",
    "sentences",
    "text_score",
    "prompt_score",
    "discussion_score",
    "path_score",
    "stamp",
    "topic_shared",
    "topic_rare",
)
_WINDOWS = (4, 12)
_PROSE_WORDS, _FAR = 12, 60
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
    edge = np.full(3, -9.0)
    for name in _NEIGHBOUR_COLUMNS:
        padded = np.concatenate([edge, columns[name], edge])
        for offset in _OFFSETS:
            result[f"{name}@{offset:+d}"] = padded[3 + offset : 3 + offset + count]
    spans = [(reach, np.maximum(index - reach, 0), np.minimum(index + reach + 1, count)) for reach in _WINDOWS]
    for name in _WINDOW_COLUMNS:
        sums = np.concatenate([[0.0], np.cumsum(columns[name], dtype=np.float64)])
        for reach, low, high in spans:
            result[f"{name}~{reach}"] = (sums[high] - sums[low]) / (high - low)
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
        "since_prose": since.clip(0, _FAR).astype(np.float32),
        "until_prose": until.clip(0, _FAR).astype(np.float32),
        "between_prose": (since + until).clip(0, _FAR).astype(np.float32),
    }


def _last_heading_columns(columns: Columns, index: NDArray[np.intp]) -> Columns:
    """The last short line or heading before each block: "Related", "Comments", "Most read"."""
    is_head = (columns["heading"] > 0) | ((columns["words"] <= 6) & (columns["ends_sentence"] == 0))
    last = np.maximum.accumulate(np.where(is_head, index, -1))
    previous = np.concatenate([[-1], last[:-1]])
    known = previous >= 0
    safe = np.maximum(previous, 0)
    result = {"last_head_distance": np.where(known, index - previous, 99).clip(0, 99).astype(np.float32)}
    for name in ("text", "prompt", "discussion"):
        result[f"last_head_{name}"] = np.where(known, columns[f"{name}_score"][safe], -9.0).astype(np.float32)
    result["last_head_heading"] = np.where(known, columns["heading"][safe], 0.0).astype(np.float32)
    return result
