"""What a bench run gives with and without the pages whose gold is on record as wrong, the same pages for every tool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

from training.bench_report import CorpusRun, PageRun
from training.gold_defects import known_defects

_WHAT = (
    "Word F1, the same pages for every tool. Rules looked at every page; what was read was chosen from Winnow's worst "
    "pages, so the last column flatters it."
)

KnownDefects = Callable[[str], Mapping[str, Sequence[str]]]
"""The names of their defects by page id, of one corpus."""


def with_and_without(runs: Iterable[CorpusRun], known: KnownDefects = known_defects) -> str:
    """A table for each corpus that has such pages among those measured; "" where none has.

    Tools without word scores, timed only or on snippets, are left out.
    """
    parts = [table for run in runs if (table := _of_corpus(run, known(run.corpus)))]
    return "\n\n".join(["## Without pages whose gold is wrong", _WHAT, *parts]) + "\n" if parts else ""


def _of_corpus(run: CorpusRun, defects: Mapping[str, Sequence[str]]) -> str:
    by_rule = [page for page in run.pages if set(defects.get(page.page_id, ())) <= {"read"}]
    right = [page for page in run.pages if page.page_id not in defects]
    kinds = (run.pages, by_rule, right)
    rows = [(tool, [_mean(pages, tool) for pages in kinds]) for tool in run.tools]
    scored = [(tool, [mean for mean in means if mean is not None]) for tool, means in rows]
    scored = [(tool, means) for tool, means in scored if len(means) == len(kinds)]
    if len(right) == len(run.pages) or not scored:
        return ""
    head = f"| {run.corpus}, pages | " + " | ".join(str(len(pages)) for pages in kinds) + " |"
    lines = ["| tool | all | without those found by rule | and those read |", "|---|---|---|---|", head]
    for tool, means in sorted(scored, key=lambda row: -row[1][0]):
        lines.append(f"| {tool} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |")
    return "\n".join(lines)


def _mean(pages: Sequence[PageRun], tool: str) -> float | None:
    scores = [score.f1 for page in pages if (score := page.outcomes[tool].words)]
    return fmean(scores) if scores else None
