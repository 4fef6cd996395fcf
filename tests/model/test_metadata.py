"""What a page says of itself is taken from its head, then from what is marked or written as byline and date."""

from __future__ import annotations

import json

import pytest
from turbohtml import parse

from model.bylines import is_name, names_in, signed_names
from model.dates import find_day
from model.json_ld import read_json_ld
from model.metadata import read_metadata
from model.types import Metadata


def read(head: str, html: str = "<html>") -> Metadata:
    return read_metadata(parse(f"<!doctype html>{html}<head>{head}</head><body><p>Text</p></body></html>"))


def json_ld(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "Article", **values})}</script>'


def test_a_page_that_says_nothing_has_nothing() -> None:
    assert read("") == Metadata()
    assert read_metadata(parse("")) == Metadata()


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Plain title</title>", "Plain title"),
        ("<title> Spread\n over  lines </title>", "Spread over lines"),
        ("<title>A title | The Site</title>", "A title"),
        ("<title>A title - The Site</title>", "A title"),
        ("<title>A title — The Site</title>", "A title"),
        ("<title>Part one: the well-known road</title>", "Part one: the well-known road"),
        ("<title>1914-1918</title>", "1914-1918"),
        ('<meta property="og:title" content="Shared title"><title>Other | Site</title>', "Shared title"),
        ('<meta name="twitter:title" content="Short &amp; sharp">', "Short & sharp"),
        ('<meta property="og:title" content=" "><title>Real</title>', "Real"),
        ("<title></title>", None),
        ("<title> | </title>", "|"),
        ("<svg><title>Icon</title></svg>", "Icon"),
        (json_ld(headline="Told to machines"), "Told to machines"),
        ("<title>Plain title</title>" + json_ld(headline="Told to machines"), "Plain title"),
    ],
)
def test_the_shared_title_is_preferred_and_a_site_name_cut_off(head: str, title: str | None) -> None:
    assert read(head).title == title


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ('<meta name="author" content="Ada Reed">', "Ada Reed"),
        ('<meta name="AUTHOR" content="Ada Reed">', "Ada Reed"),
        ('<meta property="article:author" content="https://example.org/ada">', None),
        (
            '<meta property="article:author" content="https://example.org/ada">'
            + json_ld(author={"@type": "Person", "name": "Ada Reed"}),
            "Ada Reed",
        ),
        (json_ld(author={"@type": "Person", "name": "Ada Reed"}), "Ada Reed"),
        (json_ld(author=[{"name": "Ada Reed"}, {"name": "Bo Lind"}]), "Ada Reed, Bo Lind"),
        (json_ld(publisher={"name": "The Site"}), None),
        ('<script type="application/ld+json">{"author": </script>', None),
        ("<script>{'author': {'name': 'Nobody'}}</script>", None),
    ],
)
def test_the_author_is_a_name_not_an_address(head: str, byline: str | None) -> None:
    assert read(head).byline == byline


@pytest.mark.parametrize(
    ("content", "date"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024-03-05T10:00:00+01:00", "2024-03-05"),
        ("2024/03/05 10:00", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("March 5, 2024", "2024-03-05"),
        ("2024-13-45", None),
        ("1709640000", None),
        ("99999999", None),
        ("", None),
    ],
)
def test_a_date_is_an_iso_day_or_nothing(content: str, date: str | None) -> None:
    assert read(f'<meta property="article:published_time" content="{content}">').date == date


def test_the_date_is_found_in_json_ld_and_itemprops_too() -> None:
    assert read(json_ld(datePublished="2023-01-02T03:04:05Z")).date == "2023-01-02"
    assert read('<meta itemprop="datePublished" content="2023-01-02">').date == "2023-01-02"
    assert read('<meta name="date" content="soon">' + json_ld(datePublished="2023-01-02")).date == "2023-01-02"


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<html lang="de">', "de"),
        ('<html lang="en-US">', "en"),
        ('<html lang="PT_br">', "pt"),
        ('<html lang=" fr ">', "fr"),
        ('<html lang="gsw-CH">', "gsw"),
        ('<html lang="english">', None),
        ('<html lang="">', None),
        ("<html lang>", None),
        ("<html>", None),
    ],
)
def test_the_language_is_the_primary_subtag(html: str, language: str | None) -> None:
    assert read("", html).language == language


def test_an_unfinished_author_followed_by_a_lot_of_space_costs_linear_work() -> None:
    head = '<script type="application/ld+json">{"author":' + " " * 150_000 + "</script>"
    assert read(head * 8).byline is None  # the pattern once tried every way to share out the spaces: hours


def read_body(body: str, head: str = "") -> Metadata:
    return read_metadata(parse(f"<!doctype html><head>{head}</head><body>{body}</body>"))


