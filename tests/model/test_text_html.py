"""Plain text and Markdown as HTML."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turbohtml import parse

from model.limits import Limits
from model.rendering import join_text, to_html
from model.text_blocks import segment_text
from model.types import Cleaned, CleanedBlock, Label, Page


def html(source: str, headings: Sequence[str] = (), title: str = "") -> list[str]:
    """The lines inside `<article>` where everything is kept."""
    blocks = tuple(
        CleanedBlock(
            b.text,
            Label.TITLE if b.text == title else Label.HEADING if b.text in headings else Label.BODY,
            1.0,
            True,
            (),
            b.position,
        )
        for b in segment_text(Page(source, "text"), Limits()).blocks
    )
    shown = [block for block in blocks if block.label is not Label.TITLE]
    text = join_text(shown, "text", source)
    cleaned = Cleaned(text, None, None, None, None, None, 1.0, blocks, (), "ok", (), "v1", kind="text")
    return to_html(cleaned).split("\n")[1:-1]


WRAPPED = """The mill stood on the river for three hundred years, and nobody
in the village could remember a time when its wheel had been
still for longer than a week. When the council closed it in the
spring, the miller's granddaughter wrote to the newspaper and
asked who would now grind the barley that the farms around the
lake had brought down the hill since before there was a road."""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("One.\nTwo & <three>.", ["<p>One.</p>", "<p>Two &amp; &lt;three&gt;.</p>"], id="lines"),
        pytest.param(WRAPPED, [f"<p>{' '.join(WRAPPED.split())}</p>".replace("'", "&#x27;")], id="wrapped paragraph"),
        pytest.param("It rained. " * 80, ["<p>" + ("It rained. " * 80).strip() + "</p>"], id="sentences of one line"),
        pytest.param(
            "The poem goes:\n\nThe tide comes in,\nthe tide goes out,\nand nobody knows why.\n\nThat was it.",
            [
                "<p>The poem goes:</p>",
                "<p>The tide comes in,<br>",
                "the tide goes out,<br>",
                "and nobody knows why.</p>",
                "<p>That was it.</p>",
            ],
            id="verse",
        ),
        pytest.param("- one\n- two", ["<ul>", "<li>one</li>", "<li>two</li>", "</ul>"], id="list"),
        pytest.param(
            "3. a\n4) b\n6. c", ['<ol start="3">', "<li>a</li>", "<li>b</li>", '<li value="6">c</li>', "</ol>"]
        ),
        pytest.param(
            "- one\n  - nested\n    - deeper\n- two",
            "<ul>|<li>|<p>one</p>|<ul>|<li>|<p>nested</p>|<ul>|<li>deeper</li>|</ul>|</li>|</ul>|</li>|<li>two</li>|</ul>".split(
                "|"
            ),
            id="nested lists",
        ),
        pytest.param("- a\n\n1. b", ["<ul>", "<li>a</li>", "</ul>", "<ol>", "<li>b</li>", "</ol>"], id="two lists"),
        pytest.param(
            "1. a\n\n   ```\n   if x:\n     y\n   ```\n2. b",
            ["<ol>", "<li>", "<p>a</p>", "<pre>if x:", "  y</pre>", "</li>", "<li>b</li>", "</ol>"],
            id="code in a list",
        ),
        pytest.param(
            "> Said by one.\n>\n> - and\n\n> Another.",
            "<blockquote> <p>Said_by_one.</p> <ul> <li>and</li> </ul> </blockquote> <blockquote> <p>Another.</p> "
            "</blockquote>".split(),
            id="quotations",
        ),
        pytest.param("```py\na < b\n\n- c\n```", ["<pre>a &lt; b", "", "- c</pre>"], id="code"),
        pytest.param("```\nnever closed", ["<p>```</p>", "<p>never closed</p>"], id="a fence that nothing closes"),
        pytest.param("One.\n\n---\n\nTwo.", ["<p>One.</p>", "<hr>", "<p>Two.</p>"], id="rule"),
        pytest.param(
            "| a | b |\n|---|---|\n| 1\\|2 | |",
            ["<table>", "<tr><th>a</th><th>b</th></tr>", "<tr><td>1|2</td><td></td></tr>", "</table>"],
            id="table",
        ),
        pytest.param("| a |\n| b |", ["<p>| a |<br>", "| b |</p>"], id="rows without a head are no table"),
    ],
)
def test_text_is_written_as_what_its_lines_are(source: str, expected: list[str]) -> None:
    assert html(source) == [line.replace("_", " ") for line in expected]


def test_headings_are_headings_and_their_signs_say_how_deep() -> None:
    assert html(
        "# T\n\n### Part one ##\n\nSaid.\n\nPart two\n\n# no heading", ["### Part one ##", "Part two"], "# T"
    ) == [
        "<h3>Part one</h3>",
        "<p>Said.</p>",
        "<h2>Part two</h2>",
        "<p># no heading</p>",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("## Learn C#", "<h2>Learn C#</h2>", id="a sign that is said"),
        pytest.param("## Learn C# #", "<h2>Learn C#</h2>", id="and one that is not"),
        pytest.param("#Learn", "<h2>#Learn</h2>", id="no space"),
    ],
)
def test_signs_end_a_heading_behind_a_space_alone(line: str, expected: str) -> None:
    assert html(f"{line}\n\nSaid.", [line]) == [expected, "<p>Said.</p>"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("# a" + " " * 90_000 + "z", id="spaces in a heading"),
        pytest.param("# " + "#" * 90_000 + "z", id="signs in a heading"),
        pytest.param("# " + " #" * 45_000 + "z", id="signs and spaces in a heading"),
        pytest.param("| a |\n|" + "-" * 90_000 + "z|", id="dashes below the head of a table"),
        pytest.param("- " * 45_000 + "z", id="a rule that is none"),
    ],
)
def test_lines_made_to_be_slow_are_written_like_others(line: str) -> None:
    """Patterns that tried such a line from each of its characters to its end took minutes."""
    assert "z" in "".join(html(line, [line]))


@given(st.lists(st.text(st.sampled_from("ab <&-*1.>|`#_  \t"), max_size=8), max_size=12))
def test_every_letter_of_the_text_is_in_its_html(lines: list[str]) -> None:
    root = parse("\n".join(html("\n".join(lines)))).root
    assert root is not None
    fences = (line for line in lines if line.strip().startswith("```"))  # what stands behind one names a language
    letters = [letter for letter in "\n".join(lines) if letter in "ab<&"]
    assert (
        len(letters) - sum(letter in "ab<&" for letter in "".join(fences))
        <= len([letter for letter in root.text if letter in "ab<&"])
        <= len(letters)
    )


def test_lists_and_quotations_without_end_are_written_without_recursion_trouble() -> None:
    assert "".join(html(">" * 5_000 + " x")).count("x") == 1
    assert "".join(html("\n".join(" " * depth + "- x" for depth in range(2_000)))).count("x") == 2_000
