"""From labelled pages to a classifier: the linear models, the trees of both doors, the kinds.

The trees must not trust the linear scores more than they will deserve on a new site, so every page's scores come
from linear models that have not seen its site (out of fold; Wolpert: Stacked generalization, 1992). The
shipped linear models are then fitted on all pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from model.classifier import Classifier, Door, KindModel, kind_inputs
from model.features import Features, linear_scores, page_features, text_column_indices
from model.lexicon import Lexicon
from model.types import KIND_LABELS, SourceKind
from training.augmentation import augmented
from training.base_set import sample_base_set
from training.doubtful import without_doubtful
from training.examples import NO_KIND, Example, counted_once
from training.gold_defects import with_right_gold
from training.letters import CrossFittedLetters, fit_letters
from training.linear import (
    CrossFitted,
    Floats,
    PathCorpus,
    Settings,
    TextCorpus,
    balanced,
    fit_quietly,
    over_all_classes,
    with_share,
)
from training.own_lines import FOLDS
from training.own_texts import OwnText, own_texts
from training.perceptrons import fit_perceptrons
from training.text_views import View, language_of, own_documents, supplies, text_views

Log = Callable[[str], None]

_NO_PATH = Lexicon({}, np.zeros((0, 1), np.float32), np.zeros(1, np.float32))


@dataclass(frozen=True, slots=True)
class DoorData:
    """What one door's trees are fitted on: pages, their features, and the columns that are used."""

    pages: list[Example]
    features: list[Features]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A classifier and the data of its two doors."""

    classifier: Classifier
    doors: dict[SourceKind, DoorData]


def site_folds(sites: Sequence[str], folds: int = FOLDS, seed: int = 0) -> NDArray[np.intp]:
    """A fold number for every page, the same for all pages of a site."""
    distinct = sorted(set(sites))
    order = np.random.default_rng(seed).permutation(len(distinct))
    number = {site: int(place) % folds for site, place in zip(distinct, order, strict=True)}
    return np.array([number[site] for site in sites], np.intp)


def fit(
    examples: Sequence[Example],
    settings: Settings | None = None,
    log: Log = lambda _: None,
    *,
    held_out: int | None = None,
) -> Fitted:
    """Fit a classifier on labelled pages of markup and of plain text.

    The plain-text door also learns from text views of the markup pages, and from our own texts but those of the fold
    `held_out`. Pages whose gold is known to be wrong teach nothing. The same examples give the same model.
    """
    settings = settings or Settings()
    examples = with_right_gold(examples)
    pages = [example for example in examples if example.kind == "html" and len(example.article)]
    folds = site_folds([page.site for page in pages]).tolist()
    log(f"linear models over {sum(len(page.article) for page in pages):,} blocks")
    text = TextCorpus(pages, np.array(folds), settings).cross_fit()
    path = PathCorpus(pages, np.array(folds), settings).cross_fit()
    log("trees and perceptrons for markup")
    html = _html_door_data(pages, folds, text, path, settings)
    html_door = _fit_door(html, settings.of_door("html"))
    log("kinds of noise")
    texts = [text for text in own_texts() if text.fold != held_out]
    letters = fit_letters(texts, settings)
    plain, kind_scores = _text_door_data(examples, pages, folds, text, letters, texts)
    kinds = _fit_kinds(plain, kind_scores, frozenset(text.example.key for text in texts), settings)
    log("trees and perceptrons for plain text")
    text_door = _fit_door(plain, settings.of_door("text"))
    doors: dict[SourceKind, Door] = {"html": html_door, "text": text_door}
    classifier = Classifier(text.lexicon, path.lexicon, letters.letters, kinds, doors)
    return Fitted(classifier, {"html": html, "text": plain})


def fit_trees(matrix: Floats, article: Floats, weight: Floats, settings: Settings) -> HistGradientBoostingClassifier:
    """Boosted trees over block features: matrix (n_blocks, n_columns), article and weight (n_blocks,)."""
    trees = HistGradientBoostingClassifier(
        max_iter=settings.trees,
        max_leaf_nodes=settings.leaves,
        learning_rate=settings.learning_rate,
        min_samples_leaf=settings.min_leaf_blocks,
        l2_regularization=settings.l2,
        max_bins=settings.bins,
        early_stopping=False,
        random_state=0,
    )
    known = weight > 0
    return trees.fit(matrix[known], article[known], sample_weight=weight[known] / weight[known].mean())


def _fit_door(data: DoorData, settings: Settings) -> Door:
    """Trees and perceptrons over a sample of each page's blocks: long pages repeat themselves."""
    rows = sample_base_set(data.features, data.pages, data.columns, settings.blocks_per_page)
    trees = fit_trees(rows.matrix, rows.article, rows.weight, settings)
    return Door(data.columns, trees, fit_perceptrons(data.features, data.pages, data.columns, settings))


