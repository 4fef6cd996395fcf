"""The filter as a whole, with a tiny model and invented pages: what goes in, what comes out, what options change."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest

import model
from model import Cleaner, InputError, Label, Limits, OptionError, Options
from model.types import Cleaned, Dial
from training.corpora import LabelledPage

MakePage = Callable[[int], LabelledPage]


@pytest.fixture
def page(make_page: MakePage) -> bytes:
    """A page of a site that the tiny model has not seen, with comments."""
    return make_page(101).html


@pytest.fixture
def cleaned(tiny_cleaner: Cleaner, page: bytes) -> Cleaned:
    return tiny_cleaner.clean(page)


def words(text: str) -> set[str]:
    return set(text.split())


def test_the_article_comes_back_without_the_noise_around_it(
    tiny_cleaner: Cleaner, make_page: MakePage, cleaned: Cleaned
) -> None:
    assert cleaned.text.split("\n\n") == (make_page(101).gold or "").split("\n")
    assert cleaned.status == "ok"
    assert cleaned.warnings == ()
    assert cleaned.kind == "html"
    assert cleaned.language == "en"
    assert 0.5 < cleaned.confidence <= 1
    for noise in ("Leave a Reply", "Read more", "You may also like", "Share on Facebook", "Copyright", "Home"):
        assert noise not in cleaned.text


def test_blocks_hold_every_block_of_the_page_with_a_reason(cleaned: Cleaned) -> None:
    assert all(block.reasons and block.reasons[0].startswith("reads as ") for block in cleaned.blocks)
    by_text = {block.text: block for block in cleaned.blocks}
    reply = by_text["Leave a Reply"]
    assert (reply.kept, reply.tag) == (False, "h3")
    assert any('inside an element named "' in reason for reason in reply.reasons)
    assert any(reason.endswith("of it is link text") for reason in by_text["Home"].reasons)
    kept = [block for block in cleaned.blocks if block.label is Label.BODY]
    assert kept
    assert all(f"{block.text.count('.')} full sentences" in block.reasons for block in kept)
    assert [block.position.line for block in cleaned.blocks] == sorted(block.position.line for block in cleaned.blocks)


def test_the_title_is_named_but_no_part_of_the_text(cleaned: Cleaned) -> None:
    title = next(block for block in cleaned.blocks if block.label is Label.TITLE)
    assert (title.tag, title.kept) == ("h1", True)
    assert cleaned.title == title.text
    assert cleaned.title not in cleaned.text.split("\n\n")


def test_bytes_and_their_text_give_the_same_answer(tiny_cleaner: Cleaner, page: bytes, cleaned: Cleaned) -> None:
    assert tiny_cleaner.clean(page.decode()) == cleaned
    assert tiny_cleaner.clean(page, kind="html") == cleaned
    assert tiny_cleaner.clean(page, url="https://example.org/x") == cleaned


def test_no_page_changes_the_answer_for_another(tiny_cleaner: Cleaner, page: bytes, cleaned: Cleaned) -> None:
    for other in (b"", b"Leave a Reply\n" * 50, page + page, "日本語の文章です。".encode() * 50):
        tiny_cleaner.clean(other)
    assert tiny_cleaner.clean(page) == cleaned


def test_a_page_read_as_text_shows_its_markup(tiny_cleaner: Cleaner, page: bytes) -> None:
    answer = tiny_cleaner.clean(page, kind="text")
    assert answer.kind == "text"
    assert any("<nav" in block.text for block in answer.blocks)


@pytest.mark.parametrize("label", [Label.TITLE, Label.RELATED, Label.LEGAL])
def test_labels_that_are_asked_for_stay_in_the_text(
    tiny_cleaner: Cleaner, page: bytes, cleaned: Cleaned, label: Label
) -> None:
    answer = tiny_cleaner.clean(page, options=Options(keep=frozenset({label})))
    assert [block.label for block in answer.blocks] == [block.label for block in cleaned.blocks]
    named = [block for block in answer.blocks if block.label is label]
    assert named
    assert all(block.kept and block.text in answer.text.split("\n\n") for block in named)
    assert words(cleaned.text) <= words(answer.text)


def test_comments_are_apart_or_nowhere_or_in_the_text(tiny_cleaner: Cleaner, page: bytes, cleaned: Cleaned) -> None:
    dropped = tiny_cleaner.clean(page, options=Options(comments="drop"))
    kept = tiny_cleaner.clean(page, options=Options(comments="keep"))
    assert "I liked it, thanks!" in " ".join(comment.text for comment in cleaned.comments)
    assert dropped.comments == ()
    assert dropped.text == cleaned.text
    assert kept.comments == ()
    assert "I liked it, thanks!" in kept.text


def test_the_dial_moves_what_is_kept_one_way(tiny_cleaner: Cleaner, page: bytes) -> None:
    kept = {
        dial: {number for number, block in enumerate(answer.blocks) if block.kept}
        for dial in get_args(Dial)
        for answer in [tiny_cleaner.clean(page, options=Options(dial=dial))]
    }
    assert kept["precision"] <= kept["balanced"] <= kept["recall"]


def test_phrases_decide_before_the_model_and_keep_wins_over_drop(tiny_cleaner: Cleaner, page: bytes) -> None:
    options = Options(always_drop=("THE", "leave a reply"), always_keep=("Leave A Reply", "you may also"))
    answer = tiny_cleaner.clean(page, options=options)
    assert {"You may also like", "Leave a Reply"} <= set(answer.text.split("\n\n"))
    assert "the " not in answer.text.lower()
    reply = next(block for block in answer.blocks if block.text == "Leave a Reply")
    assert reply.reasons[0] == 'contains "leave a reply", which you asked to always keep'
    assert (reply.kept, reply.probability) == (True, 1.0)
    dropped = [block for block in answer.blocks if "the " in block.text.lower()]
    assert dropped
    assert not any(block.kept for block in dropped)
    assert 'contains "the", which you asked to always drop' in dropped[0].reasons


def test_phrases_that_are_nowhere_change_nothing(tiny_cleaner: Cleaner, page: bytes, cleaned: Cleaned) -> None:
    answer = tiny_cleaner.clean(page, options=Options(always_drop=("no such words",), always_keep=("", "nor these")))
    assert answer.blocks == cleaned.blocks


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"", "The page holds no visible text."),
        (b"  \n\t ", "The page holds no visible text."),
        ("* * *", "The page's only block does not read like part of an article."),
        ("<p>…</p><p>•</p>", "None of the page's 2 blocks reads like part of an article."),
        (b"<html><script>var a = 1;</script></html>", "The page holds no visible text."),
        (
            '<nav class="main-menu"><ul><li class="menu-item"><a href="/a">Home</a></li>'
            '<li class="menu-item"><a href="/b">News</a></li></ul></nav>',
            "None of the page's 2 blocks reads like part of an article.",
        ),
    ],
)
def test_a_page_without_an_article_is_empty_and_says_why(tiny_cleaner: Cleaner, source: bytes | str, told: str) -> None:
    answer = tiny_cleaner.clean(source)
    assert (answer.text, answer.status, answer.warnings) == ("", "empty", (told,))


def test_a_page_that_ones_own_phrases_empty_says_so(tiny_cleaner: Cleaner, page: bytes) -> None:
    gate = page.replace(b"<head>", b"<head><title>Sign in</title>", 1)
    for source in (page, gate):
        answer = tiny_cleaner.clean(source, options=Options(always_drop=("a", "e", "i", "o")))
        assert answer.status == "empty"
        assert "always_drop" in answer.warnings[-1]


def test_a_page_of_which_only_the_title_stays_says_so(shipped_cleaner: Cleaner) -> None:
    """A link that somebody posted: its title is all there is. The answer said that no block read like an article."""
    title = "Harbour master to ferries: if you block the quay, we will close it. New rules are coming."
    bars = "<li><a href='/a'>Home</a></li><li><a href='/b'>Log in</a></li>" * 4
    source = f"<title>{title}</title><nav><ul>{bars}</ul></nav><main><h1>{title}</h1></main>"
    answer = shipped_cleaner.clean(source)
    assert (answer.text, answer.status, answer.title) == ("", "empty", title)
    assert answer.warnings[-1].startswith("Of the page only its title reads like part of an article.")
    assert shipped_cleaner.clean(source, options=Options(keep=frozenset({Label.TITLE}))).text == title


def test_a_page_that_is_read_in_part_is_degraded_and_says_why(tiny_cleaner: Cleaner, page: bytes) -> None:
    short = dataclasses.replace(tiny_cleaner, limits=Limits(max_blocks=14))
    answer = short.clean(page)
    assert (answer.status, len(answer.blocks)) == ("degraded", 14)
    assert "the rest was not read" in answer.warnings[0]


def test_what_is_no_page_is_refused(tiny_cleaner: Cleaner) -> None:
    with pytest.raises(InputError, match="a PDF document"):
        tiny_cleaner.clean(b"%PDF-1.4")
    with pytest.raises(InputError, match="more than the limit"):
        dataclasses.replace(tiny_cleaner, limits=Limits(max_page_bytes=5)).clean(b"123456")


def test_an_answer_cannot_be_changed(cleaned: Cleaned) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        cleaned.text = "other"  # type: ignore[misc]  # that it cannot be assigned is what is tested


def test_a_chance_is_the_models_own(tiny_cleaner: Cleaner, page: bytes, cleaned: Cleaned) -> None:
    chances = np.array([block.probability for block in cleaned.blocks])
    assert ((chances >= 0) & (chances <= 1)).all()
    assert {block.label for block in cleaned.blocks if block.probability == chances.max()} <= {Label.BODY}


def test_the_package_offers_its_names_and_no_others() -> None:
    assert all(getattr(model, name) is not None for name in model.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(model, "nothing")  # noqa: B009 - a name that mypy would refuse


@pytest.mark.parametrize("name", ["keep", "always_drop", "always_keep"])
def test_a_text_is_not_taken_for_a_list_of_phrases(name: str) -> None:
    """always_drop="Follow us" dropped every block that has one of its letters."""
    with pytest.raises(OptionError, match=rf"{name} cannot be the text 'title'\. Put it into brackets"):
        Options(**{name: "title"})  # type: ignore[arg-type]  # what mypy would refuse


@pytest.mark.parametrize("source", [None, 5, float("nan"), ["text"], {"html": "x"}])
def test_what_is_neither_text_nor_bytes_is_refused_by_its_type(tiny_cleaner: Cleaner, source: Any) -> None:
    with pytest.raises(InputError, match=f"The page is of type {type(source).__name__}"):
        tiny_cleaner.clean(source)


def test_other_mistakes_with_options_are_told(tiny_cleaner: Cleaner) -> None:
    with pytest.raises(OptionError, match=r"comments cannot be 'kept'\. Allowed: separate, drop, keep"):
        Options(comments="kept")  # type: ignore[arg-type]  # what mypy would refuse
    with pytest.raises(OptionError, match="options is of type dict"):
        tiny_cleaner.clean("Words.", options={"dial": "recall"})  # type: ignore[arg-type]  # the same


@pytest.mark.parametrize("wrong", [None, 5, b"words"])
def test_a_comment_that_is_no_text_is_refused_by_its_type(shipped_cleaner: Cleaner, wrong: Any) -> None:
    with pytest.raises(InputError, match=f"A comment is of type {type(wrong).__name__}"):
        shipped_cleaner.check_comments(["Words.", wrong])


def test_one_text_is_not_taken_for_a_list_of_its_characters(shipped_cleaner: Cleaner) -> None:
    for call in (shipped_cleaner.check_comments, shipped_cleaner.clean_site):
        with pytest.raises(InputError, match=r"Pass \[text\]"):
            call("Cheap pills")


def test_a_fence_goes_with_the_code_that_it_opens_or_closes(tiny_cleaner: Cleaner) -> None:
    text = "The body.\n\nAdvert one.\n```\na = 1\n```\nAdvert two."
    options = Options(always_keep=("a = 1", "body"), always_drop=("advert",))
    assert tiny_cleaner.clean(text, kind="text", options=options).text == "The body.\n\n```\na = 1\n```"


@pytest.mark.parametrize("phrase", ["follow us", "FOLLOW  US", "follow\u00a0us", "strasse"])
def test_a_phrase_is_found_whatever_its_case_and_white_space(tiny_cleaner: Cleaner, phrase: str) -> None:
    answer = tiny_cleaner.clean("Follow\u00a0us,  Straße 7.\nMore.", options=Options(always_drop=(phrase,)))
    assert [block.kept for block in answer.blocks] == [False, True]


def test_a_space_at_the_end_of_a_phrase_is_part_of_it(tiny_cleaner: Cleaner) -> None:
    answer = tiny_cleaner.clean("An ad here.\nMade there.", options=Options(always_drop=(" ad ",)))
    assert [block.kept for block in answer.blocks] == [False, True]


def test_the_title_and_the_byline_stay_on_one_line_and_comments_keep_theirs(shipped_cleaner: Cleaner) -> None:
    """Spam is judged as before: the model for it was fitted to comments whose paragraphs are one line."""
    verse = ["The miller sleeps beside the weir,", "the wheel turns slow and turns alone,", "and no one wakes to hear."]
    said = "The council closed the old mill on Monday, after a long night of rain had flooded its cellar again. " * 3
    comments = "".join(
        f'<div class="comment"><p class="author">Ada {n}</p><p>Well said.{{0}}I agree with it {n} times.</p></div>'
        for n in range(3)
    )
    page = (
        "<html><body><main><h1>The old{0}mill</h1><p>" + said + "</p><p>" + "{0}".join(verse) + "</p><p>" + said
        + '</p></main><div id="comments"><h3>3 Comments</h3>' + comments + "</div></body></html>"
    )  # fmt: skip
    broken, plain = (shipped_cleaner.clean(page.format(mark), kind="html") for mark in ("<br>", " "))
    assert "\n".join(verse) in broken.text
    assert broken.title == plain.title == "The old mill"
    assert broken.text.split() == plain.text.split()
    assert [block.probability for block in broken.blocks] == [block.probability for block in plain.blocks]
    assert [c.text for c in broken.comments] == [f"Well said.\nI agree with it {n} times." for n in range(3)]
    assert [c.spam_probability for c in broken.comments] == [c.spam_probability for c in plain.comments]
