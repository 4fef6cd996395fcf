"""Where links and type stand in a block's text, whatever the markup around them does to it."""

from __future__ import annotations

import pickle
from itertools import pairwise

import pytest

from model.html_blocks import segment_html
from model.inline_spans import Span, address, base_address, pieces
from model.limits import Limits
from model.types import Block, Page


def blocks(html: str, url: str | None = None) -> tuple[Block, ...]:
    return segment_html(Page(html, "html", url), Limits(), inline=True).blocks


def spans(html: str, url: str | None = None) -> list[tuple[str, str, str]]:
    """Kind, text and address of every span of a page."""
    return [
        (span.kind, block.text[span.start : span.end], span.href)
        for block in blocks(html, url)
        for span in (block.marks.spans() if block.marks is not None else ())
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>no type <span>at all</span></p>", [], id="none"),
        pytest.param("<p>a <b>b</b> <strong>c</strong></p>", [("strong", "b c")], id="bold beside bold"),
        pytest.param("<p>a <i>b</i> c <em>d</em></p>", [("emphasis", "b"), ("emphasis", "d")], id="italics"),
        pytest.param(
            "<p><code>a</code> <kbd>b</kbd> <samp>c</samp>, <tt>d</tt><code>e</code></p>",
            [("code", "a"), ("code", "b"), ("code", "c"), ("code", "de")],
            id="code: keys are two unless they touch",
        ),
        pytest.param("<p>H<sub>2</sub>O, m<sup>2</sup></p>", [("sub", "2"), ("sup", "2")], id="lowered and raised"),
        pytest.param("<p>un<b>believ</b>able</p>", [("strong", "believ")], id="part of a word"),
        pytest.param("<p>a<b> \n b\n</b>c <i> </i><b></b></p>", [("strong", "b")], id="white space at the edges"),
        pytest.param("<p> \n <b>  a \n\t b  </b> c</p>", [("strong", "a b")], id="white space inside"),
        pytest.param("<p><b>a <b>b</b> c</b></p>", [("strong", "a b c")], id="bold inside bold"),
        pytest.param(
            "<p><b>a <i>b</b> c</i></p>",
            [("strong", "a b"), ("emphasis", "b"), ("emphasis", "c")],
            id="overlapping ends",
        ),
        pytest.param("<p>a<br><b>b<br>c</b></p>", [("strong", "b c")], id="line breaks"),
        pytest.param("<b><p>a</p><p>b</p></b>", [("strong", "a"), ("strong", "b")], id="around blocks"),
        pytest.param("<p>never <b>closed<p>at all", [("strong", "closed"), ("strong", "at all")], id="never closed"),
        pytest.param(
            "<a href=/a><h2>Head</h2><p>Text</p></a>", [("link", "Head", "/a"), ("link", "Text", "/a")], id="card"
        ),
        pytest.param("<p><a href=/a>a</a><a href=/b>b</a></p>", [("link", "a", "/a"), ("link", "b", "/b")], id="glued"),
        pytest.param("<p><a href=/a>a</a> <a href=/a>b</a></p>", [("link", "a", "/a"), ("link", "b", "/a")], id="two"),
        pytest.param("<p>a <a href=/a><img src=x alt=y></a> b</p>", [], id="around an image"),
        pytest.param("<p><a name=x>a</a> <a href=''>b</a> <a href='#'>c</a></p>", [], id="leads nowhere"),
        pytest.param("<p>weeks<sup><a href=#1>1</a></sup>.</p>", [("sup", "[1]"), ("link", "[1]", "#1")], id="note"),
        pytest.param(
            "<p><code>f(<a href=x>y</a>)</code></p>",
            [("code", "f("), ("link", "y", "x"), ("code", "y"), ("code", ")")],
            id="code is innermost",
        ),
        pytest.param("<p><b>a\xadb</b> \ufeff<i>\u200b</i>c</p>", [("strong", "ab")], id="invisible"),
        pytest.param("<p><b>木造</b><ruby><b>橋</b><rt>はし</rt></ruby></p>", [("strong", "木造橋")], id="reading"),
        pytest.param("<p><span>Energy</span><b>241</b></p>", [("strong", "241")], id="words that only style parts"),
        pytest.param("<pre>a <b>b</b></pre>", [], id="preformatted"),
        pytest.param("<p>see <math><mi>x</mi></math> <b>$y$</b></p>", [("strong", "$y$")], id="formula"),
    ],
)
def test_spans_are_where_the_page_has_them(html: str, expected: list[tuple[str, ...]]) -> None:
    assert spans(html) == [(*span, "")[:3] for span in expected]


