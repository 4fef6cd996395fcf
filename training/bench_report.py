"""What a run of the bench measured, and its tables."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median
from typing import Any

from training.metrics import SnippetScore, WordScore, mean_score

_LEAST_PAGES = 15
"""Pages of a language below which its figures are chance."""

_YARDSTICK = "trafilatura"
"""The peer whose speed the others are given in multiples of."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One tool on one page. A score is None where the corpus has no gold for it or the tool is only timed.

    `failure` is the exception the tool raised; such a page scores as no text and its time does not count.
    """

    cpu_ms: float
    failure: str | None = None
    words: WordScore | None = None
    snippets: SnippetScore | None = None
    comments: SnippetScore | None = None


@dataclass(frozen=True, slots=True)
class PageRun:
    """All tools on one page; `language` is what its gold snippets are written in, where that can be told."""

    page_id: str
    page_type: str | None
    html_bytes: int
    outcomes: dict[str, Outcome]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class CorpusRun:
    """All tools on the pages of one corpus; `notes` by tool."""

    corpus: str
    pages: tuple[PageRun, ...]
    tools: tuple[str, ...]
    notes: dict[str, str]


def markdown(
    runs: Sequence[CorpusRun], versions: dict[str, str], notes: dict[str, str], *, with_speed: bool = True
) -> str:
    """The report: per corpus its quality, per page type where there are types, then speed."""
    parts = ["# Bench", ", ".join(f"{tool} {version}" for tool, version in versions.items())]
    parts.append(_list(notes))
    for run in runs:
        parts += [f"## {run.corpus} ({len(run.pages):,} pages)", _quality(run), _by_type(run), _by_language(run)]
        parts += [_list(run.notes), _list(_failures(run))]
    if with_speed and runs:
        parts += ["## Speed", f"CPU time per page, one process, Python {platform.python_version()}."]
        parts += [f"{run.corpus}:\n\n{_speed([run])}" for run in runs]
        parts += [f"all:\n\n{_speed(runs)}"] if len(runs) > 1 else []
    return "\n\n".join(part for part in parts if part) + "\n"


def as_json(runs: Sequence[CorpusRun], versions: dict[str, str], notes: dict[str, str]) -> dict[str, Any]:
    """Every page's scores and times; no page's text."""
    corpora = {run.corpus: {"notes": run.notes, "pages": list(map(asdict, run.pages))} for run in runs}
    return {"python": platform.python_version(), "versions": versions, "notes": notes, "corpora": corpora}


def _quality(run: CorpusRun) -> str:
    if any(outcome.snippets for page in run.pages for outcome in page.outcomes.values()):
        return _snippet_table(run)
    scores = _word_scores(run, run.pages)
    rows = [
        [tool, f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}"]
        for tool, score in sorted(scores.items(), key=lambda item: -item[1].f1)
    ]
    return _table(["tool", "P", "R", "F1"], rows)


def _snippet_table(run: CorpusRun) -> str:
    rows = []
    for tool in run.tools:
        body = _total(run.pages, tool, lambda outcome: outcome.snippets)
        comments = _total(run.pages, tool, lambda outcome: outcome.comments)
        if body.wanted:
            rows.append([
                tool, _share(body.found, body.wanted), _share(body.avoided, body.unwanted),
                _share(comments.avoided, comments.unwanted),
                *(f"{value:.3f}" for value in (body.words.precision, body.words.recall, body.words.f1)),
            ])  # fmt: skip
    header = ["tool", "with found", "without avoided", "comments avoided", "P", "R", "F1"]
    return _table(header, sorted(rows, key=lambda row: row[-1], reverse=True))


def _total(pages: Iterable[PageRun], tool: str, part: Callable[[Outcome], SnippetScore | None]) -> SnippetScore:
    scores = (part(page.outcomes[tool]) for page in pages)
    return sum((score for score in scores if score), start=SnippetScore())


def _by_language(run: CorpusRun) -> str:
    """Snippets found and avoided, for every language of `_LEAST_PAGES` pages or more."""
    counts = Counter(page.language for page in run.pages if page.language)
    languages = [language for language, count in counts.most_common() if count >= _LEAST_PAGES]
    if not languages:
        return ""
    pages = {language: [page for page in run.pages if page.language == language] for language in languages}
    rows = []
    for tool in run.tools:
        totals = [_total(pages[language], tool, lambda outcome: outcome.snippets) for language in languages]
        if any(total.wanted for total in totals):
            rows.append([tool, *(f"{_share(t.found, t.wanted)}, {_share(t.avoided, t.unwanted)}" for t in totals)])
    header = ["tool", *(f"{language} ({counts[language]})" for language in languages)]
    return "With found, without avoided, by the language of the snippets (pages):\n\n" + _table(header, rows)


def _by_type(run: CorpusRun) -> str:
    types = sorted({page.page_type for page in run.pages if page.page_type})
    if not types:
        return ""
    columns = [_word_scores(run, [page for page in run.pages if page.page_type == kind]) for kind in types]
    overall = _word_scores(run, run.pages)
    rows = [
        [tool, f"{score.f1:.3f}", *(f"{column[tool].f1:.3f}" for column in columns)]
        for tool, score in sorted(overall.items(), key=lambda item: -item[1].f1)
    ]
    return "F1 by page type:\n\n" + _table(["tool", "all", *types], rows)


def _word_scores(run: CorpusRun, pages: Sequence[PageRun]) -> dict[str, WordScore]:
    scores = {tool: [w for page in pages if (w := page.outcomes[tool].words)] for tool in run.tools}
    return {tool: mean_score(per_page) for tool, per_page in scores.items() if per_page}


def _failures(run: CorpusRun) -> dict[str, str]:
    raised = {tool: [f for page in run.pages if (f := page.outcomes[tool].failure)] for tool in run.tools}
    return {
        tool: f"failed on {len(failures)} pages, scored as no text; first: {failures[0][:200]}"
        for tool, failures in raised.items()
        if failures
    }


def _speed(runs: Sequence[CorpusRun]) -> str:
    pages = [page for run in runs for page in run.pages]
    times: dict[str, list[float]] = {}
    for page in pages:
        for tool, outcome in page.outcomes.items():
            if outcome.failure is None:
                times.setdefault(tool, []).append(outcome.cpu_ms)
    yardstick = fmean(times[_YARDSTICK]) if _YARDSTICK in times else None
    rows = []
    for tool, cpu_ms in sorted(times.items(), key=lambda item: fmean(item[1])):
        mean_ms = max(fmean(cpu_ms), 1e-6)  # a clock too coarse for a tiny page may say 0
        faster = f"{yardstick / mean_ms:.1f} x" if yardstick is not None else "-"
        rows.append([tool, f"{median(cpu_ms):.2f}", f"{mean_ms:.2f}", f"{1000 / mean_ms:,.0f}", faster])
    kilobytes = fmean(page.html_bytes for page in pages) / 1000 if pages else 0
    header = ["tool", "median ms", "mean ms", "pages/s", f"speed relative to {_YARDSTICK}"]
    return f"{len(pages):,} pages, mean {kilobytes:,.0f} kB\n\n{_table(header, rows)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _list(notes: dict[str, str]) -> str:
    return "\n".join(f"- {tool}: {note}" for tool, note in notes.items())


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (header, *rows)]
    rule = "|" + "|".join(["---"] * len(header)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
