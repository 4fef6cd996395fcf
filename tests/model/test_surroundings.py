"""What stands around the article weighs less, and the article itself does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from model import Cleaner
from model.surroundings import weigh_surroundings
from tests.model.judged import judged

PARAGRAPH = "The ferry left the harbour at dawn, and the crossing took three hours because of the fog over the bay."
ARTICLE = f"<article><h1>Ferries</h1>{f'<p>{PARAGRAPH}</p>' * 15}</article>"
TEASER = "<dt><a href=/s>Harbour master resigns</a></dt><dd>The council met on Monday to hear why he went.</dd>"


def lowered(html: str, page_type: str | None = "article", chance: float = 0.6) -> list[str]:
    """The texts that weigh less than before, where all blocks had the same chance."""
    page, prediction = judged(html, chance)
    article = prediction.article
    chances, why = weigh_surroundings(page, prediction, article, page_type)
    assert all(chances[number] < article[number] for number in why)
    assert chances.shape == article.shape
    assert (chances <= article).all()
    return [block.text for block, less in zip(page.blocks, chances < article, strict=True) if less]


@pytest.mark.parametrize("page_type", ["article", "forum", None])
@pytest.mark.parametrize(
    "around",
    [
        "<footer><p>Harbour Post, 4 Quay Street.</p></footer>",
        "<nav>Harbour Post, 4 Quay Street.</nav>",
        "<div class='site-footer'>Harbour Post, 4 Quay Street.</div>",
        "<div style='display:none'>Harbour Post, 4 Quay Street.</div>",
    ],
    ids=["footer", "nav", "named footer", "hidden"],
)
def test_footers_menus_and_hidden_text_weigh_less_whatever_the_page_is(around: str, page_type: str | None) -> None:
    assert lowered(around + ARTICLE, page_type) == ["Harbour Post, 4 Quay Street."]


def test_who_is_quoted_belongs_to_the_quotation() -> None:
    quotation = f"<blockquote><p>{PARAGRAPH}</p><footer>The harbour master</footer></blockquote>"
    assert lowered(ARTICLE.replace("</article>", f"{quotation}</article>")) == []


@pytest.mark.parametrize(
    "page",
    [f"<div style='display:none'>{ARTICLE}</div>", f"<div class=topicbodyandfooter>{ARTICLE}</div>"],
    ids=["waits for a script", "names body and footer in one"],
)
def test_an_article_that_is_all_there_is_weighs_as_much_as_before(page: str) -> None:
    assert lowered(f"<body>{page}<p>{PARAGRAPH}</p>") == []


def test_behind_an_article_only_lines_that_end_no_sentence_weigh_less() -> None:
    assert lowered(f"<p>Before</p>{ARTICLE}<h2>More</h2><p>{PARAGRAPH}</p><span>12 May</span>") == ["More", "12 May"]


def test_lists_of_teasers_beside_an_article_weigh_less_and_two_alike_are_no_list() -> None:
    assert len(lowered(f"<dl>{TEASER * 3}</dl>{ARTICLE}")) == 6
    assert lowered(f"<dl>{TEASER * 2}</dl>{ARTICLE}") == []


def test_lists_of_bare_links_beside_an_article_weigh_less() -> None:
    assert len(lowered(f"<ul>{'<li><a href=/s>Harbour master resigns</a></li>' * 5}</ul>{ARTICLE}")) == 5


@pytest.mark.parametrize("page_type", ["listing", "collection", "product", None])
def test_where_the_page_is_no_article_teasers_and_what_follows_stay(page_type: str | None) -> None:
    assert lowered(f"<dl>{TEASER * 4}</dl>{ARTICLE}<h2>More</h2>", page_type) == []


def test_without_an_article_to_stand_behind_nothing_weighs_less() -> None:
    assert lowered(f"<div><p>{PARAGRAPH}</p></div><h2>More</h2>") == []
    assert lowered(f"{ARTICLE}<h2>More</h2>", chance=0.1) == []


def test_a_page_without_blocks_has_no_surroundings() -> None:
    assert lowered("<html></html>") == []


def test_the_answer_says_why_a_line_went_and_nothing_of_what_stayed(shipped_cleaner: Cleaner) -> None:
    blocks = shipped_cleaner.clean(Path("examples/news-player.html").read_bytes()).blocks
    reason = "in a list of links beside the article"
    assert any(reason in block.reasons for block in blocks)
    assert not any(reason in block.reasons for block in blocks if block.kept)
