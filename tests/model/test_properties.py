"""What holds for every page, whatever is in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Cleaned, Cleaner, InputError, Label, Limits, Options
from model.decoding import decode_page
from model.html_blocks import segment_html
from model.rendering import render, shown_blocks
from model.text_blocks import segment_text
from model.types import CommentMode, Dial, Format, Kind, Page, Segmentation, SourceKind

LINE_END = re.compile("\r{0,2}\n|[\r\v\f\u2028\u2029]")
"""What ends a line of plain text. Python's `splitlines` also breaks at U+0085, which no editor counts as a line."""

Clean = Callable[..., Cleaned]
Segment = Callable[[Page, Limits], Segmentation]

TAGS = (
    "p div span a b em h1 h2 ul li ol dl dt dd table tr td th article main nav aside footer form button pre "
    "blockquote figure figcaption noscript br hr img script style title head body section svg font center x-y"
).split()
WORDS = "boat reply harbour Home 2024 — « größer 日本語 🙂 don't e-mail © &amp; &lt; http://x.example".split()
ATTRIBUTES = ('class="related"', "id=comment-3", "hidden", "style='display:none'", "href=/x", 'class="a b c"', "x" * 50)

text = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\n\r\t\x0b\x85\u2028\u200b\ufeff .!?…"),
    max_size=300,
)
lines = st.lists(st.sampled_from([*WORDS, "", "Leave a Reply", "A sentence stands here.", "- item", "\t"]), max_size=40)
prose = st.lists(st.sampled_from(["boat", "reply", "größer", "日本語", "x1"]), min_size=1, max_size=5)
plain = text | lines.map("\n".join) | lines.map(" ".join)


@st.composite
def markup(draw: st.DrawFn) -> str:
    """Tags that open and close in any order, with words between them."""
    parts = []
    for _ in range(draw(st.integers(0, 40))):
        tag = draw(st.sampled_from(TAGS))
        opening = f"<{tag} {draw(st.sampled_from(ATTRIBUTES))}>"
        parts.append(
            draw(st.sampled_from([f"<{tag}>", f"</{tag}>", opening, f"<{tag}", "<!-- x", "-->", "<", "\n", ">"]))
        )
        parts.append(" ".join(draw(st.lists(st.sampled_from(WORDS), max_size=4))))
    return "".join(parts)


page = markup() | plain
source = page | page.map(str.encode) | st.text(max_size=300) | st.binary(max_size=400)
kind = st.sampled_from(get_args(Kind))
options = st.builds(
    Options,
    dial=st.sampled_from(get_args(Dial)),
    keep=st.frozensets(st.sampled_from(Label), max_size=4),
    comments=st.sampled_from(get_args(CommentMode)),
    always_drop=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
    always_keep=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
)


@pytest.fixture(scope="module")
def clean(tiny_cleaner: Cleaner) -> Clean:
    """The method alone: Hypothesis prints what a test was given, and a whole cleaner fills screens."""
    return tiny_cleaner.clean


def answer(clean: Clean, source: bytes | str, kind: Kind, options: Options | None = None) -> Cleaned | str:
    """The page cleaned, or what was said when it was refused."""
    try:
        return clean(source, kind=kind, options=options)
    except InputError as error:
        return str(error)


def spaced(string: str) -> str:
    return " ".join(string.split())


@given(source=source, kind=kind, options=options)
def test_any_input_is_answered_or_refused_as_no_page(
    clean: Clean, source: bytes | str, kind: Kind, options: Options
) -> None:
    cleaned = answer(clean, source, kind, options)
    if isinstance(cleaned, str):
        assert cleaned.endswith("Extract its text first.")
        return
    assert cleaned.status in ("ok", "degraded", "empty")
    assert (cleaned.status == "empty") == (not shown_blocks(cleaned))
    assert cleaned.status == "ok" or cleaned.warnings
    assert 0 <= cleaned.confidence <= 1
    for form in get_args(Format):
        render(cleaned, form).encode()


@given(source=source, kind=kind)
def test_the_same_page_gives_the_same_answer(clean: Clean, source: bytes | str, kind: Kind) -> None:
    assert answer(clean, source, kind) == answer(clean, source, kind)


