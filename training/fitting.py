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

from model.classifier import KIND_LABELS, Classifier, Door, KindModel, kind_inputs
from model.features import Features, Scores, page_features, text_column_indices
from model.lexicon import Lexicon, text_tokens
from model.types import SourceKind
from training.examples import NO_KIND, Example
from training.linear import Floats, PathCorpus, Settings, TextCorpus, balanced, fit_quietly
from training.text_views import FOLDS, text_views

Log = Callable[[str], None]


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


def fit(examples: Sequence[Example], settings: Settings | None = None, log: Log = lambda _: None) -> Fitted:
    """Fit a classifier on labelled pages of markup and of plain text.

    The plain-text door also learns from text views of the markup pages. The same examples give the same model.
    """
    settings = settings or Settings()
    pages = [example for example in examples if example.kind == "html" and len(example.article)]
    folds = site_folds([example.site for example in pages])
    log(f"linear models over {sum(len(page.article) for page in pages):,} blocks")
    text = TextCorpus(pages, folds, settings)
    text_lexicon, text_scores = text.cross_fit()
    path_lexicon, path_scores = PathCorpus(pages, folds, settings).cross_fit()
    log("trees for markup")
    features = [
        page_features(page.segmentation, Scores(scores, elements))
        for page, scores, elements in zip(pages, text_scores, path_scores, strict=True)
    ]
    html = DoorData(pages, features, features[0].names)
    html_door = _fit_door(html, settings)
    log("kinds of noise")
    kind_lexicon = text.fit_kinds()
    plain, kind_scores = _text_door_data(examples, pages, folds, text, kind_lexicon)
    kinds = _fit_kinds(plain, kind_scores, settings)
    log("trees for plain text")
    text_door = _fit_door(plain, settings)
    words = Lexicon(
        text_lexicon.vocabulary,
        np.concatenate([text_lexicon.weights, kind_lexicon.weights], axis=1),
        np.concatenate([text_lexicon.intercept, kind_lexicon.intercept]),
    )
    classifier = Classifier(words, path_lexicon, kinds, {"html": html_door, "text": text_door})
    return Fitted(classifier, {"html": html, "text": plain})


def fit_trees(matrix: Floats, article: Floats, weight: Floats, settings: Settings) -> HistGradientBoostingClassifier:
    """Boosted trees over block features: matrix (n_blocks, n_columns), article and weight (n_blocks,)."""
    trees = HistGradientBoostingClassifier(
        max_iter=settings.trees,
        max_leaf_nodes=settings.leaves,
        learning_rate=settings.learning_rate,
        min_samples_leaf=settings.min_leaf_blocks,
        l2_regularization=settings.l2,
        early_stopping=False,
        random_state=0,
    )
    known = weight > 0
    return trees.fit(matrix[known], article[known], sample_weight=weight[known] / weight[known].mean())


def _fit_door(data: DoorData, settings: Settings) -> Door:
    chosen = [data.features[0].names.index(name) for name in data.columns]
    matrix = np.concatenate([page.matrix[:, chosen] for page in data.features])
    article = np.concatenate([page.article for page in data.pages])
    weight = np.concatenate([page.weight for page in data.pages])
    return Door(data.columns, fit_trees(matrix, article, weight, settings))


def _text_door_data(
    examples: Sequence[Example],
    pages: Sequence[Example],
    folds: NDArray[np.intp],
    text: TextCorpus,
    kind_lexicon: Lexicon,
) -> tuple[DoorData, list[Floats]]:
    """Text views with their features, words scored out of fold, and the kind scores of their lines."""
    titles = [page.segmentation.metadata.title or "" for page in pages]
    usable = [title for title in titles if 20 < len(title) < 110]
    views = [view for page, fold in zip(pages, folds.tolist(), strict=True) for view in text_views(page, fold, usable)]
    view_folds = [fold for page, fold in zip(pages, folds.tolist(), strict=True) for _ in range(2)]
    own = [example for example in examples if example.kind == "text" and len(example.article)]
    views += own
    view_folds += site_folds([example.site for example in own]).tolist() if own else []
    features, kind_scores = [], []
    for view, fold in zip(views, view_folds, strict=True):
        tokens = [text_tokens(block.text) for block in view.segmentation.blocks]
        scores = text.fold_lexicons[fold].score(tokens)[:, 0]
        features.append(page_features(view.segmentation, Scores(scores, np.zeros(0, np.float32))))
        kind_scores.append(kind_lexicon.score(tokens))
    names = features[0].names
    columns = tuple(names[number] for number in text_column_indices(names))
    return DoorData(views, features, columns), kind_scores


def _fit_kinds(data: DoorData, scores: Sequence[Floats], settings: Settings) -> KindModel:
    kinds = np.concatenate([view.kinds for view in data.pages])
    inputs = np.concatenate([kind_inputs(page, score) for page, score in zip(data.features, scores, strict=True)])
    rows = np.flatnonzero(kinds != NO_KIND)
    if len(rows) > settings.kind_rows:
        rows = np.sort(np.random.default_rng(0).choice(rows, settings.kind_rows, replace=False))
    inputs, kinds = inputs[rows], kinds[rows]
    mean = inputs.mean(axis=0)
    spread = np.maximum(inputs.std(axis=0), 1e-3)
    model = fit_quietly(LogisticRegression(C=1.0, max_iter=100), (inputs - mean) / spread, kinds, balanced(kinds))
    weights = np.zeros((inputs.shape[1], len(KIND_LABELS)), np.float32)
    intercept = np.full(len(KIND_LABELS), -20.0, np.float32)
    weights[:, model.classes_] = model.coef_.T
    intercept[model.classes_] = model.intercept_
    return KindModel(mean.astype(np.float32), spread.astype(np.float32), weights, intercept)
