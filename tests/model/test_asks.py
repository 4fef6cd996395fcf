"""Lines that ask something of the reader, claim rights or name their author weigh less; long or sure ones stay."""

from __future__ import annotations

import numpy as np
import pytest

from model.asks import ASKS, JUMPS, weigh_asks
from model.types import Block, Position, Segmentation

_PROSE = "The ferry came back at noon."


def lowered(line: str, chance: float = 0.5, below: int = 0) -> float:
    """The chance of a line with `below` lines of prose behind it."""
    texts = [line, *[_PROSE] * below]
    page = Segmentation(tuple(Block(text, Position(number, 1)) for number, text in enumerate(texts, 1)))
    words = np.array([len(text.split()) for text in texts], np.float32)
    result = weigh_asks(page, words, np.full(len(texts), chance, np.float32))
    assert all(result[1:] == np.float32(chance))
    return float(result[0])


@pytest.mark.parametrize(
    "line",
    [
        "Like what you read? Sign up for our weekly letter.", "Got a story about the quay? Email our desk.",
        "Suscríbete y recibe cada semana una carta.",
        "Подпишитесь на нашу страницу", "Tous droits réservés, Port-Blanc 2024", "無断転載を禁じます。",
        "सर्वाधिकार सुरक्षित © 2024", "यह भी पढ़ें", "הרשמו לעדכון השבועי", "อ่านเพิ่มเติม", "আরও পড়ুন",
        "Jump to recipe", "**On this page**", "More from Harbour Street", "Potrebbe interessarti anche",
        "[Home](/) / [Harbour](/harbour)", "* [Step by step](#steps)",
    ],
)  # fmt: skip
def test_a_line_that_asks_weighs_less_wherever_it_stands(line: str) -> None:
    assert lowered(line) < 0.2
    assert lowered(line, below=20) < 0.2


@pytest.mark.parametrize(
    "line",
    [
        _PROSE, "He jumped to the quay.", "More from habit than from need, she looked up.",
        "![The quay](https://example.org/quay.jpg)", "The [tide table](/tides) hangs by the door.",
        "The town's newsletter " + "told of nets and of tides and of rain " * 6,
    ],
)  # fmt: skip
def test_other_lines_are_left_alone(line: str) -> None:
    assert lowered(line) == pytest.approx(0.5)


def test_who_wrote_it_is_said_at_the_end() -> None:
    line = "Ada Quill is a freelance writer in Harbour."
    assert lowered(line, below=2) < 0.2
    assert lowered(line, below=20) == pytest.approx(0.5)


def test_a_line_that_the_trees_are_sure_of_stays() -> None:
    assert lowered("The newsletter is printed on Mondays.", 0.995) == pytest.approx(0.995)


def test_what_somebody_said_below_a_comment_form_is_a_comment() -> None:
    texts = ["ada_q: Whose ferry is it?", "Leave a Reply", "ada_q: Nobody asked the gulls about it!"]
    page = Segmentation(tuple(Block(text, Position(number, 1)) for number, text in enumerate(texts, 1)))
    above, _, below = weigh_asks(page, np.full(3, 5, np.float32), np.array([0.8, 0.05, 0.8], np.float32))
    assert above == pytest.approx(0.8)
    assert below < 0.2


def test_phrases_are_spelt_as_they_are_compared() -> None:
    assert all(phrase and phrase == phrase.lower().strip() for phrase in (*ASKS, *JUMPS))
