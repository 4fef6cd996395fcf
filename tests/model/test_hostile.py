"""Pages made to break a parser are answered like any other, and the work they cause stays bounded.

The shapes are those that cost other parsers seconds, gigabytes or their life. Counted is what was made of a page,
not the seconds, which a busy machine may stretch; a shape that had gone quadratic would not end within minutes.
"""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from dataclasses import replace

import pytest

from model import Cleaned, Cleaner, Limits
from model.types import PageContext, PostedComment

STUCK_SECONDS = 60.0
"""After this long in one test the process says where it hangs and ends; each takes well under a second."""

ARTICLE = (
    "<article><h1>Boats</h1>" + "<p>The orchestra praised the winter garden for the third time.</p>" * 5 + "</article>"
)
LAST = "The very last words."


@pytest.fixture(autouse=True)
def dump_where_it_hangs() -> Iterator[None]:
    faulthandler.dump_traceback_later(STUCK_SECONDS, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


def check_bounds(cleaned: Cleaned, limits: Limits) -> None:
    assert len(cleaned.blocks) <= limits.max_blocks
    assert all(0 < len(block.text) <= limits.max_block_chars for block in cleaned.blocks)
    assert cleaned.status in ("ok", "degraded", "empty")


def nested(tag: str, depth: int) -> str:
    return f"<{tag}>" * depth


MARKUP = {
    "an open tag that never ends": "<a " * 17_000,
    "open titles": "<title " * 8_000,
    "titles never closed": "<title>x" * 8_000,
    "comments never closed": "<!--" * 25_000,
    "marked sections": "<![ x" * 20_000,
    "processing instructions": "<?x" * 30_000,
    "end tags of nothing": "</p>" * 50_000,
    "bold nested with attributes": "".join(f"<b {number}>" for number in range(6_000)),
    "paragraphs in open links": '<p><a href="AAAA">' * 10_000,
    "differing fonts around paragraphs": "".join(f"<font size={number}><p>" for number in range(20_000)),
    "fonts that every paragraph opens again": "<p>"
    + "".join(f"<font size={n}>" for n in range(600))
    + "<p>x" * 100_000,
    "lists in lists": "<ul><li>" * 100_000,
    "definition lists": "<dl><dt>" * 50_000,
    "heads of one row": "<table><tr>" + "<th>x" * 15_000 + "<td>" + "word " * 14,
    "lines parted by breaks": "<p>" + "x<br>" * 100_000,
    "numbers of lines in each other": "<pre>" + "<span class=ln>" * 20_000 + "x",
    "tables in tables": "<table><tr><td>" * 3_000,
    "text between rows": "<table>" + "x<tr>" * 10_000,
    "forms": "<form><input><button>" * 20_000,
    "selects": "<select><option>" * 20_000,
    "25,000 attributes": "<p " + " ".join(f"a{number}=1" for number in range(25_000)) + ">",
    "a class of 25,000 names": f'<p class="{" ".join(f"c{number}" for number in range(25_000))}">',
    "an id of a megabyte": f'<p id="{"x" * 1_000_000}">',
    "character references": "&amp;" * 100_000 + "&#1;&#xFFFFFFFF;&nosuch;&" * 5_000,
    "NUL bytes": "<p>a\0b</p>" + "<p>plain words here</p>" * 10,
    "svg in svg": "<svg><g>" * 20_000,
    "templates": "<template>" * 20_000,
    "frames": "<frameset>" * 20_000,
    "script that looks like an end": "<script>" + "</scrip" * 20_000,
    "plaintext": "<p>x</p><plaintext>" + "<p>" * 20_000,
    "JSON-LD of an unfinished author": '<script type="application/ld+json">{"author":' + " [{" * 60_000 + "</script>",
    "a title of a megabyte": "<title>" + "a | " * 250_000 + "</title>",
    "references to references in JSON-LD": '<script type="application/ld+json">'
    + '{"author":1,"@id":' * 900
    + "1"
    + ',"name":"x"}' * 900
    + "</script>",
    "bylines inside a class of half a megabyte": f'<div class="{"x" * 500_000}">'
    + '<span class="byline author date publish">x y</span>' * 100,
    "metas": '<meta name="a" content="b">' * 20_000,
}


@pytest.mark.parametrize("name", MARKUP)
def test_hostile_markup_alone_is_answered(tiny_cleaner: Cleaner, name: str) -> None:
    check_bounds(tiny_cleaner.clean(MARKUP[name], kind="html"), tiny_cleaner.limits)


@pytest.mark.parametrize("name", MARKUP)
def test_hostile_markup_behind_an_article_does_not_lose_it(tiny_cleaner: Cleaner, name: str) -> None:
    cleaned = tiny_cleaner.clean(ARTICLE + MARKUP[name], kind="html")
    check_bounds(cleaned, tiny_cleaner.limits)
    assert sum("for the third time" in block.text for block in cleaned.blocks) == 5


@pytest.mark.parametrize(
    "tag", ["div", "p", "span", "b", "a", "font", "ul", "blockquote", "section", "x-y", "pre", "em"]
)
def test_text_fifty_thousand_elements_deep_and_behind_them_is_read(tiny_cleaner: Cleaner, tag: str) -> None:
    ends = f"</{tag}>" * 50_000
    cleaned = tiny_cleaner.clean(f"{ARTICLE}{nested(tag, 50_000)}deep words{ends}<p>{LAST}</p>", kind="html")
    check_bounds(cleaned, tiny_cleaner.limits)
    found = " ".join(block.text for block in cleaned.blocks)
    assert "deep words" in found
    assert found.endswith(LAST)


def test_a_hundred_thousand_list_items_are_cut_at_the_limit_with_a_warning(tiny_cleaner: Cleaner) -> None:
    cleaned = tiny_cleaner.clean("<ul>" + "<li>item</li>" * 100_000 + "</ul>")
    assert len(cleaned.blocks) == tiny_cleaner.limits.max_blocks
    assert "the rest was not read" in cleaned.warnings[0]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("<p>The orchestra praised the winter garden.</p>" * 19_999, id="paragraphs"),
        pytest.param("The orchestra praised the winter garden.\n" * 19_999, id="lines"),
        pytest.param("<div class='comments'><p>Thanks, I liked it.</p></div>" * 9_999, id="comments"),
    ],
)
def test_as_many_blocks_as_are_allowed_are_all_judged(tiny_cleaner: Cleaner, source: str) -> None:
    """Twenty thousand paragraphs once took a context pass 18 seconds: it was quadratic."""
    cleaned = tiny_cleaner.clean(source)
    assert len(cleaned.blocks) == source.count("</p>") or len(cleaned.blocks) == source.count("\n")
    assert cleaned.status != "degraded"


