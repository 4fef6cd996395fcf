"""Perceptrons learn what a line's neighbours tell, the same way each time, and only where something can be learnt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.features import Features
from model.perceptron import Perceptrons
from training.examples import Example, example_from_text
from training.fitting import Fitted
from training.linear import Settings
from training.perceptrons import fit_perceptrons
from training.train import DOORS

NAMES = ("log_words", "sentences", "place")
SETTINGS = Settings(nets=1, net_rounds=12, net_hidden=(128, 64), net_penalty=0.1)


def texts(count: int, lines: int = 20) -> tuple[list[Features], list[Example]]:
    """Lines of noise stand right behind a line of many words; their own numbers say nothing."""
    random = np.random.default_rng(3)
    features, pages = [], []
    for number in range(count):
        matrix = random.normal(size=(lines, len(NAMES))).astype(np.float32)
        article = np.concatenate([[1.0], matrix[:-1, 0] <= 0]).astype(np.float32)
        source = "\n".join(f"Line {line} of {number}." for line in range(lines))
        page = example_from_text(f"own/{number}", f"{number}.example", source, source)
        pages.append(replace(page, article=article, weight=np.ones(lines, np.float32)))
        features.append(Features(NAMES, matrix, ()))
    return features, pages


def test_a_line_is_told_by_the_line_before_it() -> None:
    fitted = fit_perceptrons(*texts(60), NAMES, SETTINGS)
    assert fitted is not None
    features, pages = texts(61)
    assert ((fitted.log_odds(features[-1].matrix) > 0) == pages[-1].article).mean() >= 0.9


def test_where_a_line_stands_is_not_read_of_its_neighbours() -> None:
    fitted = fit_perceptrons(*texts(3), NAMES, replace(SETTINGS, net_rounds=1))
    assert fitted is not None
    assert [NAMES[number] for number in fitted.around] == ["log_words", "sentences"]


def test_the_same_lines_give_the_same_nets_and_each_net_is_another() -> None:
    def fitted() -> Perceptrons | None:
        return fit_perceptrons(*texts(4), NAMES, replace(SETTINGS, nets=2, net_rounds=2))

    one, other = fitted(), fitted()
    assert one is not None
    assert other is not None
    for net, same in zip(one.nets, other.nets, strict=True):
        assert all(
            np.array_equal(*pair) for layers in zip(net, same, strict=True) for pair in zip(*layers, strict=True)
        )
    assert not np.array_equal(one.nets[0][0][0], one.nets[1][0][0])


@pytest.mark.parametrize("without", ["nets", "noise"])
def test_without_nets_or_without_noise_there_are_none(without: str) -> None:
    features, pages = texts(3)
    if without == "noise":
        pages = [replace(page, article=np.ones_like(page.article)) for page in pages]
    settings = replace(SETTINGS, nets=0) if without == "nets" else SETTINGS
    assert fit_perceptrons(features, pages, NAMES, settings) is None


def test_lines_without_weight_teach_nothing() -> None:
    features, pages = texts(6)
    wrong = [replace(page, article=1 - page.article, weight=np.zeros_like(page.weight)) for page in pages]
    few = replace(SETTINGS, net_rounds=2)
    alone, beside = (
        fit_perceptrons(features * times, pages + more, NAMES, few) for times, more in ((1, []), (2, wrong))
    )
    assert alone is not None
    assert beside is not None
    assert np.array_equal(alone.nets[0][0][0], beside.nets[0][0][0])


def test_both_doors_have_as_many_as_the_settings_say(tiny: Fitted, tiny_settings: Settings) -> None:
    markup, text = (tiny.classifier.doors[kind].perceptrons for kind in DOORS)
    assert markup is not None
    assert text is not None
    assert (len(markup.nets), len(text.nets)) == (tiny_settings.nets, tiny_settings.text_nets)


def test_no_weight_is_a_number_that_processors_are_slow_with() -> None:
    features, pages = texts(60)
    still = [Features((*NAMES, "digits"), np.c_[page.matrix, np.zeros(20, np.float32)], ()) for page in features]
    fitted = fit_perceptrons(still, pages, (*NAMES, "digits"), replace(SETTINGS, net_rounds=3))
    assert fitted is not None
    values = np.concatenate([part.ravel() for layer in fitted.nets[0] for part in layer])
    assert np.abs(values[values != 0]).min() >= 1e-7
