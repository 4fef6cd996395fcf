"""How well and how fast Winnow cleans plain text, beside what else there is.

    python -m training.bench_text --limit 100

Measured are lines that people labelled, lines that we marked, and gold texts that must come through whole. Every tool
judges a text before the next text comes, each of them first in turn, so a slow minute of the machine hits all alike.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import cast

from tqdm import tqdm

from model.errors import WinnowError
from training import bench_renderings, bench_seed, bench_sites, bench_text_report
from training.arguments import add_folds, add_limit, add_root, command_parser
from training.bench import fold_index
from training.bench_text_report import Judged, TextRun
from training.corpora import spaced
from training.line_contenders import LineContender, LineVerdict, TextCleaner, baselines, winnow
from training.line_corpora import LINE_CORPORA
from training.marked_texts import MarkedText, gold_as_found, labelled_by_people, marked_by_us
from training.own_texts import own_texts

_OUTPUT = Path("bench/out/bench-text.md")
_OUR_TEXTS = Path(__file__).parents[1] / "tests" / "texts"
_SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
_GOLD_CORPUS = "wcxb"

LoadCleaner = Callable[[Path | None], TextCleaner]
"""Loads the model folder at a path, or the shipped one for None."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One table of the report; `read` raises FileNotFoundError where its texts are absent.

    learnt  whether the shipped model learnt from them: then the models of the folds that did not are asked
    """

    name: str
    read: Callable[[], list[MarkedText]]
    learnt: bool = False


def main(argv: Sequence[str] | None = None, load: LoadCleaner | None = None) -> int:
    """Measure, print the tables and write them."""
    arguments = _arguments(argv)
    contenders, notes = baselines()
    shipped = _shipped(load or _load_cleaner, notes)
    cleaners = cache(lambda: _fold_cleaners(arguments.folds, load or _load_cleaner))
    held_out = cache(lambda: _held_out(shipped, cleaners, notes))
    runs = []
    for part in _parts(arguments.root, arguments.limit):
        try:
            texts = part.read()
        except FileNotFoundError as error:
            notes[part.name] = f"left out: {error}"
            continue
        winnows = [winnow(shipped), winnow(shipped, dial="precision")] if shipped else []
        if shipped and part.learnt:
            winnows = held_out()
        runs.append(run(part.name, texts, [*winnows, *contenders]))
    sections = _renderings(arguments, lambda: [*held_out(), *contenders], notes)
    sections += _sites(arguments, cleaners, notes) if shipped else []
    seeds = bench_seed.seeds(_SEEDS)
    if shipped and seeds:
        sections.insert(0, (bench_seed.HEADING, bench_seed.table(seeds, shipped)))
    report = bench_text_report.markdown(runs, notes, sections)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(report, "utf-8")
    print(report)
    return 0 if runs else 2


def _renderings(
    arguments: argparse.Namespace, contenders: Callable[[], list[LineContender]], notes: dict[str, str]
) -> list[tuple[str, str]]:
    """Heading and table of each kind of rendering; none where the corpus is absent."""
    sections = []
    for kind in bench_renderings.KINDS:
        try:
            texts = bench_renderings.rendered_texts(kind, arguments.root, arguments.limit)
        except FileNotFoundError as error:
            notes[kind.name] = f"left out: {error}"
            continue
        sections.append((f"{kind.name} ({len(texts):,} texts)", bench_renderings.table(kind, texts, contenders())))
    return sections


def run(name: str, texts: Sequence[MarkedText], contenders: Sequence[LineContender]) -> TextRun:
    """Every contender on every text, with the CPU time each took for it."""
    for contender in contenders if texts else ():  # a first call imports modules and compiles patterns
        contender.judge(texts[0])
    judged: list[Judged] = []
    for number, text in enumerate(tqdm(texts, desc=name, unit="text", file=sys.stderr)):
        turn = number % max(1, len(contenders))
        verdicts: dict[str, Sequence[LineVerdict]] = {}
        cpu_s: dict[str, float] = {}
        for contender in (*contenders[turn:], *contenders[:turn]):
            started = time.process_time()
            verdicts[contender.name] = contender.judge(text)
            cpu_s[contender.name] = time.process_time() - started
        judged.append(Judged(text, verdicts, cpu_s))
    return TextRun(name, tuple(judged), {contender.name: contender.version for contender in contenders})


def _parts(root: Path, limit: int | None) -> list[_Part]:
    by_people = [_Part(corpus, partial(labelled_by_people, corpus, root, limit)) for corpus in LINE_CORPORA]
    return [
        *by_people,
        _Part(bench_text_report.OPEN, partial(marked_by_us, _OUR_TEXTS / "open")),
        _Part(bench_text_report.LOCKED, partial(marked_by_us, _OUR_TEXTS / "locked")),
        _Part(bench_text_report.OWN, partial(_own, limit), learnt=True),
        _Part(bench_text_report.GOLD, partial(gold_as_found, _GOLD_CORPUS, root, limit), learnt=True),
    ]


def _own(limit: int | None) -> list[MarkedText]:
    texts = {text.marked.key: text.marked for text in own_texts()}
    return [texts[key] for key in spaced([*texts], limit)]


def _shipped(load: LoadCleaner, notes: dict[str, str]) -> TextCleaner | None:
    try:
        return load(None)
    except (ImportError, WinnowError, OSError) as error:
        notes["winnow"] = f"left out: {error}"
        return None


def _sites(
    arguments: argparse.Namespace, fold_cleaners: Callable[[], dict[str, TextCleaner]], notes: dict[str, str]
) -> list[tuple[str, str]]:
    """Heading and table of texts of one site cleaned together; none where they or the fold models are absent."""
    try:
        cleaners = fold_cleaners()
        groups = bench_sites.site_groups(arguments.root, arguments.limit)
    except (WinnowError, OSError) as error:
        notes[bench_sites.HEADING] = f"left out: {error}"
        return []
    groups = [group for group in groups if group[0].marked.key in cleaners]
    if not groups:
        return []
    # The fold models are `model.Cleaner`s, which can clean a site; what is given in their place in tests need not.
    table = bench_sites.table(groups, lambda key: cast(bench_sites.SiteCleaner, cleaners[key]))
    return [(f"{bench_sites.HEADING} ({sum(map(len, groups)):,} texts)", table)]


def _held_out(
    shipped: TextCleaner | None, fold_cleaners: Callable[[], dict[str, TextCleaner]], notes: dict[str, str]
) -> list[LineContender]:
    """Winnow by the models of the folds that held a page's site out, as `make train` leaves them; else nothing."""
    if shipped is None:
        return []
    try:
        return [winnow(shipped, fold_cleaners())]
    except (WinnowError, OSError) as error:
        notes[f"{bench_text_report.OWN}, {bench_text_report.GOLD}"] = (
            f"Winnow was trained on these; run `make train` to cross-validate: {error}"
        )
        return []


def _fold_cleaners(folds: Path, load: LoadCleaner) -> dict[str, TextCleaner]:
    """The cleaner of each page's fold. Errors: WinnowError and OSError where `make train` left none."""
    fold_of = fold_index(folds)
    cleaners = {fold: load(folds / str(fold)) for fold in sorted(set(fold_of.values()))}
    return {key: cleaners[fold] for key, fold in fold_of.items()}


def _load_cleaner(path: Path | None) -> TextCleaner:
    from model import Cleaner  # here, so that the others can be measured where no model is

    return Cleaner.load(path)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = command_parser("bench_text", __doc__)
    add_root(parser)
    add_folds(parser)
    add_limit(parser, "texts of each corpus")
    parser.add_argument("--output", type=Path, default=_OUTPUT, help="Markdown (%(default)s)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
