"""Long pages without comments lose nothing that merely reads like one."""

from __future__ import annotations

import numpy as np
import pytest

from model.comment_lines import Discussion
from model.long_pages import unannounced_comments
from model.types import Label
from tests.model.judged import judged

SPEECH = "The clerk read the statute aloud and nobody in the hall had anything to say against the second part of it."


def saved(html: str, passed: int) -> set[int]:
    """The blocks that stay of those behind the first `passed`, when all are likeliest comments."""
    page, prediction = judged(html, 0.0, kind=Label.COMMENT)
    count = len(page.blocks)
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
