"""Lines beyond the article and beyond plain noise weigh less; short lines between sure ones weigh more."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.text_edges import weigh_edges

_PARAGRAPH = (30.0, True, 0.95)
_NOISE = (3.0, False, 0.02)
_DOUBTED = (5.0, False, 0.4)


def weighed(*lines: tuple[float, bool, float], may_gain: bool = True, title: int | None = None) -> NDArray[np.float32]:
    """Chances after all; a line is its number of words, whether it ends a sentence, and its chance before."""
    words, ends, article = zip(*lines, strict=True)
    return weigh_edges(
        np.array(words, np.float32),
        np.array(ends, bool),
        np.array(article, np.float32),
        np.full(len(lines), may_gain),
        np.array([0.6 * (number == title) for number in range(len(lines))], np.float32),
    )


def test_behind_the_article_and_plain_noise_a_doubted_line_goes() -> None:
    result = weighed(_PARAGRAPH, _DOUBTED, _NOISE, _DOUBTED)
    assert result[1] == pytest.approx(0.4)
    assert result[3] < 0.2


def test_before_the_article_two_lines_of_plain_noise_are_asked_for() -> None:
    assert weighed(_DOUBTED, _NOISE, _PARAGRAPH)[0] == pytest.approx(0.4)
    both = weighed(_DOUBTED, _NOISE, _NOISE, _DOUBTED, _PARAGRAPH)
    assert both[0] < 0.2
    assert both[3] == pytest.approx(0.4)


def test_above_the_title_a_doubted_line_goes_and_a_sure_one_stays() -> None:
    result = weighed(_DOUBTED, (2.0, False, 0.95), (6.0, False, 0.9), _DOUBTED, _PARAGRAPH, title=2)
    assert result[0] < 0.2
    assert result[1] > 0.7
    assert result[[2, 3]] == pytest.approx([0.9, 0.4])


def test_a_line_that_is_hardly_article_is_no_title() -> None:
    assert weighed(_DOUBTED, (6.0, False, 0.1), _PARAGRAPH, title=1)[0] == pytest.approx(0.4)


def test_noise_between_paragraphs_says_nothing_of_what_follows() -> None:
    assert weighed(_PARAGRAPH, _NOISE, _DOUBTED, _PARAGRAPH)[2] == pytest.approx(0.4)


def test_a_short_line_between_sure_ones_gains_unless_something_spoke_against_it() -> None:
    lines = (_PARAGRAPH, _PARAGRAPH, _DOUBTED, _PARAGRAPH)
    assert weighed(*lines)[2] > 0.6
    assert weighed(*lines, may_gain=False)[2] == pytest.approx(0.4)


def test_a_text_without_a_paragraph_is_left_alone() -> None:
    assert weighed(_DOUBTED, _NOISE, _NOISE, _DOUBTED)[3] == pytest.approx(0.4)


def test_what_was_settled_before_stays_settled() -> None:
    assert weighed(_PARAGRAPH, _NOISE, (8.0, True, 0.0))[2] == 0.0


def test_no_lines_are_no_trouble() -> None:
    none = np.zeros(0, np.float32)
    assert len(weigh_edges(none, none > 0, none, none > 0, none)) == 0
