"""The article as Markdown: a parser of CommonMark reads out of it what was put in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from model import Cleaner
from model.inline_markdown import escaped
from model.markdown import markdown_of
from model.rendering import render
from model.types import CleanedBlock, Label, Position
from tests.model.all_article import all_article

_BREAKS = {"softbreak": " ", "hardbreak": "\n"}
PARSER = MarkdownIt("commonmark").enable("table")


def markdown(html: str) -> str:
    """A page of markup of which every block is article."""
    return markdown_of(all_article(html))


def shape(document: str) -> list[str]:
    """What a parser reads: opening tags and the text between them."""
    return list(_shape(PARSER.parse(document)))


def _shape(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.nesting == 1 and token.tag not in ("p", "thead", "tbody"):
            yield token.tag
        if token.type == "inline":
            assert all(child.type in ("text", "text_special", *_BREAKS) for child in token.children or [])
            said = (_BREAKS.get(child.type, child.content) for child in token.children or [])
            yield "".join(said)
        if token.type == "fence":
            yield f"fence {token.content}"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "Two."]),
        ("<h1>Head</h1><h3>Lower</h3>", ["h2", "Head", "h3", "Lower"]),
        ("<ul><li>One</li><li>Two</li></ul>", ["ul", "li", "One", "li", "Two"]),
        ("<ol><li>One</li><li>Two</li></ol>", ["ol", "li", "One", "li", "Two"]),
        ("<ul><li>One<ul><li>In</li></ul></li><li>Two</li></ul>", ["ul", "li", "One", "ul", "li", "In", "li", "Two"]),
        ("<ol><li><p>A</p><p>B</p></li><li>C</li></ol>", ["ol", "li", "A", "B", "li", "C"]),
        ("<li>Stray</li>", ["ul", "li", "Stray"]),
        ("<blockquote><p>A</p><p>B</p></blockquote><p>C</p>", ["blockquote", "A", "B", "C"]),
        ("<blockquote><ul><li>A</li></ul></blockquote>", ["blockquote", "ul", "li", "A"]),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>1|2</td><td>3</td></tr></table>",
            ["table", "tr", "th", "A", "th", "B", "tr", "td", "1|2", "td", "3"],
        ),
        ("<table><tr><td>A</td></tr><tr><td>B</td></tr></table>", ["A", "B"]),
        (
            "<table><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table>",
            ["table", "tr", "th", "A", "th", "B", "tr", "td", "C", "td", ""],
        ),
        (
            "<table><tr><td rowspan=2>A</td><td>B</td></tr><tr><td>C</td></tr></table>",
            ["table", "tr", "th", "A", "th", "B", "tr", "td", "", "td", "C"],
        ),
        (
            "<ul><li><p>A</p><p>2024 was B</p></li><li><p>A</p><p>-5 degrees</p></li></ul>",
            ["ul", "li", "A", "2024 was B", "li", "A", "-5 degrees"],
        ),
        ("<ul><li>One</li><ul><li>In</li></ul><li>Two</li></ul>", ["ul", "li", "One", "ul", "li", "In", "li", "Two"]),
        ("<ul><li>One<ol start=3><li>In</li></ol></li></ul>", ["ul", "li", "One", "ol", "li", "In"]),
        ("<ul><ul><li>In</li></ul><li>One</li></ul>", ["ul", "li", "ul", "li", "In", "li", "One"]),
        ("<h2>Learn C #</h2><h3>C##</h3><h2>#</h2>", ["h2", "Learn C #", "h3", "C##", "h2", "#"]),
        (
            "<table><caption>Up</caption><tr><td>A</td><td>B</td></tr><tr><td>C</td><td>D</td></tr></table>",
            ["Up", "table", "tr", "th", "A", "th", "B", "tr", "td", "C", "td", "D"],
        ),
        ("<pre>a\n\n```\n# b</pre>", ["fence a\n\n```\n# b\n"]),
        ("<ul><li>One<pre>x = 1\n\ny = 2</pre></li></ul>", ["ul", "li", "One", "fence x = 1\n\ny = 2\n"]),
    ],
)
def test_lists_quotations_tables_and_code_keep_their_form(html: str, expected: list[str]) -> None:
    assert shape(markdown(html)) == expected


def test_an_ordered_list_starts_where_it_did() -> None:
    assert markdown("<ol start=5><li>A</li><li>B</li></ol>") == "5. A\n6. B"
    assert markdown("<ol start=-5><li>A</li></ol><ol start=x><li>B</li></ol>") == "1. A\n\n1. B"


@pytest.mark.parametrize("said", ["<img src=x>", "</b>", "<!--", "[x](javascript:y)", "[x]: y"])
def test_a_formula_is_no_tag_and_no_link(said: str) -> None:
    """Dollar signs around markup let it pass unescaped."""
    assert shape(escaped(f"${said}$")) == [f"${said}$".replace("<", "< ").replace("]", "] ")]
    assert escaped("$a<2$ and $b_1<c$") == "$a<2$ and $b_1< c$"


def test_a_table_that_lays_out_a_page_is_no_table() -> None:
    prose = "The ferry left the harbour at dawn, and the crossing took three hours because of the fog. " * 4
    page = f"<table><tr><td>Menu</td><td><p>{prose}</p></td></tr><tr><td>Home</td><td><p>{prose}</p></td></tr></table>"
    assert "table" not in shape(markdown(page))


@example("~~~")
@example("__a__ b(__a__)")
@example("[[]()")
@example("[[a]](b)")
@example("[1]: a")
@given(st.text(st.sampled_from("ab _*`#>[](){}<>&;:+-=.!1\\|~\n"), min_size=1, max_size=40))
def test_whatever_a_paragraph_says_a_parser_reads_the_same(text: str) -> None:
    said = " ".join(text.split())
    if said:
        assert shape(escaped(said)) == [said]


@example(["a | b", "--- | ---"])
@example(["a", "--"])
@example(["a", "* b"])
@example(["a", "1) b"])
@given(st.lists(st.text(st.sampled_from("ab _*`#>[](){}<>&;:+-=.!1\\|~"), min_size=1, max_size=20), max_size=4))
def test_line_breaks_of_a_page_are_hard_breaks_whatever_its_lines_say(lines: list[str]) -> None:
    said = [" ".join(line.split()) for line in lines if line.strip()]
    paragraph = CleanedBlock("\n".join(said), Label.BODY, 0.9, True, (), Position(1, 1))
    assert shape(markdown_of([paragraph] if said else [])) == (["\n".join(said)] if said else [])


def test_lists_without_end_are_written_without_recursion_trouble() -> None:
    deep = "<ul><li>x" * 400
    assert markdown(deep).count("x") == 400


def test_the_shipped_filter_writes_what_the_page_built(shipped_cleaner: Cleaner) -> None:
    steps = ("Warm the milk slowly in a heavy pan.", "Stir in the barley and let it swell for an hour.")
    page = (
        "<html><body><main><h1>Barley pudding</h1><p>My grandmother cooked this pudding each Sunday, for as long as "
        "anybody in the family can remember, and served it with stewed plums from the garden behind the house.</p>"
        f"<ol><li>{steps[0]}</li><li>{steps[1]}</li></ol></main></body></html>"
    )
    assert f"1. {steps[0]}\n2. {steps[1]}" in render(shipped_cleaner.clean(page), "markdown")
