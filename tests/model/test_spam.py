"""What is called spam, why, and what the company of a comment changes."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import numpy as np
import pytest

from model import Cleaner, Comment, PageContext, PostedComment
from model.errors import ArtefactError
from model.spam import SpamModel, fingerprint, pack, unpack, with_verdicts
from model.spam_features import COUNT_NAMES, features_of, topic_of
from model.spam_reasons import COUNT_REASONS
from training.spam_attacks import ATTACKS

SPAM = (
    "Great post! Visit my site http://best-pills.example/x for cheap meds",
    "subscribe to my channel please, i upload every day",
    "[url=http://x.example]cheap viagra[/url] [url=http://x.example]buy cialis[/url]",
    "I earn $5000 a week with bitcoin, write me on Telegram @coin_master77",
)
HAM = (
    "I walked there in May and the bridge was closed.",
    "You are wrong about the second point, the report says the opposite.",
    "Danke, das hat mir geholfen.",
    "lol",
)


@pytest.fixture(scope="module")
def spam(shipped_cleaner: Cleaner) -> SpamModel:
    assert shipped_cleaner.spam is not None
    return shipped_cleaner.spam


@pytest.mark.parametrize("text", SPAM)
def test_spam_is_called_spam_and_told_why(shipped_cleaner: Cleaner, text: str) -> None:
    (verdict,) = shipped_cleaner.check_comments([text])
    assert verdict.is_spam
    assert verdict.probability > 0.8
    assert verdict.reasons
    assert all(verdict.reasons)


@pytest.mark.parametrize("text", HAM)
def test_honest_comments_are_left_alone(shipped_cleaner: Cleaner, text: str) -> None:
    (verdict,) = shipped_cleaner.check_comments([text])
    assert not verdict.is_spam
    assert verdict.probability < 0.4
    assert verdict.reasons


@pytest.mark.parametrize("name", ATTACKS)
def test_a_disguise_does_not_hide_blatant_spam(shipped_cleaner: Cleaner, name: str) -> None:
    texts = [ATTACKS[name](text, random.Random(1)) for text in SPAM]
    assert [verdict.is_spam for verdict in shipped_cleaner.check_comments(texts)] == [True] * len(texts)


def test_the_same_text_several_times_counts_against_it_and_is_told(shipped_cleaner: Cleaner) -> None:
    text = "Our shop has a new tea for all dear friends"
    alone = shipped_cleaner.check_comments([text])[0]
    among_copies = shipped_cleaner.check_comments([text, text.upper() + "!!", text + " 123", text])[0]
    elsewhere = shipped_cleaner.check_comments([text], context=PageContext(seen={fingerprint(text): 3}))[0]
    assert alone.probability < among_copies.probability
    assert elsewhere.probability == pytest.approx(among_copies.probability)
    assert not among_copies.is_spam or "the same text stands 4 times" in among_copies.reasons


def test_short_thanks_may_repeat(shipped_cleaner: Cleaner) -> None:
    alone, *_ = shipped_cleaner.check_comments(["Thank you!"])
    repeated, *_ = shipped_cleaner.check_comments(["Thank you!"] * 8)
    assert alone == repeated


def test_a_comment_on_the_articles_subject_is_trusted_more(spam: SpamModel) -> None:
    comment = PostedComment("The swifts near us nest under the mill roof, see http://swifts.example")
    known = spam.logit(features_of(comment, topic_of("Swifts return to the mill")))
    off = spam.logit(features_of(comment, topic_of("Council closes the old harbour")))
    assert known < off


def test_a_link_to_the_page_itself_is_no_advertisement() -> None:
    page = "https://weir-gazette.example/2024/swifts-return"
    links = COUNT_NAMES.index("links")
    comment = PostedComment(f"As it says at {page}?ref=x in the second part")
    assert features_of(comment, topic_of("Swifts", url=page)).counts[links] == 0
    assert features_of(comment, topic_of("Swifts", url="https://other.example/2024/tea")).counts[links] > 0


def test_who_signs_matters(shipped_cleaner: Cleaner) -> None:
    plain = shipped_cleaner.check_comments([PostedComment("Nice post, thanks.", "Ida Marsh")])[0]
    signed = shipped_cleaner.check_comments([PostedComment("Nice post, thanks.", "cheap viagra", "http://x.example")])[
        0
    ]
    assert signed.probability > plain.probability


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "http://", "[url=", "<a href=", "a" * 500_000, "[" * 50_000])
def test_no_text_is_too_odd(spam: SpamModel, text: str) -> None:
    (verdict,) = spam.judge([PostedComment(text, text, text)])
    assert 0 <= verdict.probability <= 1


def test_hostile_texts_cost_no_more_than_long_ones(spam: SpamModel) -> None:
    started = time.process_time()
    pieces = ("a.", "@a", "1 ", "(1", "a ", "<a ", "[url", "&#", "http:/", "a-")
    spam.judge([PostedComment(piece * 3_000) for piece in pieces])
    assert time.process_time() - started < 1.0


def test_a_model_comes_back_from_the_disk_as_it_was_but_for_rounding(spam: SpamModel) -> None:
    again = unpack(pack(spam))
    assert np.allclose(again.words, spam.words, atol=1e-2)
    assert again.threshold == spam.threshold
    parts = pack(spam)
    parts["counts"] = {"links": 1.0}
    with pytest.raises(ValueError, match="other features"):
        unpack(parts)


def test_a_cleaner_without_a_spam_model_says_so_and_cleans_on(tiny_cleaner: Cleaner) -> None:
    with pytest.raises(ArtefactError, match="holds no spam model"):
        tiny_cleaner.check_comments(["x"])
    article = "<p>The mill stood by the river for two hundred years before the flood carried it away.</p>" * 5
    page = f'{article}<ol class="comment-list"><li class="comment"><p>I liked it, thanks!</p></li></ol>'
    assert [comment.spam_probability for comment in tiny_cleaner.clean(page).comments] == [None]


def test_every_count_has_words_for_people() -> None:
    assert set(COUNT_REASONS) == set(COUNT_NAMES)


def test_comments_of_a_page_are_judged_where_they_are_returned(tiny_cleaner: Cleaner, spam: SpamModel) -> None:
    cleaner = replace(tiny_cleaner, spam=spam)
    texts = "They nest under our roof too.\n\nBuy cheap viagra now at http://pills.example/?id=7 !!!"
    page = f'<h1>Swifts return</h1><ol class="comment-list"><li class="comment"><p>{texts}</p></li></ol>'
    for comment in cleaner.clean(page).comments:
        assert comment.spam_probability is not None
        assert comment.spam_reasons


def test_each_comment_of_a_section_gets_its_own_verdict_and_keeps_the_rest(spam: SpamModel) -> None:
    section = (
        Comment("They nest under our roof too.", "Ida"),
        Comment("Buy cheap viagra http://pills.example/?id=7 !!!"),
    )
    honest, sold = with_verdicts(spam, [(comment, comment.text) for comment in section], PageContext("Swifts return"))
    assert (honest.text, honest.author) == (section[0].text, "Ida")
    assert honest.spam_probability is not None
    assert sold.spam_probability is not None
    assert honest.spam_probability < 0.3 < 0.9 < sold.spam_probability
    assert sold.spam_reasons
    assert with_verdicts(None, [(comment, "") for comment in section], PageContext()) == section
