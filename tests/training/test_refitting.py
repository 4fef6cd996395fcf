"""Without corpora a model learns from the base set and your own pages: their style changes its decisions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model import Cleaner
from model.errors import InputError
from model.types import SourceKind
from training.base_set import BaseSet, sample_base_set
from training.corpora import LabelledPage
from training.examples import Example, example_from_gold, example_from_text
from training.fitting import Fitted
from training.linear import Settings
from training.refitting import extend, refit
from training.train import DOORS

Bases = dict[SourceKind, BaseSet]

RECIPE = ["Two eggs", "Flour", "A pinch of salt", "Butter", "Three apples", "Sugar"]
"""Short lines without a full stop, in a list of links: noise to the tiny model, the article to a cook."""


def recipe(number: int) -> LabelledPage:
    items = "".join(f'<li class="ingredient"><a href="/i">{line} {number}</a></li>' for line in RECIPE)
    html = f'<nav class="main-menu"><ul><li class="menu-item"><a href="/">Home</a></li></ul></nav><ul>{items}</ul>'
    return LabelledPage("own", f"r{number}", html.encode(), "\n".join(f"{line} {number}" for line in RECIPE), "own/.")


@pytest.fixture(scope="module")
def bases(tiny: Fitted) -> Bases:
    return {kind: sample_base_set(data.features, data.pages, data.columns, 30) for kind, data in tiny.doors.items()}


@pytest.fixture(scope="module")
def own() -> list[Example]:
    return [example_from_gold(recipe(number)) for number in range(12)]


@pytest.mark.usefixtures("few_lines")
def test_own_pages_change_decisions_on_their_style_and_not_on_others(
    tiny: Fitted, bases: Bases, own: list[Example], tiny_settings: Settings, examples: list[Example]
) -> None:
    page = recipe(99).html
    before = Cleaner(tiny.classifier, "before", {}).clean(page)
    sets = {kind: extend(bases[kind], kind, own, tiny.classifier) for kind in DOORS}
    after = Cleaner(refit(tiny.classifier, sets, replace(tiny_settings, trees=40)), "after", {})
    assert "Two eggs" not in before.text
    assert after.clean(page).text.split("\n\n") == [f"{line} 99" for line in RECIPE]
    chances = after.classifier.predict(examples[0].segmentation, "html").article
    assert ((chances >= 0.5) == examples[0].article).mean() > 0.95


@pytest.mark.usefixtures("few_lines")
def test_a_base_set_is_extended_by_every_block_of_a_new_site(tiny: Fitted, bases: Bases, own: list[Example]) -> None:
    base = bases["html"]
    more = extend(base, "html", own, tiny.classifier)
    added = sum(len(page.article) for page in own)
    assert len(more.article) == len(base.article) + added
    assert (more.matrix[:-added] == base.matrix).all()
    assert more.article[-added:].tolist() == np.concatenate([page.article for page in own]).tolist()
    assert set(more.site[-added:].tolist()) == {int(base.site.max()) + 1}


@pytest.mark.usefixtures("few_lines")
def test_the_text_door_learns_from_own_texts_and_from_views_of_own_markup(
    tiny: Fitted, bases: Bases, own: list[Example]
) -> None:
    text = example_from_text("own/t", "own/.", "One line.\nAnother line.", "One line.")
    with_text = extend(bases["text"], "text", [text], tiny.classifier)
    assert len(with_text.article) == len(bases["text"].article) + 2
    with_views = extend(bases["text"], "text", own, tiny.classifier)
    assert len(with_views.article) >= len(bases["text"].article) + sum(len(page.article) for page in own)
    assert extend(bases["html"], "html", [text], tiny.classifier) is bases["html"]


def test_without_own_pages_the_base_set_stays_as_it_is(tiny: Fitted, bases: Bases) -> None:
    assert extend(bases["html"], "html", [], tiny.classifier) is bases["html"]


@pytest.mark.parametrize("own_pages", [0, 1])
def test_a_base_set_of_other_features_is_refused_also_without_own_pages(
    tiny: Fitted, bases: Bases, own: list[Example], own_pages: int
) -> None:
    other = replace(bases["html"], columns=("no_such_feature", *bases["html"].columns[1:]))
    with pytest.raises(InputError, match=r"other features\. Unpack the corpora"):
        extend(other, "html", own[:own_pages], tiny.classifier)


def test_refitting_makes_new_trees_without_perceptrons_and_changes_nothing_else(
    tiny: Fitted, bases: Bases, tiny_settings: Settings
) -> None:
    again = refit(tiny.classifier, bases, tiny_settings)
    assert again.text is tiny.classifier.text
    assert again.path is tiny.classifier.path
    assert again.kinds is tiny.classifier.kinds
    assert again.doors["html"].trees is not tiny.classifier.doors["html"].trees
    assert [door.perceptrons for door in again.doors.values()] == [None, None]
