"""Evidence moves a chance by its log odds and never all the way."""

from __future__ import annotations

import numpy as np
import pytest

from model.odds import less_likely


def test_a_unit_of_log_odds_is_one_whatever_the_chance_was() -> None:
    article = np.array([0.1, 0.5, 0.9], np.float32)
    lowered = less_likely(article, np.full(3, 2, np.float32))
    odds = np.log(lowered / (1 - lowered)) - np.log(article / (1 - article))
    assert odds == pytest.approx([-2, -2, -2], abs=1e-5)


def test_no_units_change_nothing_and_what_was_sure_can_be_moved() -> None:
    article = np.array([0.0, 1.0, 1.0], np.float32)
    lowered = less_likely(article, np.array([0, 0, 4], np.float32))
    assert lowered[:2].tolist() == [0.0, 1.0]
    assert 0.99 < lowered[2] < 1.0
    assert lowered.dtype == np.float32
