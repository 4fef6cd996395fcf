"""Who may ask: host, origin, key and rate, and the headers that browsers obey."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from service.web.app import create_app
from service.web.keys import add_key
from service.web.problems import TITLES
from service.web.safety import PUBLIC_ENDPOINTS, Guard
from service.web.settings import Settings
from tests.service.conftest import FakeCleaner

ANY_METHOD = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
PUBLIC_PATHS = ("/livez", "/readyz", "/openapi.json", "/docs", "/", "/static/workbench.js")


def refused(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document of a refusal."""
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    document: dict[str, Any] = response.get_json()
    assert (document["status"], document["code"], document["title"]) == (status, code, TITLES[code])
    assert document["request_id"] == response.headers["X-Request-Id"]
    assert (response.headers["X-Content-Type-Options"], response.headers["Cache-Control"]) == ("nosniff", "no-store")
    return document


def client_of(**settings: Any) -> FlaskClient:
    """A client of a service with these settings, whose rate limit finds the clock standing still."""
    chosen = Settings(**settings)
    return create_app(FakeCleaner(), chosen, Guard(chosen, clock=lambda: 5)).test_client()


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    add_key(tmp_path / "keys", "somebody-else")
    return tmp_path / "keys"


@pytest.fixture
def key(keys_file: Path) -> str:
    return add_key(keys_file, "crawler")


@pytest.fixture
def guarded(keys_file: Path, key: str) -> FlaskClient:
    """A client of a service that asks for keys."""
    return client_of(keys_file=keys_file)