@pytest.mark.parametrize(
    "body",
    [
        '<span itemprop="author"><b>Ada Reed</b> <i>12</i></span>',
        '<a rel="author" href="/x">Ada Reed</a>',
        '<div class="post-byline"><span>AR</span> <span>By Ada Reed</span> <span>3 min read</span></div>',
        '<p class="c-Author-name">Ada Reed</p>',
        '<a href="https://example.org/author/ada">Ada Reed</a>',
        '<div class="post"><a class="username" href="/u/1">Ada Reed</a></div>',
    ],
)
def test_an_author_is_found_where_markup_names_one(body: str) -> None:
    assert read_body(body).byline == "Ada Reed"


@pytest.mark.parametrize(
    "body",
    [
        '<div class="comments"><span class="author">Ada Reed</span></div>',
        '<aside><a rel="author">Ada Reed</a></aside>',
        '<p class="authorization">Sign In</p>',
        '<p class="author">Read more posts</p>',
        "".join(f'<p class="author">Ada {name}</p>' for name in ("Aa", "Bb", "Cc", "Dd", "Ee", "Ff", "Gg", "Hh")),
    ],
)
def test_authors_of_comments_teasers_and_index_pages_are_not_the_pages(body: str) -> None:
    assert read_body(body).byline is None


def test_the_site_is_its_own_author_only_where_nobody_else_is() -> None:
    head = '<meta property="og:site_name" content="The Weir Gazette">' + json_ld(author={"name": "The Weir Gazette"})
    assert read_body('<p class="byline">By Ada Reed</p>', head).byline == "Ada Reed"
    assert read_body("<p>Text</p>", head).byline == "The Weir Gazette"


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ('<time datetime="2024-03-05T08:00Z">yesterday</time>', "2024-03-05"),
        ('<meta itemprop="datePublished" content="2024-03-05">', "2024-03-05"),
        ('<span class="entry-date">5 March 2024</span>', "2024-03-05"),
        ('<div class="comment"><time datetime="2024-03-05">x</time></div>', None),
        ('<p class="last-modified"><time datetime="2024-03-05">x</time></p>', None),
    ],
)
def test_a_day_is_found_where_markup_names_one(body: str, date: str | None) -> None:
    assert read_body(body).date == date


def test_bylines_and_days_are_read_in_the_lines_below_the_title_only() -> None:
    head = parse("<title>The old bridge is closed</title>")
    lines = ["By Role Menu", "January 1, 2020", "The old bridge is closed", "By Ada Reed and Bo Lind", "March 5, 2024"]
    found = read_metadata(head, lines)
    assert (found.byline, found.date) == ("Ada Reed, Bo Lind", "2024-03-05")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Posted on Mar. 5th, 2024 by Ada", "2024-03-05"),
        ("5 de marzo de 2024", "2024-03-05"),
        ("5. März 2024", "2024-03-05"),
        ("05.03.2024", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("3/5/2024", "2024-03-05"),
        ("25/3/2024", "2024-03-25"),
        ("version 1.2.2024 of 31/31/2024", "2024-02-01"),
        ("Chapter 12, 1984 pages", None),
        ("5 APRİL 2024", "2024-04-05"),
        ("5 aprıl 2024", "2024-04-05"),
        ("Auguſt 5, 1999", "1999-08-05"),
        ("5 DİC 2024", "2024-12-05"),
        ("5 ſEP 2024 at 5 sep 2023", "2024-09-05"),
        ("", None),
    ],
)
def test_days_written_for_people_are_read(text: str, day: str | None) -> None:
    assert find_day(text) == day


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ada Reed", "Ada Reed"),
        ("Written by Ada Reed, Bo Lind & Cy Dahl | March 5, 2024", "Ada Reed, Bo Lind, Cy Dahl"),
        ("Von Ada Reed, 3. März 2024", "Ada Reed"),
        ("Par Ada Reed, le 3 mars 2024 à 10:42", "Ada Reed"),
        ("Por Ada Reed y Bo Lind, 3 de marzo de 2024", "Ada Reed y Bo Lind"),
        ("3. März 2024, von Ada Reed", "Ada Reed"),
        ("Am 3. März 2024 von Ada Reed", "Ada Reed"),
        ("By April Mai", "April Mai"),
        ("Ada Reed, PhD", "Ada Reed"),
        ("From: Ada Reed <ada@example.org>", "Ada Reed"),
        ("von Ada Reed am 5.3.2024", "Ada Reed am"),
        ("By admin", None),
        ("https://example.org/ada", None),
        ("3 min read", None),
        ("", None),
    ],
)
def test_a_byline_is_reduced_to_its_names(byline: str, names: str | None) -> None:
    assert names_in(byline) == names


