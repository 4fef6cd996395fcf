"""Fitting where the corpora are not: the base set's numbers, your own pages, and the linear models at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from model.classifier import Classifier, Door, select_columns
from model.errors import InputError
from model.features import Features, page_features
from model.types import Segmentation, SourceKind
from training.base_set import BaseSet
from training.examples import Example
from training.fitting import fit_trees
from training.linear import Settings
from training.own_lines import FOLDS
from training.text_views import Supply, text_views


def extend(base: BaseSet, kind: SourceKind, own: Sequence[Example], classifier: Classifier) -> BaseSet:
    """Add your own pages to one door's base set; their words are scored by the model at hand.

    Raises InputError when the base set was made with other features than this version computes.
    """
    if not set(base.columns) <= set(_features(Segmentation(()), classifier, kind).names):
        raise InputError(
            "The base set was made with other features. Unpack the corpora and run `make train` to rebuild it."
        )
    pages = [page for page in _seen_by(kind, own) if len(page.article)]
    if not pages:
        return base
    features = [_features(page.segmentation, classifier, kind) for page in pages]
    sites = {site: number for number, site in enumerate(sorted({p.site for p in pages}), int(base.site.max()) + 1)}
    return replace(
        base,
        matrix=np.concatenate([base.matrix, *(select_columns(page, base.columns) for page in features)]),
        article=np.concatenate([base.article, *(page.article for page in pages)]),
        weight=np.concatenate([base.weight, *(page.weight for page in pages)]),
        site=np.concatenate([base.site, *(np.full(len(p.article), sites[p.site], np.int32) for p in pages)]),
    )


def _features(segmentation: Segmentation, classifier: Classifier, kind: SourceKind) -> Features:
    return page_features(segmentation, classifier.scores(segmentation, kind))


def _seen_by(kind: SourceKind, own: Sequence[Example]) -> list[Example]:
    """Plain text also learns from text views of your pages of markup, as it does from the corpora's."""
    chosen = [page for page in own if page.kind == kind]
    if kind == "text":
        markup = [page for page in own if page.kind == "html"]
        chosen += [
            view.example for number, page in enumerate(markup) for view in text_views(page, number % FOLDS, Supply())
        ]
    return chosen


def refit(classifier: Classifier, sets: dict[SourceKind, BaseSet], settings: Settings) -> Classifier:
    """The same linear models and kinds with new trees for both doors.

    The perceptrons go: they read blocks with their neighbours, of which a base set knows nothing, and those that have
    not seen your pages would speak against what the trees learn from them.
    """
    doors = {
        kind: Door(base.columns, fit_trees(base.matrix, base.article, base.weight, settings.of_door(kind)))
        for kind, base in sets.items()
    }
    return replace(classifier, doors=doors)
