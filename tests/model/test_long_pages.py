"""Long pages without comments lose nothing that merely reads like one."""

from __future__ import annotations

import numpy as np
import pytest

from model.classifier import Prediction
from model.comment_lines import Discussion
from model.features import WORD_SCORES, linear_scores, page_features
from model.html_blocks import segment_html
from model.lexicon import Lexicon
from model.limits import Limits
from model.long_pages import unannounced_comments
from model.types import KIND_LABELS, Label, Page, Segmentation

SPEECH = "The clerk read the statute aloud and nobody in the hall had anything to say against the second part of it."
N_OUTPUTS = WORD_SCORES + len(KIND_LABELS)
SILENT = Lexicon({}, np.zeros((0, N_OUTPUTS), np.float32), np.zeros(N_OUTPUTS, np.float32))


def saved(html: str, passed: int) -> set[int]:
    """The blocks that stay of those behind the first `passed`, when all are likeliest comments."""
    page: Segmentation = segment_html(Page(html, "html"), Limits())
    count = len(page.blocks)
    kinds = np.zeros((count, len(KIND_LABELS)), np.float32)
    kinds[:, KIND_LABELS.index(Label.COMMENT)] = 1
    path = Lexicon({}, np.zeros((0, 1), np.float32), np.zeros(1, np.float32))
    prediction = Prediction(np.zeros(count, np.float32), kinds, page_features(page, linear_scores(page, SILENT, path)))
    body = np.arange(count) < passed
    return set(unannounced_comments(page, prediction, Discussion((), np.zeros(count, bool)), body))


def test_on_a_long_page_what_reads_like_a_comment_stays_and_short_lines_go() -> None:
    page = f"<p>{SPEECH}</p>" * 300 + "<p>Reply</p>"
    assert saved(page, 290) == set(range(290, 300))


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{SPEECH}</p>" * 100,
        f"<p>{SPEECH}</p>" * 290 + f"<div class=comments>{f'<p>{SPEECH}</p>' * 10}</div>",
        f"<p>{SPEECH}</p>" * 290 + "<h3>12 Comments</h3>" + f"<p>{SPEECH}</p>" * 10,
    ],
    ids=["short", "named", "announced"],
)
def test_on_a_short_page_or_one_that_names_or_announces_comments_they_go(page: str) -> None:
    assert not saved(page, 90)
