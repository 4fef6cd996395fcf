"""The API's description as a page: nothing is left out, nothing is loaded from elsewhere, its curl lines work."""

from __future__ import annotations

import re
import shlex
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.options import OPTION_NAMES
from service.web.docs import type_words
from service.web.operations import OPERATIONS
from service.web.problems import TITLES
from service.web.settings import SETTINGS


@pytest.fixture
def page(client: FlaskClient) -> str:
    response = client.get("/docs")
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    assert "style-src 'self'" in response.headers["Content-Security-Policy"]
    return response.text


def test_the_page_tells_every_route_option_problem_and_setting(page: str) -> None:
    for route in OPERATIONS:
        method, path = route.split()
        assert f"<b>{method}</b> <code>{path}</code>" in page
    names = [*OPTION_NAMES, *TITLES, *(setting.variable for setting in SETTINGS), *(s.flag for s in SETTINGS)]
    assert [name for name in names if f"<code>{name}</code>" not in page] == []


def test_the_page_needs_no_script_and_no_other_host(page: str, client: FlaskClient) -> None:
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert loaded
    assert all(address.startswith("/") for address in loaded)
    assert "<script" not in page
    assert "<style" not in page
    assert " style=" not in page
    for address in loaded:
        with client.get(address) as response:
            assert response.status_code == 200


def test_every_anchor_of_the_page_exists(page: str) -> None:
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_the_curl_lines_of_the_page_are_requests_that_are_taken(client: FlaskClient) -> None:
    lines = re.findall(r"<code>(curl [^<]*)</code>", client.get("/docs").text)
    assert len(lines) > len(OPERATIONS)
    for line in lines:
        words = shlex.split(unescape(line))
        given = dict(zip(words[2::2], words[3::2], strict=True))
        content_type = given["-H"].removeprefix("Content-Type: ") if "-H" in given else None
        method = "POST" if "--data-binary" in given else "GET"
        with client.open(
            words[1], method=method, data=given.get("--data-binary"), content_type=content_type
        ) as response:
            assert response.status_code == 200, line


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"$ref": "#/components/schemas/Label"}, "Label"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"type": "array", "items": {"type": "string"}}, "list of string"),
        ({"type": "number", "minimum": 0, "maximum": 1}, "number 0 to 1"),
        ({"type": "string", "enum": ["a", "b"], "default": "b"}, "one of a, b; default b"),
        (
            {"anyOf": [{"type": "string", "maxLength": 4_000}, {"type": "null"}]},
            "string, up to 4,000 characters or null",
        ),
    ],
)
def test_types_are_told_in_words(schema: dict[str, Any], words: str) -> None:
    assert type_words(schema) == words
