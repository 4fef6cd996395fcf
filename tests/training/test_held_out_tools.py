"""The tools that only measure are none of those that teach, and leave something of an ordinary page."""

from __future__ import annotations

from collections.abc import Callable

from training.corpora import LabelledPage
from training.held_out_tools import held_out_leaky, held_out_whole
from training.renderings import LEAKY, WHOLE


def test_no_tool_both_teaches_and_measures() -> None:
    assert not {*LEAKY, *WHOLE} & {*held_out_leaky(), *held_out_whole()}


def test_each_leaves_text_of_an_ordinary_page(make_page: Callable[[int], LabelledPage]) -> None:
    page = make_page(3)
    first = (page.gold or "").split()[:4]
    whole = {name: render(page) for name, render in held_out_whole().items()}
    assert all(" ".join(first) in " ".join(text.split()) for text in whole.values())
    leaky = {name: render(page) for name, render in held_out_leaky().items()}
    assert any(leaky.values())
    assert all(isinstance(text, str) for text in leaky.values())
