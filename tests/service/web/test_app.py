"""The HTTP API: every route, every format, and every error as a problem document."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.contract import PageCleaner
from service.web.app import create_app
from service.web.problems import TITLES
from service.web.settings import Settings

PAGE = "<p>Body of the page.</p><p>Read more: other</p>"


def problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document, checked for its shape."""
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    document: dict[str, Any] = json.loads(response.data)
    assert document["code"] == code
    assert document["status"] == status
    assert document["type"] == f"urn:winnow:problem:{code}"
    assert document["title"] == TITLES[code]
    assert document["request_id"] == response.headers["X-Request-Id"]
    return document


def test_json_in_json_out(client: FlaskClient) -> None:
    response = client.post("/v1/clean", json={"html": PAGE, "url": "http://x.test/", "options": {"dial": "recall"}})
    assert response.status_code == 200
    assert response.content_type == "application/json"
    answer = response.get_json()
    assert answer["text"] == "Body of the page."
    assert [block["kept"] for block in answer["blocks"]] == [True, False]
    assert answer["blocks"][1]["label"] == "related"
    assert answer["model_version"] == "fake-1"


def test_text_is_taken_in_json(client: FlaskClient) -> None:
    answer = client.post("/v1/clean", json={"text": "Body.\n\nLeave a Reply"}).get_json()
    assert (answer["text"], answer["kind"]) == ("Body.", "text")


@pytest.mark.parametrize(
    ("accept", "media_type", "body"),
    [
        ("text/plain", "text/plain; charset=utf-8", "Body of the page."),
        ("text/markdown", "text/markdown; charset=utf-8", "Body of the page."),
        ("text/html", "text/html; charset=utf-8", "<article>\n<p>Body of the page.</p>\n</article>"),
        ("text/plain;q=0.5, text/markdown", "text/markdown; charset=utf-8", "Body of the page."),
    ],
)
def test_accept_chooses_the_format(client: FlaskClient, accept: str, media_type: str, body: str) -> None:
    response = client.post("/v1/clean", data=PAGE, content_type="text/html", headers={"Accept": accept})
    assert response.content_type == media_type
    assert response.text == body
    assert response.headers["Winnow-Status"] == "ok"
    assert response.headers["Winnow-Confidence"] == "0.970"
    assert response.headers["Winnow-Model"] == "fake-1"


@pytest.mark.parametrize("accept", ["*/*", "application/*", ""])
def test_json_is_the_default(client: FlaskClient, accept: str) -> None:
    response = client.post("/v1/clean", data=PAGE, content_type="text/html", headers={"Accept": accept})
    assert response.content_type == "application/json"


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0"])
def test_a_format_that_cannot_be_given_is_refused(client: FlaskClient, accept: str) -> None:
    response = client.post("/v1/clean", data=PAGE, content_type="text/html", headers={"Accept": accept})
    assert "text/markdown" in problem(response, 406, "not-acceptable")["allowed"]


def test_raw_options_stand_in_the_query(client: FlaskClient) -> None:
    query = "?dial=precision&keep=title&keep=byline&always_drop=a,b&url=http://x.test/"
    assert client.post("/v1/clean" + query, data=PAGE, content_type="text/html").status_code == 200


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain; charset=iso-8859-2", "Žluťoučký".encode("iso-8859-2"), "Žluťoučký"),
        ("text/plain; charset=latin1", b"\x93quoted\x94", "“quoted”"),
        ("text/plain; charset=UTF-8", b"caf\xc3\xa9", "café"),
        ("text/plain; charset=iso-8859-1", "\ufeffcafé".encode(), "\ufeffcafé"),
        ("text/plain", b"caf\xc3\xa9", "café"),
        ("text/markdown", b"plain", "plain"),
        ("application/xhtml+xml", b"<p>plain</p>", "plain"),
    ],
)
def test_raw_bytes_are_decoded_by_their_charset(client: FlaskClient, content_type: str, body: bytes, text: str) -> None:
    answer = client.post("/v1/clean", data=body, content_type=content_type).get_json()
    assert answer["text"] == text


