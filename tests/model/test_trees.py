"""The trees asked quickly say what scikit-learn's own call says, to the last digit."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from model import Cleaner
from model.trees import QuickTrees


def _fitted(classes: int, **settings: object) -> tuple[HistGradientBoostingClassifier, np.ndarray]:
    random = np.random.default_rng(7)
    rows = random.normal(size=(600, 5)).astype(np.float32)
    target = np.digitize(rows[:, 0] + rows[:, 1] * rows[:, 2], np.linspace(-1, 1, classes + 1)[1:-1])
    return HistGradientBoostingClassifier(max_iter=20, **settings).fit(rows, target), rows


def test_chances_are_scikit_learns_own() -> None:
    classifier, rows = _fitted(2)
    expected = classifier.predict_proba(rows)[:, 1].astype(np.float32)
    assert np.array_equal(QuickTrees.of(classifier).chances(rows), expected)


def test_a_row_on_a_threshold_goes_the_same_way() -> None:
    classifier, _ = _fitted(2)
    thresholds = np.concatenate([trees[0].nodes["num_threshold"] for trees in classifier._predictors])
    rows = np.repeat(thresholds.astype(np.float32)[:, None], 5, axis=1)
    expected = classifier.predict_proba(rows)[:, 1].astype(np.float32)
    assert np.array_equal(QuickTrees.of(classifier).chances(rows), expected)


def test_rows_may_be_few_or_stored_otherwise() -> None:
    classifier, rows = _fitted(2)
    quick = QuickTrees.of(classifier)
    assert quick.chances(rows[:0]).shape == (0,)
    assert np.array_equal(quick.chances(np.asfortranarray(rows)), quick.chances(rows))


def test_the_trees_survive_pickling() -> None:
    classifier, rows = _fitted(2)
    quick = QuickTrees.of(classifier)
    assert np.array_equal(pickle.loads(pickle.dumps(quick)).chances(rows), quick.chances(rows))


@pytest.mark.parametrize(("classes", "settings"), [(3, {}), (2, {"categorical_features": [3]})])
def test_what_they_cannot_say_is_refused(classes: int, settings: dict[str, object]) -> None:
    random = np.random.default_rng(7)
    rows = random.integers(0, 4, size=(400, 5)).astype(np.float32)
    target = np.arange(400) % classes
    classifier = HistGradientBoostingClassifier(max_iter=2, **settings).fit(rows, target)
    with pytest.raises(ValueError, match="more than two classes apart, or read categories"):
        QuickTrees.of(classifier)


def test_every_door_of_the_shipped_model_is_asked_alike() -> None:
    for door in Cleaner.load().classifier.doors.values():
        rows = np.random.default_rng(7).normal(scale=3, size=(300, len(door.columns))).astype(np.float32)
        expected = door.trees.predict_proba(rows)[:, 1].astype(np.float32)
        assert np.array_equal(door.quick.chances(rows), expected)
