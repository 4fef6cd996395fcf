"""Fit the spam model: a logistic regression over hashed n-grams and counts, calibrated on comments it did not learn.

Learnt from the corpora marked `train` (YouTube by video, Telegram by message), our own lines and copies of all of them
in disguise. Repeats are dropped first: a text that stands in two videos would be tested on itself.
"""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from model.spam import SpamModel
from model.spam_features import (
    CHAR_SLOTS,
    COUNT_NAMES,
    WORD_SLOTS,
    Features,
    Topic,
    features_of,
    topic_of,
)
from model.types import PostedComment
from training.spam_attacks import ATTACKS
from training.spam_corpora import SPAM_CORPORA, LabelledComment, read_comments, read_forum_posts
from training.spam_lines import spam_lines
from training.spam_reports import reported_comments

OWN = "own spam lines"
REPORTED = "reported comments"
POSTS = "forum posts"
SPAM_SOURCES = ("youtube-spam", "tg-spam", POSTS, OWN, REPORTED)
SEED = 4
MOST_HAM_LOST = 0.018
"""The share of honest comments that the default threshold may lose over held-out comments: the promise is 0.02, and
sources differ more than their mean shows."""

_VIDEO = "https://www.youtube.com/watch?v="
VIDEOS = {
    "Youtube01-Psy": ("PSY - GANGNAM STYLE(강남스타일) M/V", _VIDEO + "9bZkp7q19f0"),
    "Youtube02-KatyPerry": ("Katy Perry - Roar (Official)", _VIDEO + "CevxZvSJLk8"),
    "Youtube03-LMFAO": ("LMFAO - Party Rock Anthem ft. Lauren Bennett, GoonRock", _VIDEO + "KQ6zr6kCPj8"),
    "Youtube04-Eminem": ("Eminem - Love The Way You Lie ft. Rihanna", _VIDEO + "uelHwf8o7_U"),
    "Youtube05-Shakira": (
        "Shakira - Waka Waka (This Time for Africa) (The Official 2010 FIFA World Cup Song)",
        _VIDEO + "pRpeEdMmmQ0",
    ),
}
"""Title and address of the videos, as the collection names them: the page that their comments stand on."""

_WEIGHTS = {"youtube-spam": 1.0, "tg-spam": 0.3, POSTS: 0.1, OWN: 0.4, REPORTED: 2.0}
"""How much a comment of each source counts. Forum posts at 0, 0.1, 0.3: lines of dragnet's comments called spam .120,
.031, .028; leave-one-video-out F1 at a chance of one half .950, .948, .947. Telegram is another medium; what
users reported is their own."""

_DISGUISED = {True: 0.25, False: 0.05}
"""The same for a disguised copy of spam, of an honest comment: who disguises a text has a reason to."""

_FILLINGS = 2
"""Copies of an own line, each with its placeholders filled otherwise."""

