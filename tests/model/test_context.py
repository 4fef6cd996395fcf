"""The cut that is chosen for a page is the one with the highest expected F1, moved by the dial."""

from __future__ import annotations

from itertools import product
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from model.context import choose_body, choose_cut
from model.types import Dial, SourceKind

Floats = NDArray[np.float32]


def expected_f1(article: Floats, words: Floats, kept: NDArray[np.bool_]) -> float:
    """Twice the expected overlap over the words kept and the words expected to be article."""
    total = float(words[kept].sum() + (article * words).sum())
    return 2 * float((article * words)[kept].sum()) / total if total else 0.0


@st.composite
def pages(draw: st.DrawFn, most: int = 8) -> tuple[Floats, Floats]:
    count = draw(st.integers(1, most))
    chances = arrays(np.float32, count, elements=st.sampled_from([0, 0.01, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1]))
    sizes = arrays(np.float32, count, elements=st.sampled_from([1, 2, 5, 20, 80]))
    return draw(chances), draw(sizes)


@given(pages())
def test_no_set_of_blocks_can_expect_more_than_the_balanced_cut(page: tuple[Floats, Floats]) -> None:
    article, words = page
    cut = choose_cut(article, words)
    best = max(
        expected_f1(article, words, np.array(kept, bool)) for kept in product((False, True), repeat=len(article))
    )
    assert cut.expected_f1 == pytest.approx(best, abs=1e-6)
    if best:
        assert expected_f1(article, words, article >= cut.threshold) == pytest.approx(best, abs=1e-6)


@given(pages(most=30), st.sampled_from(get_args(SourceKind)))
def test_precision_keeps_a_subset_of_balanced_and_that_a_subset_of_recall(
    page: tuple[Floats, Floats], kind: SourceKind
) -> None:
    article, words = page
    precision, balanced, recall = (
        set(np.flatnonzero(article >= choose_cut(article, words, dial, kind).threshold).tolist())
        for dial in ("precision", "balanced", "recall")
    )
    assert precision <= balanced <= recall


@given(pages(most=30), st.sampled_from(get_args(SourceKind)))
def test_a_sentence_stays_wherever_another_line_of_its_chance_does(
    page: tuple[Floats, Floats], kind: SourceKind
) -> None:
    kept = [
        choose_body(*page, dial, kind, np.full(len(page[0]), is_sentence, np.float32))[1]
        for dial in get_args(Dial)
        for is_sentence in (0.0, 1.0)
    ]
    for others, sentences in zip(kept[::2], kept[1::2], strict=True):
        assert not (others & ~sentences).any()
        if kind == "html":
            assert (others == sentences).all()


def test_a_line_in_doubt_goes_unless_it_ends_a_sentence() -> None:
    article, words = np.array([1.0, 0.098, 0.098], np.float32), np.full(3, 8, np.float32)
    _, body = choose_body(article, words, "balanced", "text", np.array([1, 0, 1], np.float32))
    assert body.tolist() == [True, False, True]


@given(pages(most=30), st.sampled_from(get_args(Dial)))
def test_the_more_of_a_plain_text_is_noise_the_higher_is_its_cut(page: tuple[Floats, Floats], dial: Dial) -> None:
    article, words = page
    noisier = np.concatenate([article, np.zeros(5, np.float32)]), np.concatenate([words, np.ones(5, np.float32)])
    assert choose_cut(*noisier, dial, "text").threshold >= choose_cut(article, words, dial, "text").threshold


def test_where_most_lines_are_in_doubt_and_none_is_plainly_noise_a_doubted_line_stays() -> None:
    def stays(others: float, plain_noise: int) -> bool:
        article = np.array([*[others] * 40, *[0.02] * plain_noise, 0.15], np.float32)
        return bool(choose_body(article, np.full(len(article), 8, np.float32), "balanced", "text")[1][-1])

    assert stays(0.5, plain_noise=0)
    assert not stays(0.5, plain_noise=20)
    assert not stays(1.0, plain_noise=10)


def test_a_long_text_in_one_piece_stays_and_a_short_one_is_a_line_like_others() -> None:
    article = np.array([0.01], np.float32)
    for words, stays in ((300.0, True), (12.0, False)):
        _, body = choose_body(article, np.array([words], np.float32), "balanced", "text")
        assert body.tolist() == [stays]


def test_a_text_without_any_likely_line_is_noise() -> None:
    assert not choose_body(np.full(40, 0.05, np.float32), np.full(40, 8, np.float32), "balanced", "text")[1].any()


@given(pages(most=30), st.sampled_from(get_args(Dial)))
def test_a_block_that_is_surely_article_is_never_cut(page: tuple[Floats, Floats], dial: Dial) -> None:
    article, words = page
    cut = choose_cut(article, words, dial)
    assert 0 <= cut.threshold < 1
    assert 0 <= cut.expected_f1 <= 1


@pytest.mark.parametrize(
    ("article", "words", "threshold", "f1"),
    [
        ([1.0, 0.0], [10, 10], 0.5, 1.0),
        ([1.0, 1.0, 1.0], [1, 50, 3], 0.5, 1.0),
        ([0.5], [10], 1 / 3, 2 / 3),
        ([0.0, 0.0], [5, 5], 0.0, 0.0),
    ],
)
def test_cuts_worked_out_by_hand(article: list[float], words: list[float], threshold: float, f1: float) -> None:
    cut = choose_cut(np.array(article, np.float32), np.array(words, np.float32))
    assert (cut.threshold, cut.expected_f1) == pytest.approx((threshold, f1))


def test_a_page_without_blocks_has_a_cut_and_expects_nothing() -> None:
    assert choose_cut(np.zeros(0, np.float32), np.zeros(0, np.float32)).expected_f1 == 0.0


def test_a_forum_whose_posts_read_like_comments_has_content_all_the_same() -> None:
    chances, words = np.array([0.1, 0.02], np.float32), np.array([90.0, 3.0], np.float32)
    assert not choose_body(chances, words, "balanced", "html")[1].any()
    assert choose_body(chances, words, "balanced", "html", is_forum=True)[1].tolist() == [True, False]
    assert not choose_body(chances * np.float32(0.1), words, "balanced", "html", is_forum=True)[1].any()
