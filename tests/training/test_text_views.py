"""Plain-text views of a labelled page keep its article whole, and every line that was put in is labelled."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from model.types import KIND_LABELS, Label
from training.corpora import LabelledPage
from training.examples import NO_KIND, Example, example_from_gold
from training.own_lines import FOLDS, body_lines, noise_lines
from training.text_views import Supply, own_documents, text_views

MakePage = Callable[[int], LabelledPage]
NUMBERS = range(12)
SUPPLY = Supply(("Eleven clocks and a spoon", "Where the geese went"))


@pytest.fixture(autouse=True)
def with_few_lines(few_lines: None) -> None:
    """Every test here sees a few own lines only."""


def views_of(page: Example, fold: int) -> list[Example]:
    return [view.example for view in text_views(page, fold, SUPPLY)]


def article_of(example: Example) -> list[str]:
    return [b.text for b, mark in zip(example.segmentation.blocks, example.article, strict=True) if mark]


def added(view: Example, page: Example) -> list[tuple[str, int]]:
    """The lines of a view that are not on its page, with their kinds."""
    on_page = {block.text for block in page.segmentation.blocks}
    return [
        (block.text, kind)
        for block, kind in zip(view.segmentation.blocks, view.kinds.tolist(), strict=True)
        if block.text not in on_page
    ]


def could_be(text: str, template: str) -> bool:
    head, _, tail = template.partition("{")
    return text.startswith(head) and (not tail or len(text) > len(head))


@pytest.mark.parametrize("number", NUMBERS)
def test_the_article_is_whole_and_in_order_in_every_view(make_page: MakePage, number: int) -> None:
    page = example_from_gold(make_page(number))
    for view in views_of(page, number % FOLDS):
        kept = [text for text in article_of(view) if text in set(article_of(page))]
        assert kept == article_of(page)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_view_is_plain_text_with_lines_counted_from_one(make_page: MakePage, number: int) -> None:
    for view in views_of(example_from_gold(make_page(number)), 0):
        assert view.kind == "text"
        assert (view.segmentation.elements, view.segmentation.metadata.title) == ((), None)
        assert {block.element for block in view.segmentation.blocks} == {-1}
        lines = [block.position.line for block in view.segmentation.blocks]
        assert lines == list(range(1, len(lines) + 1))
        assert len({len(view.article), len(view.weight), len(view.kinds), len(lines)}) == 1
        assert (view.weight > 0).all()
        assert {array.dtype for array in (view.article, view.weight)} == {np.dtype(np.float32)}


def test_the_first_view_is_the_whole_page(make_page: MakePage) -> None:
    page = example_from_gold(make_page(3))
    whole = views_of(page, 0)[0]
    assert [block.text for block in whole.segmentation.blocks] == [block.text for block in page.segmentation.blocks]


def test_lines_that_were_put_in_are_labelled_and_are_of_the_pages_fold(make_page: MakePage) -> None:
    templates = {fold: [line for line in noise_lines() if line.fold == fold] for fold in range(FOLDS)}
    seen = set()
    for number in range(60):
        page = example_from_gold(make_page(number))
        fold = number % FOLDS
        for view in views_of(page, fold):
            for text, kind in added(view, page):
                assert kind != NO_KIND
                label = KIND_LABELS[kind]
                assert [line for line in templates[fold] if line.label is label and could_be(text, line.template)], text
                seen.add(label)
    assert {Label.RELATED, Label.PROMO, Label.COMMENT_FORM, Label.SHARE} <= seen


def test_noise_that_was_put_in_is_not_article_and_placeholders_are_filled(make_page: MakePage) -> None:
    for number in range(30):
        page = example_from_gold(make_page(number))
        for view in views_of(page, number % FOLDS):
            noise = {text for text, kind in added(view, page) if KIND_LABELS[kind] is not Label.BYLINE}
            assert not noise & set(article_of(view))
            assert not [text for text in noise if "{" in text]


def test_title_and_byline_pass_as_article_in_plain_text_and_keep_their_names(make_page: MakePage) -> None:
    page = example_from_gold(make_page(4))
    whole = views_of(page, 0)[0]
    named = {KIND_LABELS[k]: bool(a) for k, a in zip(whole.kinds, whole.article, strict=True) if k != NO_KIND}
    assert named[Label.TITLE]
    assert named[Label.BYLINE]
    assert not named[Label.NAVIGATION]


def test_the_same_page_has_the_same_views_on_every_run(make_page: MakePage) -> None:
    page = example_from_gold(make_page(7))
    for one, other in zip(views_of(page, 2), views_of(page, 2), strict=True):
        assert one.segmentation == other.segmentation
        assert (one.article == other.article).all()
        assert (one.weight == other.weight).all()
        assert (one.kinds == other.kinds).all()


def test_pages_without_text_or_without_an_article_do_no_harm(make_page: MakePage) -> None:
    assert views_of(example_from_gold(LabelledPage("test", "1", b"", "", "s")), 0) == []
    for number in range(20):
        empty = LabelledPage("test", str(number), make_page(number).html, "", "s")
        for view in views_of(example_from_gold(empty), 0):
            assert len(view.article) == len(view.segmentation.blocks) > 0


def test_documents_of_our_own_lines_use_the_lines_of_their_fold_only() -> None:
    views = own_documents()
    assert views
    for view in views:
        prose = {line.template for line in body_lines() if line.fold == view.fold}
        plain = [
            block.text
            for block, kind in zip(view.example.segmentation.blocks, view.example.kinds.tolist(), strict=True)
            if kind == NO_KIND
        ]
        assert set(plain) <= prose
        assert view.example.kind == "text"
