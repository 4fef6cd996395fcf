"""Options from outside: what is understood, and what is refused in which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import OptionError
from model.options import MAX_PHRASE_CHARS, MAX_PHRASES, OPTION_NAMES, parse_options
from model.types import Label, Options
from service.batch.recipe import options_as_json


def test_nothing_given_is_the_default() -> None:
    assert parse_options({}) == Options()


def test_every_option_is_understood() -> None:
    options = parse_options(
        {
            "dial": "recall",
            "keep": ["title", "byline"],
            "comments": "keep",
            "always_drop": " Follow us ",
            "always_keep": ("a", "b", "a"),
        }
    )
    assert options == Options("recall", frozenset({Label.TITLE, Label.BYLINE}), "keep", ("Follow us",), ("a", "b"))


@pytest.mark.parametrize(
    "dial",
    ["lose at most 1 %", "lose at most 1%", "lose at most 1.0 % of article words", "lose<=1%", "lose <= 1 %",
     "lose at most 1 % of the article words"],
)  # fmt: skip
def test_a_promise_has_one_spelling_inside(dial: str) -> None:
    options = parse_options({"dial": dial})
    assert options.dial == "lose at most 1 %"
    assert parse_options(options_as_json(options)) == options


def test_labels_may_be_parted_by_commas_phrases_not() -> None:
    options = parse_options({"keep": "title, share", "always_drop": "yes, really"})
    assert options.keep == {Label.TITLE, Label.SHARE}
    assert options.always_drop == ("yes, really",)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"dail": "recall"}, ["'dail'", "Did you mean dial?", "always_keep"]),
        ({"dial": "high"}, ["dial", "'high'", "precision, balanced, recall"]),
        ({"dial": None}, ["dial", "None"]),
        ({"dial": "lose at most 100 %"}, ["dial", "lose at most 1 %", "lose<=1%"]),
        ({"dial": "lose at most -1 %"}, ["dial", "lose at most 1 %"]),
        ({"dial": "lose<=1"}, ["dial", "lose<=1%"]),
        ({"dial": 1}, ["dial", "precision, balanced, recall"]),
        ({"keep": "menu"}, ["keep", "'menu'", "navigation"]),
        ({"keep": 3}, ["keep", "list of strings"]),
        ({"keep": [["title"]]}, ["keep", "list of strings"]),
        ({"comments": ["drop"]}, ["comments", "separate, drop, keep"]),
        ({"always_drop": " "}, ["always_drop", "empty phrase"]),
        ({"always_keep": "x" * (MAX_PHRASE_CHARS + 1)}, ["always_keep", str(MAX_PHRASE_CHARS)]),
        ({"always_keep": [str(n) for n in range(MAX_PHRASES + 1)]}, ["always_keep", str(MAX_PHRASES)]),
    ],
)
def test_a_refusal_names_the_option_and_what_is_allowed(mapping: dict[str, object], words: list[str]) -> None:
    with pytest.raises(OptionError) as refusal:
        parse_options(mapping)
    for word in words:
        assert word in str(refusal.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["title", "recall", "keep"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(OPTION_NAMES) | st.text(), _JSON, max_size=4))
def test_anything_is_understood_or_refused_and_reads_back(mapping: dict[str, object]) -> None:
    try:
        options = parse_options(mapping)
    except OptionError:
        return
    assert parse_options(options_as_json(options)) == options
