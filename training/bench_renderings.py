"""The bench's part on what other tools leave of labelled pages: how much of the noise goes, and at what loss.

Lines are labelled with the gold as in training, by tools that training has not seen. No cleaner that keeps or drops
lines can do better than these labels, so they are the ceiling. A line called title or byline is no longer in the text
(removed, where it is noise) but is not lost.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from model.types import Label
from training.alignment import MIN_COVERED, coverage
from training.corpora import LabelledPage, read
from training.gold_defects import known_defects
from training.held_out_tools import Render, held_out_leaky, held_out_whole
from training.line_contenders import LineContender, LineVerdict
from training.marked_texts import MarkedText
from training.metrics import word_score, words

PAGES = 240
_CORPUS = "wcxb"
_HEADER = [
    "renderer", "cleaner", "noise words removed", "of those removable", "body words lost", "word F1", "over keep-all",
]  # fmt: skip
_KEEP_ALL, _CEILING = "keep-all", "perfect labels"


@dataclass(frozen=True, slots=True)
class RenderedText:
    """One tool's output of one page; `marked.key` is the page's."""

    tool: str
    marked: MarkedText
    gold: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rendering with the figures to reach on it: noise words removed at least, body words lost at most."""

    name: str
    tools: Callable[[], dict[str, Render]]
    removed: float
    lost: float


LEAKY = Kind("leaky extractors, tool and site held out", held_out_leaky, 0.70, 0.010)
WHOLE = Kind("whole-page renderings, tool and site held out", held_out_whole, 0.85, 0.020)
KINDS = (LEAKY, WHOLE)


def rendered_texts(kind: Kind, root: Path, limit: int | None) -> list[RenderedText]:
    """The outputs of all tools of a kind on evenly spaced pages. Errors: as `open_corpus`."""
    tools = kind.tools()
    return [
        text
        for page in read(_CORPUS, root, min(limit or PAGES, PAGES))
        for tool, render in tools.items()
        if (text := label_rendering(tool, render, page))
    ]


def label_rendering(tool: str, render: Render, page: LabelledPage) -> RenderedText | None:
    """A tool's output of a page, its lines marked by the gold; None where it has nothing of the gold."""
    marked = _marked(page, _quietly(render, page))
    return RenderedText(tool, marked, page.gold or "") if marked else None


def table(kind: Kind, texts: Sequence[RenderedText], contenders: Sequence[LineContender]) -> str:
    """All cleaners on one kind, by rendering tool and in the mean over the tools, also without pages of wrong gold."""
    cleaners: dict[str, Callable[[MarkedText], Sequence[LineVerdict]]] = {c.name: c.judge for c in contenders}
    cleaners[_CEILING] = lambda text: [LineVerdict(float(not keep)) for keep in text.keep]
    tools = list(dict.fromkeys(text.tool for text in texts))
    outcomes = {
        (tool, name): [_outcome(text, judge(text.marked)) for text in texts if text.tool == tool]
        for tool in tools
        for name, judge in cleaners.items()
    }
    scores = {key: _score(found) for key, found in outcomes.items()}
    rows = [
        [tool, name, *_cells(scores[tool, name], scores[tool, _KEEP_ALL], scores[tool, _CEILING])]
        for tool in tools
        for name in cleaners
    ]
    rows += _means("mean", tools, list(cleaners), scores)
    wrong = {f"{_CORPUS}/{page_id}" for page_id in known_defects(_CORPUS)}
    right = {key: [outcome for outcome in found if outcome.key not in wrong] for key, found in outcomes.items()}
    if all(right.values()) and right != outcomes:
        scores = {key: _score(found) for key, found in right.items()}
        rows += _means("mean without wrong golds", tools, list(cleaners), scores)
    rows.append(["target", "", "", f">= {kind.removed:.0%}", f"<= {kind.lost:.1%}", "", ">= 0, mean +.050"])
    lines = ["| " + " | ".join(row) + " |" for row in (_HEADER, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(_HEADER), *lines[1:]])


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a cleaner did to one text, in words: of its noise how many it removed, of its body how many it lost."""

    key: str
    noise: int
    removed: int
    body: int
    lost: int
    f1: float


_Score = tuple[float, float, float]
"""Share of noise words removed, share of body words lost, mean word F1."""


def _outcome(text: RenderedText, verdicts: Sequence[LineVerdict]) -> _Outcome:
    noise = removed = body = lost = 0
    kept = []
    for line, keep, verdict in zip(text.marked.lines, text.marked.keep, verdicts, strict=True):
        count = len(words(line))
        apart = verdict.label in (Label.TITLE, Label.BYLINE)
        if keep:
            body, lost = body + count, lost + count * verdict.is_noise
        else:
            noise, removed = noise + count, removed + count * (verdict.is_noise or apart)
        if not (verdict.is_noise or apart):
            kept.append(line)
    return _Outcome(text.marked.key, noise, removed, body, lost, word_score("\n".join(kept), text.gold).f1)


def _score(outcomes: Sequence[_Outcome]) -> _Score:
    noise, removed, body, lost = (
        sum(getattr(outcome, name) for outcome in outcomes) for name in ("noise", "removed", "body", "lost")
    )
    return removed / max(noise, 1), lost / max(body, 1), fmean([outcome.f1 for outcome in outcomes] or [0.0])


def _means(
    title: str, tools: Sequence[str], cleaners: Sequence[str], scores: Mapping[tuple[str, str], _Score]
) -> list[list[str]]:
    """A row for each cleaner: the mean over the tools."""
    rows = []
    for name in cleaners if tools else ():
        means = (_mean([scores[tool, one] for tool in tools]) for one in (name, _KEEP_ALL, _CEILING))
        rows.append([title, name, *_cells(*means)])
    return rows


def _mean(scores: Sequence[_Score]) -> _Score:
    removed, lost, f1 = (fmean(values) for values in zip(*scores, strict=True))
    return removed, lost, f1


def _cells(score: _Score, keep_all: _Score, ceiling: _Score) -> list[str]:
    """Where a page is one line, perfect labels of lines can remove nothing, and nothing is asked of a cleaner."""
    removed, lost, f1 = score
    removable = f"{removed / ceiling[0]:.1%}" if ceiling[0] else "-"
    return [f"{removed:.1%}", removable, f"{lost:.2%}", f"{f1:.3f}", f"{f1 - keep_all[2]:+.3f}"]


def _marked(page: LabelledPage, text: str) -> MarkedText | None:
    lines = tuple(text.splitlines())
    keep = np.array(coverage(lines, page.gold or "")) >= MIN_COVERED
    return MarkedText(page.key, None, lines, tuple(keep.tolist())) if keep.any() else None


def _quietly(render: Render, page: LabelledPage) -> str:
    """What a tool leaves; a page on which it fails is left out. boilerpy3 prints warnings to standard output."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return render(page)
    except Exception:  # noqa: BLE001 - a tool may raise anything
        return ""