def test_spans_lie_in_each_other_and_start_in_their_order() -> None:
    block = blocks("<p><a href=u><b>x <i>y</i></b> z</a> <i>p<sup>2</sup></i></p>")[0]
    assert block.marks is not None
    found = block.marks.spans()
    assert found == (
        Span(0, 5, "link", "u"),
        Span(0, 3, "strong"),
        Span(2, 3, "emphasis"),
        Span(6, 8, "emphasis"),
        Span(7, 8, "sup"),
    )
    assert all(before.start <= after.start for before, after in pairwise(found))
    told = [piece if isinstance(piece, str) else "(" if piece[1] else ")" for piece in pieces(block.text, found)]
    assert "".join(told) == "((x (y)) z) (p(2))"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("http://a.org/b", "http://a.org/b"),
        ("HTTPS://a.org", "HTTPS://a.org"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("/b?c=d&e#f", "/b?c=d&e#f"),
        ("//a.org/b", "//a.org/b"),
        ("#note", "#note"),
        (" /b \n", "/b"),
        ('/a b"c<d>\\e`f|', "/a%20b%22c%3Cd%3E%5Ce%60f%7C"),
        ("/straße", "/straße"),
        ("javascript:alert(1)", ""),
        (" \x01JavaScript:alert(1)", ""),
        ("java\nscript\t:alert(1)", ""),
        ("data:text/html,x", ""),
        ("vbscript:x", ""),
        ("file:///etc/passwd", ""),
        ("tel:123", ""),
    ],
)
def test_links_lead_to_pages_and_mailboxes(href: str, expected: str) -> None:
    assert address(href) == expected


@pytest.mark.parametrize(
    ("html", "url", "expected"),
    [
        pytest.param("<a href=b>x</a>", None, "b", id="base not known"),
        pytest.param("<a href=b>x</a>", "https://a.org/c/d?e", "https://a.org/c/b", id="of the page"),
        pytest.param("<a href=#n>x</a>", "https://a.org/c?e", "https://a.org/c?e#n", id="on the page"),
        pytest.param("<base href=/s/><a href=b>x</a>", "https://a.org/c/d", "https://a.org/s/b", id="stated"),
        pytest.param("<BASE href=https://b.org/><a href=b>x</a>", None, "https://b.org/b", id="stated alone"),
        pytest.param("<base href=javascript:x><a href=b>x</a>", "https://a.org/", "https://a.org/b", id="script"),
        pytest.param("<base href='http://['><a href=b>x</a>", None, "b", id="no address"),
        pytest.param("<a href='//b.org/c'>x</a>", "https://a.org/", "https://b.org/c", id="scheme"),
        pytest.param("<a href=mailto:b@c.org>x</a>", "https://a.org/", "mailto:b@c.org", id="mailbox"),
        pytest.param("<a href=b>x</a>", "page-1.html", "b", id="url that is a file's name"),
        pytest.param("<a href=b>x</a>", "https://a.org/" + "c" * 300, "b", id="longer than any"),
    ],
)
def test_relative_links_count_from_the_page_where_it_is_known(html: str, url: str | None, expected: str) -> None:
    assert spans(html, url) == [("link", "x", expected)]


def test_what_is_no_address_at_all_is_no_link() -> None:
    assert spans("<a href='http://[x'>x</a>", "https://a.org/") == []
    assert base_address(None) == base_address("ftp://a.org/") == ""


def test_a_block_that_is_cut_into_pieces_has_no_spans() -> None:
    page = segment_html(Page("<p><b>ab cd</b> ef", "html"), Limits(max_block_chars=4), inline=True)
    assert [block.marks for block in page.blocks] == [None, None]


def test_an_address_that_paragraphs_could_repeat_without_end_is_none() -> None:
    """A link that is never closed is opened again in each paragraph."""
    assert spans(f"<p><a href=/{'x' * 1999}>a<p>b") == [("link", text, "/" + "x" * 1999) for text in "ab"]
    assert spans(f"<p><a href=/{'x' * 2000}>a<p>b") == []


def test_blocks_with_spans_are_hashed_compared_and_sent_like_others() -> None:
    block = blocks("<p>a <a href=u><b>b</b></a>")[0]
    assert block.marks is not None
    sent = pickle.loads(pickle.dumps(block))
    assert (sent, sent.marks.spans(), hash(sent)) == (block, block.marks.spans(), hash(block))
