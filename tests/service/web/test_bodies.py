"""Bodies as they arrive: packed, too large, cut short, and JSON built to hurt."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
import zstandard
from flask.testing import FlaskClient

from service.web.app import create_app
from service.web.settings import Settings
from tests.service.conftest import FakeCleaner

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "X-GZIP": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "identity": bytes,
}


@pytest.mark.parametrize("coding", PACKED)
def test_a_packed_body_is_unpacked(client: FlaskClient, coding: str) -> None:
    body = PACKED[coding](b"<p>Body.</p>")
    response = client.post(
        "/v1/clean", data=body, content_type="text/html", headers={"Content-Encoding": coding, "Accept": "text/plain"}
    )
    assert response.get_data(as_text=True).strip() == "Body."


@pytest.mark.parametrize("coding", PACKED)
def test_the_limit_counts_what_a_body_unpacks_to(client: FlaskClient, coding: str) -> None:
    body = PACKED[coding](b"a" * 5_001)
    response = client.post("/v1/clean", data=body, content_type="text/plain", headers={"Content-Encoding": coding})
    assert (response.status_code, response.get_json()["code"]) == (413, "too-large")
    assert "5,000" in response.get_json()["detail"]


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "nonsense"])
def test_an_unknown_coding_is_refused_with_those_that_are_taken(client: FlaskClient, coding: str) -> None:
    response = client.post("/v1/clean", data=b"x", content_type="text/plain", headers={"Content-Encoding": coding})
    assert (response.status_code, response.get_json()["code"]) == (415, "unsupported-encoding")
    assert response.headers["Accept-Encoding"] == "gzip, deflate, zstd"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_a_damaged_body_is_explained(client: FlaskClient, coding: str) -> None:
    response = client.post("/v1/clean", data=b"junk", content_type="text/plain", headers={"Content-Encoding": coding})
    assert (response.status_code, response.get_json()["code"]) == (400, "bad-request")
    assert f"cannot be unpacked as {coding}" in response.get_json()["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"options": ' + b'{"keep":' * 9 + b"1" + b"}" * 10, "nested deeper than 8"),
        (b'{"options": [' + b"[]," * 100_000 + b"[]]}", "far more members"),
        (b'{"html": "[[[[[[[[[[[[\\"[[[[[[[[", "options": ' + b"[" * 12, "nested deeper"),
    ],
)
def test_json_that_is_built_to_hurt_is_refused_before_it_is_read(body: bytes, words: str) -> None:
    client = create_app(FakeCleaner(), Settings()).test_client()
    response = client.post("/v1/clean", data=body, content_type="application/json")
    assert (response.status_code, response.get_json()["code"]) == (400, "bad-json")
    assert words in response.get_json()["detail"]


def test_a_string_that_nobody_closes_takes_no_longer_than_any_other() -> None:
    body = b'{"html": "' + b'\\"' * 100_000  # minutes, were it read again from each of its quotes
    response = (
        create_app(FakeCleaner(), Settings(timeout_s=10))
        .test_client()
        .post("/v1/clean", data=body, content_type="application/json")
    )
    assert (response.status_code, response.get_json()["code"]) == (400, "bad-json")


def test_brackets_within_a_page_are_no_structure(client: FlaskClient) -> None:
    response = client.post("/v1/clean", json={"text": "[[{{" * 1_000 + '\\" , '})
    assert response.status_code == 200


def test_answers_are_packed_for_those_who_ask(client: FlaskClient) -> None:
    page = b"<p>A line of the body.</p>" * 100
    plain = client.post("/v1/clean", data=page, content_type="text/html")
    packed = client.post("/v1/clean", data=page, content_type="text/html", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_the_same_page_gives_the_same_bytes_and_the_same_etag(client: FlaskClient) -> None:
    first, again, other = (
        client.post("/v1/clean", data=page, content_type="text/plain") for page in (b"One.", b"One.", b"Two.")
    )
    assert first.headers["ETag"] == again.headers["ETag"] != other.headers["ETag"]
    assert first.data == again.data