def test_comments_in_deep_elements_cost_no_more_than_their_number(tiny_cleaner: Cleaner) -> None:
    deep = "<div class='comment-list'>" * 900
    cleaned = tiny_cleaner.clean(ARTICLE + deep + "<p>Thanks, I liked it.</p>" * 5_000)
    check_bounds(cleaned, tiny_cleaner.limits)


def test_dates_below_headings_of_comments_cost_no_more_than_their_number(tiny_cleaner: Cleaner) -> None:
    """Each of 20,000 dates was asked through 450 elements for each of eight headings: 3.5 seconds."""
    page = ARTICLE * 5 + "<p>12 Comments</p>" * 8 + "<div>" * 450 + "<p>3 May 2020" * 18_000
    check_bounds(tiny_cleaner.clean(page), tiny_cleaner.limits)


TEXTS = {
    "one huge line": "The orchestra praised the winter garden. " * 50_000,
    "one huge word": "x" * 5_000_000,
    "full stops": "." * 1_000_000,
    "quotes behind full stops": (". " + "”" * 1_000) * 500,
    "blank lines": "\n" * 2_000_000,
    "white space": " \t\u3000\xa0" * 500_000,
    "right-to-left text": "\u202eقالت الأوركسترا إن الحديقة جميلة. \u202c\n" * 2_000,
    "zero-width characters": "\u200b\u200d\ufeff\u2060\n" * 20_000,
    "combining marks": "e" + "\u0301" * 500_000,
    "emoji": "👩‍👩‍👧‍👦" * 20_000,
    "private use": "\ue000\U0010ffff" * 100_000,
    "less-than signs": "<" * 500_000,
    "links of nothing but signs": ("[!](!)" * 16_000 + "x\n") * 3,
    "pairs of lines": "a\nb\n\n" * 200_000,
    "list marks": "- \n1. \n> \n# \n" * 5_000,
    "wrapped at 72 columns": ("word " * 14 + "\n") * 19_000,
    "tabs and columns": "a\tb\tc\n" * 19_000,
    "control characters that white space has": "a\x0bb\x0cc\x85d\x85e\u2028f" * 5_000,
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("kind", ["text", "html"])
def test_hostile_text_is_answered(tiny_cleaner: Cleaner, name: str, kind: str) -> None:
    cleaned = tiny_cleaner.clean(TEXTS[name], kind="html" if kind == "html" else "text")
    check_bounds(cleaned, tiny_cleaner.limits)


COMMENTS = {
    "labels of a host": "a." * 100_000 + "@",
    "tags never closed": "[url=" * 100_000,
    "links never closed": "<a href=" * 100_000,
    "addresses in a tag never closed": "<a " + ("href=" + "x" * 40) * 44,
    "digits": "1" * 500_000,
    "numbers": "1 " * 250_000,
    "marks on marks": "e" + "\u0301" * 500_000,
    "letters set apart": "v i a g r a " * 50_000,
}


@pytest.mark.parametrize("name", COMMENTS)
def test_hostile_comments_are_judged(shipped_cleaner: Cleaner, name: str) -> None:
    """A name "a.a.a." of 4,000 characters took .9 s of searching for links, and threefold at twice the length."""
    source = COMMENTS[name]
    posted = [PostedComment(source, author=source, link=source), *[PostedComment(source[:2_000])] * 500]
    verdicts = shipped_cleaner.check_comments(posted, context=PageContext(source, source, source))
    assert len(verdicts) == 501
    assert all(0 <= verdict.probability <= 1 for verdict in verdicts)


@pytest.mark.parametrize("source", [b"", b" ", b"\0" * 2, b"\xef\xbb\xbf", b"\xff\xfe", "", "\u200b", "<", "<!--", "&"])
def test_next_to_nothing_is_empty(tiny_cleaner: Cleaner, source: bytes | str) -> None:
    cleaned = tiny_cleaner.clean(source)
    assert (cleaned.text, cleaned.status) == ("", "empty")


def test_a_page_of_nothing_but_scripts_is_empty(tiny_cleaner: Cleaner) -> None:
    page = "<html><head><script>if (a < b) document.write('<p>x</p>')</script><style>p{}</style></head></html>" * 100
    assert tiny_cleaner.clean(page).warnings == ("The page holds no visible text.",)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "shift_jis", "gb18030"])
def test_a_page_in_two_encodings_is_answered(tiny_cleaner: Cleaner, encoding: str) -> None:
    first = ARTICLE.replace("winter", "Wintergärtchen").encode("utf-8")
    second = f"<p>{LAST} Straße</p>".encode(encoding, "replace")
    for page in (first + second, second + first):
        check_bounds(tiny_cleaner.clean(page, kind="html"), tiny_cleaner.limits)


def test_every_limit_can_be_lowered_to_almost_nothing(tiny_cleaner: Cleaner) -> None:
    least = Limits(max_nodes=1, max_depth=1, max_blocks=1, max_block_chars=1, max_attribute_chars=1)
    for source in (ARTICLE, "Some words.\nAnd some more."):
        cleaned = replace(tiny_cleaner, limits=least).clean(source)
        assert len(cleaned.blocks) <= 1
        assert cleaned.status in ("degraded", "empty")
