"""Page type, confidence and the dial on held-out pages.

    python -m training.bench_pages

Reads the records that cross-validation (`make train`) left beside the fold models. Every page is judged by a block
model that has not seen its site and by a page model fitted without its fold.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import joblib
import numpy as np
from scipy.stats import spearmanr

from model.context import DIAL_FACTORS
from model.page_model import PAGE_TYPES, PageModel, promise_factor
from training.arguments import add_folds, command_parser, say_missing
from training.metrics import mean_score
from training.page_fitting import FACTORS, RECORDS, PageRecord, cross_fitted

PROMISES = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1)
"""Promised losses that are measured, as shares of the article's words."""

_BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)

DialRow = tuple[str, float, float, float, float]
Judged = Sequence[tuple[PageRecord, PageModel]]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables."""
    arguments = _arguments(argv)
    path = arguments.folds / RECORDS
    if not path.is_file():
        return say_missing("bench_pages", f"there is no {path}. Run `make train` with the corpora unpacked first.")
    print(report(joblib.load(path)))
    return 0


def page_scores(records: Sequence[PageRecord]) -> dict[str, Any]:
    """The figures of the model card: type accuracy, Spearman of confidence with F1, losses of the promises."""
    judged = cross_fitted(records)
    typed = [(record, model) for record, model in judged if record.page_type in PAGE_TYPES]
    right = {kind: [m.page_type(r.inputs) == kind for r, m in typed if r.page_type == kind] for kind in PAGE_TYPES}
    by_type = {kind: round(float(np.mean(hits)), 4) for kind, hits in right.items() if hits}
    every = [hit for hits in right.values() for hit in hits]
    f1 = [record.f1(model) for record, model in judged]
    return {
        "pages": len(judged),
        "type_accuracy": round(float(np.mean(every)), 4),
        "type_accuracy_by_type": by_type,
        "confidence_spearman": _spearman(_confidences(judged), f1),
        "expected_f1_spearman": _spearman([record.expected_f1 for record, _ in judged], f1),
        "dial": {name: row for name, *row in _dial_rows(judged)},
    }


def report(records: Sequence[PageRecord]) -> str:
    """All tables as Markdown."""
    judged = cross_fitted(records)
    scores = page_scores(records)
    typed = "\n".join(f"| {kind} | {accuracy:.3f} |" for kind, accuracy in scores["type_accuracy_by_type"].items())
    dial = "\n".join(
        f"| {name} | {lost:.2%} | {precision:.3f} | {recall:.3f} | {f1:.3f} |"
        for name, lost, precision, recall, f1 in _dial_rows(judged)
    )
    return f"""# Pages as a whole ({len(judged):,} held-out pages)

## Page type

| type | found |
|---|---|
{typed}
| all | {scores["type_accuracy"]:.3f} |

{_confusion(judged)}

## Confidence

Spearman correlation with the page's word F1: {scores["confidence_spearman"]:.3f}; the expected F1 of the cut alone
{scores["expected_f1_spearman"]:.3f}.

{_calibration(judged)}

## Dial

| dial | article words lost | P | R | F1 |
|---|---|---|---|---|
{dial}
"""


def _spearman(left: Sequence[float], right: Sequence[float]) -> float:
    """Rank correlation; 0 where either is the same everywhere, as in a handful of pages."""
    if min(np.ptp(left), np.ptp(right)) == 0:
        return 0.0
    return round(float(spearmanr(left, right).statistic), 4)


def _confidences(judged: Judged) -> list[float]:
    return [model.calibrated(record.expected_f1) for record, model in judged]


def _confusion(judged: Judged) -> str:
    counts = np.zeros((len(PAGE_TYPES), len(PAGE_TYPES)), int)
    for record, model in judged:
        if record.page_type in PAGE_TYPES:
            counts[PAGE_TYPES.index(record.page_type), PAGE_TYPES.index(model.page_type(record.inputs))] += 1
    lines = ["| is \\ called | " + " | ".join(PAGE_TYPES) + " |", "|---" * (len(PAGE_TYPES) + 1) + "|"]
    lines += [f"| {kind} | " + " | ".join(map(str, row)) + " |" for kind, row in zip(PAGE_TYPES, counts, strict=True)]
    return "\n".join(lines)


def _calibration(judged: Judged) -> str:
    """Pages by what was expected of them: how many, what was expected, what came."""
    lines = [
        "| | by confidence: pages | mean of it | mean F1 | by expected F1 alone: pages | mean of it | mean F1 |",
        "|---" * 7 + "|",
    ]
    f1 = np.array([record.f1(model) for record, model in judged])
    columns = np.array(_confidences(judged)), np.array([record.expected_f1 for record, _ in judged])
    for low, high in pairwise(_BINS):
        row = [f"{low:.2f}-{high:.2f}"]
        for values in columns:
            inside = (values >= low) & ((values < high) | (high == 1.0))
            means = [f"{column[inside].mean():.3f}" if inside.any() else "-" for column in (values, f1)]
            row += [str(inside.sum()), *means]
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def _dial_rows(judged: Judged) -> list[DialRow]:
    """For every position and promise: the share of article words lost, and the mean word P, R and F1."""
    chosen = {
        str(name): [record.nearest(factor * model.cut_factor(record.inputs)) for record, model in judged]
        for name, factor in DIAL_FACTORS.items()
    }
    for share in PROMISES:
        chosen[f"lose at most {share * 100:g} %"] = [
            FACTORS.index(promise_factor(model, share)) for _, model in judged
        ]  # fmt: skip
    words = np.array([record.article_words for record, _ in judged], np.float64)
    rows: list[DialRow] = []
    for name, places in chosen.items():
        lost = np.array([record.lost[place] for (record, _), place in zip(judged, places, strict=True)])
        score = mean_score(record.scores[place] for (record, _), place in zip(judged, places, strict=True))
        share = round(float((lost * words).sum() / max(words.sum(), 1.0)), 4)
        rows.append((name, share, round(score.precision, 4), round(score.recall, 4), round(score.f1, 4)))
    return rows


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = command_parser("bench_pages", __doc__)
    add_folds(parser)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
