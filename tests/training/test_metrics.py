"""The word metric is WCXB's, and the snippet metric counts what stands in the text."""

from __future__ import annotations

import pytest

from training.metrics import SnippetScore, WordScore, mean_score, snippet_score, word_score, words


def test_words_are_lower_case_runs_of_word_characters() -> None:
    assert words("Größe: 3,5 km / it's_ok") == ["größe", "3", "5", "km", "it", "s_ok"]


@pytest.mark.parametrize(
    ("predicted", "gold", "score"),
    [
        ("", "", WordScore(1.0, 1.0, 1.0)),
        ("…", " - ", WordScore(1.0, 1.0, 1.0)),
        ("", "a", WordScore(0.0, 0.0, 0.0)),
        ("a", "", WordScore(0.0, 0.0, 0.0)),
        ("a", "b", WordScore(0.0, 0.0, 0.0)),
        ("B a", "a b", WordScore(1.0, 1.0, 1.0)),
        ("a b c d", "a b", WordScore(0.5, 1.0, 2 / 3)),
        ("a a a", "a", WordScore(1 / 3, 1.0, 0.5)),
    ],
)
def test_word_score_compares_bags_of_words(predicted: str, gold: str, score: WordScore) -> None:
    assert word_score(predicted, gold) == score


def test_mean_f1_is_the_mean_over_pages_not_that_of_the_means() -> None:
    mean = mean_score([WordScore(1.0, 0.5, 2 / 3), WordScore(0.0, 0.0, 0.0)])
    assert mean == WordScore(0.5, 0.25, 1 / 3)


def test_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no scores"):
        mean_score([])


def test_snippets_are_found_across_line_breaks_and_blank_ones_do_not_count() -> None:
    score = snippet_score("The first\nline. Imprint", ["The first line.", "missing", " "], ["Imprint", "Cookies"])
    assert score == SnippetScore(found=1, wanted=2, avoided=1, unwanted=2)


def test_snippet_scores_of_pages_add_up_to_precision_and_recall() -> None:
    total = SnippetScore(found=3, wanted=4, avoided=1, unwanted=2) + SnippetScore(1, 2, 1, 1)
    assert total == SnippetScore(found=4, wanted=6, avoided=2, unwanted=3)
    assert total.words == WordScore(precision=4 / 5, recall=4 / 6, f1=8 / 11)