@pytest.mark.parametrize("charset", ["klingon", "zlib", "hex", "idna", "punycode", "unicode_escape", "utf-7", "\0"])
def test_other_charsets_are_refused(client: FlaskClient, charset: str) -> None:
    response = client.post("/v1/clean", data=b"x", content_type=f'text/plain; charset="{charset}"')
    problem(response, 415, "unsupported-charset")


def test_half_a_surrogate_pair_gets_an_answer(client: FlaskClient) -> None:
    body = b'{"text": "lone \\ud800 half, whole \\ud83d\\ude00"}'
    response = client.post("/v1/clean", data=body, content_type="application/json")
    assert response.get_json()["text"] == "lone \ufffd half, whole \U0001f600"


@pytest.mark.parametrize("request_body", [{"html": ""}, {"text": " \n"}])
def test_an_empty_page_is_an_answer(client: FlaskClient, request_body: dict[str, str]) -> None:
    response = client.post("/v1/clean", json=request_body)
    assert response.status_code == 200
    assert response.get_json()["status"] == "empty"


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (b"", "bad-json", "line 1, column 1: Expecting value"),
        (b"{", "bad-json", "line 1"),
        (b"\xff\xfe\xff", "bad-json", "JSON"),
        (b'{"text": "caf\xe9"}', "bad-json", "byte 14 is no utf-8. Send it as UTF-8"),
        (b"[" * 4_900, "bad-json", "JSON"),
        (b'{"html": ' + b"9" * 4_800 + b"}", "bad-json", "JSON"),
        (b"[]", "bad-json", "object"),
        (b"null", "bad-json", "object"),
        (b"{}", "bad-field", "missing"),
        (b'{"html": "a", "text": "b"}', "bad-field", "both"),
        (b'{"html": "a", "htlm": "b"}', "bad-field", "htlm"),
        (b'{"html": 5}', "bad-field", "html must be a string"),
        (b'{"html": null}', "bad-field", "html must be a string"),
        (b'{"html": "a", "url": 5}', "bad-field", "url must be a string"),
        (b'{"html": "a", "url": "' + b"u" * 4_001 + b'"}', "bad-field", "url has over"),
        (b'{"html": "a", "options": []}', "bad-field", "options must be an object"),
        (b'{"html": "a", "options": {"dail": 1}}', "bad-option", "Did you mean dial"),
        (b'{"html": "a", "options": {"dial": {"a": [1]}}}', "bad-option", "dial cannot be"),
    ],
)
def test_a_wrong_body_is_refused_by_name(client: FlaskClient, body: bytes, code: str, words: str) -> None:
    response = client.post("/v1/clean", data=body, content_type="application/json")
    assert words in problem(response, 400, code)["detail"]


@pytest.mark.parametrize(
    ("query", "content_type", "code", "words"),
    [
        ("?dial=recall", "application/json", "bad-field", "dial is in the query"),
        ("?nope=1", "text/html", "bad-option", "'nope' is not an option"),
        ("?dial=high", "text/html", "bad-option", "precision"),
        ("?dial=recall&dial=recall", "text/html", "bad-option", "dial cannot be"),
        ("?url=a&url=b", "text/html", "bad-field", "twice"),
    ],
)
def test_a_wrong_query_is_refused_by_name(
    client: FlaskClient, query: str, content_type: str, code: str, words: str
) -> None:
    response = client.post("/v1/clean" + query, data=b'{"html": ""}', content_type=content_type)
    assert words in problem(response, 400, code)["detail"]


@pytest.mark.parametrize("content_type", [None, "application/pdf", "multipart/form-data; boundary=x", "nonsense"])
def test_other_media_types_are_refused(client: FlaskClient, content_type: str | None) -> None:
    response = client.post("/v1/clean", data=b"x", content_type=content_type)
    assert "text/html" in problem(response, 415, "unsupported-media-type")["allowed"]


def test_binary_pages_are_refused(client: FlaskClient) -> None:
    response = client.post("/v1/clean", data=b"\x00\x01", content_type="text/html")
    assert "binary" in problem(response, 422, "unreadable-input")["detail"]


