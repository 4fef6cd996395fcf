"""What a page says of itself is taken from its head, and nothing is guessed."""

from __future__ import annotations

import json

import pytest
from turbohtml import parse

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
        (json_ld(author=[{"name": "Ada Reed"}, {"name": "Bo Lind"}]), "Ada Reed"),
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
        ("March 5, 2024", None),
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
