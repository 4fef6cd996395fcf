"""What a page says twice is kept once, unless saying it twice is meant."""

from __future__ import annotations

import numpy as np
import pytest

from model import Cleaner
from model.repeats import drop_repeats
from tests.model.judged import judged

FIRST = "The ferry leaves the harbour at dawn."
SECOND = "The crossing takes three hours in fog."
THIRD = "Nobody has drowned on it since the war."
LONG = "The ferry leaves the harbour at dawn and is back before the shops of the old town have opened their doors."
STORY = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"


def dropped(html: str, page_type: str | None = "article", chances: tuple[float, ...] = (0.9,)) -> list[int]:
    """The blocks that are left out as repeats."""
    page, prediction = judged(html, *chances)
    left, why = drop_repeats(page, prediction.column("words"), prediction.article, page_type)
    assert set(why) == set(np.flatnonzero(left < prediction.article).tolist())
    assert not left[list(why)].any()
    return sorted(why)


@pytest.mark.parametrize("page_type", ["article", "service", "forum"])
def test_a_story_held_twice_is_kept_once(page_type: str) -> None:
    assert dropped(f"<div class=wide>{STORY}</div><div class=narrow>{STORY}</div>", page_type) == [3, 4, 5]


@pytest.mark.parametrize("page_type", ["forum", "product", "collection", "listing"])
def test_a_quoted_post_and_a_second_description_are_left_out(page_type: str) -> None:
    page = f"<div><p>{LONG}</p></div><blockquote><p>{LONG.upper()}</p></blockquote><div><p>{FIRST}</p></div>"
    assert dropped(page, page_type) == [1]
    assert dropped(page, "article") == []


@pytest.mark.parametrize(
    "page",
    [
        f"<div>{STORY}{STORY}</div>",
        f"<div><p>{FIRST}</p><p>{SECOND}</p></div><div><p>{FIRST}</p><p>{SECOND}</p></div>",
        f"<div>{STORY}</div><div><p>{THIRD}</p><p>{SECOND}</p><p>{FIRST}</p></div>",
        "<div><p>Yes</p><p>No</p><p>Both</p></div><div><p>Yes</p><p>No</p><p>Both</p></div>",
        "<p>***</p>" * 3,
        "",
    ],
    ids=["side by side", "two blocks", "other order", "few words", "no words", "empty"],
)
def test_what_recurs_by_right_stays(page: str) -> None:
    assert dropped(page) == []


@pytest.mark.parametrize("page_type", ["documentation", None])
def test_documentation_and_pages_of_no_known_type_may_repeat_themselves(page_type: str | None) -> None:
    assert dropped(f"<div>{STORY}</div><section>{STORY}</section>", page_type) == []


def test_a_copy_of_what_reads_like_noise_stays() -> None:
    page = f"<div>{STORY}</div><section>{STORY}</section>"
    assert dropped(page, chances=(0.01, 0.01, 0.01, 0.9, 0.9, 0.9)) == []


def test_the_answer_holds_the_text_once_and_says_why(shipped_cleaner: Cleaner) -> None:
    story = "".join(f"<p>{LONG.replace('ferry', boat)}</p>" for boat in ("ferry", "tug", "pilot", "dredger"))
    page = f"<html><body><h1>Boats</h1><div class=wide>{story}</div><div class=narrow>{story}</div></body></html>"
    cleaned = shipped_cleaner.clean(page)
    assert cleaned.text.count("The tug leaves") == 1
    assert sum("repeats what stands further up" in block.reasons for block in cleaned.blocks) == 4
