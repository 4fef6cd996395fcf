"""Links and type in Markdown and HTML: a parser finds the text as it was, and nothing that the page did not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from model import Cleaner
from model.html_blocks import segment_html
from model.inline_markdown import inline_markdown
from model.inline_spans import Span
from model.limits import Limits
from model.markdown import markdown_of
from model.rendering import render, to_html
from model.types import Block, Cleaned, CleanedBlock, Label, Options, Page
from tests.model.all_article import all_article

PARSER = MarkdownIt("commonmark").enable("table")
_KINDS = {"strong": "strong", "em": "emphasis"}
Styled = list[tuple[str, frozenset[str], str]]
"""Characters with the kinds of span around each and where it links to."""


def read(document: str) -> Styled:
    """What a parser reads."""
    return [char for token in PARSER.parse(document) for char in _read(token.children or [])]


def _read(tokens: list[Token]) -> Iterator[tuple[str, frozenset[str], str]]:
    around: list[tuple[str, str]] = []
    for token in tokens:
        assert token.type not in ("html_inline", "image")
        if token.nesting == 1:
            around.append((_KINDS.get(token.tag, "link"), str(token.attrGet("href") or "")))
        elif token.nesting == -1:
            around.pop()
        kinds = {kind for kind, _ in around} | ({"code"} if token.type == "code_inline" else set())
        said = token.content or ("\n" if token.type == "hardbreak" else "")
        if token.nesting == 0:
            yield from ((char, frozenset(kinds), "".join(href for _, href in around)) for char in said)


def had(block: Block) -> Styled:
    """What the page had, but for raised and lowered letters."""
    found: list[tuple[set[str], str]] = [(set(), "") for _ in block.text]
    for span in block.marks.spans() if block.marks is not None else ():
        if span.kind not in ("sub", "sup"):
            for place in range(span.start, span.end):
                found[place] = (found[place][0] | {span.kind}, found[place][1] + span.href)
    return [(char, frozenset(kinds), href) for char, (kinds, href) in zip(block.shown, found, strict=True)]


def blocks(html: str) -> tuple[Block, ...]:
    return segment_html(Page(html, "html"), Limits(), inline=True).blocks


def as_html(html: str) -> str:
    """The HTML of a page of which every block is article."""
    cleaned = Cleaned("", None, None, None, None, None, 0.9, all_article(html), (), "ok", (), "v1")
    return to_html(cleaned).removeprefix("<article>\n").removesuffix("\n</article>")


def written(block: Block, label: Label = Label.BODY, tag: str = "p") -> str:
    cleaned = CleanedBlock(block.shown, label, 0.9, True, (), block.position, tag, marks=block.marks)
    return markdown_of([cleaned])


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a <b>b</b> <i>c</i> <code>d</code> <a href=/e>f</a>", "a **b** *c* `d` [f](/e)"),
        ("un<b>believ</b>able", "un**believ**able"),
        ("<b>a <i>b</i> <a href=c>d <code>e</code></a></b>", "**a *b* [d `e`](c)**"),
        ("<b><i>a</i> b</b> <i><b>c</b></i>", "***a* b** ***c***"),
        ("H<sub>2</sub>O, m<sup>2</sup>, <code>a<sub>b</sub></code>", "H2O, m2, `ab`"),
        ("<code>a`b</code> <code>``</code> <code>*a*</code> <code>\\[</code>", "``a`b`` ``` `` ``` `*a*` `\\[`"),
        ("<code>a<br>b</code>", "`a`  \n`b`"),
        ("<b>a<br>- b</b>", "**a  \n\\- b**"),
        ("<a href='/x (y) z'>[a](b)</a>", r"[\[a\](b)](/x%20%28y%29%20z)"),
        ("<a href='/?a=1&amp;copy;'>x</a>", r"[x](/?a=1\&copy;)"),
        ("Go!<a href=x>on</a>", r"Go\![on](x)"),
        ("say<b>&quot;no&quot;</b>now, <b>no.</b>w", 'say"no"now, no.w'),
        ("say <b>&quot;no&quot;</b>, (<i>no.</i>)", 'say **"no"**, (*no.*)'),
        ("<b>a</b><i>b</i>", "**a**b"),
        ("[<b>x</b>](y) &am<b>p;</b>", r"[**x**\](y) &am**p;**"),
        ("<b>1</b>. a", "**1**. a"),
        ("- <b>a</b>", r"\- **a**"),
        ("<b>$x_1$</b> and $a_b$ and <i>$x*y$</i>", r"**$x_1$** and $a_b$ and *$x\*y$*"),
        ("<a href=javascript:x>a</a> <a href=u><img src=v></a>b", "a b"),
    ],
)
def test_what_the_page_marks_is_marked_where_markdown_can(html: str, expected: str) -> None:
    assert written(blocks(f"<p>{html}")[0]) == expected


def test_a_heading_is_bold_already() -> None:
    whole, part = blocks("<h2><b>Head</b></h2><h2>A <b>new</b> <a href=u>head</a> #</h2>")
    assert written(whole, Label.HEADING, "h2") == "## Head"
    assert written(part, Label.HEADING, "h2") == r"## A **new** [head](u) \#"
    assert written(part, Label.TITLE, "h1") == r"# A **new** [head](u) \#"


def test_code_blocks_hold_no_marks() -> None:
    assert written(blocks("<pre><b>a</b> <a href=u>b</a></pre>")[0], tag="pre") == "```\na b\n```"


TEXT = st.text(st.sampled_from("ab1 *_`[]()!&;<>.\"'#|-~\\:€"), max_size=6).map(escape)
WORDS = st.lists(st.sampled_from(["one", "two", "3"]), min_size=1, max_size=3).map(lambda words: f" {' '.join(words)} ")
TAGS = st.sampled_from(["b", "i", "code", "sup", "a href=/u", "a href=/v"])


def fragments(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Markup of text in and beside inline elements."""
    return st.recursive(
        text,
        lambda inside: (
            st.builds(
                lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>", TAGS, st.lists(inside, max_size=3)
            )
            | st.lists(inside, max_size=3).map("".join)
        ),
        max_leaves=8,
    )


