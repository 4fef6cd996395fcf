"""Names of elements tell the kind of noise inside them, and names of the whole page tell nothing."""

from __future__ import annotations

import pytest

from model.hints import Hint, element_hints, own_hint
from model.html_blocks import segment_html
from model.limits import Limits
from model.types import Element, Label, Page


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (".cookie-banner", Label.CONSENT),
        ("#onetrust-consent-sdk", Label.CONSENT),
        ("#respond", Label.COMMENT_FORM),
        (".comment-reply-title", Label.COMMENT_FORM),
        (".leave-a-reply", Label.COMMENT_FORM),
        (".comment-list", Label.COMMENT),
        ("#disqus_thread", Label.COMMENT),
        (".share-buttons", Label.SHARE),
        (".addtoany_content", Label.SHARE),
        (".newsletter-signup", Label.PROMO),
        (".paywall", Label.PROMO),
        (".cta", Label.PROMO),
        (".ad", Label.ADVERT),
        (".ads-slot", Label.ADVERT),
        (".taboola", Label.ADVERT),
        (".related-posts", Label.RELATED),
        (".read-more", Label.RELATED),
        (".most-read", Label.RELATED),
        (".copyright", Label.LEGAL),
        (".site-footer", Label.LEGAL),
        (".byline", Label.BYLINE),
        (".entry-meta", Label.BYLINE),
        (".navbar", Label.NAVIGATION),
        ("@navigation", Label.NAVIGATION),
        (".breadcrumbs", Label.NAVIGATION),
        (".tags", Label.NAVIGATION),
        (".no-js-notice", Label.NOTICE),
        (".video-player", Label.NOTICE),
    ],
)
def test_a_name_claims_a_kind(name: str, label: Label) -> None:
    assert own_hint("div", (name,)) == label


@pytest.mark.parametrize(
    "name",
    [
        ".content",
        ".navy-blue",
        ".shadow",
        ".header-image",
        ".stage",
        ".download",
        ".gradient",
        ".heading",
        ".text",
        ".p",
    ],
)
def test_words_that_merely_contain_a_hint_claim_nothing(name: str) -> None:
    assert own_hint("div", (name,)) is None


def test_of_several_names_the_most_telling_one_decides() -> None:
    assert own_hint("div", (".footer", ".newsletter")) == Label.PROMO
    assert own_hint("div", (".menu", ".cookie-notice")) == Label.CONSENT


@pytest.mark.parametrize(("tag", "label"), [("nav", Label.NAVIGATION), ("footer", Label.LEGAL), ("div", None)])
def test_a_tag_claims_a_kind_where_names_do_not(tag: str, label: Label | None) -> None:
    assert own_hint(tag, (".x",)) == label


@pytest.mark.parametrize("tag", ["html", "body", "main", "article"])
def test_names_of_the_whole_page_claim_nothing(tag: str) -> None:
    assert own_hint(tag, (".has-sidebar", ".comments-open", ".newsletter")) is None


def test_the_innermost_claim_holds_and_an_article_ends_those_around_it() -> None:
    elements = (
        Element(-1, "body"),
        Element(0, "div", (".comments",)),
        Element(1, "div", (".share-bar",)),
        Element(1, "p"),
        Element(1, "article"),
        Element(4, "p"),
    )
    comments, share = Hint(Label.COMMENT, 1), Hint(Label.SHARE, 2)
    assert element_hints(elements) == [None, comments, share, comments, None, None]


def test_hints_fit_the_elements_of_a_page() -> None:
    html = '<nav><a>Home</a></nav><div class="comment-list"><p>Nice</p></div><p>Body</p>'
    page = segment_html(Page(html, "html"), Limits())
    found = [element_hints(page.elements)[block.element] for block in page.blocks]
    assert [hint and hint.label for hint in found] == [Label.NAVIGATION, Label.COMMENT, None]
