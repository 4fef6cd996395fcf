"""A line's letters are read alike in every script, digits and middles of paragraphs do not count, lines stay apart."""

from __future__ import annotations

import numpy as np
import pytest

from model.letters import SLOTS, Letters, ngram_counts, with_letters

LETTERS = Letters(np.random.default_rng(0).normal(size=(SLOTS, 3)).astype(np.float32), np.arange(3, dtype=np.float32))
LINES = ["Abonnieren Sie", "x", "", "購読する", "سجّل الآن", "Подпишитесь на рассылку", "a\ud800b", "İstanbul 🎉"]


def test_a_line_says_the_same_whatever_lines_stand_beside_it() -> None:
    together = LETTERS.logits(LINES)
    alone = np.concatenate([LETTERS.logits([line]) for line in LINES])
    assert together == pytest.approx(alone, abs=1e-4)


def test_a_line_without_letters_says_what_is_said_of_none() -> None:
    assert LETTERS.logits(["Read more", ""])[1] == pytest.approx(LETTERS.logits([""])[0])
    assert LETTERS.logits([]).shape == (0, 3)


def test_case_and_digits_tell_nothing() -> None:
    one, other, another = LETTERS.logits(["12 COMMENTS", "47 comments", "47 commends"])
    assert one == pytest.approx(other)
    assert one != pytest.approx(another)


def test_of_a_long_paragraph_both_ends_are_read() -> None:
    middle = "in the rain " * 20
    whole, shorter, begins, ends = LETTERS.logits(
        [
            f"It began {middle}and ended.",
            f"It began {middle[: len(middle) // 2]}and ended.",
            f"At first {middle}and ended.",
            f"It began {middle}and so on.",
        ]
    )
    assert shorter == pytest.approx(whole)
    assert begins != pytest.approx(whole)
    assert ends != pytest.approx(whole)


def test_every_ngram_of_a_line_counts_once() -> None:
    (pairs, fours), scale = ngram_counts(["ab", "abcde"])  # with a space on either side: 4 and 7 characters
    assert pairs.sum(axis=1).ravel().tolist() == [[3.0, 6.0]]
    assert fours.sum(axis=1).ravel().tolist() == [[1.0, 4.0]]
    assert scale == pytest.approx([4**-0.5, 10**-0.5])


def test_more_lines_than_are_read_at_once_lose_none() -> None:
    lines = [f"line {number % 7} of {'abcdefg'[number % 7]}" for number in range(9000)]
    said = LETTERS.logits(lines)
    assert said[4095:4103] == pytest.approx(LETTERS.logits(lines[4095:4103]), abs=1e-4)
    assert said[8999] == pytest.approx(said[8999 - 7], abs=1e-4)


def test_letters_turn_a_kind_in_doubt_and_chances_still_add_up_to_one() -> None:
    kinds = np.array([[0.5, 0.4, 0.1], [0.98, 0.01, 0.01]], np.float32)
    heard = with_letters(kinds, np.array([[0.0, 3.0, 0.0], [0.0, 0.5, 0.0]], np.float32))
    assert heard.argmax(axis=1).tolist() == [1, 0]
    assert heard.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert with_letters(kinds[:0], np.zeros((0, 3), np.float32)).shape == (0, 3)
