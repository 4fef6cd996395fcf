"""Many pages in one request: one answer per line, in order, whatever is wrong with some of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from model.types import Cleaned
from service.web.app import create_app
from service.web.settings import Settings
from tests.service.conftest import FakeCleaner

PACKED = {"Content-Encoding": "gzip"}


def posted(client: FlaskClient, body: bytes, query: str = "", **headers: str) -> list[dict[str, Any]]:
    """The answers to a stream of lines."""
    response = client.post(
        f"/v1/clean/batch{query}", data=body, content_type="application/x-ndjson", headers=headers or None
    )
    assert (response.status_code, response.content_type) == (200, "application/x-ndjson")
    return [json.loads(line) for line in response.data.splitlines()]


@pytest.mark.parametrize("query", ["", "?unordered=0", "?unordered=1"])
def test_each_line_gets_its_answer_in_order(client: FlaskClient, query: str) -> None:
    body = b"".join(b'{"id": "page-%d", "text": "Body %d."}\n' % (number, number) for number in range(50))
    answers = posted(client, body, query)
    assert [answer["line"] for answer in answers] == list(range(1, 51))
    assert [answer["id"] for answer in answers] == [f"page-{number}" for number in range(50)]
    assert [answer["answer"]["text"] for answer in answers] == [f"Body {number}." for number in range(50)]


def test_an_answer_is_that_of_a_single_page(client: FlaskClient) -> None:
    page = {"html": "<p>Body.</p><p>Read more: x</p>", "url": "https://a.example/", "options": {"dial": "recall"}}
    (answer,) = posted(client, json.dumps(page).encode())
    assert answer["answer"] == client.post("/v1/clean", json=page).get_json()


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (b"no json", 400, "bad-json"),
        (b"[]", 400, "bad-json"),
        (b"\xff\xfe", 400, "bad-json"),
        (b'{"id": "x"}', 400, "bad-field"),
        (b'{"id": 1.5, "text": "a"}', 400, "bad-field"),
        (b'{"text": "a", "options": {"dail": 1}}', 400, "bad-option"),
        (b'{"text": "\\u0000"}', 422, "unreadable-input"),
        (b'{"text": "BOOM"}', 500, "defect"),
        (b'{"text": "' + b"a" * 5_000 + b'"}', 413, "too-large"),
        (b"x" * 200_000, 413, "too-large"),
    ],
)
def test_what_is_wrong_with_a_line_spoils_that_line_alone(
    client: FlaskClient, line: bytes, status: int, code: str
) -> None:
    before, wrong, after = posted(client, b'{"text": "One."}\n' + line + b'\n{"text": "Three."}')
    assert (wrong["line"], wrong["status"], wrong["problem"]["code"]) == (2, status, code)
    assert (before["answer"]["text"], after["answer"]["text"]) == ("One.", "Three.")
    assert "secret" not in json.dumps(wrong)


def test_blank_lines_are_skipped_but_counted(client: FlaskClient) -> None:
    answers = posted(client, b'\n\r\n{"text": "One."}\r\n  \n{"text": "Two."}\n\n')
    assert [answer["line"] for answer in answers] == [3, 5]


def test_no_lines_give_no_answers(client: FlaskClient) -> None:
    assert posted(client, b"") == []


def test_blocks_can_be_left_out(client: FlaskClient) -> None:
    with_blocks, without = (posted(client, b'{"text": "One."}', f"?blocks={flag}")[0]["answer"] for flag in (1, 0))
    assert with_blocks.pop("blocks")
    assert without == with_blocks


def test_a_packed_stream_is_unpacked(client: FlaskClient) -> None:
    body = gzip.compress(b'{"text": "One."}\n' * 1_000)
    assert len(posted(client, body, **PACKED)) == 1_000


def test_a_stream_that_breaks_off_says_so_after_the_lines_that_came(client: FlaskClient) -> None:
    body = gzip.compress(b'{"text": "One."}\n' * 5_000)[:-20]
    answers = posted(client, body, **PACKED)
    assert answers[0]["answer"]["text"] == "One."
    assert (answers[-1]["line"], answers[-1]["problem"]["code"]) == (len(answers), "bad-request")


@pytest.mark.parametrize("query", ["?dial=recall", "?blocks=2", "?blocks=0&blocks=1", "?unordered=yes"])
def test_an_unknown_query_is_refused(client: FlaskClient, query: str) -> None:
    response = client.post(f"/v1/clean/batch{query}", data=b"", content_type="application/x-ndjson")
    assert (response.status_code, response.get_json()["code"]) == (400, "bad-field")


def test_another_media_type_is_refused(client: FlaskClient) -> None:
    response = client.post("/v1/clean/batch", data=b"[]", content_type="application/json")
    assert (response.status_code, response.get_json()["code"]) == (415, "unsupported-media-type")


class Counting(FakeCleaner):
    """Counts the pages that it was given."""

    pages = 0

    def clean(self, source: bytes | str, **how: Any) -> Cleaned:
        self.pages += 1
        return super().clean(source, **how)


def streamed(cleaner: Counting, lines: int) -> tuple[Iterator[bytes], Any]:
    """The answers to endless-looking input, not yet asked for."""
    app = create_app(cleaner, Settings())
    body = b'{"text": "One."}\n' * lines
    builder = EnvironBuilder(path="/v1/clean/batch", method="POST", data=body, content_type="application/x-ndjson")
    answers, _, _ = run_wsgi_app(app, builder.get_environ(), buffered=False)
    return iter(answers), answers


def test_no_more_is_cleaned_than_answers_are_taken() -> None:
    cleaner = Counting()
    answers, response = streamed(cleaner, 10_000)
    for _ in range(3):
        next(answers)
    assert cleaner.pages <= 4
    response.close()


class Slow(FakeCleaner):
    """Hangs on one page."""

    def clean(self, source: bytes | str, **how: Any) -> Cleaned:
        while source == "hang":
            pass
        return super().clean(source, **how)


def test_a_page_that_hangs_costs_its_own_line() -> None:
    client = create_app(Slow(), Settings(timeout_s=1)).test_client()
    slow, good = posted(client, b'{"text": "hang"}\n{"text": "Two."}\n')
    assert (slow["status"], slow["problem"]["code"]) == (504, "timed-out")
    assert good["answer"]["text"] == "Two."


def test_a_single_page_that_hangs_is_answered_with_504() -> None:
    client = create_app(Slow(), Settings(timeout_s=1)).test_client()
    response = client.post("/v1/clean", json={"text": "hang"})
    assert (response.status_code, response.get_json()["code"]) == (504, "timed-out")
