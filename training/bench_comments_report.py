"""What a run over pages with comments found, and its tables. No word of any page gets into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from training.metrics import WordScore, mean_score

_LEGEND = """\
Word P, R and F1 are means over the pages whose gold has comments: of the comments (author, date and text, in any order)
and of the body. Found is the share of those pages on which the tool gives any comment; false alarms are pages without
comments in the gold on which it gives some; body F1 (others) is of those pages. CPU is for a whole page, body and
comments together."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one tool gave for one page, against the gold."""

    body: WordScore
    comments: WordScore
    any_comments: bool
    cpu_s: float
    failed: bool


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """All tools on one page; `has_comments` is what the gold says."""

    page_id: str
    has_comments: bool
    found: dict[str, Found]


@dataclass(frozen=True, slots=True)
class CommentRun:
    """All tools on the pages of one corpus; `tools` with their versions."""

    corpus: str
    pages: tuple[JudgedPage, ...]
    tools: dict[str, str]


def markdown(runs: Sequence[CommentRun], notes: dict[str, str]) -> str:
    """The report: a table per corpus."""
    parts = ["# Comments", "\n".join(f"- {name}: {note}" for name, note in notes.items())]
    for run in runs:
        with_comments = sum(page.has_comments for page in run.pages)
        parts.append(f"## {run.corpus} ({with_comments} of {len(run.pages):,} pages have comments)")
        parts.append(_table(run))
    parts.append(_LEGEND)
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(run: CommentRun) -> str:
    header = (
        "tool", "comments P", "R", "F1", "found", "false alarms", "body P", "R", "F1", "body F1 (others)",
        "CPU ms, median", "failed",
    )  # fmt: skip
    lines = [header, ["---"] * len(header), *(_row(run, tool) for tool in run.tools)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _row(run: CommentRun, tool: str) -> list[str]:
    inside = [page.found[tool] for page in run.pages if page.has_comments]
    others = [page.found[tool] for page in run.pages if not page.has_comments]
    every = [*inside, *others]
    return [
        f"{tool} {run.tools[tool]}",
        *_three([found.comments for found in inside]),
        f"{fmean(found.any_comments for found in inside):.1%}" if inside else "-",
        f"{fmean(found.any_comments for found in others):.1%}" if others else "-",
        *_three([found.body for found in inside]),
        f"{mean_score(found.body for found in others).f1:.3f}" if others else "-",
        f"{1000 * median(found.cpu_s for found in every):.1f}" if every else "-",
        str(sum(found.failed for found in every)),
    ]


def _three(scores: Sequence[WordScore]) -> list[str]:
    if not scores:
        return ["-"] * 3
    mean = mean_score(scores)
    return [f"{value:.3f}" for value in (mean.precision, mean.recall, mean.f1)]
