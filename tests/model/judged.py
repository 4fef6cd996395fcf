"""Pages of markup with chances of our own choice, for what is weighed beside the trees."""

from __future__ import annotations

import numpy as np

from model.classifier import Prediction
from model.features import WORD_SCORES, linear_scores, page_features
from model.html_blocks import segment_html
from model.lexicon import Lexicon
from model.limits import Limits
from model.types import KIND_LABELS, Label, Page, Segmentation

_N_OUTPUTS = WORD_SCORES + len(KIND_LABELS)
_SILENT = Lexicon({}, np.zeros((0, _N_OUTPUTS), np.float32), np.zeros(_N_OUTPUTS, np.float32))
_NO_PATHS = Lexicon({}, np.zeros((0, 1), np.float32), np.zeros(1, np.float32))


def judged(html: str, *chances: float, kind: Label | None = None) -> tuple[Segmentation, Prediction]:
    """The blocks of a page and what trees might say of them: chances, or one for all, and likeliest kind of noise."""
    page = segment_html(Page(html, "html"), Limits())
    count = len(page.blocks)
    assert len(chances) in (1, count)
    article = np.array(chances * count if len(chances) == 1 else chances, np.float32)
    features = page_features(page, linear_scores(page, _SILENT, _NO_PATHS))
    kinds = np.zeros((count, len(KIND_LABELS)), np.float32)
    if kind is not None:
        kinds[:, KIND_LABELS.index(kind)] = 1.0
    return page, Prediction(article, kinds, features)


def names_of(page: Segmentation) -> set[str]:
    """Every name that an element of the page has."""
    return {name for element in page.elements for name in element.names}
