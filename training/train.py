"""Fit a model, cross-validate it, write it as a versioned folder and make it current: `make train`, `winnow train`.

With the corpora unpacked, everything is rebuilt from their pages, and the base set with it. Without them the trees are
fitted on the base set in the repository, together with your own labelled pages; the linear models, which need
words, are then taken from the current model.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from model.artefact import SHIPPED, Artefact, load_artefact, save_artefact
from model.classifier import Classifier
from model.errors import InputError, WinnowError
from model.page_model import PageModel
from model.spam import SpamModel
from model.types import SourceKind
from training.arguments import CORPORA_ROOT, FOLD_MODELS, SOMETHING_MISSING, positive
from training.base_set import (
    BLOCKS_PER_PAGE,
    FOLDER,
    BaseSet,
    digest,
    read_base_set,
    sample_base_set,
    write_base_sets,
)
from training.bench_pages import page_scores
from training.card import model_card
from training.crossvalidation import cross_validate, cross_validate_blocks, refuse_other_folder, score_table, summary
from training.dataset import corpus_examples, own_examples, trainable
from training.examples import Example
from training.fitting import Log, fit
from training.linear import Settings
from training.own_lines import body_lines, noise_lines
from training.own_texts import own_texts
from training.page_fitting import page_model_of
from training.refitting import extend, refit
from training.spam import SPAM_SOURCES, available_spam_corpora, fit_calibrated, training_rows
from training.spam import sources as spam_sources
from training.spam_reports import reported_comments

DOORS: tuple[SourceKind, ...] = ("html", "text")
EXAMPLES = """examples:
  winnow train                               corpora in data/corpora if unpacked, else the base set
  winnow train --pages my-pages              also learn from NAME.html beside NAME.gold.txt
  winnow train --models out/models           leave the shipped model alone
