"""A page that shows one short entry is about it, whatever reads more like an article around it."""

from __future__ import annotations

import numpy as np
import pytest

from model import Cleaner
from model.entries import weigh_entry
from tests.model.judged import judged, names_of

NOTE = "Fog over the harbour again."
PORTRAIT = "I am a harbour master, a father of three and a keeper of lighthouses, and I write here about all of that."
COMMENT = "We had the same fog last week on our side of the bay and could not see a single boat for hours."
ENTRY = f"<div class='post hentry' id=post-12><h2>Fog</h2><p>{NOTE}</p></div>"
SIDEBAR = f"<div id=sidebar><p>{PORTRAIT}</p></div>"
COMMENTS = f"<div id=comments>{f'<div class=comment><p>{COMMENT}</p></div>' * 3}</div>"


def moved(html: str, page_type: str | None = "article") -> tuple[set[str], set[str]]:
    """The texts that weigh more and less than before, where all blocks had the same chance."""
    page, prediction = judged(html, 0.6)
    chances, why = weigh_entry(page, names_of(page), prediction, prediction.article, page_type)
    assert set(why) == set(np.flatnonzero(chances < prediction.article).tolist())
    more = {page.blocks[number].text for number in np.flatnonzero(chances > prediction.article)}
    return more, {page.blocks[number].text for number in why}


@pytest.mark.parametrize("page_type", ["article", "listing"])
@pytest.mark.parametrize(
    "entry",
    [
        ENTRY,
        f"<h1>Fog</h1><div class=entry-content><p>{NOTE}</p></div>",
        f"<div itemprop=articleBody><h1>Fog</h1><p>{NOTE}</p></div>",
        f"<div class=hentry><h1>Fog</h1><div class=entry-content><p>{NOTE}</p></div></div>",
    ],
    ids=["hentry", "content below its title", "property", "nested"],
)
def test_a_short_entry_wins_and_what_is_around_it_loses(entry: str, page_type: str) -> None:
    more, less = moved(entry + SIDEBAR, page_type)
    assert NOTE in more
    assert PORTRAIT in less
    assert NOTE not in less


def test_a_page_taken_for_a_forum_needs_comments_that_explain_why() -> None:
    assert moved(ENTRY + COMMENTS, "forum") == ({"Fog", NOTE}, {COMMENT})
    assert moved(ENTRY + SIDEBAR, "forum") == (set(), set())


@pytest.mark.parametrize(
    ("page", "page_type"),
    [
        (ENTRY + ENTRY + SIDEBAR, "article"),
        (f"<div class=hentry><h2>Fog</h2>{f'<p>{PORTRAIT}</p>' * 6}</div>{SIDEBAR}", "article"),
        (f"<div class=hentry><p>{NOTE}</p></div>{SIDEBAR}", "article"),
        (f"<div class='post related-posts'><h2>Fog</h2><p>{NOTE}</p></div>{SIDEBAR}", "article"),
        (ENTRY + f"<main>{f'<p>{PORTRAIT}</p>' * 12}</main>", "article"),
        (f"<div class=phpbb>{ENTRY}{COMMENTS}</div>", "forum"),
        (ENTRY + SIDEBAR, "product"),
        (ENTRY + SIDEBAR, None),
        (f"<article><h1>Fog</h1><p>{NOTE}</p></article>{SIDEBAR}", "article"),
        (SIDEBAR, "article"),
        ("", "article"),
    ],
    ids=[
        "two",
        "long",
        "untitled",
        "teaser",
        "prose elsewhere",
        "forum",
        "shop",
        "unknown",
        "tag alone",
        "none",
        "empty",
    ],
)
def test_where_no_short_entry_is_what_the_page_is_about_nothing_moves(page: str, page_type: str | None) -> None:
    assert moved(page, page_type) == (set(), set())


def test_a_sure_paragraph_elsewhere_is_the_article_and_the_entry_a_box_beside_it() -> None:
    page, prediction = judged(f"{ENTRY}<main><p>{PORTRAIT}</p><p>{PORTRAIT}</p></main>", 0.6, 0.6, 0.95, 0.95)
    chances, why = weigh_entry(page, names_of(page), prediction, prediction.article, "article")
    assert (chances.tolist(), why) == (prediction.article.tolist(), {})


def test_comments_called_posts_are_no_second_entry() -> None:
    page = f"{ENTRY}<div class=comments><div class=post><p>{COMMENT}</p></div></div>"
    assert moved(page) == ({"Fog", NOTE}, {COMMENT})


def test_the_answer_is_the_note_and_says_why_the_rest_went(shipped_cleaner: Cleaner) -> None:
    links = "<ul class=widget><li><a href=/1>Older notes</a></li><li><a href=/2>Lighthouses</a></li></ul>"
    aside = f"<div id=sidebar><div class=widget><h3>About me</h3><p>{PORTRAIT}</p></div>{links}</div>"
    page = f"<html><title>Fog</title><body><div id=content>{ENTRY}{COMMENTS}</div>{aside}</body></html>"
    cleaned = shipped_cleaner.clean(page)
    assert cleaned.text.strip() == NOTE
    portrait = next(block for block in cleaned.blocks if block.text == PORTRAIT)
    assert "outside the page's only entry" in portrait.reasons
