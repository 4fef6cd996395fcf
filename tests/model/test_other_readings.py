"""What a page holds of its article where no parser looks is read, and said to be."""

from __future__ import annotations

import json

import pytest

from model import Cleaner
from model.html_blocks import segment_html
from model.limits import Limits
from model.types import Page, Segmentation

FIRST = "He had kept the light for thirty-one years, and in his last winter the sea took the lower steps of the tower."
SECOND = "He counted what was left & wrote it down, as he had always done. Nobody read it until the spring came."
SHELL = '<div id="root">Loading ...</div><noscript>You need to enable JavaScript to run this app.</noscript>'


def page_with(article: str, body: str = SHELL) -> str:
    about = {"@type": "NewsArticle", "headline": "The last winter", "articleBody": article}
    script = json.dumps(about).replace("</", "<\\/")
    return (
        f'<html><head><title>The last winter</title><script type="application/ld+json">{script}</script></head>'
        f"<body>{body}</body></html>"
    )


def segment(html: str) -> Segmentation:
    return segment_html(Page(html, "html"), Limits())


@pytest.mark.parametrize(
    "article",
    [
        pytest.param(f"{FIRST}\n\n{SECOND}", id="lines"),
        pytest.param(f"{FIRST}\r\n{SECOND.replace('&', '&amp;')}", id="references"),
        pytest.param(f"<p>{FIRST}</p>\n<p>{SECOND.replace('&', '&amp;')}</p>", id="markup"),
        pytest.param(f"&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;", id="escaped markup"),
    ],
)
def test_an_article_that_only_json_ld_holds_is_read(shipped_cleaner: Cleaner, article: str) -> None:
    cleaned = shipped_cleaner.clean(page_with(article))
    assert (cleaned.text, cleaned.title) == (f"{FIRST}\n\n{SECOND}", "The last winter")
    assert cleaned.status == "degraded"
    assert "JSON-LD" in cleaned.warnings[-1]


@pytest.mark.parametrize(
    ("article", "body"),
    [
        pytest.param(f"{FIRST} {SECOND}", f"<article><p>{FIRST}</p><p>{SECOND}</p></article>", id="shown"),
        pytest.param(f"{FIRST} {SECOND}", f"<article><p>{FIRST} ...</p></article>", id="half of it shown"),
        pytest.param(f"<p class='{'long ' * 400}'>{FIRST}</p>" * 2, f"<p>{FIRST}</p>" * 2, id="more markup than text"),
        pytest.param(FIRST, SHELL, id="a summary"),
        pytest.param("", SHELL, id="nothing"),
    ],
)
def test_what_the_page_shows_itself_is_read_there(article: str, body: str) -> None:
    assert segment(page_with(article, body)).warnings == ()


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param("&#" + "9" * 5_000 + ";", id="a reference of more digits than Python reads"),
        pytest.param(" " * 100_000 + "x", id="more spaces than a pattern for line ends should try"),
        pytest.param("<" * 50_000 + "&" * 50_000, id="signs of markup"),
    ],
)
def test_an_article_in_json_ld_that_is_made_to_break_is_read_like_others(odd: str) -> None:
    told = segment(page_with(f"{FIRST} {SECOND}\n{odd}"))
    assert told.blocks[1].text.startswith(FIRST)
    assert "JSON-LD" in told.warnings[-1]


def test_frames_say_that_what_they_show_stands_elsewhere() -> None:
    frames = '<HTML><FRAMESET COLS="20%,80%"><FRAME SRC=a.html><NOFRAMES><BODY><P>{}</P></BODY></NOFRAMES></FRAMESET>'
    told = segment(frames.format("Tom writes about walks &amp; pubs."))
    assert [(block.text, told.tag_of(block)) for block in told.blocks] == [("Tom writes about walks & pubs.", "p")]
    assert (told.blocks[0].position.line, told.blocks[0].position.column) == (1, frames.index("<P>") + 1)
    for page in (told, segment(frames.format(""))):
        assert "set of frames" in page.warnings[-1]


def test_a_shell_that_scripts_would_fill_is_empty_and_says_why(shipped_cleaner: Cleaner) -> None:
    cleaned = shipped_cleaner.clean(f"<title>Harbour news</title><body>{SHELL}")
    assert (cleaned.text, cleaned.status) == ("", "empty")
    assert "JavaScript" in cleaned.warnings[-1]
    asked = "<noscript>You need to enable JavaScript to run this app.</noscript>"
    page = f"<title>Harbour news</title><body>{asked}<article><p>{FIRST}</p><p>{SECOND}</p></article>"
    assert shipped_cleaner.clean(page).text == f"{FIRST}\n\n{SECOND}"


def test_texts_that_speak_of_scripts_are_read(shipped_cleaner: Cleaner) -> None:
    text = f"{FIRST}\n\nJavaScript is a language.\n\n{SECOND}"
    assert "JavaScript" in shipped_cleaner.clean(text, kind="text").text


def test_a_thread_for_readers_without_scripts_is_no_shell(shipped_cleaner: Cleaner) -> None:
    posts = f"<p>Which JavaScript framework draws tide tables best?</p><p>{FIRST}</p><p>{SECOND}</p><p>{FIRST}</p>"
    cleaned = shipped_cleaner.clean(f"<title>Harbour forum</title><body><noscript>{posts * 3}</noscript>")
    assert cleaned.status != "empty"
    assert FIRST in cleaned.text
