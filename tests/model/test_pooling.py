"""Blocks that are built alike move towards each other, and nothing else moves."""

from __future__ import annotations

import numpy as np
import pytest

from model.html_blocks import segment_html
from model.limits import Limits
from model.pooling import pool_alike
from model.types import Page

LIST = "<ul><li>one two three</li><li>four five six</li><li>seven eight nine</li></ul>"


def pooled(html: str, *chances: float, words: tuple[float, ...] | None = None) -> list[float]:
    segmentation = segment_html(Page(html, "html"), Limits())
    assert len(segmentation.blocks) == len(chances)
    counts = np.array(words or [3.0] * len(chances), np.float32)
    return [float(chance) for chance in pool_alike(segmentation, counts, np.array(chances, np.float32))]


def test_an_item_is_drawn_towards_its_list() -> None:
    low, odd, other = pooled(LIST, 0.1, 0.8, 0.1)
    assert 0.1 < low < odd < 0.8
    assert low == pytest.approx(other)


def test_paragraphs_of_the_same_markup_are_drawn_together_and_others_stay() -> None:
    html = "<div class=text><p>One</p></div><div class=text><p>Two</p></div><section><p>Three</p></section>"
    one, two, three = pooled(html, 0.9, 0.3, 0.3)
    assert one < 0.9
    assert two > 0.3
    assert three == pytest.approx(0.3)


def test_long_blocks_draw_harder_than_short_ones() -> None:
    even = pooled(LIST, 0.1, 0.8, 0.1)
    long = pooled(LIST, 0.1, 0.8, 0.1, words=(3, 300, 3))
    assert long[0] > even[0]
    assert long[1] > even[1]


def test_what_is_settled_stays_settled() -> None:
    assert pooled(LIST, 0.0, 0.9, 0.9)[0] == 0.0


def test_lists_inside_lists_are_lists_of_their_own() -> None:
    html = "<ul><li>Menu</li><li><div><table><tr><td class=x>A cell</td></tr></table></div></li></ul>"
    assert pooled(html, 0.1, 0.9) == pytest.approx([0.1, 0.9])


def test_words_none_and_blocks_none_are_no_trouble() -> None:
    assert pooled("<p>***</p>", 0.5, words=(0.0,)) == pytest.approx([0.5])
    assert pooled("") == []
