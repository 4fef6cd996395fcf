"""How well spam is told from honest comments.

    python -m training.bench_spam

YouTube's comments video by video and Telegram's in five parts, each judged by a model that did not learn from them;
Vietnamese reviews, which no model learns from; our own lines by language; and each disguise on the spam of YouTube.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, f1_score

from model.spam import SpamModel
from model.types import PostedComment
from training.arguments import add_root, command_parser
from training.corpora import open_corpus
from training.spam import (
    OWN,
    POSTS,
    SEED,
    Row,
    available_spam_corpora,
    corpus_rows,
    fit_calibrated,
    fold_of,
    logits,
    training_rows,
)
from training.spam_attacks import ATTACKS

_OUTPUT = Path("bench/out/bench-spam.md")
_YOUTUBE, _TELEGRAM, _REVIEWS = "youtube-spam", "tg-spam", "vispamreviews"
_TIMED_COMMENTS = 500
_EVERY_COMMENT = 3
_COLUMNS = ("comments", "spam", "F1", "F1 at 0.5", "average precision", "spam found", "ham lost")
_HEADER = f"| | {' | '.join(_COLUMNS)} |\n|---|{'---|' * len(_COLUMNS)}"


@dataclass(frozen=True, slots=True)
class Held:
    """Rows that a model did not learn from, with the logits it gave them and its threshold as a logit."""

    rows: Sequence[Row]
    logits: NDArray[np.float64]
    cut: float

    def only(self, wanted: Callable[[Row], bool]) -> Held:
        """The rows that are wanted."""
        places = [place for place, row in enumerate(self.rows) if wanted(row)]
        return Held([self.rows[place] for place in places], self.logits[places], self.cut)


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one part, each 0 to 1: F1 at the default threshold and at a chance of one half, and so on."""

    comments: int
    spam: int
    f1: float
    f1_at_half: float
    average_precision: float
    recall: float
    ham_lost: float


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables and write them; returns the exit code."""
    parser = command_parser("bench_spam", __doc__)
    add_root(parser)
    parser.add_argument("--output", type=Path, default=_OUTPUT, help="Markdown (%(default)s)")
    arguments = parser.parse_args(argv)
    if not available_spam_corpora(arguments.root):
        print(
            f"bench_spam: no corpus of comments is unpacked in {arguments.root}; nothing is measured", file=sys.stderr
        )
        return 0
    report = _report(arguments.root)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(report, "utf-8")
    print(report)
    return 0


def score(held: Sequence[Held]) -> Scores:
    """The scores of all of them together; for F1 and average precision use one model's at a time."""
    is_spam = np.array([row.is_spam for part in held for row in part.rows], np.bool_)
    found = np.concatenate([part.logits for part in held])
    called = np.concatenate([part.logits >= part.cut for part in held])
    return Scores(
        len(is_spam),
        int(is_spam.sum()),
        float(f1_score(is_spam, called, zero_division=0.0)),
        float(f1_score(is_spam, found >= 0, zero_division=0.0)),
        float(average_precision_score(is_spam, found)) if is_spam.any() else float("nan"),
        _share(called[is_spam]),
        _share(called[~is_spam]),
    )


def hold_out(rows: Sequence[Row]) -> list[tuple[SpamModel, list[Row]]]:
    """Models made, calibrated and given their threshold without some rows, and those rows.

    Five leave out one video each, five a fifth of the messages and of our lines.
    """
    parts = np.array([f"{'video' if row.source == _YOUTUBE else 'rest'} {fold_of(row)}" for row in rows])
    return [
        (
            fit_calibrated([row for row, other in zip(rows, parts, strict=True) if other != part]),
            [row for row, other in zip(rows, parts, strict=True) if other == part],
        )
        for part in sorted(set(parts.tolist()))
    ]


def recall_under_attack(
    models: Sequence[tuple[SpamModel, list[Row]]], attack: Callable[[str, random.Random], str]
) -> tuple[int, float, float]:
    """How many spam comments the attack changes, and the share of these that is found before and after it."""
    rng = random.Random(SEED)
    before: list[bool] = []
    after: list[bool] = []
    for model, rows in models:
        spam = [row for row in rows if row.is_spam]
        attacked = [replace(row, comment=replace(row.comment, text=attack(row.comment.text, rng))) for row in spam]
        pairs = [(one, other) for one, other in zip(spam, attacked, strict=True) if one.comment != other.comment]
        cut = _cut(model)
        before += (logits(model, [one for one, _ in pairs]) >= cut).tolist() if pairs else []
        after += (logits(model, [other for _, other in pairs]) >= cut).tolist() if pairs else []
    return len(before), _share(np.array(before)), _share(np.array(after))


def _report(root: Path) -> str:
    rows = training_rows(root)
    models = hold_out(rows)
    judged = [_held(model, fold) for model, fold in models]
    parts = ["# Spam comments", "Every comment is judged by a model that learnt nothing of its video, message or line."]
    parts += [_corpora(models, judged), _languages(judged), _attacks(models)]
    shipped = fit_calibrated(rows)
    parts += [_reviews(shipped, root), _unlabelled(shipped, root), _cost(shipped, rows)]
    return "\n\n".join(parts) + "\n"


