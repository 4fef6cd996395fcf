"""Perceptrons over a line's neighbourhood: what they see, and that nothing but the text's own lines moves them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from model import Cleaner
from model.classifier import Door
from model.odds import log_odds, sigmoid
from model.perceptron import REACH, Layers, Perceptrons, scaled, windows
from model.types import SourceKind
from training.fitting import Fitted

COLUMNS, AROUND = 5, np.array([0, 3], np.intp)
INPUTS = COLUMNS + 2 * REACH * (len(AROUND) + 1)


def net(seed: int, inputs: int = INPUTS) -> Layers:
    random = np.random.default_rng(seed)
    sizes = (inputs, 4, 1)
    return tuple(
        (random.normal(size=(before, behind)).astype(np.float32), random.normal(size=behind).astype(np.float32))
        for before, behind in pairwise(sizes)
    )


def perceptrons(*seeds: int) -> Perceptrons:
    return Perceptrons(
        np.full(COLUMNS, 0.5, np.float32), np.full(COLUMNS, 2, np.float32), AROUND, tuple(map(net, seeds))
    )


def rows(count: int) -> np.ndarray:
    return np.random.default_rng(7).normal(scale=4, size=(count, COLUMNS)).astype(np.float32)


def test_a_window_holds_the_line_and_some_columns_of_its_neighbours() -> None:
    lines = rows(9)
    seen = windows(lines, AROUND)
    assert seen.shape == (9, INPUTS)
    assert np.array_equal(seen[:, :COLUMNS], lines)
    neighbours = seen[4, COLUMNS:].reshape(2 * REACH, -1)
    assert np.array_equal(neighbours[:, :-1], lines[[1, 2, 3, 5, 6, 7]][:, AROUND])
    assert (neighbours[:, -1] == 1).all()


@pytest.mark.parametrize(("line", "there"), [(0, [0, 0, 0, 1, 0, 0]), (1, [0, 0, 1, 0, 0, 0])])
def test_beyond_the_ends_of_a_text_is_nothing(line: int, there: list[int]) -> None:
    neighbours = windows(rows(2), AROUND)[line, COLUMNS:].reshape(2 * REACH, -1)
    assert neighbours[:, -1].tolist() == there
    assert not neighbours[neighbours[:, -1] == 0].any()


def test_scaling_draws_in_what_is_far() -> None:
    far = np.array([[1e6, -1e6, 0.0]], np.float32)
    assert scaled(far, np.zeros(3, np.float32), np.ones(3, np.float32)).tolist() == [[3.0, -3.0, 0.0]]


def test_the_log_odds_of_several_are_averaged_and_none_is_surer_than_the_trees_may_be() -> None:
    lines = rows(40)
    both = perceptrons(1, 2).log_odds(lines)
    inputs = windows(scaled(lines, *(perceptrons(1).mean, perceptrons(1).spread)), AROUND)
    expected = []
    for (inner, bias), (outer, last) in (net(1), net(2)):
        expected.append((np.maximum(inputs @ inner + bias, 0) @ outer + last)[:, 0])
    assert both == pytest.approx(np.clip(np.mean(expected, axis=0), -9, 9), abs=1e-4)
    assert both.dtype == np.float32


def test_a_long_text_is_read_in_parts_that_meet_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = rows(50)
    whole = perceptrons(1).log_odds(lines)
    monkeypatch.setattr("model.perceptron._BLOCKS_AT_ONCE", 7)
    assert perceptrons(1).log_odds(lines) == pytest.approx(whole, abs=1e-5)


def test_a_text_without_lines_has_no_odds() -> None:
    assert perceptrons(1).log_odds(rows(0)).shape == (0,)


@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_door_takes_the_mean_of_trees_and_perceptrons(tiny: Fitted, kind: SourceKind) -> None:
    door = tiny.classifier.doors[kind]
    features = tiny.doors[kind].features[0]
    matrix = features.matrix[:, [features.names.index(name) for name in door.columns]]
    assert door.perceptrons is not None
    trees = Door(door.columns, door.trees).chances(matrix)
    assert np.array_equal(trees, door.quick.chances(matrix))
    mean = (log_odds(trees) + door.perceptrons.log_odds(matrix)) / 2
    assert door.chances(matrix) == pytest.approx(sigmoid(mean), abs=1e-6)


def test_a_model_without_perceptrons_still_cleans(tiny: Fitted) -> None:
    doors = {kind: replace(door, perceptrons=None) for kind, door in tiny.classifier.doors.items()}
    cleaner = Cleaner(replace(tiny.classifier, doors=doors), "trees", {})
    assert len(cleaner.clean("One line.\nAnother line.", kind="text").blocks) == 2
    assert len(cleaner.clean("<p>One line.<p>Another line.", kind="html").blocks) == 2
