"""Of lines labelled noise only those lose their say that read like the article and that nobody named."""

from __future__ import annotations

import numpy as np
import pytest

from model.features import WORD_SCORES, linear_scores, page_features
from model.lexicon import Lexicon
from model.types import KIND_LABELS, Block, Label, Position, Segmentation
from training.doubtful import without_doubtful
from training.examples import NO_KIND, Example

N_OUTPUTS = WORD_SCORES + len(KIND_LABELS)
LIKES_HERONS = Lexicon(
    {"heron": 0}, np.array([[9.0] + [0.0] * (N_OUTPUTS - 1)], np.float32), np.zeros(N_OUTPUTS, np.float32)
)
NO_PATH = Lexicon({}, np.zeros((0, 1), np.float32), np.zeros(1, np.float32))
LIKE_ARTICLE = "The heron stood in the shallows of the river and waited for the fish to come closer to the shore."


@pytest.mark.parametrize(
    ("text", "article", "kind", "weight"),
    [
        (LIKE_ARTICLE, 0, NO_KIND, 0),
        (LIKE_ARTICLE, 1, NO_KIND, 2),
        (LIKE_ARTICLE, 0, KIND_LABELS.index(Label.PROMO), 2),
        (LIKE_ARTICLE.replace("heron", "eagle"), 0, NO_KIND, 2),
        ("The heron again", 0, NO_KIND, 2),
    ],
    ids=["doubtful", "article", "named", "unlike the article", "short"],
)
def test_what_is_likelier_article_than_noise_weighs_nothing(text: str, article: int, kind: int, weight: int) -> None:
    page = Segmentation((Block(text, Position(1, 1)),))
    example = Example(
        "a/1", "a", "text", page, np.array([article], np.float32), np.array([2], np.float32), np.array([kind], np.int8)
    )
    features = page_features(page, linear_scores(page, LIKES_HERONS, NO_PATH))
    result = without_doubtful(example, features)
    assert result.weight.tolist() == [weight]
    assert result.weight.dtype == np.float32