def clean(client: FlaskClient, **headers: str) -> TestResponse:
    """A page sent as a program would; underscores in header names stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/v1/clean", data="Body.", content_type="text/plain", headers=named)


def private_routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Every method of every rule that is not public, with an address that matches it."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in PUBLIC_ENDPOINTS:
            address = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, "x"))
            yield from ((method, address) for method in sorted(rule.methods or ()))


# Keys


def test_every_private_route_and_method_refuses_without_a_valid_key(guarded: FlaskClient, key: str) -> None:
    routes = list(private_routes(guarded.application))
    assert {("POST", "/v1/clean"), ("OPTIONS", "/v1/clean"), ("HEAD", "/v1/model"), ("GET", "/version")} <= set(routes)
    wrong = key[:-1] + ("a" if key[-1] != "a" else "b")
    attempts = {
        "key-missing": [{}, {"Authorization": ""}, {"Authorization": "Bearer"}, {"Authorization": f"Basic {key}"},
                        {"Authorization": f"Digest {key}"}, {"Authorization": key}, {"X-Api-Key": ""},
                        {"Cookie": f"key={key}"}],
        "key-wrong": [{"Authorization": f"Bearer {wrong}"}, {"X-Api-Key": wrong}, {"X-Api-Key": f"Bearer {key}"},
                      {"Authorization": f"Bearer {key}, {key}"}, {"Authorization": "Bearer crawler"}],
    }  # fmt: skip
    for method, address in routes:
        for code, headers_of_a_code in attempts.items():
            for headers in headers_of_a_code:
                response = guarded.open(address, method=method, headers=headers)
                assert response.status_code == 401, (method, address, headers)
                if method != "HEAD":
                    refused(response, 401, code)


def test_a_key_in_the_address_is_none(guarded: FlaskClient, key: str) -> None:
    refused(guarded.get(f"/v1/model?key={key}&access_token={key}"), 401, "key-missing")


@pytest.mark.parametrize("path", ["/nothing", "/v1/clean/", "//v1/clean", "/metrics", "/.env"])
def test_unknown_paths_are_not_told_from_private_ones(guarded: FlaskClient, key: str, path: str) -> None:
    address = f"http://localhost{path}"
    refused(guarded.get(address), 401, "key-missing")
    assert guarded.get(address, headers={"X-Api-Key": key}).status_code != 401


@pytest.mark.parametrize("form", ["Authorization: Bearer ", "authorization: bearer   ", "X-Api-Key: "])
def test_a_key_opens_in_both_forms(guarded: FlaskClient, key: str, form: str) -> None:
    name, _, scheme = form.partition(": ")
    assert guarded.get("/v1/model", headers={name: scheme + key}).status_code == 200


def test_a_proxys_own_authorization_leaves_the_other_header(guarded: FlaskClient, key: str) -> None:
    assert clean(guarded, Authorization="Basic dXNlcjpwYXNz", X_Api_Key=key).status_code == 200


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_public_paths_need_no_key(guarded: FlaskClient, path: str) -> None:
    with guarded.get(path) as response:
        assert response.status_code == 200


def test_the_public_table_names_endpoints_that_exist(guarded: FlaskClient) -> None:
    assert set(guarded.application.view_functions) >= PUBLIC_ENDPOINTS


def test_a_refusal_says_how_to_ask(guarded: FlaskClient) -> None:
    assert guarded.get("/version").headers["WWW-Authenticate"] == 'Bearer realm="winnow"'
    challenge = guarded.get("/version", headers={"X-Api-Key": "x"}).headers["WWW-Authenticate"]
    assert challenge == 'Bearer realm="winnow", error="invalid_token"'


def test_a_key_that_is_added_or_removed_counts_at_once(guarded: FlaskClient, keys_file: Path, key: str) -> None:
    late = add_key(keys_file, "late")
    assert clean(guarded, X_Api_Key=late).status_code == 200
    rest = [line for line in keys_file.read_text().splitlines(keepends=True) if not line.startswith("crawler")]
    keys_file.write_text("".join(rest))
    refused(clean(guarded, X_Api_Key=key), 401, "key-wrong")
    assert clean(guarded, X_Api_Key=late).status_code == 200


def test_the_log_names_the_caller_and_never_holds_a_key(
    guarded: FlaskClient, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert clean(guarded, Authorization=f"Bearer {key}").status_code == 200
    for headers in ({"X_Api_Key": f"wrong{key}"}, {"Authorization": f"Basic {key}"}, {}):
        assert clean(guarded, **headers).status_code == 401
    records = [record for record in caplog.records if record.getMessage() == "request"]
    assert [record.__dict__["fields"]["caller"] for record in records] == ["crawler", None, None, None]
    assert key not in str([record.__dict__ for record in caplog.records])


def test_no_answer_holds_the_key_that_was_sent(guarded: FlaskClient, key: str) -> None:
    for sent in (key, f"{key}x"):
        response = guarded.get("/nothing", headers={"X-Api-Key": sent})
        assert key not in response.text + str(response.headers)


def test_the_workbench_asks_for_a_key_only_when_one_is_needed(guarded: FlaskClient, client: FlaskClient) -> None:
    assert '<input type="password" id="key" autocomplete="off"' in guarded.get("/").text
    assert "password" not in client.get("/").text


# Rate


def test_over_the_limit_is_429_with_the_time_to_wait(keys_file: Path, key: str) -> None:
    client = client_of(keys_file=keys_file, rate_limit=2)
    first = clean(client, X_Api_Key=key)
    assert first.headers["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert first.headers["RateLimit"] == '"minute";r=1;t=30'
    assert clean(client, X_Api_Key=key).status_code == 200
    third = clean(client, X_Api_Key=key)
    assert "2 requests a minute" in refused(third, 429, "rate-limited")["detail"]
    assert third.headers["Retry-After"] == "30"
    assert third.headers["RateLimit"] == '"minute";r=0;t=60'


def test_each_key_has_its_own_limit_and_strangers_use_up_nobodys(keys_file: Path, key: str) -> None:
    other = add_key(keys_file, "other")
    client = client_of(keys_file=keys_file, rate_limit=1)
    assert [clean(client, X_Api_Key="wrong").status_code for _ in range(3)] == [401] * 3
    assert [clean(client, X_Api_Key=sent).status_code for sent in (key, other, key)] == [200, 200, 429]


def test_without_keys_all_callers_share_one_limit() -> None:
    client = client_of(rate_limit=2)
    statuses = [
        client.get("/version", environ_base={"REMOTE_ADDR": f"127.0.0.{host}"}).status_code for host in (1, 2, 3)
    ]
    assert statuses == [200, 200, 429]


def test_workers_that_share_a_guard_share_the_limit() -> None:
    settings = Settings(rate_limit=3)
    guard = Guard(settings, clock=lambda: 5)
    clients = [create_app(FakeCleaner(), settings, guard).test_client() for _ in range(2)]
    assert [clean(clients[turn % 2]).status_code for turn in range(4)] == [200, 200, 200, 429]


def test_probes_and_public_pages_are_never_limited() -> None:
    client = client_of(rate_limit=1)
    clean(client)
    assert clean(client).status_code == 429
    for path in PUBLIC_PATHS:
        with client.get(path) as response:
            assert response.status_code == 200
            assert "RateLimit" not in response.headers


def test_metrics_are_private_and_never_limited(keys_file: Path, key: str) -> None:
    client = client_of(keys_file=keys_file, rate_limit=1)
    if "metrics" not in client.application.view_functions:
        client.application.add_url_rule("/metrics", "metrics", lambda: "")
    refused(client.get("/metrics"), 401, "key-missing")
    assert [client.get("/metrics", headers={"Authorization": f"Bearer {key}"}).status_code for _ in "123"] == [200] * 3


def test_without_a_limit_no_answer_speaks_of_one(client: FlaskClient) -> None:
    assert not {"RateLimit", "RateLimit-Policy"} & set(dict(clean(client).headers))


# Host


@pytest.mark.parametrize(
    ("settings", "host", "is_known"),
    [
        ({}, "localhost", True),
        ({}, "localhost:8000", True),
        ({}, "LOCALHOST:8000", True),
        ({}, "127.0.0.1:8000", True),
        ({}, "[::1]:8000", True),
        ({}, "evil.test", False),
        ({}, "evil.test:8000", False),
        ({}, "localhost.evil.test", False),
        ({}, "evil.test@localhost", False),
        ({}, "192.168.1.4", False),
        ({}, "", False),
        ({}, "[::1", False),
        ({}, "127.0.0.1:8000, evil.test", False),
        ({"host": "127.8.8.8"}, "127.8.8.8:8000", True),
        ({"host": "127.8.8.8"}, "127.8.8.9:8000", False),
        ({"allowed_hosts": ("winnow.test",)}, "winnow.test", True),
        ({"allowed_hosts": ("winnow.test",)}, "localhost", True),
        ({"allowed_hosts": ("winnow.test",)}, "a.winnow.test", False),
        ({"allowed_hosts": ("*.winnow.test",)}, "a.b.winnow.test", True),
        ({"allowed_hosts": ("*.winnow.test",)}, "winnow.test", False),
        ({"allowed_hosts": ("*.winnow.test",)}, "evilwinnow.test", False),
        ({"host": "0.0.0.0"}, "any.test", True),
        ({"host": "0.0.0.0", "allowed_hosts": ("winnow.test",)}, "winnow.test:8000", True),
        ({"host": "0.0.0.0", "allowed_hosts": ("winnow.test",)}, "evil.test", False),
        ({"host": "0.0.0.0", "allowed_hosts": ("winnow.test",)}, "localhost", False),
        ({"host": "0.0.0.0", "allowed_hosts": ("winnow.test",)}, "10.1.2.3:8000", True),
        ({"host": "::", "allowed_hosts": ("winnow.test",)}, "[2001:db8::1]:8000", True),
    ],
)
def test_only_names_of_the_service_are_answered_to(settings: dict[str, Any], host: str, is_known: bool) -> None:
    response = client_of(**settings).get("/livez", headers={"Host": host})
    if is_known:
        assert response.status_code == 200
    else:
        assert "WINNOW_ALLOWED_HOSTS" in refused(response, 421, "unknown-host")["detail"]


@pytest.mark.parametrize("method", ANY_METHOD)
@pytest.mark.parametrize("path", ["/", "/v1/clean", "/nothing"])
def test_a_strange_name_gets_nothing_of_any_path(client: FlaskClient, method: str, path: str) -> None:
    assert client.open(path, method=method, headers={"Host": "evil.test"}).status_code == 421


def test_a_client_of_http_1_0_may_leave_the_host_out(client: FlaskClient) -> None:
    environ = EnvironBuilder("/livez", base_url="http://127.0.0.1:8000").get_environ()
    del environ["HTTP_HOST"]
    _, status, _ = run_wsgi_app(client.application, environ, buffered=True)
    assert status == "200 OK"


# Origin


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ({}, True),
        ({"Sec_Fetch_Site": "same-origin", "Origin": "http://localhost:8000"}, True),
        ({"Sec_Fetch_Site": "none"}, True),
        ({"Sec_Fetch_Site": "same-origin", "Origin": "https://winnow.test"}, True),
        ({"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.test"}, False),
        ({"Sec_Fetch_Site": "same-site", "Origin": "http://localhost:3000"}, False),
        ({"Sec_Fetch_Site": "cross-site"}, False),
        ({"Sec_Fetch_Site": "cross-site", "Origin": "http://localhost:8000"}, False),
        ({"Sec_Fetch_Site": "nonsense"}, False),
        ({"Origin": "http://localhost:8000"}, True),
        ({"Origin": "http://LOCALHOST:8000"}, True),
        ({"Origin": "http://localhost:3000"}, False),
        ({"Origin": "http://localhost"}, False),
        ({"Origin": "https://evil.test"}, False),
        ({"Origin": "http://localhost:8000.evil.test"}, False),
        ({"Origin": "http://evil.test@localhost:8000"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
    ],
)
def test_another_sites_post_is_refused(client: FlaskClient, headers: dict[str, str], is_taken: bool) -> None:
    response = clean(client, Host="localhost:8000", **headers)
    if is_taken:
        assert response.status_code == 200
    else:
        refused(response, 403, "cross-origin")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_changing_method_is_taken_from_another_site(client: FlaskClient, method: str) -> None:
    refused(client.open("/nothing", method=method, headers={"Origin": "https://evil.test"}), 403, "cross-origin")


def test_a_link_from_another_site_opens_the_workbench(client: FlaskClient) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_no_other_site_is_ever_given_leave(client: FlaskClient) -> None:
    asked = {"Origin": "https://evil.test", "Access-Control-Request-Method": "POST"}
    for response in (client.options("/v1/clean", headers=asked), client.get("/v1/model", headers=asked)):
        assert not [name for name, _ in response.headers if name.lower().startswith("access-control")]