@example("<b>a</b>*<i>b</i>")
@example("a<b>*</b>a")
@example("<b>a</b><i><b>b</b></i>c")
@example("<i>a<b>b</b></i>c<b>d<i>e</i>f</b>g")
@example("<code>`</code>`<code>a</code>")
@example("[<a href=/u>]</a>(")
@example("!<a href=/u>!</a>!<b><a href=/v>a</a></b>")
@given(fragments(TEXT))
def test_a_parser_finds_the_text_and_no_mark_that_the_page_has_not(html: str) -> None:
    for block in blocks(f"<p>{html}</p>"):
        page, parsed = had(block), read(written(block))
        assert [char for char, _, _ in parsed] == [char for char, _, _ in page]
        for (_, kinds, href), (_, known, link) in zip(parsed, page, strict=True):
            assert kinds <= known
            assert (href, kinds & {"code", "link"}) == (link, known & {"code", "link"})


@given(fragments(WORDS))
def test_between_words_every_mark_is_found(html: str) -> None:
    for block in blocks(f"<p>{html}</p>"):
        assert read(written(block)) == had(block)


@given(fragments(TEXT), fragments(TEXT))
def test_marks_in_a_table_stay_in_their_cells(one: str, two: str) -> None:
    cells = [block for html in (one, two) for block in blocks(f"<p>{html}</p>")]
    row = [written(block).replace("|", r"\|").replace("\n", " ") for block in cells]
    if cells and not any("\\" in block.text for block in cells):
        table = f"| {' | '.join(row)} |\n|{' --- |' * len(row)}"
        assert [char for char, _, _ in read(table)] == [char for block in cells for char in block.text]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "a <b>b &amp; <i>c</i></b><br>H<sub>2</sub> m<sup>2</sup> <kbd>&lt;k&gt;</kbd>",
            "<p>a <strong>b &amp; <em>c</em></strong><br>\nH<sub>2</sub> m<sup>2</sup> <code>&lt;k&gt;</code></p>",
        ),
        ("<a href='/x\"&amp;' onclick=y' target=_blank class=z>a</a>", '<p><a href="/x%22&amp;">a</a></p>'),
        ("<a href=javascript:x>a</a> <a href=data:x>b</a>", "<p>a b</p>"),
        ("<h2><strong>a</strong></h2>", "<h2>a</h2>"),
        ("<ul><li><b>a</b></ul>", "<ul>\n<li><strong>a</strong></li>\n</ul>"),
        ("<pre><b>a</b></pre>", "<pre>a</pre>"),
        (
            "<table><tr><td><a href=u>a</a><td>b<tr><td>c<td><i>d</i></table>",
            '<table>\n<tr><td><a href="u">a</a></td><td>b</td></tr>\n<tr><td>c</td><td><em>d</em></td></tr>\n</table>',
        ),
    ],
)
def test_html_has_the_links_and_type_of_the_page_and_nothing_else_of_it(html: str, expected: str) -> None:
    assert as_html(f"<p>{html}") == expected


@given(fragments(WORDS))
def test_html_is_read_as_what_was_written(html: str) -> None:
    page = blocks(f"<p>{html}</p>")
    again = blocks(as_html(f"<p>{html}</p>"))
    assert [block.shown for block in again] == [block.shown for block in page]
    assert [block.marks and block.marks.spans() for block in again] == [
        block.marks and block.marks.spans() for block in page
    ]


def test_the_shipped_filter_decides_the_same_with_and_without_spans(shipped_cleaner: Cleaner) -> None:
    page = (
        "<html><body><nav><a href=/>Home</a></nav><main><h1>Barley pudding</h1><p>My <b>grandmother</b> cooked this "
        "pudding each Sunday, for as long as <a href='plums.html'>anybody</a> in the family can remember, and served "
        "it with stewed plums from the <i>garden</i> behind the house.</p></main></body></html>"
    )
    plain = shipped_cleaner.clean(page, url="https://a.org/b/")
    marked = shipped_cleaner.clean(page, url="https://a.org/b/", options=Options(inline=True))
    assert replace(marked, options=plain.options) == plain
    assert "My grandmother" in render(plain, "markdown")
    assert "My **grandmother** cooked" in render(marked, "markdown")
    assert "[anybody](https://a.org/b/plums.html)" in render(marked, "markdown")
    assert '<a href="https://a.org/b/plums.html">anybody</a>' in render(marked, "html")
    assert render(marked, "text") == plain.text
    assert render(marked, "json") == render(plain, "json")


def test_twenty_thousand_nested_elements_and_a_hundred_thousand_links_are_written_once() -> None:
    """A shape that had gone quadratic would not end within minutes."""
    nested = blocks("<p>a " + "<b>" * 20_000 + "x" + "<i>y</i>" * 20_000)[0]
    assert written(nested).startswith("a **x")
    links = blocks("<p>" + "<a href=u>x</a>" * 49_000)[0]
    assert written(links).count("[x](u)") == 49_000
    apart = blocks("".join(f"<p>{'<a href=u>x</a>' * 10}" for _ in range(10_000)))
    assert sum(written(block).count("[x](u)") for block in apart) == 100_000
    failing = Span(0, 1, "strong")
    dropped = [failing._replace(start=place, end=place + 1) for place in range(0, 50_000, 2)]
    assert "**" not in inline_markdown(".a" * 25_000, dropped)
