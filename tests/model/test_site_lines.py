"""Lines that recur across texts of one site are likelier noise, and only when those texts are handed in together."""

from __future__ import annotations

import numpy as np
import pytest

from model import Cleaner, Options
from model.site_lines import SiteLines, weigh_recurrence
from model.types import Block, Position

STORY = (
    "The baker had been up since {n} in the morning, and when the first customers came in from the rain there was "
    "nothing left for her to do but to wait for the bread of the {n}th oven, which would not be hurried."
)
SLOGAN = "The mayor praised the harbour and the lamps"


def texts(count: int) -> list[str]:
    letters = (chr(ord("a") + n // 26) + chr(ord("a") + n % 26) for n in range(count))
    return [f"{STORY.format(n='x' + n)}\n{SLOGAN}\n{STORY.format(n='y' + n)}" for n in letters]


def blocks(*lines: str) -> tuple[Block, ...]:
    return tuple(Block(line, Position(number, 1)) for number, line in enumerate(lines, 1))


def test_a_line_counts_once_for_each_text_whatever_its_case_spaces_and_numbers() -> None:
    site = SiteLines.of([blocks("3 Comments", "3 comments", "one"), blocks("12  comments", "two"), blocks("three")])
    assert site.counts == {"0 comments": 2}
    assert site.seen(blocks("7 COMMENTS", "one")).tolist() == [2, 1]


def test_the_oftener_a_line_recurs_the_less_likely_it_is_article() -> None:
    chances = np.full(4, 0.9, np.float32)
    weighed = weigh_recurrence(chances, np.array([1, 2, 4, 16], np.float32))
    assert weighed[0] == chances[0]
    assert (np.diff(weighed) < 0).all()
    assert ((weighed > 0) & (weighed < 1)).all()


def test_texts_cleaned_together_say_which_lines_recur(tiny_cleaner: Cleaner) -> None:
    alone = tiny_cleaner.clean(texts(1)[0], kind="text").blocks[1]
    together = tiny_cleaner.clean_site(texts(400))[0].blocks[1]
    assert together.probability < alone.probability
    assert "stands in 400 texts of this site" in together.reasons
    assert not together.kept


def test_the_answers_come_in_order_and_a_later_text_does_not_depend_on_them(tiny_cleaner: Cleaner) -> None:
    before = tiny_cleaner.clean(texts(1)[0], kind="text")
    answers = tiny_cleaner.clean_site(texts(5))
    assert [answer.blocks[0].text for answer in answers] == [text.split("\n")[0] for text in texts(5)]
    assert tiny_cleaner.clean(texts(1)[0], kind="text") == before


def test_one_text_of_a_site_is_cleaned_as_if_alone(tiny_cleaner: Cleaner) -> None:
    assert tiny_cleaner.clean_site(texts(1)) == [tiny_cleaner.clean(texts(1)[0], kind="text")]
    assert tiny_cleaner.clean_site([]) == []


def test_a_phrase_to_keep_wins_over_recurrence(tiny_cleaner: Cleaner) -> None:
    answer = tiny_cleaner.clean_site(texts(12), options=Options(always_keep=("praised the harbour",)))[3]
    assert answer.blocks[1].kept


@pytest.mark.parametrize("count", [2, 3])
def test_the_stories_stay(tiny_cleaner: Cleaner, count: int) -> None:
    for answer in tiny_cleaner.clean_site(texts(count)):
        assert [block.kept for block in answer.blocks][::2] == [True, True]
