"""The page model gives a type and a confidence where it is there, and is done without where it is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import pytest

from model import Cleaner, OptionError, Options
from model.artefact import load_artefact, save_artefact
from model.classifier import KindModel
from model.errors import ArtefactError
from model.page_model import N_INPUTS, PAGE_TYPES, PageModel, promise_factor
from training.fitting import Fitted

PAGE = "<title>Swifts</title><nav><a href=/>Home</a></nav><article><h1>Swifts</h1>" + (
    "<p>The first swifts of the year came back to the old mill on Thursday evening, later than last spring.</p>" * 5
)
LOSSES = ((0.0, 0.0), (0.004, 0.2), (0.02, 0.6), (0.05, 1.0))


def page_model(n_inputs: int = N_INPUTS) -> PageModel:
    """It calls every page a forum, and expects the same F1 of all."""
    intercept = np.zeros(len(PAGE_TYPES), np.float32)
    intercept[PAGE_TYPES.index("forum")] = 9.0
    zeros, ones = np.zeros(n_inputs, np.float32), np.ones(n_inputs, np.float32)
    types = KindModel(zeros, ones, np.zeros((n_inputs, len(PAGE_TYPES)), np.float32), intercept)
    confidence = np.array([0.0, 0.75], np.float32)
    return PageModel(types, confidence, LOSSES)


def test_a_page_gets_its_type_and_confidence(tiny_cleaner: Cleaner) -> None:
    cleaned = replace(tiny_cleaner, page=page_model()).clean(PAGE)
    assert (cleaned.page_type, cleaned.confidence) == ("forum", 0.75)


def test_without_a_page_model_there_is_no_type(tiny_cleaner: Cleaner) -> None:
    cleaned = tiny_cleaner.clean(PAGE)
    assert cleaned.page_type is None
    assert 0 <= cleaned.confidence <= 1


def test_plain_text_has_no_type(tiny_cleaner: Cleaner) -> None:
    cleaned = replace(tiny_cleaner, page=page_model()).clean("A line.\n\nAnother line.", kind="text")
    assert cleaned.page_type is None


@pytest.mark.parametrize("page", ["", "<title>T</title>", "<p>...</p>", "<p>x" * 3000])
def test_any_page_can_be_judged(tiny_cleaner: Cleaner, page: str) -> None:
    cleaned = replace(tiny_cleaner, page=page_model()).clean(page, kind="html")
    assert 0 <= cleaned.confidence <= 1


@pytest.mark.parametrize(("lost", "factor"), [(0.0, 0.0), (0.003, 0.0), (0.004, 0.2), (0.03, 0.6), (0.9, 1.0)])
def test_a_promise_takes_the_highest_factor_that_keeps_it(lost: float, factor: float) -> None:
    assert promise_factor(page_model(), lost) == factor


@pytest.mark.parametrize("dial", ["balanced", "precision"])
def test_a_page_is_cut_as_its_type_asks(tiny_cleaner: Cleaner, dial: str) -> None:
    """The lowest cut keeps the menu of a page of that type; of another type, which it may be too, it keeps no more."""
    kept = {}
    for kind in ("forum", "article"):
        factors = tuple(0.001 if name == kind else 1.0 for name in PAGE_TYPES)
        cleaner = replace(tiny_cleaner, page=replace(page_model(), factors=factors))
        kept[kind] = "Home" in cleaner.clean(PAGE, options=Options(dial=dial)).text
    assert kept == {"forum": True, "article": False}


def test_a_stronger_promise_keeps_more_and_none_loses_nothing(tiny_cleaner: Cleaner) -> None:
    cleaner = replace(tiny_cleaner, page=page_model())
    kept = {}
    for dial in ("lose at most 0 %", "lose<=1%", "lose at most 10 %", "balanced"):
        blocks = cleaner.clean(PAGE, options=Options(dial=dial)).blocks
        kept[dial] = sum(block.probability >= 0 and block.label.value in ("body", "heading") for block in blocks)
    assert kept["lose at most 0 %"] >= kept["lose<=1%"] >= kept["lose at most 10 %"] == kept["balanced"]


def test_a_promise_without_a_table_is_refused(tiny_cleaner: Cleaner) -> None:
    with pytest.raises(OptionError, match="make train"):
        tiny_cleaner.clean(PAGE, options=Options(dial="lose at most 1 %"))


def test_a_dial_that_is_none_is_refused(tiny_cleaner: Cleaner) -> None:
    with pytest.raises(OptionError, match="lose at most 1 %"):
        tiny_cleaner.clean(PAGE, options=Options(dial="high"))


def test_the_page_model_is_saved_with_the_model(tiny: Fitted, tmp_path: Path) -> None:
    path = save_artefact(tmp_path, "one", tiny.classifier, {}, "", page_model())
    loaded = load_artefact(path).page
    assert loaded is not None
    assert loaded.losses == LOSSES
    assert loaded.factors == page_model().factors
    np.testing.assert_array_equal(loaded.confidence, page_model().confidence)
    np.testing.assert_array_equal(loaded.types.intercept, page_model().types.intercept)


def test_a_model_without_one_loads(tiny: Fitted, tmp_path: Path) -> None:
    path = save_artefact(tmp_path, "one", tiny.classifier, {}, "")
    assert "page" not in joblib.load(path / "model.joblib")
    assert load_artefact(path).page is None


def test_a_page_model_of_other_inputs_is_refused(tiny: Fitted, tmp_path: Path) -> None:
    path = save_artefact(tmp_path, "one", tiny.classifier, {}, "", page_model(3))
    with pytest.raises(ArtefactError, match="page model"):
        load_artefact(path)