def _corpora(models: Sequence[tuple[SpamModel, list[Row]]], judged: Sequence[Held]) -> str:
    videos = [part.only(lambda row: row.source == _YOUTUBE) for part in judged]
    videos = [part for part in videos if part.rows]
    lines = [_HEADER]
    if videos:
        lines += [_line(part.rows[0].group, score([part])) for part in videos]
        lines.append(_line("**mean over videos**", _mean([score([part]) for part in videos])))
        alone = [_held(model, fold, with_page=False).only(lambda row: row.source == _YOUTUBE) for model, fold in models]
        lines.append(_line("the same, page not told", _mean([score([part]) for part in alone if part.rows])))
    messages = [part.only(lambda row: row.source == _TELEGRAM) for part in judged]
    if any(part.rows for part in messages):
        lines.append(_line("tg-spam, five parts", _pooled(messages)))
    posts = [part.only(lambda row: row.source == POSTS) for part in judged]
    if any(part.rows for part in posts):
        lines.append(_line("forum posts, all honest, five parts", _pooled(posts)))
    lines.append(_line("our own lines, five parts", _pooled([p.only(lambda row: row.source == OWN) for p in judged])))
    return "\n".join(lines)


def _languages(judged: Sequence[Held]) -> str:
    lines = ["## Our own lines by language", _HEADER]
    for language in sorted({row.language for part in judged for row in part.rows if row.language}):
        spoken = partial(_is_in, language)
        lines.append(_line(language, _pooled([part.only(spoken) for part in judged])))
    return "\n".join([lines[0], "", *lines[1:]])


def _is_in(language: str, row: Row) -> bool:
    return row.language == language


def _attacks(models: Sequence[tuple[SpamModel, list[Row]]]) -> str:
    videos = [(model, [row for row in fold if row.source == _YOUTUBE]) for model, fold in models]
    lines = [
        "## Disguises, on YouTube's spam",
        "",
        "| | comments changed | found before | found after |",
        "|---|---|---|---|",
    ]
    for name, attack in ATTACKS.items():
        changed, before, after = recall_under_attack(videos, attack)
        lines.append(f"| {name} | {changed:,} | {before:.3f} | {after:.3f} |")
    return "\n".join(lines)


def _reviews(shipped: SpamModel, root: Path) -> str:
    title = "## Vietnamese shop reviews (vispamreviews, not learnt from; spam there is mostly 'not a review')\n\n"
    try:
        held = _held(shipped, corpus_rows(_REVIEWS, root))
    except FileNotFoundError as error:
        return f"{title}Left out: {error}"
    return f"{title}{_HEADER}\n{_line(_REVIEWS, score([held]))}"


def _unlabelled(shipped: SpamModel, root: Path) -> str:
    """Readers' comments under dragnet's articles: nobody labelled them, nearly all are honest."""
    try:
        corpus = open_corpus("dragnet", root)
    except FileNotFoundError as error:
        return f"dragnet's comments: left out: {error}"
    pages = (page for page_id in corpus.ids if (page := corpus.load(page_id)) is not None)
    texts = [
        text for page in pages for comments in page.comments for text in comments.split("\n") if text.count(" ") > 2
    ]
    verdicts = [shipped.judge([PostedComment(text)])[0] for text in texts[::_EVERY_COMMENT]]
    called = np.array([verdict.is_spam for verdict in verdicts], np.bool_)
    lost = _share(called)
    return f"Of {called.size:,} lines of readers' comments in dragnet (not learnt from) {lost:.3f} are called spam."


def _cost(shipped: SpamModel, rows: Sequence[Row]) -> str:
    timed = [row.comment for row in rows[:: max(1, len(rows) // _TIMED_COMMENTS)]]
    shipped.judge(timed[:20])
    started = time.process_time()
    for comment in timed:
        shipped.judge([comment])
    each_ms = (time.process_time() - started) / len(timed) * 1000
    return f"CPU time per comment, with reasons: {each_ms:.3f} ms. Default threshold: {shipped.threshold:.2f}."


def _held(model: SpamModel, rows: Sequence[Row], *, with_page: bool = True) -> Held:
    return Held(rows, logits(model, rows, with_page=with_page), _cut(model))


def _cut(model: SpamModel) -> float:
    return float(np.log(model.threshold / (1 - model.threshold)))


def _pooled(parts: Sequence[Held]) -> Scores:
    return score([part for part in parts if part.rows])


def _mean(scores: Sequence[Scores]) -> Scores:
    means = [
        float(np.mean([getattr(one, name) for one in scores]))
        for name in ("f1", "f1_at_half", "average_precision", "recall", "ham_lost")
    ]
    return Scores(sum(one.comments for one in scores), sum(one.spam for one in scores), *means)


def _line(name: str, scores: Scores) -> str:
    return (
        f"| {name} | {scores.comments:,} | {scores.spam:,} | {scores.f1:.4f} | {scores.f1_at_half:.4f} | "
        f"{scores.average_precision:.4f} | {scores.recall:.3f} | {scores.ham_lost:.3f} |"
    )


def _share(called: NDArray[np.bool_]) -> float:
    return float(called.mean()) if called.size else 0.0


if __name__ == "__main__":
    sys.exit(main())