@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
def test_large_bodies_are_refused(client: FlaskClient, content_type: str) -> None:
    response = client.post("/v1/clean", data=b"x" * 5_001, content_type=content_type)
    assert "5,000 bytes" in problem(response, 413, "too-large")["detail"]


def test_large_chunked_bodies_are_refused(client: FlaskClient) -> None:
    response = client.post(
        "/v1/clean",
        input_stream=io.BytesIO(b"x" * 5_001),
        content_type="text/html",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    problem(response, 413, "too-large")


@pytest.mark.parametrize("path", ["/nothing", "/v1/clean/", "//v1/clean", "/static/nothing.css", "/static/../app.py"])
def test_unknown_paths_are_problems(client: FlaskClient, path: str) -> None:
    problem(client.get(path, base_url="http://localhost/"), 404, "not-found")


def test_wrong_methods_are_problems(client: FlaskClient) -> None:
    response = client.get("/v1/clean")
    assert problem(response, 405, "method-not-allowed")["allowed"] == ["OPTIONS", "POST"]
    assert response.headers["Allow"] == "OPTIONS, POST"


def test_a_defect_tells_its_place_to_the_log_and_nothing_to_the_client(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.post("/v1/clean", json={"text": "BOOM"})
    document = problem(response, 500, "defect")
    assert "ValueError" not in response.text
    (defect,) = [record for record in caplog.records if record.getMessage() == "defect"]
    fields = defect.__dict__["fields"]
    assert fields["error"] == "ValueError"
    assert fields["request_id"] == document["request_id"]
    assert "conftest.py" in fields["places"][-1]
    assert "secret words" not in str(fields)


def test_the_small_routes(client: FlaskClient) -> None:
    assert client.get("/livez").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ok", "model_version": "fake-1"}
    assert client.get("/version").get_json()["model_version"] == "fake-1"
    assert client.get("/v1/model").get_json() == {"version": "fake-1", "scores": {"word_f1": 0.5}}


def test_without_a_model_it_lives_but_is_not_ready() -> None:
    client = create_app(None, Settings()).test_client()
    assert client.get("/livez").status_code == 200
    assert client.get("/version").get_json()["model_version"] is None
    problem(client.get("/readyz"), 503, "model-not-ready")
    problem(client.get("/v1/model"), 503, "model-not-ready")
    problem(client.post("/v1/clean", json={"html": ""}), 503, "model-not-ready")


@pytest.mark.parametrize("path", ["/livez", "/nothing", "/"])
def test_every_answer_is_hardened_and_has_a_request_id(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert len(headers["X-Request-Id"]) == 16


@pytest.mark.parametrize(("given", "kept"), [("job-7:a.b_c", True), ("a b", False), ("x" * 65, False), ("", False)])
def test_a_sane_request_id_is_kept(client: FlaskClient, given: str, kept: bool) -> None:
    answered = client.get("/livez", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert (answered == given) is kept


def test_a_request_is_logged_without_its_page(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "winnow")
    client.post("/v1/clean?always_drop=secret", data="<p>secret words</p>", content_type="text/html")
    (record,) = caplog.records
    fields = record.__dict__["fields"]
    assert (fields["route"], fields["status"], fields["page_status"]) == ("/v1/clean", 200, "ok")
    assert "secret" not in str(record.__dict__)


def test_the_workbench_needs_no_other_host(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.content_type == "text/html; charset=utf-8"
    assert "http:" not in response.text
    assert "https:" not in response.text
    assert "<style" not in response.text
    assert "onclick" not in response.text
    for name in ("workbench.css", "workbench.js", "winnow.svg"):
        assert f"/static/{name}" in response.text
        with client.get(f"/static/{name}") as file:
            assert file.status_code == 200


@pytest.mark.parametrize("sample", ["blog", "news", "extracted"])
def test_the_samples_are_served_as_inert_text(client: FlaskClient, sample: str) -> None:
    with client.get(f"/static/sample-{sample}.txt") as response:
        assert response.content_type == "text/plain; charset=utf-8"
    assert f'data-sample="{sample}"' in client.get("/").text


def test_the_app_is_built_anew_each_time(cleaner: PageCleaner) -> None:
    assert create_app(cleaner, Settings()) is not create_app(cleaner, Settings())
