"""Labelled pages become examples: what is article, how much each block weighs, what kind the noise is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from model.limits import Limits
from model.types import KIND_LABELS, Block, Label, Position
from training.corpora import LabelledPage
from training.examples import (
    NO_KIND,
    Example,
    block_weights,
    counted_once,
    example_from_gold,
    example_from_text,
    make_example,
    segment,
    without_markup,
)

HTML = """<html><head><title>The old bridge is closed</title></head><body>
<nav><a href=/>Home</a></nav><h1>The old bridge is closed</h1><p class="byline">By Ada Reed</p>
<p>They closed it on Monday.</p><p>Nobody knows for how long.</p>
<div class="related-posts"><a href=/x>Another bridge</a></div><div>No name tells what this is</div>
<footer>Copyright</footer></body></html>"""
GOLD = "They closed it on Monday.\nNobody knows for how long."


def page(html: str = HTML, gold: str | None = GOLD) -> LabelledPage:
    return LabelledPage("test", "1", html.encode(), gold, "example.org")


def kinds_of(example: Example) -> list[Label | None]:
    return [None if kind == NO_KIND else KIND_LABELS[kind] for kind in example.kinds.tolist()]


def test_gold_tells_article_from_noise_and_names_tell_kinds_of_noise() -> None:
    example = example_from_gold(page())
    assert example.article.tolist() == [0, 0, 0, 1, 1, 0, 0, 0]
    assert kinds_of(example) == [
        Label.NAVIGATION, Label.TITLE, Label.BYLINE, None, None, Label.RELATED, None, Label.LEGAL,
    ]  # fmt: skip
    assert (example.key, example.site, example.kind) == ("test/1", "example.org", "html")


@pytest.mark.parametrize("gold", ["", None])
def test_a_page_without_gold_is_all_noise(gold: str | None) -> None:
    assert not example_from_gold(page(gold=gold)).article.any()


def test_a_page_without_text_has_no_blocks() -> None:
    example = example_from_gold(page("<html></html>"))
    assert [len(array) for array in (example.article, example.weight, example.kinds)] == [0, 0, 0]


def test_only_the_first_block_that_repeats_the_title_is_the_title() -> None:
    html = "<title>The old bridge</title><h1>The old bridge</h1><p>The old bridge</p>"
    assert kinds_of(example_from_gold(page(html, ""))) == [Label.TITLE, None]


def test_a_long_text_in_an_element_named_byline_is_no_byline() -> None:
    html = f'<p class="author">{"word " * 30}</p><p class="author">Ada Reed</p>'
    assert kinds_of(example_from_gold(page(html, ""))) == [None, Label.BYLINE]


def test_a_block_weighs_the_root_of_its_words_and_a_long_page_little_more_than_a_short_one() -> None:
    def blocks(*sizes: int) -> tuple[Block, ...]:
        return tuple(Block("word " * size, Position(1, 1)) for size in sizes)

    assert block_weights(blocks(4, 16)).tolist() == pytest.approx([2 / 20**0.5, 4 / 20**0.5])
    assert block_weights((Block("—", Position(1, 1)),)).tolist() == [1]  # even without a word
    assert block_weights(()).tolist() == []
    short, long = block_weights(blocks(*[25] * 4)).sum(), block_weights(blocks(*[25] * 400)).sum()
    assert long / short == pytest.approx(10)


def test_a_page_counts_once_however_many_blocks_it_has() -> None:
    few, many = (
        counted_once(example_from_text("key", "site", "\n".join(["A line of words."] * lines), ""))
        for lines in (2, 200)
    )
    assert few.weight.tolist() == pytest.approx([0.5, 0.5])
    assert many.weight.sum() == pytest.approx(1.0)
    unknown = replace(few, weight=np.zeros(2, np.float32))
    assert counted_once(unknown).weight.tolist() == [0, 0]


def test_blocks_that_nobody_knows_weigh_nothing() -> None:
    segmentation = segment(page(), Limits())
    known = np.array([True, False] * 4)
    example = make_example(page(), segmentation, np.zeros(8, np.float32), known)
    assert (example.weight > 0).tolist() == known.tolist()


def test_lines_of_a_text_are_labelled_by_its_gold() -> None:
    example = example_from_text("own/a", "own/.", "Menu\n\nThey closed it on Monday.\nLeave a Reply", GOLD)
    assert example.article.tolist() == [0, 1, 0]
    assert example.kind == "text"
    assert kinds_of(example) == [None] * 3


def test_without_markup_only_the_lines_are_left() -> None:
    example = example_from_gold(page())
    plain = without_markup(example, np.array([1, 3, 5]))
    assert [block.text for block in plain.segmentation.blocks] == [
        "The old bridge is closed", "They closed it on Monday.", "Another bridge",
    ]  # fmt: skip
    assert [block.position.line for block in plain.segmentation.blocks] == [1, 2, 3]
    assert {(block.element, block.link_chars) for block in plain.segmentation.blocks} == {(-1, 0)}
    assert (plain.segmentation.elements, plain.segmentation.metadata.title) == ((), None)
    assert plain.article.tolist() == [0, 1, 0]
    assert kinds_of(plain) == [Label.TITLE, None, Label.RELATED]
    assert plain.weight.tolist() == pytest.approx(block_weights(plain.segmentation.blocks).tolist())


def test_the_invented_pages_align_with_their_gold(make_page: Callable[[int], LabelledPage]) -> None:
    example = example_from_gold(make_page(5))
    article = [block.text for block, mark in zip(example.segmentation.blocks, example.article, strict=True) if mark]
    assert article == (make_page(5).gold or "").split("\n")
