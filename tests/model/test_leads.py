"""A line that names itself a prompt before a colon counts as one, whatever headline follows."""

from __future__ import annotations

import numpy as np
import pytest

from model.classifier import Prediction
from model.features import WORD_SCORES, linear_scores, page_features
from model.leads import weigh_leads
from model.lexicon import Lexicon
from model.types import KIND_LABELS, Block, Position, Segmentation

N_OUTPUTS = WORD_SCORES + len(KIND_LABELS)
WORDS = Lexicon(
    {"read": 0, "more": 1, "read more:": 2, "river": 3},
    np.array([[-2.0] + [2.0] + [0.0] * (N_OUTPUTS - 2)] * 3 + [[2.0, -9.0] + [0.0] * (N_OUTPUTS - 2)], np.float32),
    np.zeros(N_OUTPUTS, np.float32),
)
NO_PATH = Lexicon({}, np.zeros((0, 1), np.float32), np.zeros(1, np.float32))


def lowered(line: str, chance: float = 0.6) -> float:
    page = Segmentation((Block(line, Position(1, 1)), Block("river", Position(2, 1))))
    article = np.full(2, chance, np.float32)
    features = page_features(page, linear_scores(page, WORDS, NO_PATH))
    prediction = Prediction(article, np.zeros((2, len(KIND_LABELS)), np.float32), features)
    result = weigh_leads(page, prediction, article)
    assert result[1] == article[1]
    return float(result[0])


def test_a_lead_that_reads_like_a_prompt_lowers_the_chance() -> None:
    assert lowered("Read more: the ferry that came back") < 0.1


@pytest.mark.parametrize(
    "line",
    [
        "Read more of it and you will see",
        "Read more: river",
        "Tide tables: the ferry that came back",
        "Read more: " + "and then the ferry came back " * 4,
    ],
    ids=["no colon", "the rest is prose", "another lead", "long"],
)
def test_other_lines_are_left_alone(line: str) -> None:
    assert lowered(line) == pytest.approx(0.6)
