"""What other tools leave of a page: lines labelled by the gold, title and kinds by the page's own markup."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from model.types import KIND_LABELS, Label
from training.corpora import LabelledPage
from training.examples import Example, example_from_gold
from training.renderings import LEAKY_PER_PAGE, WHOLE, labelled_rendering, rendered
from training.text_views import WHOLE_WEIGHT

MakePage = Callable[[int], LabelledPage]


def lines_of(example: Example, *, article: bool) -> list[str]:
    return [b.text for b, mark in zip(example.segmentation.blocks, example.article, strict=True) if mark == article]


def test_a_page_is_rendered_as_gold_by_leaky_tools_and_whole_the_same_each_time(make_page: MakePage) -> None:
    page = make_page(2)
    examples = rendered(page, example_from_gold(page))
    tools = [example.key.partition(":")[0] for example in examples]
    assert tools[0] == "gold"
    assert len(tools) <= 2 + LEAKY_PER_PAGE
    assert tools[-1] in WHOLE
    assert {example.kind for example in examples} == {"text"}
    assert {example.site for example in examples} == {page.site}
    assert [example.key for example in rendered(page, example_from_gold(page))] == [e.key for e in examples]


def test_every_line_of_the_gold_stays(make_page: MakePage) -> None:
    page = make_page(5)
    gold = rendered(page, example_from_gold(page))[0]
    assert lines_of(gold, article=False) == []
    assert " ".join(" ".join(lines_of(gold, article=True)).split()) == " ".join((page.gold or "").split())


@pytest.mark.parametrize("number", range(8))
def test_a_whole_page_counts_less_and_holds_the_menu_as_noise(make_page: MakePage, number: int) -> None:
    page = make_page(number)
    whole = rendered(page, example_from_gold(page))[-1]
    full = labelled_rendering(
        page, example_from_gold(page), "x", "\n".join(lines_of(whole, article=True)), page.gold or ""
    )
    assert float(whole.weight.max()) <= WHOLE_WEIGHT
    assert lines_of(whole, article=False)
    assert full.article.any()


def test_the_line_above_the_article_that_is_its_title_stays_and_is_named_so(make_page: MakePage) -> None:
    page = make_page(1)
    markup = example_from_gold(page)
    title = KIND_LABELS.index(Label.TITLE)
    named = [b.text for b, kind in zip(markup.segmentation.blocks, markup.kinds, strict=True) if kind == title]
    first = lines_of(markup, article=True)[0]
    text = "\n".join(["Home", *named, first])
    example = labelled_rendering(page, markup, "tool", text, page.gold or "")
    assert example.kinds.tolist().count(title) == len(named)
    assert lines_of(example, article=True) == [*named, first]


def test_pages_of_which_part_has_no_label_are_left_out(make_page: MakePage) -> None:
    page = make_page(1)
    markup = example_from_gold(page)
    markup.weight[0] = 0
    assert rendered(page, markup) == []
    markup.weight[:] = 1
    markup.article[:] = np.zeros_like(markup.article)
    assert rendered(page, markup) == []


def test_a_tool_that_fails_leaves_nothing(make_page: MakePage, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: LabelledPage) -> str:
        raise ValueError

    page = make_page(1)
    from training import renderings

    names = {name: renderings._harmless(broken) for name in (*renderings.LEAKY, *WHOLE)}
    monkeypatch.setattr(renderings, "_renderers", lambda: names)
    assert [example.key.partition(":")[0] for example in rendered(page, example_from_gold(page))] == ["gold"]
