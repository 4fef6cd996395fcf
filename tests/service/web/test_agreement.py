"""What the description allows is what the service takes, and nothing else: in the query and in a JSON body.

schemathesis asks the same of the whole API, but its wrong requests seldom come near the edges that matter here:
what counts as blank, bounds before or after tidying, lists of one.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from model.options import MAX_PHRASE_CHARS, MAX_PHRASES, OPTION_NAMES
from model.types import Label
from service.web.app import create_app
from service.web.intake import MAX_URL_CHARS
from service.web.settings import Settings
from tests.service.conftest import FakeCleaner
from tests.service.web.description import Description

BLANKS = [chr(code) for code in range(0x11_0000) if chr(code).isspace()]
NEARLY_BLANK = ["\ufeff", "\u200b", "\u180e", "\u2060", "\0"]
"""White in other languages' regular expressions, or to the eye; to Python none of them is."""

WORDS = st.one_of(
    st.sampled_from(["", ",", "recall", "drop", *Label, "body,", " body ,heading", "bodyheading", "Body"]),
    st.sampled_from([*BLANKS, *NEARLY_BLANK]),
    st.sampled_from([length * "x" for length in (MAX_PHRASE_CHARS, MAX_PHRASE_CHARS + 1, MAX_URL_CHARS + 1)]),
    st.builds("".join, st.permutations([" ", "body", "x" * MAX_PHRASE_CHARS])),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)
LISTS = st.one_of(
    st.lists(WORDS, max_size=3),
    st.sampled_from([MAX_PHRASES, MAX_PHRASES + 1]).map(lambda number: ["x"] * number),
    st.sampled_from([MAX_PHRASES, MAX_PHRASES + 1]).map(lambda number: [f"x{nth}" for nth in range(number)]),
)
NAMES = st.sampled_from([*OPTION_NAMES, "url"])
MANY = settings(max_examples=400, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
"""No health check: how long data takes to draw says something of the machine, and nothing of the service."""

CLIENT: FlaskClient = create_app(FakeCleaner(), Settings()).test_client()
DESCRIPTION = Description(CLIENT.get("/openapi.json").get_json())


@MANY
@given(st.dictionaries(NAMES, LISTS.filter(bool), max_size=2))
@example({"keep": [""]})
@example({"keep": ["body", "heading,"]})
@example({"always_drop": ["\ufeff"]})
@example({"always_drop": ["x", ""]})
@example({"always_drop": ["x" * MAX_PHRASE_CHARS + " "]})
@example({"always_keep": ["x"] * (MAX_PHRASES + 1)})
def test_a_query_is_taken_exactly_when_the_description_allows_it(query: dict[str, list[str]]) -> None:
    response = CLIENT.post(f"/v1/clean?{urlencode(query, doseq=True)}", data="Body.", content_type="text/plain")
    assert response.status_code == (200 if DESCRIPTION.allows_query("/v1/clean", "POST", query) else 400)


VALUES = st.one_of(LISTS, WORDS, st.none(), st.booleans(), st.integers(), st.lists(st.none() | st.integers()))
PAGES: st.SearchStrategy[Any] = st.sampled_from(["Body.", "", 7, None, ["Body."], {}])
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "html": PAGES,
        "text": PAGES,
        "url": WORDS | st.none() | st.integers(),
        "options": st.dictionaries(st.sampled_from([*OPTION_NAMES, "dail"]), VALUES, max_size=2) | st.none(),
        "htlm": PAGES,
    },
)


@MANY
@given(BODIES)
def test_a_json_body_is_taken_exactly_when_the_description_allows_it(body: dict[str, Any]) -> None:
    sent = json.dumps(body).encode()
    response = CLIENT.post("/v1/clean", data=sent, content_type="application/json")
    assert response.status_code == (200 if DESCRIPTION.allows_json("CleanRequest", sent) else 400)


@pytest.mark.parametrize("value", [*BLANKS, *NEARLY_BLANK])
def test_what_is_blank_is_blank_to_both(value: str) -> None:
    phrase = DESCRIPTION.schema("Options")["properties"]["always_drop"]
    assert DESCRIPTION.allows(phrase, value) is bool(value.strip())
