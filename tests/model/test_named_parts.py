"""Dialogs, reviews and signatures weigh less where they are beside the point, and the article does not."""

from __future__ import annotations

import numpy as np
import pytest

from model.named_parts import weigh_named_parts
from tests.model.judged import judged, names_of

PROSE = "The kettle boils a litre in three minutes, switches itself off and stays warm for half an hour."
PAGE = f"<main>{f'<p>{PROSE}</p>' * 3}</main>"
ASIDE = "Send it back within thirty days."


def lowered(html: str, page_type: str | None) -> list[str]:
    """The texts that weigh less than before; each of them must say why, and no other."""
    page, prediction = judged(html, 0.6)
    chances, why = weigh_named_parts(page, names_of(page), prediction.column("words"), prediction.article, page_type)
    assert set(why) == set(np.flatnonzero(chances < prediction.article).tolist())
    return [page.blocks[number].text for number in why]


@pytest.mark.parametrize("page_type", ["article", "product", None])
@pytest.mark.parametrize(
    "part", ["class=modal", "class='returns-popover'", "id=size_tooltip", "role=dialog", "class='page-overlays'"]
)
def test_what_opens_over_a_page_weighs_less_whatever_the_page_is(part: str, page_type: str | None) -> None:
    assert lowered(f"{PAGE}<div {part}><div><p>{ASIDE}</p></div></div>", page_type) == [ASIDE]


@pytest.mark.parametrize("name", ["reviews", "product-review", "customer_review", "review-text", "js-reviewlist"])
def test_what_customers_say_weighs_less_in_shops_alone(name: str) -> None:
    page = f"{PAGE}<div class={name}><p>{ASIDE}</p></div>"
    assert lowered(page, "product") == lowered(page, "collection") == [ASIDE]
    assert lowered(page, "article") == lowered(page, None) == []


@pytest.mark.parametrize("name", ["related-products", "recommendations", "js-upsell", "recently-viewed"])
def test_other_goods_weigh_less_in_shops_alone(name: str) -> None:
    page = f"{PAGE}<div class={name}><p>{ASIDE}</p></div>"
    assert lowered(page, "product") == lowered(page, "collection") == [ASIDE]
    assert lowered(page, "article") == []


def test_carousels_weigh_less_beside_a_product_alone() -> None:
    page = f"{PAGE}<div class='product-carousel'><p>{ASIDE}</p></div>"
    assert lowered(page, "product") == [ASIDE]
    assert lowered(page, "collection") == []


def test_signatures_weigh_less_on_forums_alone() -> None:
    page = f"{PAGE}<div class='post-signature'><p>{ASIDE}</p></div>"
    assert lowered(page, "forum") == [ASIDE]
    assert lowered(page, "article") == []


@pytest.mark.parametrize("page_type", ["product", "collection", "listing", "service", "forum"])
@pytest.mark.parametrize("form", ["<form><p>{}</p></form>", "<fieldset><legend>{}</legend></fieldset>"])
def test_forms_weigh_less_where_a_page_offers_something(form: str, page_type: str) -> None:
    page = PAGE + form.format(ASIDE)
    assert lowered(page, page_type) == [ASIDE]
    assert lowered(page, "article") == lowered(page, None) == []


def test_a_form_around_a_third_of_the_article_is_how_the_page_was_made() -> None:
    assert lowered(f"<form><p>{PROSE}</p></form>{PAGE}", "product") == [PROSE]
    assert lowered(f"<form><p>{PROSE}</p><p>{PROSE}</p></form>{PAGE}", "product") == []


@pytest.mark.parametrize("name", ["preview", "modality", "overlayed", "assignature", "design", "interview"])
def test_words_that_only_hold_such_a_word_name_no_part(name: str) -> None:
    page = f"{PAGE}<div class={name}><p>{ASIDE}</p></div>"
    assert [lowered(page, page_type) for page_type in ("product", "forum", "article")] == [[], [], []]


def test_a_page_that_opens_in_a_dialog_or_reviews_a_thing_keeps_its_article() -> None:
    assert lowered(f"<div class=modal>{PAGE}</div><p>{ASIDE}</p>", "article") == []
    assert lowered(f"<div class=review>{PAGE}</div><p>{ASIDE}</p>", "product") == []


def test_the_body_s_own_names_say_nothing_of_a_part() -> None:
    assert lowered(f"<body class=modal><p>{ASIDE}</p><div>{PAGE}</div></body>", "article") == []


def test_what_something_else_has_settled_stays_settled() -> None:
    page, prediction = judged(f"{PAGE}<div class=modal><p>{ASIDE}</p></div>", 0.6, 0.6, 0.6, 0.0)
    chances, _ = weigh_named_parts(page, names_of(page), prediction.column("words"), prediction.article, "article")
    assert chances.tolist() == prediction.article.tolist()


def test_a_page_without_blocks_has_no_parts() -> None:
    assert lowered("", "product") == []