def _html_door_data(
    pages: list[Example], folds: list[int], text: CrossFitted, path: CrossFitted, settings: Settings
) -> DoorData:
    """The pages and their copies with their features, words and names scored out of fold."""
    fold_of = dict(zip((page.site for page in pages), folds, strict=True))
    every = pages + (augmented(pages, fold_of) if settings.augment else [])
    features = []
    for page in every:
        fold = fold_of[page.site]
        scores = linear_scores(page.segmentation, text.without_fold[fold], path.without_fold[fold])
        features.append(page_features(page.segmentation, scores))
    return DoorData([counted_once(page) for page in every], features, features[0].names)


def _text_door_data(
    examples: Sequence[Example],
    pages: list[Example],
    folds: list[int],
    text: CrossFitted,
    letters: CrossFittedLetters,
    texts: Sequence[OwnText],
) -> tuple[DoorData, list[Floats]]:
    """Text views with their features, words and letters scored out of fold, and the kind scores of their lines.

    Our own texts teach letters, trees and kinds, not words: with them among the words people's labels were met worse.
    """
    supply = supplies(pages, folds)
    views = [
        view
        for page, fold in zip(pages, folds, strict=True)
        for view in text_views(page, fold, supply[fold, language_of(page)])
    ]
    own = [example for example in examples if example.kind == "text" and len(example.article)]
    views += own_documents()
    views += [View(text.example, text.fold) for text in texts]
    fold_of = dict(zip((page.site for page in pages), folds, strict=True))
    own_folds = site_folds([page.site for page in own]).tolist()
    views += [View(page, fold_of.get(page.site, fold)) for page, fold in zip(own, own_folds, strict=True)]
    features, kind_scores = [], []
    for view in views:
        segmentation = view.example.segmentation
        said = letters.without_fold[view.fold].logits([block.text for block in segmentation.blocks])
        scores = linear_scores(segmentation, text.without_fold[view.fold], _NO_PATH, said)
        features.append(page_features(segmentation, scores))
        kind_scores.append(scores.kinds)
    names = features[0].names
    columns = tuple(names[number] for number in text_column_indices(names))
    examples = [without_doubtful(view.example, found) for view, found in zip(views, features, strict=True)]
    return DoorData(examples, features, columns), kind_scores


def _fit_kinds(data: DoorData, scores: Sequence[Floats], marked_keys: frozenset[str], settings: Settings) -> KindModel:
    """Every line of known kind of the views in `marked_keys`, and a sample of those whose kinds names tell."""
    kinds = np.concatenate([view.kinds for view in data.pages])
    marked = np.repeat([view.key in marked_keys for view in data.pages], [len(view.kinds) for view in data.pages])
    inputs = np.concatenate([kind_inputs(page, score) for page, score in zip(data.features, scores, strict=True)])
    named = np.flatnonzero((kinds != NO_KIND) & ~marked)
    if len(named) > settings.kind_rows:
        named = np.sort(np.random.default_rng(0).choice(named, settings.kind_rows, replace=False))
    rows = np.concatenate([named, np.flatnonzero((kinds != NO_KIND) & marked)])
    inputs, kinds, marked = inputs[rows], kinds[rows], marked[rows]
    mean = inputs.mean(axis=0)
    spread = np.maximum(inputs.std(axis=0), 1e-3)
    weight = with_share(balanced(kinds), marked, settings.marked_kind_share)
    model = fit_quietly(LogisticRegression(C=1.0, max_iter=100), (inputs - mean) / spread, kinds, weight)
    return KindModel(mean.astype(np.float32), spread.astype(np.float32), *over_all_classes(model, len(KIND_LABELS)))