_C = 20.0
_COUNT_SCALE = 0.6
"""Counts are penalised more than n-grams: leave-one-video-out F1 .9510 at 1, .9513 at 0.6."""

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A comment to learn from or to be tested on. Rows of one group never stand on both sides of a split."""

    source: str
    comment: PostedComment
    is_spam: bool
    group: str
    page: tuple[str, str] | None = None
    """title and address of the page it stands on"""
    language: str = ""


def corpus_rows(corpus: str, root: Path) -> list[Row]:
    """A corpus without its repeats. Raises FileNotFoundError where it is not unpacked."""
    return without_repeats(_row(comment) for comment in read_comments(corpus, root))


def own_rows() -> list[Row]:
    """Our own lines, each filled in twice. A fold is fixed by the line."""
    rng = random.Random(SEED)
    return [
        Row(OWN, line.filled(rng), line.is_spam, line.text, language=line.language)
        for line in spam_lines()
        for _ in range(_FILLINGS if "{" in line.text + line.author + line.link else 1)
    ]


def reported_rows(corrections: Path) -> list[Row]:
    """What users of the service reported. Raises InputError when the file is no corrections store."""
    return [
        Row(
            REPORTED,
            PostedComment(report.text, report.author, report.link),
            report.is_spam,
            f"reported-{number % FOLDS}",
        )
        for number, report in enumerate(reported_comments(corrections))
    ]


def without_repeats(rows: Iterable[Row]) -> list[Row]:
    """Each text once, case and white space aside: the first of them."""
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(" ".join(row.comment.text.lower().split()), row)
    return list(first.values())


def available_spam_corpora(root: Path) -> list[str]:
    """The unpacked corpora that a spam model may be fitted on."""
    return [name for name, about in SPAM_CORPORA.items() if about.use == "train" and (root / name).is_dir()]


def training_rows(root: Path, corrections: Path | None = None) -> list[Row]:
    """Everything there is to learn from: our lines, the corpora unpacked below `root`, and reported comments."""
    rows = own_rows()
    for corpus in available_spam_corpora(root):
        rows += corpus_rows(corpus, root)
    posts = without_repeats(map(_row, read_forum_posts(root)))
    rows += [replace(row, source=POSTS) for row in posts]
    return rows + (reported_rows(corrections) if corrections else [])


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows and their disguised copies as numbers, ready to fit on any part of them.

    matrix   float64 (n, WORD_SLOTS + CHAR_SLOTS + counts)
    row      int (n,): the row that each was made of
    """

    matrix: sparse.csr_matrix
    row: NDArray[np.intp]
    is_spam: NDArray[np.bool_]
    weight: NDArray[np.float64]


def examples(rows: Sequence[Row]) -> Examples:
    """Every row, and a copy in disguise where it offers something to disguise.

    Half of the comments whose page is known are read without it, as callers without context send them.
    """
    rng = random.Random(SEED)
    learnt: list[tuple[int, Row, float]] = []
    for number, row in enumerate(rows):
        row = row if rng.random() < 0.5 else replace(row, page=None)  # noqa: PLW2901 - the same row, less told of it
        learnt.append((number, row, _WEIGHTS[row.source]))
        text = rng.choice(list(ATTACKS.values()))(row.comment.text, rng)
        if text != row.comment.text:
            disguised = replace(row, comment=replace(row.comment, text=text))
            learnt.append((number, disguised, _WEIGHTS[row.source] * _DISGUISED[row.is_spam]))
    return Examples(
        _matrix([_read(row) for _, row, _ in learnt]),
        np.array([number for number, _, _ in learnt], np.intp),
        np.array([row.is_spam for _, row, _ in learnt]),
        np.array([weight for _, _, weight in learnt]),
    )


def fit(learnt: Examples, use: NDArray[np.bool_] | None = None) -> SpamModel:
    """The weights alone, not calibrated. `use` tells which examples to learn from; all by default."""
    use = np.ones(len(learnt.row), np.bool_) if use is None else use
    matrix = learnt.matrix[use]
    scale = _rarity(matrix)
    regression = LogisticRegression(C=_C, solver="liblinear", dual=True, max_iter=1_000, random_state=SEED)
    regression.fit(matrix @ sparse.diags(scale), learnt.is_spam[use], sample_weight=learnt.weight[use])
    weights = (regression.coef_[0] * scale).astype(np.float32)
    words, chars, counts = np.split(weights, [WORD_SLOTS, WORD_SLOTS + CHAR_SLOTS])
    return SpamModel(words, chars, counts, float(regression.intercept_[0]))


def logits(model: SpamModel, rows: Sequence[Row], *, with_page: bool = True) -> NDArray[np.float64]:
    """The model's logit of each comment, with what is known of its page or without."""
    return np.array([model.logit(_read(row if with_page else replace(row, page=None))) for row in rows])


def held_out_models(rows: Sequence[Row], learnt: Examples) -> list[tuple[SpamModel, list[Row]]]:
    """A model for each fold, which learnt nothing of it, with the fold's rows."""
    folds = np.array([fold_of(row) for row in rows])
    return [
        (fit(learnt, folds[learnt.row] != fold), [rows[place] for place in np.flatnonzero(folds == fold).tolist()])
        for fold in sorted(set(folds.tolist()))
    ]


