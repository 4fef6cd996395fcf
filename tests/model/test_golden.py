"""The shipped model on the example pages: each page's word F1 stays above its floor, and named noise stays out.

When a page falls below its floor, the message shows the first block that differs from the gold text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

import pytest

from model import Cleaned, Cleaner
from training.metrics import word_score, words

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
FLOORS = GOLDEN / "floors.json"
PAGES = sorted(
    path
    for folder in ("examples", "examples/more")
    for ending in ("html", "txt")
    for path in (ROOT / folder).glob(f"*.{ending}")
)
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
SEED_NOISE = ("Leave a Reply", "Leave a Reply", "Please use Chrome browser", "Read more:", "Your email address will")
"""How the noise lines of the seed page begin."""

HoldFloor = Callable[[Path, str, float, str], None]


def gold_of(page: Path) -> str:
    return (GOLDEN / f"{page.stem}.gold.txt").read_text(encoding="utf-8")


def cleaned_page(cleaner: Cleaner, name: str) -> Cleaned:
    return cleaner.clean(next(page for page in PAGES if page.stem == name).read_bytes())


def first_difference(text: str, gold: str) -> str:
    """The first block of which the words differ, and its neighbour before it."""
    kept, wanted = ([part for part in whole.split("\n\n") if words(part)] for whole in (text, gold))
    before = "(the beginning)"
    for mine, theirs in zip_longest(kept, wanted, fillvalue="(nothing more)"):
        if words(mine) != words(theirs):
            return f"after: {before[:100]}\n kept: {mine[:300]}\n gold: {theirs[:300]}"
        before = theirs
    return "no block differs: only the blocks' borders or the order of words do"


def test_every_page_has_its_gold_and_every_gold_its_page() -> None:
    assert {page.stem for page in PAGES} == {path.name.removesuffix(".gold.txt") for path in GOLDEN.glob("*.gold.txt")}


def test_every_page_with_an_article_has_a_floor_and_no_floor_is_left_over() -> None:
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    assert set(floors) == {page.name for page in PAGES if gold_of(page)}


@pytest.mark.parametrize("page", [page for page in PAGES if gold_of(page)], ids=lambda page: page.name)
def test_an_example_page_is_cleaned_as_its_gold_says(
    shipped_cleaner: Cleaner, hold_floor: HoldFloor, page: Path
) -> None:
    cleaned = shipped_cleaner.clean(page.read_bytes())
    score = word_score(cleaned.text, gold_of(page))
    explanation = f"precision {score.precision:.3f}, recall {score.recall:.3f}; first difference:\n"
    hold_floor(FLOORS, page.name, score.f1, explanation + first_difference(cleaned.text, gold_of(page)))
    assert cleaned.status == "ok"
    assert cleaned.kind == ("text" if page.suffix == ".txt" else "html")


@pytest.mark.parametrize("page", [page for page in PAGES if not gold_of(page)], ids=lambda page: page.name)
def test_a_page_without_an_article_is_empty(shipped_cleaner: Cleaner, page: Path) -> None:
    cleaned = shipped_cleaner.clean(page.read_bytes())
    assert (cleaned.text, cleaned.status) == ("", "empty")
    assert "reads like part of an article" in cleaned.warnings[-1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.parametrize(
    "noise",
    ["Leave a Reply", "Your email address will not be published", "Required fields are marked", "All rights reserved"],
)
def test_the_commonest_noise_is_in_no_text(shipped_cleaner: Cleaner, page: Path, noise: str) -> None:
    assert noise not in shipped_cleaner.clean(page.read_bytes()).text


def test_comments_of_a_blog_come_back_apart_with_author_and_date(shipped_cleaner: Cleaner) -> None:
    cleaned = cleaned_page(shipped_cleaner, "wordpress-blog")
    said = {comment.author: comment for comment in cleaned.comments if comment.author}
    assert list(said) == ["Hester Planck", "Marta Quillfeather", "FastCashDerek", "the walker from Dorset"]
    assert said["the walker from Dorset"].text.split("\n\n") == [
        "It was a very good lunch.",
        "I still have the blister, and I show it to people.",
    ]
    assert said["Hester Planck"].text.startswith("My grandfather kept a smoot")
    assert (said["Hester Planck"].date or "").startswith("19 May 2024")
    assert not [comment for comment in cleaned.comments if comment.text in cleaned.text]


def test_posts_of_a_forum_are_its_body_not_comments(shipped_cleaner: Cleaner) -> None:
    assert cleaned_page(shipped_cleaner, "forum-thread").comments == ()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("wordpress-blog", "Forty metres of dry-stone wall, and the people who lent their hands"),
        ("news-player", "Ferry crews halt night crossings over faulty channel lights"),
        ("shop-page", "Tarn 24 Waxed Canvas Satchel"),
        ("substack-newsletter", "The Last Person Who Could Fold the Map"),
        ("documentation-page", "Retry policies"),  # "Skip to main content" stands above it
        ("layout-table-1999", "A Turntable from a Turntable"),  # the site's name stands first in its <title>
        ("zeitung-artikel", "Grünwiesen: Wagen 23 fährt wieder"),  # its <title> is another headline
        ("forum-thread", "Low D buzzes on the press only"),  # there is no <h1>
    ],
)
def test_the_title_is_the_pages_own(shipped_cleaner: Cleaner, name: str, title: str) -> None:
    cleaned = cleaned_page(shipped_cleaner, name)
    assert cleaned.title == title
    assert title not in cleaned.text.split("\n\n")


@pytest.mark.parametrize(("name", "language"), [("zeitung-artikel", "de"), ("periodico-articulo", "es")])
def test_the_language_is_told(shipped_cleaner: Cleaner, name: str, language: str) -> None:
    assert cleaned_page(shipped_cleaner, name).language == language


def test_a_page_in_windows_1252_comes_back_without_a_broken_letter(shipped_cleaner: Cleaner) -> None:
    text = cleaned_page(shipped_cleaner, "periodico-articulo").text
    assert not {"\ufffd", "Ã", "â€"} & {*text, *(text[number : number + 2] for number in range(len(text)))}
    assert {"ñ", "€"} <= set(text)


@pytest.mark.skipif(not SEEDS, reason="the seed page is not part of the repository")
@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_of_the_seed_page_exactly_the_five_noise_lines_are_dropped(shipped_cleaner: Cleaner, seed: Path) -> None:
    cleaned = shipped_cleaner.clean(seed.read_bytes())
    dropped = sorted(block.text for block in cleaned.blocks if not block.kept)
    beginnings = [next((noise for noise in SEED_NOISE if line.startswith(noise)), line) for line in dropped]
    assert beginnings == sorted(SEED_NOISE)
