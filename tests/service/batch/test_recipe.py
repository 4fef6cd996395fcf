"""One page by a recipe: what an answer depends on, and that no page can end the run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from model.errors import ArtefactError
from model.limits import Limits
from model.types import Label, Options
from service.batch import recipe as recipe_module
from service.batch.recipe import Recipe, clean_file, clean_in_worker
from service.contract import PageCleaner
from service.files import PageFile

RECIPE = Recipe("fake-1")


def page_of(path: Path) -> PageFile:
    return PageFile(path.name, str(path), "html", 0, 0)


@pytest.mark.parametrize(
    "other",
    [
        replace(RECIPE, model_version="fake-2"),
        replace(RECIPE, options=Options(keep=frozenset({Label.TITLE}))),
        replace(RECIPE, format="json"),
        replace(RECIPE, kind="text"),
        replace(RECIPE, limits=Limits(max_depth=5)),
    ],
)
def test_the_digest_tells_recipes_apart(other: Recipe) -> None:
    assert other.digest() != RECIPE.digest()


def test_the_digest_is_the_same_for_the_same_recipe() -> None:
    labels = [Label.TITLE, Label.SHARE, Label.LEGAL]
    first, second = (replace(RECIPE, options=Options(keep=frozenset(order))) for order in (labels, reversed(labels)))
    assert first.digest() == second.digest()
    assert replace(RECIPE, model_path="elsewhere").digest() == RECIPE.digest()


def test_a_page_that_vanished_is_a_failed_answer(tmp_path: Path, cleaner: PageCleaner) -> None:
    answer = clean_file(page_of(tmp_path / "gone.html"), RECIPE, cleaner)
    assert (answer.status, answer.code) == ("failed", "unreadable-file")
    assert answer.reason == "No such file or directory."


def test_a_defect_is_a_failed_answer_with_its_place(tmp_path: Path, cleaner: PageCleaner) -> None:
    path = tmp_path / "page.html"
    path.write_text("BOOM")
    answer = clean_file(page_of(path), RECIPE, cleaner)
    assert (answer.status, answer.code) == ("failed", "defect")
    assert answer.trace
    assert "conftest.py" in answer.trace


def test_the_recipe_overrules_the_suffix(tmp_path: Path, cleaner: PageCleaner) -> None:
    path = tmp_path / "page.html"
    path.write_text("Plain.")
    answer = clean_file(page_of(path), replace(RECIPE, kind="text", format="json"), cleaner)
    assert b'"kind": "text"' in answer.content


def test_a_worker_refuses_a_model_that_changed_during_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cleaner: PageCleaner
) -> None:
    monkeypatch.setattr(recipe_module, "load_cleaner", lambda path, limits: cleaner)
    path = tmp_path / "page.html"
    path.write_text("<p>Body.</p>")
    assert clean_in_worker(page_of(path), replace(RECIPE, model_path="a")).content == b"Body."
    with pytest.raises(ArtefactError, match="changed during the run"):
        clean_in_worker(page_of(path), replace(RECIPE, model_path="a", model_version="fake-0"))
