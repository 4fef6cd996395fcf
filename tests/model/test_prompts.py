"""Prompts weigh less where two signs say that they are, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

from model import Cleaner
from model.prompts import lowered

STORY = "<p>The ferry left the harbour at dawn, and the crossing took three hours because of the fog.</p>"


def test_a_short_line_that_is_signed_as_a_prompt_is_less_likely_article_the_more_it_reads_like_one() -> None:
    article, logit = np.full(4, 0.6, np.float32), np.array([-3, 1, 1.5, 4], np.float32)
    weighed = lowered(article, logit, np.ones(4, bool), np.full(4, 9, np.float32))
    assert weighed[:2].tolist() == article[:2].tolist()
    assert article[0] > weighed[2] > weighed[3] > 0


@pytest.mark.parametrize(("signed", "words"), [(False, 9), (True, 40)])
def test_what_has_no_second_sign_or_is_a_paragraph_stays_as_it_is(signed: bool, words: int) -> None:
    article, logit = np.full(2, 0.6, np.float32), np.full(2, 5, np.float32)
    weighed = lowered(article, logit, np.full(2, signed), np.full(2, words, np.float32))
    assert weighed.tolist() == article.tolist()


def test_no_blocks_are_no_problem() -> None:
    none = np.zeros(0, np.float32)
    assert lowered(none, none, np.zeros(0, bool), none).shape == (0,)


def test_a_comment_form_goes_from_a_page_that_has_little_else(shipped_cleaner: Cleaner) -> None:
    page = f"<h1>Ferries</h1>{STORY * 5}<div id='respond'><h3>Leave a Reply</h3></div>"
    text = shipped_cleaner.clean(page).text
    assert text.count("The ferry left") == 5
    assert "Leave a Reply" not in text


def test_a_prompt_for_scripts_in_plain_text_has_no_element_to_ask(shipped_cleaner: Cleaner) -> None:
    """Plain text has no elements at all: asking for one ended the page with an error."""
    text = "The ferry left the harbour at dawn, and the crossing took three hours.\n\nPlease turn on JavaScript."
    assert "The ferry left" in shipped_cleaner.clean(text, kind="text").text