exit codes: 0 done, 2 something is missing or cannot be read, 130 interrupted
"""


@dataclass(frozen=True, slots=True)
class Result:
    """A trained model: the classifier, the numbers it came from, where they came from, and its scores."""

    classifier: Classifier
    sets: dict[SourceKind, BaseSet]
    sources: dict[str, tuple[int, str]]
    scores: dict[str, Any]
    page: PageModel | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Run a training from the command line; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        _train(arguments)
    except WinnowError as error:
        print(f"winnow train: {error}", file=sys.stderr)
        return SOMETHING_MISSING
    except OSError as error:
        print(f"winnow train: {error.filename or 'a file'}: {error.strerror or error}.", file=sys.stderr)
        return SOMETHING_MISSING
    except KeyboardInterrupt:
        print("winnow train: interrupted; the model in use is unchanged.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="winnow train", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--corpora", type=Path, default=CORPORA_ROOT, help="where the corpora are unpacked (%(default)s)"
    )
    parser.add_argument("--pages", type=Path, help="folder of your own labelled pages: NAME.html beside NAME.gold.txt")
    parser.add_argument(
        "--models", type=Path, default=SHIPPED, help="folder of model versions (default: the shipped one)"
    )
    parser.add_argument("--folds", type=Path, default=FOLD_MODELS, help="where the fold models go (%(default)s)")
    parser.add_argument("--base-set", type=Path, default=FOLDER, help="folder of the base set")
    parser.add_argument(
        "--corrections",
        type=Path,
        help="SQLite file of corrections; its reported comments are learnt beside the spam corpora",
    )
    parser.add_argument("--version", help="name of the new model (default: date and data digest)")
    parser.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, help="processes (default: all cores)")
    parser.add_argument("--base-set-only", action="store_true", help="do not read corpora even if they are there")
    parser.add_argument("--no-crossvalidation", action="store_true", help="skip the folds; the card then has no scores")
    parser.add_argument("--limit", type=positive, help="pages per corpus: a quick trial, not a model to ship")
    return parser


def _train(arguments: argparse.Namespace) -> None:
    started = time.monotonic()

    def log(message: str) -> None:
        print(f"[{time.monotonic() - started:6.0f} s] {message}", file=sys.stderr, flush=True)

    if arguments.version is not None:
        _check_version(arguments.models, arguments.version)
    if arguments.corrections is not None:
        _check_corrections(arguments)
    own = own_examples(arguments.pages) if arguments.pages else []
    corpora = [] if arguments.base_set_only else trainable(arguments.corpora)
    if corpora and not arguments.no_crossvalidation:
        refuse_other_folder(arguments.folds)
    make = _from_corpora if corpora else _from_base_set
    if not corpora:
        log(f"no corpora in {arguments.corpora}: learning from the base set and {len(own)} pages of your own")
    result = make(arguments, corpora, own, log)
    spam, learnt_from = _spam_model(arguments, log)
    data_digest = digest(result.sets)
    version = arguments.version or _free_version(arguments.models, data_digest)
    facts = {
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "data_digest": data_digest,
        "sources": result.sources | learnt_from,
        "scores": result.scores,
    }
    card = model_card(version, facts)
    path = save_artefact(arguments.models, version, result.classifier, facts, card, result.page, spam)
    log(f"model {version} is in {path} and is now the current one")
    if "pages" in result.scores:
        print(score_table(result.scores["pages"]))


def _from_corpora(arguments: argparse.Namespace, corpora: list[str], own: list[Example], log: Log) -> Result:
    log(f"reading {', '.join(corpora)}")
    examples = corpus_examples(corpora, arguments.corpora, arguments.jobs, arguments.limit) + own
    settings = Settings()
    scores: dict[str, Any] = {}
    page = None
    if arguments.no_crossvalidation:
        log("no page model: page type, calibrated confidence and promises need held-out pages")
    else:
        log("cross-validating by site: five models")
        pages, records = cross_validate(examples, settings, arguments.folds, arguments.corpora, arguments.jobs)
        scores["pages"] = summary(pages)
        log("page model")
        page = page_model_of(records)
        if page is not None:
            scores["page_model"] = page_scores(records)
    fitted = fit(examples, settings, log)
    sets = {
        kind: sample_base_set(data.features, data.pages, data.columns, BLOCKS_PER_PAGE[kind])
        for kind, data in fitted.doors.items()
    }
    if not own and not arguments.limit:
        write_base_sets(sets, arguments.base_set)
        log(f"base set written to {arguments.base_set}")
    sources = {name: (sum(e.key.startswith(name + "/") for e in examples), "pages") for name in corpora}
    return Result(fitted.classifier, sets, sources | _own_sources(own), scores, page)


def _from_base_set(arguments: argparse.Namespace, _: list[str], own: list[Example], log: Log) -> Result:
    loaded = _current(arguments.models)
    current = loaded.classifier
    sets = {kind: extend(read_base_set(kind, arguments.base_set), kind, own, current) for kind in DOORS}
    settings = Settings()
    scores = {}
    if not arguments.no_crossvalidation:
        log("cross-validating by site over blocks")
        scores["average_precision"] = round(cross_validate_blocks(sets["html"], settings), 4)
        log(f"average precision over held-out blocks: {scores['average_precision']:.4f}")
    log("fitting")
    sources = {"base set": (sum(len(base.article) for base in sets.values()), "blocks")}
    # The page model needs held-out pages, of which there are none here: the current one stays.
    return Result(refit(current, sets, settings), sets, sources | _own_sources(own), scores, loaded.page)


def _current(models: Path) -> Artefact:
    """The model in use: the current one of `models`, or the shipped one where that folder has none yet."""
    return load_artefact(models if (models / "current").is_file() else None)


def _spam_model(arguments: argparse.Namespace, log: Log) -> tuple[SpamModel | None, dict[str, tuple[int, str]]]:
    """Fit it where a corpus of comments is at hand; else the current model's is kept, with its sources."""
    if arguments.base_set_only or not available_spam_corpora(arguments.corpora):
        current = _current(arguments.models)
        log("no spam corpora: keeping the current model's spam part")
        kept = current.manifest.get("sources", {})
        return current.spam, {name: tuple(kept[name]) for name in SPAM_SOURCES if name in kept}
    rows = training_rows(arguments.corpora, arguments.corrections)
    log(f"fitting the spam model on {len(rows):,} comments")
    return fit_calibrated(rows), spam_sources(rows)


def _own_sources(own: list[Example]) -> dict[str, tuple[int, str]]:
    sources = {"own lines": (len(noise_lines()) + len(body_lines()), "lines"), "own texts": (len(own_texts()), "texts")}
    return sources | {"own pages": (len(own), "pages")} if own else sources


def _check_version(models: Path, version: str) -> None:
    """Refuse a name before the training, not after it."""
    if not version.strip(". ") or Path(version).name != version:
        raise InputError(f"{version!r} cannot name a model: it must be the name of one folder.")
    if (models / version).exists():
        raise InputError(f"The model {models / version} exists. Remove it or train under another version name.")


def _check_corrections(arguments: argparse.Namespace) -> None:
    """Refuse reports that nothing would be learnt from, before the training too."""
    reported_comments(arguments.corrections)
    if arguments.base_set_only or not available_spam_corpora(arguments.corpora):
        raise InputError(
            f"Reported comments are learnt together with a corpus of comments, and none is in {arguments.corpora}. "
            "Unpack youtube-spam or tg-spam there, or leave --corrections out."
        )


def _free_version(models: Path, data_digest: str) -> str:
    base = f"{datetime.now(UTC):%Y%m%d}-{data_digest[:8]}"
    names = (base, *(f"{base}-{number}" for number in range(2, 1000)))
    return next(name for name in names if not (models / name).exists())


if __name__ == "__main__":
    sys.exit(main())
