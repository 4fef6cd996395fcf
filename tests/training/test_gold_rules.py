"""A gold is called wrong for what it is beside its page, and an unusual one is not."""

from __future__ import annotations

import pytest

from training.corpora import LabelledPage
from training.gold_rules import JudgedPage, compare_pages, judge_page

NOUNS = "harbour ferry lantern orchard bridge letter winter market copper violin garden signal".split()


def paragraph(number: int) -> str:
    """A paragraph of 36 words, none of which stands in another."""
    return " ".join(f"{noun}{number}x{place}" for place in range(3) for noun in NOUNS) + "."


def labelled(html: str, gold: str, page_type: str | None = None) -> LabelledPage:
    return LabelledPage("wcxb", "1", html.encode(), gold, "site", page_type=page_type, encoding="utf-8")


def defects(html: str, gold: str, page_type: str | None = None) -> set[str]:
    return judge_page(labelled(html, gold, page_type))[0]


def article(numbers: range, tag: str = "p", around: str = "") -> str:
    return f"<div{around}>" + "".join(f"<{tag}>{paragraph(number)}</{tag}>" for number in numbers) + "</div>"


def gold(numbers: range) -> str:
    return "\n\n".join(map(paragraph, numbers))


def test_a_whole_gold_has_no_defect() -> None:
    assert defects(article(range(9)), gold(range(9))) == set()


def test_an_empty_gold_is_a_defect_only_beside_running_text() -> None:
    assert defects(article(range(9)), "") == {"empty"}
    assert defects("<p>404 Not found</p>", "") == set()
    teasers = "".join(f"<p><a href=/{n}>{paragraph(n)}</a></p>" for n in range(9))
    assert defects(teasers, "") == set()


def test_words_that_stand_nowhere_are_told_from_those_outside_the_text() -> None:
    rest = gold(range(4))
    other = gold(range(50, 53))
    assert defects(article(range(4)), rest + "\n" + other) == {"not_on_page"}
    script = f'<script type="application/ld+json">{{"articleBody": "{other}"}}</script>'
    assert defects(script + article(range(4)), rest + "\n" + other) == {"beyond_text"}
    assert defects(article(range(4)), rest + "\n" + rest) == {"beyond_text"}


def test_a_gold_that_stops_among_alike_paragraphs_is_cut_short() -> None:
    assert defects(article(range(12)), gold(range(4))) == {"cut_short"}
    nested = "".join(f"<section class=part>{article(range(n, n + 3))}</section>" for n in range(0, 18, 3))
    assert defects(nested, gold(range(6))) == {"cut_short"}


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(article(range(4)) + article(range(4, 12), around=" class=comments"), id="comments"),
        pytest.param(article(range(4)) + "<h3>Related</h3>" + article(range(4, 12)), id="a heading says what follows"),
        pytest.param(article(range(4)) + article(range(4, 12), tag="li"), id="another kind of element"),
        pytest.param(article(range(4)) + article(range(4)) + article(range(4)), id="the page repeats its text"),
        pytest.param(article(range(6)), id="little is missing"),
    ],
)
def test_what_follows_an_article_does_not_make_its_gold_cut_short(html: str) -> None:
    assert defects(html, gold(range(4))) == set()


def test_comments_in_the_gold_are_a_defect_unless_the_page_is_a_forum() -> None:
    thread = "".join(f"<div class=comment id=comment-{n}><p>{paragraph(n)}</p></div>" for n in range(4, 8))
    html = article(range(4)) + thread
    assert defects(html, gold(range(8))) == {"comments"}
    assert defects(html, gold(range(8)), "forum") == set()
    assert defects(f"<div class=comments>{html}</div>", gold(range(4))) == set()


def judged(page_id: str, numbers: range, held: range) -> JudgedPage:
    return JudgedPage(page_id, gold(held), frozenset(map(paragraph, numbers)), gold(numbers))


def test_one_page_with_two_golds_contradicts_itself() -> None:
    pages = [
        judged("a", range(9), range(9)),
        judged("b", range(9), range(3)),
        judged("c", range(20, 29), range(20, 29)),
    ]
    assert set(compare_pages(pages)) == {("a", "contradicted"), ("b", "contradicted")}


def test_one_gold_for_two_pages_is_the_gold_of_one_of_them() -> None:
    pages = [judged("a", range(9), range(9)), judged("b", range(30, 39), range(9))]
    assert set(compare_pages(pages)) == {("a", "same_gold"), ("b", "same_gold")}
