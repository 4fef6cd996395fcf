"""The linear models add up what single words and names weigh."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from model.lexicon import (
    HEAD_CHARS,
    TAIL_CHARS,
    WHOLE_LINE_WORDS,
    Lexicon,
    block_scores,
    element_scores,
    opening_tokens,
    path_tokens,
    text_tokens,
    word_scores,
)
from model.types import Block, Element, Position

LEXICON = Lexicon(
    {"reply": 0, "leave a": 1, "=leave a reply": 2, "river": 3},
    np.array([[-1.0, 4.0], [-2.0, 0.0], [-3.0, 2.0], [5.0, -1.0]], np.float32),
    np.array([0.5, -0.25], np.float32),
)


def test_a_score_is_the_weights_of_the_known_tokens_over_the_root_of_their_number_plus_the_intercept() -> None:
    scores = LEXICON.score([["leave", "leave a", "=leave a reply", "reply"], [], ["river"], ["unknown"]])
    expected = [
        [0.5 + (-1.0 - 2.0 - 3.0) / sqrt(3), -0.25 + (4.0 + 0.0 + 2.0) / sqrt(3)],
        [0.5, -0.25],
        [5.5, -1.25],
        [0.5, -0.25],
    ]
    assert scores == pytest.approx(np.array(expected), abs=1e-6)
    assert scores.dtype == np.float32


def test_scoring_nothing_gives_no_rows() -> None:
    assert LEXICON.score([]).shape == (0, 2)
    assert block_scores([], LEXICON).shape == (0, 2)
    assert element_scores([], LEXICON).shape == (0,)


@pytest.mark.parametrize("text", ["Leave a Reply", "LEAVE A REPLY", "leave  a\nreply", "» leave a reply"])
def test_short_lines_are_a_token_as_a_whole_whatever_their_case(text: str) -> None:
    tokens = text_tokens(text)
    assert {"leave", "a", "reply", "leave a", "a reply"} <= set(tokens)
    assert tokens[-1].startswith("=")
    assert tokens[-1].endswith("leave a reply")


def test_longer_lines_are_read_at_both_ends_only() -> None:
    assert not [token for token in text_tokens("word " * (WHOLE_LINE_WORDS + 1)) if token[0] == "="]
    text = "alpha " * (HEAD_CHARS // 6) + "middle " * 50 + "omega " * (TAIL_CHARS // 6)
    tokens = set(text_tokens(text))
    assert {"alpha", "alpha alpha", "$omega"} <= tokens
    assert not {"omega", "$alpha", "$middle"} & tokens


def test_digits_are_all_alike() -> None:
    assert set(text_tokens("12 comments")) == set(text_tokens("47 comments"))
    assert "00" in text_tokens("12 comments")
    assert set(text_tokens("3 Mar 2024")) == set(text_tokens("9 Mar 1999"))


def test_text_without_spaces_is_read_by_characters_and_their_pairs() -> None:
    assert {"阅", "读", "阅 读", "更 多"} <= set(text_tokens("阅读更多"))


def test_each_token_counts_once() -> None:
    tokens = text_tokens("go go go go")
    assert len(tokens) == len(set(tokens))


@pytest.mark.parametrize("text", ["…", "-", "\u200b", "🙂"])
def test_a_line_without_words_has_tokens_or_none_but_never_fails(text: str) -> None:
    assert np.isfinite(LEXICON.score([text_tokens(text)])).all()


def test_an_element_is_its_tag_and_its_names_whole_and_in_parts() -> None:
    tokens = path_tokens(Element(3, "div", (".related-posts", "#side2")))
    assert set(tokens) == {"<div", ".related-posts", "related", "posts", "#side2", "side"}


def test_an_elements_score_is_its_own_and_leaves_the_intercept_out() -> None:
    lexicon = Lexicon({"<p": 0, "menu": 1}, np.array([[2.0], [-4.0]], np.float32), np.array([7.0], np.float32))
    elements = [Element(-1, "p"), Element(0, "p", (".menu",)), Element(0, "b"), Element(0, "p")]
    assert element_scores(elements, lexicon) == pytest.approx([2.0, -2.0 / sqrt(2), 0.0, 2.0], abs=1e-6)


def test_blocks_of_the_same_text_have_the_same_score_in_page_order() -> None:
    blocks = [Block(text, Position(1, 1)) for text in ("reply", "river", "reply")]
    assert block_scores(blocks, LEXICON)[:, 0] == pytest.approx([-0.5, 5.5, -0.5])


@pytest.mark.parametrize(
    "text",
    [
        "Leave a Reply",
        "See also: ten islands to see this summer",
        "Reply",
        "go go go go",
        "47 comments, 3 of them new",
        "阅读更多：新闻",
        "Ада пишет: да",
        "alpha leave a " * 30 + "leave a reply",
        "…",
    ],
)
def test_the_index_finds_the_tokens_that_a_text_has_as_strings(text: str) -> None:
    vocabulary = {token: row for row, token in enumerate(["unused", *reversed(text_tokens(text)), "unused pair"])}
    weights = np.linspace(-1, 1, len(vocabulary), dtype=np.float32)[:, None]
    lexicon = Lexicon(vocabulary, weights, np.zeros(1, np.float32))
    scores = word_scores([Block(text, Position(1, 1)), Block("reply", Position(2, 1))], lexicon, 0, 0)
    assert scores.logits[0] == pytest.approx(lexicon.score([text_tokens(text)])[0], abs=1e-5)
    assert scores.opening[0] == pytest.approx(lexicon.score([opening_tokens(text)])[0, 0], abs=1e-5)
    known = weights[[vocabulary[token] for token in text_tokens(text)]]
    assert scores.lowest[0] == known.min(initial=0.0 if not known.size else np.inf)
    assert scores.highest[0] == known.max(initial=0.0 if not known.size else -np.inf)
