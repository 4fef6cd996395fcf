"""How well and how fast Winnow and its peers clean the corpora.

    python -m training.bench
    python -m training.bench --corpus wcxb --limit 150 --peers trafilatura,resiliparse

All tools see a page before the next page comes, each of them first in turn, so a slow minute of the machine hits all
alike. On pages that Winnow was trained on, a model that never saw the page's site answers, or none does.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from tqdm import tqdm

from model.errors import WinnowError
from model.language import detect_code
from model.types import Cleaned, Kind
from training import bench_report
from training.arguments import FOLD_INDEX, FOLD_MODELS, add_folds, add_limit, add_root, command_parser, no_corpora
from training.bench_defects import with_and_without
from training.bench_report import CorpusRun, Outcome, PageRun
from training.corpora import CORPORA, LabelledPage, available, open_corpus, spaced
from training.metrics import snippet_score, word_score
from training.peers import DEVELOPED_ON, WORKER_PYTHON, Peer, find_peers

_OUTPUT = Path("bench/out/bench.md")
C = TypeVar("C")


class PageCleaner(Protocol):
    """What of `model.Cleaner` is measured."""

    def clean(self, source: bytes | str, *, kind: Kind = ..., url: str | None = ...) -> Cleaned:
        """Clean one page."""


LoadCleaner = Callable[[Path | None], PageCleaner]
"""Loads the model folder at a path, or the shipped one for None."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A tool in the race.

    `clean` gives the text of a page's body and may raise anything; `clock` the CPU seconds the tool has used.
    `scored` is False where the tool's quality would flatter it: then it is only timed. `note` says why.
    """

    name: str
    clean: Callable[[LabelledPage], str]
    clock: Callable[[], float] = time.process_time
    scored: bool = True
    note: str | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables and write them, with every page's scores as JSON beside them."""
    arguments = _arguments(argv)
    corpora = arguments.corpus or available(arguments.root)
    if not corpora:
        return no_corpora("bench", arguments.root)
    logging.getLogger().addHandler(logging.NullHandler())  # peers' warnings would break up the bar
    with ExitStack() as stack:
        search = find_peers(arguments.peers, arguments.worker_python)
        for peer in search.found:
            stack.callback(peer.close)
        notes = {name: f"missing: {reason}" for name, reason in search.missing.items()}
        versions = {peer.name: peer.version for peer in search.found}
        runs = []
        for corpus in corpora:
            contenders = [peer_contender(peer, corpus) for peer in search.found]
            try:
                contenders.insert(0, winnow_contender(corpus, arguments.folds))
            except (ImportError, WinnowError, OSError) as error:
                notes["winnow"] = f"left out: {error}"
            runs.append(run(corpus, arguments.root, contenders, arguments.limit))
    report = bench_report.markdown(runs, versions, notes, with_speed=not arguments.no_speed)
    report = "\n".join(filter(None, [report, with_and_without(runs)]))
    _write(arguments.output, report, json.dumps(bench_report.as_json(runs, versions, notes), indent=1))
    print(report)
    return 0


def run(corpus: str, root: Path, contenders: Sequence[Contender], limit: int | None = None) -> CorpusRun:
    """Every contender on every page, or on `limit` evenly spaced pages. Errors: as `open_corpus`."""
    opened = open_corpus(corpus, root)
    pages: list[PageRun] = []
    for page_id in tqdm(spaced(opened.ids, limit), desc=corpus, unit="page", file=sys.stderr):
        page = opened.load(page_id)
        if page is None:
            continue
        if not pages:  # a first call imports modules and compiles patterns
            for contender in contenders:
                _measure(contender, page)
        turn = len(pages) % max(1, len(contenders))
        outcomes = {c.name: _measure(c, page) for c in (*contenders[turn:], *contenders[:turn])}
        snippets = page.with_snippets if page.gold is None else ()
        language = detect_code(" ".join([page.title or "", *snippets])) if snippets else None
        pages.append(PageRun(page.page_id, page.page_type, len(page.html), outcomes, language))
    notes = {contender.name: contender.note for contender in contenders if contender.note}
    return CorpusRun(corpus, tuple(pages), tuple(contender.name for contender in contenders), notes)