@given(page=page, options=options)
def test_every_block_is_either_in_the_text_or_not(clean: Clean, page: str, options: Options) -> None:
    cleaned = clean(page, options=options)
    decoded = decode_page(page, kind="auto", url=None, limits=Limits())
    segmentation = (segment_html if decoded.kind == "html" else segment_text)(decoded, Limits())
    assert [block.text for block in cleaned.blocks] == [block.text for block in segmentation.blocks]
    shown = [
        block
        for block in cleaned.blocks
        if block.kept and block.label not in {Label.TITLE, Label.BYLINE} - options.keep
    ]
    assert spaced(cleaned.text) == spaced(" ".join(block.text for block in shown))
    assert all(block.text.strip() and block.reasons and 0 <= block.probability <= 1 for block in cleaned.blocks)


@given(text=plain)
def test_every_block_of_a_plain_text_stands_in_it_in_order(text: str) -> None:
    segmentation = segment_text(Page(text, "text"), Limits())
    assert " ".join(spaced(block.text) for block in segmentation.blocks) == spaced(text)
    starts = [(block.position.line, block.position.column) for block in segmentation.blocks]
    assert starts == sorted(starts)
    rows = LINE_END.split(text)
    found = [rows[block.position.line - 1][block.position.column - 1] for block in segmentation.blocks]
    assert found == [block.text[0] for block in segmentation.blocks]


@given(page=page)
def test_no_word_is_in_the_text_that_is_not_on_the_page(clean: Clean, page: str) -> None:
    cleaned = clean(page, kind="text", options=Options(dial="recall"))
    assert set(re.findall(r"\w+", cleaned.text)) <= set(re.findall(r"\w+", page))


@given(lines=st.lists(prose, max_size=20), tags=st.sampled_from(["p", "div", "li", "table><tr><td", "h2"]))
def test_no_word_is_in_the_text_that_is_not_in_the_markup(clean: Clean, lines: list[list[str]], tags: str) -> None:
    ends = "".join(f"</{tag.strip('<>')}>" for tag in reversed(tags.split("><")))
    html = "".join(f"<{tags}>{' '.join(line)}{ends}" for line in lines)
    segmentation = segment_html(Page(html, "html"), Limits())
    assert [block.text for block in segmentation.blocks] == [" ".join(line) for line in lines]
    assert set(clean(html, kind="html").text.split()) <= {word for line in lines for word in line}


@given(page=page, phrase=st.sampled_from(WORDS))
def test_a_phrase_that_is_always_dropped_is_in_no_text(clean: Clean, page: str, phrase: str) -> None:
    every_label = frozenset(Label)
    for keep in (frozenset[Label](), every_label):
        cleaned = clean(page, kind="text", options=Options(always_drop=(phrase,), keep=keep))
        assert not [block for block in cleaned.blocks if phrase.lower() in block.text.lower() and block.kept]
        assert phrase.lower() not in cleaned.text.lower()


@given(page=page, phrase=st.sampled_from(WORDS), dial=st.sampled_from(get_args(Dial)))
def test_a_phrase_that_is_always_kept_is_kept(clean: Clean, page: str, phrase: str, dial: Dial) -> None:
    chosen = Options(dial=dial, always_drop=(phrase, "e"), always_keep=(phrase,))
    cleaned = clean(page, options=chosen)
    assert not [block for block in cleaned.blocks if phrase.lower() in block.text.lower() and not block.kept]


@given(page=page, most=st.integers(1, 6), segment=st.sampled_from([segment_html, segment_text]))
def test_limits_cut_a_page_short_and_change_nothing_before_the_cut(page: str, most: int, segment: Segment) -> None:
    kind: SourceKind = "html" if segment is segment_html else "text"
    whole = segment(Page(page, kind), Limits())
    short = segment(Page(page, kind), replace(Limits(), max_blocks=most))
    assert short.blocks == whole.blocks[:most]
    assert whole.warnings or bool(short.warnings) == (len(whole.blocks) > most)
