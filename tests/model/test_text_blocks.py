"""Plain text is cut at its lines; wrapped lines are joined again, and one huge line is read by sentences."""

from __future__ import annotations

import textwrap

import pytest

from model import Limits
from model.decoding import decode_page
from model.text_blocks import segment_text
from model.types import Segmentation

PARAGRAPHS = [
    "The morning boat was late again, and the baker on the quay had sold every roll before its passengers came "
    "ashore. Nobody complained, since most of them had eaten on board while they waited for the fog to lift.",
    "In the afternoon the wind turned. Two of the smaller boats were taken up to the sheds behind the church, and "
    "the children were allowed to help with the ropes, which they talked about for the rest of the summer.",
    "It was quiet after that until the lamp was lit.",
]
ARTICLE = [*PARAGRAPHS[:2] * 3, PARAGRAPHS[2]]


def segment(text: str, **limits: int) -> Segmentation:
    bounds = Limits(**limits)
    return segment_text(decode_page(text, kind="text", url=None, limits=bounds), bounds)


def texts(text: str) -> list[str]:
    return [block.text for block in segment(text).blocks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(" \n\t\n\u3000\n", [], id="blank lines"),
        pytest.param("one", ["one"], id="no line end"),
        pytest.param("one\ntwo\n\n\nthree\n", ["one", "two", "three"], id="lines"),
        pytest.param("one\r\ntwo\r\n\r\nthree", ["one", "two", "three"], id="CRLF"),
        pytest.param("one\rtwo", ["one", "two"], id="CR"),
        pytest.param("one\u2028two\x0cthree", ["one", "two", "three"], id="line and form separators"),
        pytest.param("\ufeffone\ntwo", ["one", "two"], id="byte-order mark"),
        pytest.param("  padded \t\n\ttabbed", ["padded", "tabbed"], id="padding"),
        pytest.param("a  b", ["a  b"], id="space within a line"),
        pytest.param("# Head\n\n- one\n- two\n\n> said\n", ["# Head", "- one", "- two", "> said"], id="Markdown"),
        pytest.param("<p>not markup</p>", ["<p>not markup</p>"], id="tags"),
        pytest.param("第一行。\n第二行。", ["第一行。", "第二行。"], id="Chinese"),
    ],
)
def test_a_line_is_a_block(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize("width", [50, 72, 80, 100])
def test_wrapped_lines_are_joined_into_their_paragraphs(width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in ARTICLE)
    assert texts(wrapped) == ARTICLE


def test_in_wrapped_text_list_items_headings_and_short_lines_stay_apart() -> None:
    lines = [
        *textwrap.wrap(PARAGRAPHS[0], 72),
        "- bring a rope that is long enough for both boats, and somebody who has",
        "  done it before",
        "- bring a lamp",
        "1. ask first",
        "",
        "What came after",
        *textwrap.wrap(PARAGRAPHS[1], 72),
    ]
    assert texts("\n".join(lines)) == [
        PARAGRAPHS[0],
        "- bring a rope that is long enough for both boats, and somebody who has done it before",
        "- bring a lamp",
        "1. ask first",
        "What came after",
        PARAGRAPHS[1],
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(PARAGRAPHS), id="paragraphs of one line each"),
        pytest.param("\n".join(["A line of verse", "and another one", "shorter"] * 5), id="verse"),
        pytest.param("\n".join(f"Entry {number} in a list of things" for number in range(20)), id="list"),
        pytest.param("\n".join([*textwrap.wrap(PARAGRAPHS[0], 72)[:2], PARAGRAPHS[1]]), id="too few lines to tell"),
    ],
)
def test_text_that_was_not_wrapped_is_left_as_it_is(text: str) -> None:
    assert texts(text) == text.splitlines()


def test_one_huge_line_is_read_by_sentences_each_at_its_column() -> None:
    sentences = [f"Sentence {number} says “little.” " for number in range(200)]
    page = segment("  " + "".join(sentences))
    assert [block.text for block in page.blocks] == [sentence.strip() for sentence in sentences]
    assert {block.position.line for block in page.blocks} == {1}
    assert [block.position.column for block in page.blocks[:2]] == [3, 3 + len(sentences[0])]


def test_a_text_of_one_long_line_is_read_by_sentences_and_a_paragraph_among_others_is_not() -> None:
    line = "The ferry left the harbour at dawn. " * 20
    assert len(texts(line)) == 20
    assert len(texts(f"{line}\n\nThe crossing took three hours.")) == 2


def test_a_huge_line_without_spaces_between_sentences_is_read_by_them_too() -> None:
    assert texts("这是一句话。" * 600) == ["这是一句话。"] * 600


def test_positions_are_lines_and_columns_counted_from_one() -> None:
    page = segment("one\n\n   two\n\tthree")
    assert [(block.position.line, block.position.column) for block in page.blocks] == [(1, 1), (3, 4), (4, 2)]


def test_a_wrapped_paragraph_stands_where_its_first_line_does() -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in ARTICLE)
    lengths = [len(textwrap.wrap(paragraph, 72)) + 1 for paragraph in ARTICLE]
    starts = [1 + sum(lengths[:number]) for number in range(len(ARTICLE))]
    assert [block.position.line for block in segment(wrapped).blocks] == starts


def test_plain_text_has_no_elements_and_says_nothing_of_itself() -> None:
    page = segment("one\ntwo")
    assert page.elements == ()
    assert page.metadata.title is None
    assert {block.element for block in page.blocks} == {-1}
    assert page.tag_of(page.blocks[0]) == "p"


def test_beyond_the_block_limit_the_rest_is_unread_and_said_so() -> None:
    page = segment("line\n" * 11, max_blocks=10)
    assert len(page.blocks) == 10
    assert page.warnings == ("The text has more than 10 blocks; the rest was not read.",)
    assert segment("line\n" * 10, max_blocks=10).warnings == ()


def test_a_sentence_longer_than_a_block_may_be_is_split_and_nothing_lost() -> None:
    page = segment("x" * 250_001)
    assert [len(block.text) for block in page.blocks] == [100_000, 100_000, 50_001]
    assert [block.position.column for block in page.blocks] == [1, 100_001, 200_001]