def peer_contender(peer: Peer, corpus: str) -> Contender:
    """A peer, with a note where the corpus is the very one it was developed on."""
    own = DEVELOPED_ON.get(peer.name) == corpus
    return Contender(
        peer.name,
        lambda page: peer.extract(page.html, page.encoding, page.url),
        peer.clock,
        note="developed on these pages" if own else None,
    )


def winnow_contender(corpus: str, folds: Path = FOLD_MODELS, load: LoadCleaner | None = None) -> Contender:
    """Winnow: the shipped model, or on pages it was trained on the model of the fold that held them out.

    `folds` is what `make train` leaves: `folds.json`, a page's key to its fold, and a model folder per fold.
    It lists every page used in training, so a page it does not list is asked of the shipped model. Without it
    Winnow is only timed on corpora of use "train".

    Errors: WinnowError or OSError where a model cannot be loaded, ImportError where there is no `Cleaner`.
    """
    cleaner_of = cleaners_by_page(corpus, folds, load or _load_cleaner)
    if cleaner_of is None:
        shipped = (load or _load_cleaner)(None)
        missing = "not cross-validated: run `make train` first"
        return Contender("winnow", lambda page: _clean(shipped, page), scored=False, note=missing)
    note = "cross-validated" if CORPORA[corpus].use == "train" and _is_trained_on(corpus, folds) else None
    return Contender("winnow", lambda page: _clean(cleaner_of(page), page), note=note)


def cleaners_by_page(corpus: str, folds: Path, load: Callable[[Path | None], C]) -> Callable[[LabelledPage], C] | None:
    """The model that may be asked about a page: one that has not learnt from it. None where no such model is known."""
    is_measured_only = CORPORA[corpus].use == "evaluate"
    if not is_measured_only and not (folds / FOLD_INDEX).exists():
        return None
    shipped = load(None)
    if is_measured_only:
        return lambda _: shipped
    fold_of = fold_index(folds)
    cleaners = {fold: load(folds / str(fold)) for fold in sorted(set(fold_of.values()))}
    return lambda page: cleaners[fold_of[page.key]] if page.key in fold_of else shipped


def fold_index(folds: Path) -> dict[str, int]:
    """The fold of each page that models were fitted on, by its key. Errors: OSError where `make train` left none."""
    index: dict[str, int] = json.loads((folds / FOLD_INDEX).read_text("utf-8"))
    return index


def _is_trained_on(corpus: str, folds: Path) -> bool:
    return any(key.startswith(f"{corpus}/") for key in fold_index(folds))


def _load_cleaner(path: Path | None) -> PageCleaner:
    from model import Cleaner  # here, so that the peers can be measured where no model is

    return Cleaner.load(path)


def _clean(cleaner: PageCleaner, page: LabelledPage) -> str:
    return cleaner.clean(page.source, kind="html", url=page.url).text


def _measure(contender: Contender, page: LabelledPage) -> Outcome:
    failure = None
    started = contender.clock()
    try:
        text = contender.clean(page)
    except Exception as error:  # noqa: BLE001 - a tool may raise anything: it scores as no text and is counted
        text, failure = "", f"{type(error).__name__}: {error}"
    cpu_ms = (contender.clock() - started) * 1000
    if not contender.scored:
        return Outcome(cpu_ms, failure)
    words = word_score(text, page.gold) if page.gold is not None else None
    snippets = snippet_score(text, page.with_snippets, page.without_snippets) if page.gold is None else None
    comments = snippet_score(text, (), page.comments) if page.gold is None else None
    return Outcome(cpu_ms, failure, words, snippets, comments)


def _write(output: Path, report: str, scores: str) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(report, "utf-8")
    output.with_suffix(".json").write_text(scores, "utf-8")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = command_parser("bench", __doc__)
    parser.add_argument("--corpus", action="append", choices=list(CORPORA), help="repeatable; default: all")
    add_limit(parser)
    parser.add_argument("--peers", type=_names, metavar="A,B", help="other tools, or none; default: all")
    parser.add_argument("--no-speed", action="store_true", help="leave the speed tables out")
    parser.add_argument("--output", type=Path, default=_OUTPUT, help="Markdown, with JSON beside it (%(default)s)")
    add_root(parser)
    add_folds(parser)
    parser.add_argument("--worker-python", type=Path, default=WORKER_PYTHON, help="Python 3.12 that has further peers")
    return parser.parse_args(argv)


def _names(value: str) -> list[str]:
    return [] if value == "none" else value.split(",")


if __name__ == "__main__":
    sys.exit(main())
