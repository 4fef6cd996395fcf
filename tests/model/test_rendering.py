"""A cleaned page as text, Markdown, HTML and JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from model.limits import Limits
from model.rendering import join_text, render, shown_blocks, to_dict
from model.text_blocks import segment_text
from model.types import Cleaned, CleanedBlock, Comment, Container, Label, Options, Page, Position, SourceKind


def block(
    text: str, label: Label, tag: str = "p", *inside: str, line: int = 1, column: int = 1, kept: bool = True
) -> CleanedBlock:
    """`inside` are the tags around it, each the only one of its kind."""
    reasons = ("reads as article text",)
    around = tuple(Container(name, number) for number, name in enumerate(inside))
    return CleanedBlock(text, label, 0.123456, kept, reasons, Position(line, column), tag, around)


BLOCKS = (
    block("Menu", Label.NAVIGATION, "li", kept=False),
    block("The title", Label.TITLE, "h1"),
    block("By Ada", Label.BYLINE),
    block("A <b>bold</b> & bare claim", Label.BODY),
    block("Part one", Label.HEADING, "h3"),
    block("An item", Label.BODY, "li", "ul", "li"),
    block("Said by somebody", Label.BODY, "p", "blockquote"),
    block("Its meaning", Label.BODY, "dd"),
    block("x = 1\n\ny = 2", Label.BODY, "pre"),
    block("What it shows", Label.CAPTION, "figcaption"),
)


def page(*blocks: CleanedBlock, kind: SourceKind = "html", options: Options | None = None) -> Cleaned:
    options = options or Options()
    cleaned = Cleaned(
        text="",
        title="The title",
        byline=None,
        date="2024-03-05",
        language="en",
        page_type=None,
        confidence=0.98765432,
        blocks=blocks or BLOCKS,
        comments=(Comment("Nice", "Bo", None, 0.25),),
        status="degraded",
        warnings=("partly read",),
        model_version="v1",
        kind=kind,
        options=options,
    )
    return replace(cleaned, text=join_text(shown_blocks(cleaned), kind))


def test_line_breaks_of_the_page_are_line_breaks_in_every_form() -> None:
    verse = block("Roses < thorns\nViolets & vines", Label.BODY)
    answer = page(
        verse, block("Part\none", Label.HEADING, "h3"), block("A\nb", Label.BODY, "li", "ul", "li"), *cells("1\n2", "3")
    )
    assert answer.text == "Roses < thorns\nViolets & vines\n\nPart\none\n\nA\nb\n\n1 2\t3\n4\t5"
    assert render(answer, "markdown") == (
        "Roses \\< thorns  \nViolets & vines\n\n### Part one\n\n- A  \n  b\n\n| 1 2 | 3 |\n| --- | --- |\n| 4 | 5 |"
    )
    assert render(answer, "html").split("\n", 1)[1] == (
        "<p>Roses &lt; thorns<br>\nViolets &amp; vines</p>\n<h3>Part<br>\none</h3>\n<ul>\n<li>A<br>\nb</li>\n</ul>\n"
        "<table>\n<tr><td>1<br>\n2</td><td>3</td></tr>\n<tr><td>4</td><td>5</td></tr>\n</table>\n</article>"
    )


def cells(first: str, second: str) -> list[CleanedBlock]:
    """A table of two rows, the first as given."""
    table = Container("table", 90)
    places = [(first, 91, 92), (second, 91, 93), ("4", 94, 95), ("5", 94, 96)]
    return [
        replace(block(text, Label.BODY, "td"), inside=(table, Container("tr", row), Container("td", cell)))
        for text, row, cell in places
    ]


def test_text_is_the_shown_blocks_parted_by_a_blank_line() -> None:
    assert render(page(block("One", Label.BODY), block("Two", Label.BODY)), "text") == "One\n\nTwo"


def test_an_article_heading_is_never_above_the_second_level_in_markdown() -> None:
    shown = page(block("Head", Label.HEADING, "h1"), block("Bold line", Label.HEADING, "p"))
    assert render(shown, "markdown") == "## Head\n\n## Bold line"


def test_plain_text_as_markdown_is_left_as_it_was() -> None:
    cleaned = page(block("# Head", Label.HEADING, line=1), block("Body", Label.BODY, line=2), kind="text")
    assert render(cleaned, "markdown") == cleaned.text == "# Head\n\nBody"


def test_html_escapes_everything_that_came_from_the_page() -> None:
    html = render(page(), "html")
    assert html.startswith("<article>\n<p>A &lt;b&gt;bold&lt;/b&gt; &amp; bare claim</p>\n<h3>Part one</h3>")
    assert "<ul>\n<li>An item</li>\n</ul>\n<blockquote>\n<p>Said by somebody</p>\n</blockquote>" in html
    assert "<pre>x = 1\n\ny = 2</pre>" in html
    assert html.endswith("</article>")
    attack = page(block('<script>alert(1)</script><img src=x onerror="a()">', Label.HEADING, "script"))
    assert render(attack, "html") == (
        "<article>\n<h2>&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;a()&quot;&gt;</h2>\n</article>"
    )


@pytest.mark.parametrize(
    ("keep", "text"),
    [
        (set(), "Body"),
        ({Label.TITLE}, "# T\n\nBody"),
        ({Label.BYLINE}, "B\n\nBody"),
        ({Label.TITLE, Label.BYLINE}, "# T\n\nB\n\nBody"),
    ],
)
def test_title_and_byline_are_shown_only_when_asked_for(keep: set[Label], text: str) -> None:
    blocks = block("T", Label.TITLE, "h1"), block("B", Label.BYLINE), block("Body", Label.BODY)
    assert render(page(*blocks, options=Options(keep=frozenset(keep))), "markdown") == text


def test_a_title_that_a_phrase_drops_is_not_shown_even_when_titles_are_asked_for() -> None:
    blocks = block("T", Label.TITLE, kept=False), block("Body", Label.BODY)
    assert page(*blocks, options=Options(keep=frozenset({Label.TITLE}))).text == "Body"


def test_the_cells_of_a_row_stay_on_one_line_and_are_cells_in_html() -> None:
    cells = [
        replace(
            block(text, Label.BODY, "td"), inside=(Container("table", 1), Container("tr", row), Container(tag, row))
        )
        for text, row, tag in (("Radius", 2, "th"), ("1 < 2", 3, "td"))
    ]
    pairs = [replace(cell, inside=(*cell.inside[:2], Container("td", 9)), text="Area") for cell in cells]
    table = [cells[0], pairs[0], cells[1], pairs[1]]
    assert join_text([block("Above", Label.BODY), *table], "html") == "Above\n\nRadius\tArea\n1 < 2\tArea"
    html = "<table>\n<tr><th>Radius</th><td>Area</td></tr>\n<tr><td>1 &lt; 2</td><td>Area</td></tr>\n</table>"
    assert html in render(page(*table), "html")


def test_code_and_headings_in_items_and_the_start_of_a_list_are_kept_in_html() -> None:
    items = [
        replace(block(text, label, tag), inside=(Container("ol", 1, start=5), Container("li", number)))
        for number, (text, label, tag) in enumerate(
            [("a\n  b", Label.BODY, "pre"), ("Head", Label.HEADING, "h3"), ("Line", Label.BODY, "p")], 2
        )
    ]
    html = '<ol start="5">\n<li><pre>a\n  b</pre></li>\n<li><h3>Head</h3></li>\n<li>Line</li>\n</ol>'
    assert html in render(page(*items), "html")


def test_sentences_of_one_line_of_plain_text_stay_on_one_line() -> None:
    one_line = [block("First.", Label.BODY, line=3), block("Second.", Label.BODY, line=3, column=8)]
    next_line = block("Third.", Label.BODY, line=4)
    assert join_text([*one_line, next_line], "text") == "First. Second.\n\nThird."
    assert join_text([*one_line, next_line], "html") == "First.\n\nSecond.\n\nThird."
    assert join_text([], "text") == ""


def test_sentences_that_stood_side_by_side_get_no_space_between_them() -> None:
    page_of_one_line = "这是一句话。" * 600
    found = segment_text(Page(page_of_one_line, "text"), Limits()).blocks
    assert len(found) == 600
    blocks = [block(b.text, Label.BODY, line=b.position.line, column=b.position.column) for b in found]
    assert join_text(blocks, "text") == page_of_one_line
    assert join_text([blocks[0], blocks[2]], "text") == "这是一句话。 这是一句话。"


def test_json_holds_everything_in_the_answer() -> None:
    cleaned = page()
    document = json.loads(render(cleaned, "json"))
    assert document == to_dict(cleaned)
    assert set(document) == {
        "text", "title", "byline", "date", "language", "page_type", "confidence", "status", "warnings", "kind",
        "blocks", "comments", "model_version", "site_name",
    }  # fmt: skip
    assert document["confidence"] == 0.9877
    assert document["warnings"] == ["partly read"]
    assert document["comments"] == [
        {
            "author": "Bo",
            "date": None,
            "text": "Nice",
            "spam_probability": 0.25,
            "spam_reasons": [],
            "depth": 0,
            "parent": None,
            "position": {"line": 1, "column": 1},
        }
    ]
    assert document["blocks"][0] == {
        "text": "Menu",
        "label": "navigation",
        "probability": 0.1235,
        "kept": False,
        "reasons": ["reads as article text"],
        "tag": "li",
        "position": {"line": 1, "column": 1},
    }


def test_json_is_written_in_its_own_letters() -> None:
    assert "Größe 東京" in render(page(block("Größe 東京", Label.BODY)), "json")