@pytest.mark.parametrize(
    ("bylines", "names"),
    [
        (["July 2, 2025"], None),
        (["21 Aug, 2012", "487", "AED: 549.56", "Last Updated:", "Written by", "Member"], None),
        (["12/19 — 2025", "by ibby"], "ibby"),
        (["Written by", "The Ferry Team", "Bo Lind"], "The Ferry Team"),
        (["March 15, 2022 · 3 min read · By Ada Reed"], "Ada Reed"),
        (["May 3, 2017 By Ada Reed 4 Comments"], "Ada Reed"),
        (["ByAda Reed"], "Ada Reed"),
        (["Bylund Reed"], "Bylund Reed"),
        (["miller38013", "Posts: 98"], "miller38013"),
        ([], None),
    ],
)
def test_of_a_pages_bylines_the_first_that_holds_names_counts(bylines: list[str], names: str | None) -> None:
    assert signed_names(bylines) == names


@pytest.mark.parametrize(
    ("head", "site"),
    [
        ('<meta property="og:site_name" content="The Weir Gazette">', "The Weir Gazette"),
        ('<meta name="application-name" content="The Weir Gazette">', "The Weir Gazette"),
        (json_ld(author="Ada", publisher={"@type": "Organization", "name": "The Weir Gazette"}), "The Weir Gazette"),
        ("<title>A title | The Weir Gazette</title>", None),
    ],
)
def test_the_sites_name_is_what_the_page_calls_it(head: str, site: str | None) -> None:
    assert read(head).site_name == site


def test_json_ld_prefers_the_article_and_follows_references() -> None:
    graph = {
        "@graph": [
            {"@type": "WebSite", "name": "The Weir Gazette", "inLanguage": "en-GB"},
            {"@type": "VideoObject", "datePublished": "2001-01-01", "author": "A Camera"},
            {"@type": "NewsArticle", "headline": "Swifts", "author": {"@id": "#ada"}, "datePublished": "2024-03-05",
             "comment": [{"@type": "Comment", "author": "A Reader", "datePublished": "2024-04-01"}]},
            {"@type": "Person", "@id": "#ada", "name": "Ada Reed"},
        ]
    }  # fmt: skip
    found = read_json_ld([json.dumps(graph)])
    assert (found.headline, found.authors, found.date) == ("Swifts", ("Ada Reed",), "2024-03-05")
    assert found.site_name == "The Weir Gazette"


def test_an_author_that_refers_to_nobody_is_nobody() -> None:
    """A node without an address was found by authors without one."""
    graph = {"@graph": [{"@type": "Article", "author": {"@type": "Person"}}, {"@id": None, "name": "Harbour Shop"}]}
    assert read_json_ld([json.dumps(graph)]).authors == ()


def test_what_json_ld_says_can_be_sent() -> None:
    found = read_json_ld([r'{"@type": "Article", "author": {"name": "Ada \ud800 \ud83d\ude00"}, "headline": "\udfff"}'])
    assert found.authors == ("Ada \ufffd \U0001f600",)
    assert found.headline == "\ufffd"


@pytest.mark.parametrize(
    "script",
    [
        '{"author":' * 100_000,
        '{"a":' * 60_000 + "1" + "}" * 60_000 + '"author"',
        '{"author": NaN, "datePublished": 7, "@type": [null, {}, 3]}',
        '["author", [[[[]]]], {"@type": "Article", "author": {"name": {"name": 3}}}]',
        '{"@graph": [' + '{"@type": "Article", "headline": 1},' * 30_000 + "{}]}",
        "\x00\ud800" * 10 + '"author"',
        '"author"' * 100_000,
    ],
)
def test_hostile_json_ld_says_nothing_and_raises_nothing(script: str) -> None:
    found = read_json_ld([script] * 20)
    assert (found.authors, found.date) == ((), None)


@pytest.mark.parametrize("joined", ["Joined: Tue Mar 3, 2015", "Registriert: 3. März 2015", "Регистрация: 3.03.2015"])
def test_the_day_on_which_a_member_joined_is_not_the_pages(joined: str) -> None:
    posted = "by hayrick » Sun Jul 14, 2019 9:31 pm"
    head = "<title>Clutch slips</title>"
    document = parse(f"<!doctype html><head>{head}</head><body></body>")
    assert read_metadata(document, ["Clutch slips", joined, posted]).date == "2019-07-14"
    assert read_metadata(document, ["Clutch slips", joined]).date is None


def test_a_title_that_holds_the_page_ends_with_its_first_line() -> None:
    script = "function grow() { return 1; } " * 40
    assert read("<title>\n A quiet boat \n" + script + "</title>").title == "A quiet boat"
    assert read("<title>" + script).title == script[:400]
    assert read("<title>Ein lan&shy;ger Name</title>").title == "Ein langer Name"


@pytest.mark.parametrize("label", ["Your Name", "My Account", "Read More", "Senior Member"])
def test_a_label_is_no_name(label: str) -> None:
    assert not is_name(label)
    assert is_name("Ada van der Reed")
