"""Cross-validation by site: five models, each scored on pages of sites it has not seen.

It leaves a folder, by default data/folds, from which `make bench` compares the same pages with other tools:

    <k>/          the model of fold k, an ordinary model folder; its page model is fitted on what the other folds'
                  models say of the pages that they have not seen
    folds.json    the fold of each page, and of each of our own texts, by its key
    pages.joblib  what the folds' models say of whole pages, for the page model and `training.bench_pages`
"""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import joblib
import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score
from tqdm import tqdm

from model import Cleaner
from model.artefact import load_artefact, save_artefact
from model.errors import InputError
from model.page_model import PageModel
from training.arguments import FOLD_INDEX
from training.base_set import BaseSet
from training.corpora import CORPORA, LabelledPage, open_corpus
from training.examples import Example
from training.fitting import fit, fit_trees, site_folds
from training.linear import Settings
from training.metrics import SnippetScore, WordScore, mean_score, snippet_score, word_score
from training.own_lines import FOLDS
from training.own_texts import own_texts
from training.page_fitting import RECORDS, PageRecord, page_model_of, page_record

_OURS = re.compile(rf"\d+|current|\.current-\d+|\.new-.*|{re.escape(FOLD_INDEX)}|{re.escape(RECORDS)}")
"""What a cross-validation leaves in its folder, one that was interrupted too."""


@dataclass(frozen=True, slots=True)
class PageScore:
    """How one page came out. `words` where the corpus has gold text, `snippets` where it has only those."""

    corpus: str
    page_id: str
    page_type: str | None
    words: WordScore | None
    snippets: SnippetScore | None


def cross_validate(
    examples: Sequence[Example], settings: Settings, folder: Path, root: Path, jobs: int
) -> tuple[list[PageScore], list[PageRecord]]:
    """Fit one model per fold over `jobs` processes and score each held-out corpus page with it.

    Also gives what the folds' models say of their held-out pages as a whole, for the page model. What an earlier
    run left in `folder` goes; raises InputError where anything else is in it.
    """
    folds = site_folds([example.site for example in examples])
    refuse_other_folder(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with TemporaryDirectory(prefix="winnow-") as temporary:
        file = Path(temporary) / "examples"
        joblib.dump(list(examples), file)  # once, where a task for each fold would carry its share of two gigabytes
        work = (delayed(_fit_and_record)(fold, file, folds, settings, folder, root) for fold in range(FOLDS))
        done = Parallel(n_jobs=jobs, return_as="generator", batch_size=1, pre_dispatch=jobs)(work)
        bar = tqdm(done, total=FOLDS, desc="cross-validating", unit="fold", disable=None)
        records = [record for fold in bar for record in fold]
    mapping = {example.key: fold for example, fold in zip(examples, folds.tolist(), strict=True)}
    mapping |= {text.marked.key: text.fold for text in own_texts()}
    held_out = [[key for key, number in mapping.items() if number == fold] for fold in range(FOLDS)]
    work = (
        delayed(_score)(fold, held_out[fold], page_model_of([r for r in records if r.fold != fold]), folder, root)
        for fold in range(FOLDS)
    )
    scores = [score for fold in Parallel(n_jobs=jobs)(work) for score in fold]
    joblib.dump(records, folder / RECORDS, compress=3)
    (folder / FOLD_INDEX).write_text(json.dumps(mapping, indent=0) + "\n", encoding="utf-8")
    return scores, records


def refuse_other_folder(folder: Path) -> None:
    """Raise InputError for a folder that holds what no cross-validation left there: it would be deleted."""
    others = [path.name for path in folder.iterdir() if not _OURS.fullmatch(path.name)] if folder.is_dir() else []
    if others:
        raise InputError(
            f"{folder} holds {min(others)}, which is no fold model, and all in it would be deleted. Name another."
        )


def _fit_and_record(
    fold: int, file: Path, folds: NDArray[np.intp], settings: Settings, folder: Path, root: Path
) -> list[PageRecord]:
    """Fit the model of one fold and keep it; gives what it says of the pages of that fold as a whole."""
    examples: list[Example] = joblib.load(file)
    learnt = [example for example, number in zip(examples, folds.tolist(), strict=True) if number != fold]
    held_out = [example.key for example, number in zip(examples, folds.tolist(), strict=True) if number == fold]
    classifier = fit(learnt, settings, held_out=fold).classifier
    cleaner = Cleaner.load(save_artefact(folder, str(fold), classifier, {"fold": fold}, ""))
    return [record for page in _pages(held_out, root) if (record := page_record(cleaner, page, fold))]


def _score(
    fold: int, held_out: Sequence[str], page_model: PageModel | None, folder: Path, root: Path
) -> list[PageScore]:
    """Give one fold's model its page model, and score the pages of that fold with both."""
    classifier = load_artefact(folder / str(fold)).classifier
    shutil.rmtree(folder / str(fold))
    cleaner = Cleaner.load(save_artefact(folder, str(fold), classifier, {"fold": fold}, "", page_model))
    scores = []
    for page in _pages(held_out, root):
        text = cleaner.clean(page.source, kind="html", url=page.url).text
        words = word_score(text, page.gold) if page.gold is not None else None
        snippets = None if words else snippet_score(text, page.with_snippets, page.without_snippets)
        scores.append(PageScore(page.corpus, page.page_id, page.page_type, words, snippets))
    return scores


def _pages(keys: Sequence[str], root: Path) -> Iterator[LabelledPage]:
    """The corpus pages among these keys."""
    split = [key.split("/", 1) for key in keys]
    for corpus in sorted({corpus for corpus, _ in split} & set(CORPORA)):
        opened = open_corpus(corpus, root)
        loaded = (opened.load(page_id) for name, page_id in split if name == corpus)
        yield from (page for page in loaded if page is not None)


def summary(scores: Sequence[PageScore]) -> dict[str, dict[str, float]]:
    """Mean scores per corpus, and per page type where a corpus has them ("wcxb article")."""
    groups: dict[str, list[PageScore]] = defaultdict(list)
    for score in scores:
        groups[score.corpus].append(score)
        if score.page_type:
            groups[f"{score.corpus} {score.page_type}"].append(score)
    result = {}
    for name in sorted(groups):
        words = [score.words for score in groups[name] if score.words]
        found = (
            mean_score(words) if words else sum((s.snippets for s in groups[name] if s.snippets), SnippetScore()).words
        )
        result[name] = {"pages": len(groups[name]), **{key: round(value, 4) for key, value in asdict(found).items()}}
    return result


def score_table(scores: dict[str, dict[str, float]]) -> str:
    """The summary as a Markdown table."""
    rows = ["| cross-validated by site | pages | precision | recall | F1 |", "|---|---|---|---|---|"]
    for name, row in scores.items():
        rows.append(f"| {name} | {row['pages']:.0f} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} |")
    return "\n".join(rows)


def cross_validate_blocks(base: BaseSet, settings: Settings) -> float:
    """Average precision over held-out blocks of a base set, where there are no pages to score."""
    folds = site_folds([str(site) for site in base.site])
    chances = np.zeros(len(base.article), np.float32)
    for fold in range(FOLDS):
        learnt, inside = folds != fold, folds == fold
        trees = fit_trees(base.matrix[learnt], base.article[learnt], base.weight[learnt], settings)
        chances[inside] = trees.predict_proba(base.matrix[inside])[:, 1]
    return float(average_precision_score(base.article, chances, sample_weight=base.weight))
