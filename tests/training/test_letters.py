"""The letter model learns from marked lines, and no fold's model has seen that fold's lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.types import KIND_LABELS, Label
from training.examples import NO_KIND, example_from_text
from training.letters import fit_letters
from training.linear import Settings
from training.marked_texts import MarkedText
from training.own_texts import OwnText

SETTINGS = Settings(linear_steps=30)
PROSE = ["The ferry left the harbour at dawn.", "Nobody had mended the old bridge."]
PROMPTS = {"Abonnieren Sie jetzt": Label.PROMO, "Weitersagen": Label.SHARE}


def text(number: int, noise: list[str], fold: int) -> OwnText:
    """Prose, then lines of noise."""
    lines = [f"{sentence} {number}" for sentence in PROSE] + noise
    source = "\n".join(lines)
    example = example_from_text(f"texts/{number}", str(number), source, source)
    kinds = [KIND_LABELS.index(PROMPTS[line]) if line in PROMPTS else NO_KIND for line in lines]
    keep = [line not in noise for line in lines]
    example = replace(example, article=np.array(keep, np.float32), kinds=np.array(kinds, np.int8))
    return OwnText(MarkedText(example.key, None, tuple(lines), tuple(keep)), example, fold)


@pytest.fixture
def texts() -> list[OwnText]:
    """Ten texts; one word of noise stands in those of fold 0 alone."""
    texts = [text(number, list(PROMPTS), number % 5) for number in range(10)]
    return [*texts, *(text(20 + n, ["Qwxzy vkjpq"], 0) for n in range(3))]


@pytest.mark.usefixtures("few_lines")
def test_parts_of_words_that_were_marked_are_known_in_words_that_were_not(texts: list[OwnText]) -> None:
    letters = fit_letters(texts, SETTINGS).letters
    said = letters.logits(["Jetzt Abonnement bestellen", "Nobody left the bridge at dawn."])
    assert said[0, 0] < said[1, 0]
    promo, share = (1 + KIND_LABELS.index(label) for label in (Label.PROMO, Label.SHARE))
    assert said[0, promo] > said[0, share]
    assert said.shape == (2, 1 + len(KIND_LABELS))


@pytest.mark.usefixtures("few_lines")
def test_a_fold_is_judged_by_a_model_that_has_not_seen_it(texts: list[OwnText]) -> None:
    fitted = fit_letters(texts, SETTINGS)
    line = ["Qwxzy vkjpq"]
    seen, unseen = (fitted.without_fold[fold].logits(line)[0, 0] for fold in (1, 0))
    assert fitted.letters.logits(line)[0, 0] < 0
    assert seen < unseen


@pytest.mark.usefixtures("few_lines")
def test_the_same_lines_give_the_same_model(texts: list[OwnText]) -> None:
    one, other = (fit_letters(texts, SETTINGS).letters for _ in range(2))
    assert np.array_equal(one.weights, other.weights)
