"""Boosted trees asked quickly: the same trees and sums as scikit-learn's histogram gradient boosting, in one call.

`HistGradientBoostingClassifier` asks each of its trees in a call of its own, 8 us each whatever the page: 2.0 ms of a
page's time, of which walking the trees is a quarter. Its older gradient boosting has a loop over all trees in compiled
code, `predict_stages`, and compares in the same way (float32 feature against float64 threshold), so the trees are
copied into what that reads. Both are scikit-learn's own, so there is nothing more to install. The names used here are
private, but a model is refused under any other minor version than its own, and its self-test asks these trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.ensemble._gradient_boosting import predict_stages
from sklearn.tree._tree import Tree

_LEAF, _NO_FEATURE = -1, -2
"""How `Tree` marks a leaf: no child and no feature."""


@dataclass(frozen=True, slots=True)
class _Estimator:
    """`predict_stages` asks each estimator for its `tree_`."""

    tree_: Tree


@dataclass(frozen=True, slots=True)
class QuickTrees:
    """The trees of a fitted classifier of two classes.

    trees     object (n_trees, 1) of `_Estimator`
    baseline  log odds of no tree
    """

    trees: NDArray[Any]
    baseline: float

    @classmethod
    def of(cls, classifier: HistGradientBoostingClassifier) -> QuickTrees:
        """Copy the trees. Raises ValueError for what they cannot say: several classes, categories, missing values."""
        if classifier.n_trees_per_iteration_ != 1 or classifier.is_categorical_ is not None:
            raise ValueError("the trees tell more than two classes apart, or read categories")
        trees = np.empty((len(classifier._predictors), 1), object)
        for number, (predictor,) in enumerate(classifier._predictors):
            trees[number, 0] = _Estimator(_tree(predictor.nodes, classifier.n_features_in_))
        return cls(trees, float(classifier._baseline_prediction[0, 0]))

    def chances(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The chance of the second class, float32 (n_rows,); `rows` is float32 (n_rows, n_features), none of it NaN."""
        log_odds = np.full((len(rows), 1), self.baseline)
        predict_stages(self.trees, np.ascontiguousarray(rows), 1.0, log_odds)
        return np.asarray(expit(log_odds[:, 0]), np.float32)


def _tree(nodes: NDArray[Any], n_features: int) -> Tree:
    tree = Tree(n_features, np.array([1], np.intp), 1)
    copied = np.zeros(len(nodes), tree.__getstate__()["nodes"].dtype)
    is_leaf = nodes["is_leaf"] == 1
    for name, source, at_leaf in (
        ("left_child", "left", _LEAF),
        ("right_child", "right", _LEAF),
        ("feature", "feature_idx", _NO_FEATURE),
        ("threshold", "num_threshold", _NO_FEATURE),
    ):
        copied[name] = nodes[source]
        copied[name][is_leaf] = at_leaf
    values = np.ascontiguousarray(nodes["value"]).reshape(-1, 1, 1)
    tree.__setstate__(
        {"max_depth": int(nodes["depth"].max()), "node_count": len(nodes), "nodes": copied, "values": values}
    )
    return tree