def sources(rows: Sequence[Row]) -> dict[str, tuple[int, str]]:
    """How many comments come from where, for the manifest."""
    counted = Counter(row.source for row in rows)
    return {name: (counted[name], "comments") for name in SPAM_SOURCES if counted[name]}


def fit_calibrated(rows: Sequence[Row], learnt: Examples | None = None) -> SpamModel:
    """The model to ship: fitted on all rows, its chances true and its threshold safe on rows held out."""
    learnt = learnt or examples(rows)
    held_out = held_out_models(rows, learnt)
    return calibrate(fit(learnt), held_out)


def calibrate(model: SpamModel, held_out: Sequence[tuple[SpamModel, list[Row]]]) -> SpamModel:
    """The model with its chances true (Platt 1999) and its threshold where honest comments are safe."""
    rows = [row for _, fold in held_out for row in fold]
    found = np.concatenate([logits(other, fold) for other, fold in held_out])
    is_spam = np.array([row.is_spam for row in rows])
    weights = np.array([_WEIGHTS[row.source] for row in rows])
    platt = LogisticRegression(C=1e6).fit(found[:, None], is_spam, sample_weight=weights)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    chances = 1 / (1 + np.exp(-(slope * found + offset)))
    natural = ~is_spam & np.array([row.source != OWN for row in rows])  # our own lines were written to be hard
    safe = natural if natural.any() else ~is_spam
    threshold = safe_threshold(chances[safe], weights[safe])
    return replace(model, slope=slope, offset=offset, threshold=threshold)


def safe_threshold(ham_chances: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """The least chance, two digits, from which on at most `MOST_HAM_LOST` of the honest comments are lost."""
    for hundredths in range(50, 100):
        threshold = hundredths / 100
        if weights[ham_chances >= threshold].sum() <= MOST_HAM_LOST * weights.sum():
            return threshold
    return 0.99


def _row(comment: LabelledComment) -> Row:
    group = f"{comment.corpus}/{comment.group}"
    return Row(comment.corpus, PostedComment(comment.text), comment.is_spam, group, VIDEOS.get(comment.group))


def fold_of(row: Row) -> int:
    """Which of `FOLDS` parts it belongs to: each holds one video, a fifth of the messages and of our lines."""
    if row.source == "youtube-spam":
        return list(VIDEOS).index(row.group.partition("/")[2]) % FOLDS
    return zlib.crc32(row.group.encode()) % FOLDS


def _read(row: Row) -> Features:
    return features_of(row.comment, topic_of(row.page[0], url=row.page[1]) if row.page else Topic())


def _matrix(read: Sequence[Features]) -> sparse.csr_matrix:
    """n-grams of one kind weigh 1/sqrt(their number), as the model averages them; then the counts as they are."""
    parts = [_slots([features.words for features in read], WORD_SLOTS), _slots([f.chars for f in read], CHAR_SLOTS)]
    counts = sparse.csr_matrix(np.array([features.counts for features in read], np.float64))
    return sparse.hstack([*parts, counts]).tocsr()


def _slots(lists: Sequence[NDArray[np.intp]], width: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *(len(slots) for slots in lists)])
    values = np.concatenate([np.full(len(slots), 1 / np.sqrt(max(len(slots), 1))) for slots in lists])
    return sparse.csr_matrix((values, np.concatenate(lists), ends), shape=(len(lists), width))


def _rarity(matrix: sparse.csr_matrix) -> NDArray[np.float64]:
    """How far each slot is penalised less for being rare (inverse document frequency); `_COUNT_SCALE` for counts."""
    rows = matrix.shape[0]
    frequency = np.asarray((matrix != 0).sum(axis=0)).ravel()
    scale = np.log((rows + 1) / (frequency + 1)) / 3
    scale[-len(COUNT_NAMES) :] = _COUNT_SCALE
    return np.asarray(scale, np.float64)
