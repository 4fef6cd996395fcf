"""Wrapped lines are found by the width they agree on, stretch by stretch, and nothing else is joined."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from model import Limits
from model.decoding import decode_page
from model.text_blocks import segment_text
from tests.model.test_text_blocks import ARTICLE, PARAGRAPHS, texts

WIDTHS = (50, 60, 72, 80, 100)
PROMPTS = [
    "Read more: The harbour master on winter",
    "Advertisement",
    "Leave a Reply",
    "Sign in to comment",
]


def wrapped(paragraphs: list[str], width: int, between: str = "\n\n") -> str:
    return between.join(textwrap.fill(paragraph, width) for paragraph in paragraphs)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_prompts_between_wrapped_paragraphs_stay_apart(width: int, between: str) -> None:
    mixed = [text for number, paragraph in enumerate(ARTICLE) for text in (paragraph, PROMPTS[number % 4])]
    page = between.join(textwrap.fill(text, width) if text in PARAGRAPHS else text for text in mixed)
    assert texts(page) == mixed


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("other", [45, 65, 90])
@pytest.mark.parametrize("seam", ["\n\n", "\n\x0c", "\n\n\ufeff"])
def test_pages_glued_together_have_their_own_widths(width: int, other: int, seam: str) -> None:
    assert texts(wrapped(ARTICLE, width) + seam + wrapped(ARTICLE, other)) == ARTICLE * 2


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_that_is_not_wrapped_may_stand_between_two_that_are(width: int) -> None:
    assert texts("\n\n".join([wrapped(ARTICLE, width), "\n".join(ARTICLE), wrapped(ARTICLE, 64)])) == ARTICLE * 3


@pytest.mark.parametrize("end", ["\r\n", "\r", "\r\r\n"])
def test_every_kind_of_line_end_wraps(end: str) -> None:
    assert texts(wrapped(ARTICLE, 72).replace("\n", end)) == ARTICLE


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["| port of call and its length | " + "x" * 30 + " |"] * 12, id="table rows"),
        pytest.param(
            [f"Harbour office number {number:02} is open on all days of the week" for number in range(12)], id="rows"
        ),
        pytest.param(["## " + PARAGRAPHS[0][:60], "![a boat](boat.jpg)", "+ " + PARAGRAPHS[1][:69]] * 5, id="Markdown"),
    ],
)
def test_rows_of_one_length_are_not_paragraphs(lines: list[str]) -> None:
    assert texts("\n".join(lines)) == lines


def test_paragraphs_of_a_script_without_spaces_are_not_joined_for_their_length() -> None:
    lines = [
        f"{'渡口的老船夫在河边修了很多年的船，' * 3}{'今天' * number}大家都来看他。"
        for number in (1, 1, 2, 1, 1, 2, 1, 1)
    ]
    assert texts("\n".join(lines)) == lines


def test_a_letter_that_was_read_as_latin_1_is_not_a_line_end() -> None:
    assert texts("Ã\x85ngstrÃ¶m and Ã\x85bo\nnext") == ["Ã\x85ngstrÃ¶m and Ã\x85bo", "next"]


def test_what_has_no_width_is_taken_off_the_ends_and_is_no_line() -> None:
    page = segment_text(
        decode_page("\u200b\n\u2060one\u200b\n\ufefftwo", kind="text", url=None, limits=Limits()), Limits()
    )
    assert [(block.text, block.position.line, block.position.column) for block in page.blocks] == [
        ("one", 2, 2),
        ("two", 3, 2),
    ]


WORD = st.sampled_from("boat harbour evening lamp a of to church children afternoon well rope summer old".split())
SENTENCE = st.lists(WORD, min_size=6, max_size=40).map(lambda words: " ".join(words).capitalize() + ".")


@given(st.lists(SENTENCE, min_size=8, max_size=20), st.sampled_from(WIDTHS))
def test_wrapped_or_not_the_blocks_are_the_same(paragraphs: list[str], width: int) -> None:
    paragraphs = [" ".join([paragraph, *paragraphs[:2]]) for paragraph in paragraphs]
    broken = [line for paragraph in paragraphs for line in textwrap.wrap(paragraph, width)[:-1]]
    # Lines that mostly end where sentences do are rows as likely as paragraphs.
    assume(sum(line.endswith(".") for line in broken) <= len(broken) / 3)
    assume(len(broken) >= len(paragraphs))  # where few lines are broken, none of their lengths stands out
    assert texts(wrapped(paragraphs, width)) == paragraphs


@given(
    st.lists(
        st.one_of(st.text("aA .\n\r\t\x0c-|#…", max_size=90), st.sampled_from(ARTICLE), st.just("\n\n")), max_size=30
    )
)
def test_the_words_of_the_blocks_are_those_of_the_text(parts: list[str]) -> None:
    page = "\n".join(parts)
    assert " ".join(texts(page)).split() == page.split()
