"""Akismet's API as its documentation has it: driven by its Python client, and at the edges by hand."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import akismet
import pytest
from akismet import _common, _sync_client
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from service.web.akismet import THANKS
from service.web.app import create_app
from service.web.keys import add_key
from service.web.settings import SettingError, Settings
from tests.service.conftest import FakeCleaner
from training.spam_reports import reported_comments

BLOG = "https://weir-gazette.example/"


def app_with(folder: Path, **settings: Any) -> Flask:
    values: dict[str, Any] = {"akismet": "on", "corrections": folder / "corrections.sqlite"} | settings
    return create_app(FakeCleaner(), Settings(**values))


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return app_with(tmp_path).test_client()


def asked(client: FlaskClient, path: str = "/1.1/comment-check", **form: str) -> TestResponse:
    return client.post(path, data={"api_key": "k", "blog": BLOG, "user_ip": "203.0.113.9"} | form)


def everything_stored(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "corrections.sqlite")) as database:
        return "\n".join(database.iterdump())


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A service that answers on loopback, with Akismet's client pointed at it; gives a key that it knows."""
    key = add_key(tmp_path / "keys", "blog")
    server = make_server("127.0.0.1", 0, app_with(tmp_path, keys_file=tmp_path / "keys"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    for module in (_common, _sync_client):
        monkeypatch.setattr(module, "_API_URL", f"http://127.0.0.1:{server.server_port}", raising=False)
    monkeypatch.setattr(_common, "_TIMEOUT", 30.0)
    yield key
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_client_from_pypi_works_unchanged(served: str, tmp_path: Path) -> None:
    config = akismet.Config(key=served, url=BLOG)
    with akismet.SyncClient(config=config) as api:  # verifies the key
        assert api.comment_check(user_ip="203.0.113.9", comment_content="hello") == akismet.CheckResponse.HAM
        assert api.comment_check(user_ip="203.0.113.9", comment_content="buy") == akismet.CheckResponse.SPAM
        assert api.comment_check(user_ip="203.0.113.9", comment_content="buy buy") == akismet.CheckResponse.DISCARD
        assert api.submit_spam(user_ip="203.0.113.9", comment_content="tea sale", comment_author="tea@tea.example")
        assert api.submit_ham(user_ip="203.0.113.9", comment_content="hello again")
    assert [(report.text, report.is_spam) for report in reported_comments(tmp_path / "corrections.sqlite")] == [
        ("tea sale", True),
        ("hello again", False),
    ]
    with pytest.raises(akismet.APIKeyError), akismet.SyncClient(config=akismet.Config(key="wrong", url=BLOG)):
        pass


def test_the_sites_of_a_key_are_counted(client: FlaskClient) -> None:
    """By hand: version 25.10.1 of the client forgets to send the key with key-sites and usage-limit."""
    for text in ("hello", "buy", "buy buy"):
        asked(client, comment_content=text)
    asked(client, "/1.1/submit-spam", comment_content="tea sale")
    asked(client, "/1.1/submit-ham", comment_content="hello again")
    (month,) = (
        sites for sites in client.get("/1.2/key-sites?api_key=k").get_json().values() if isinstance(sites, list)
    )
    assert month == [
        {
            "site": "weir-gazette.example",
            "api_calls": "3",
            "spam": "2",
            "ham": "1",
            "missed_spam": "1",
            "false_positives": "1",
            "is_revoked": False,
        }
    ]
    assert client.post("/1.2/usage-limit", data={"api_key": "k"}).get_json()["usage"] == 3


def test_off_by_default_and_not_without_a_file_for_reports(tmp_path: Path) -> None:
    assert create_app(FakeCleaner(), Settings()).test_client().post("/1.1/verify-key").status_code == 404
    with pytest.raises(SettingError, match="WINNOW_CORRECTIONS"):
        Settings.from_environment({"WINNOW_AKISMET": "on"})
    with pytest.raises(SettingError, match="off, on, shadow"):
        Settings.from_environment({"WINNOW_AKISMET": "yes"})
    file = str(tmp_path / "c.sqlite")
    assert Settings.from_environment({"WINNOW_AKISMET": "shadow", "WINNOW_CORRECTIONS": file}).akismet == "shadow"


@pytest.mark.parametrize("missing", ["api_key", "blog", "user_ip"])
def test_what_is_missing_is_told_in_the_debug_header(client: FlaskClient, missing: str) -> None:
    answer = asked(client, **{missing: ""})
    assert (answer.status_code, answer.text) == (200, "invalid")
    assert missing in answer.headers["X-akismet-debug-help"] or missing == "api_key"


@pytest.mark.parametrize(
    "form",
    [{"comment_author": "viagra-test-123"}, {"comment_author_email": "akismet-guaranteed-spam@example.com"}],
)
def test_the_test_values_are_always_spam(client: FlaskClient, form: dict[str, str]) -> None:
    assert asked(client, comment_content="hello", **form).text == "true"


def test_an_administrator_is_never_spam(client: FlaskClient) -> None:
    assert asked(client, comment_content="buy buy", user_role="administrator").text == "false"


def test_only_the_blatant_is_to_be_discarded_and_doubt_asks_for_another_look(client: FlaskClient) -> None:
    blatant, plain, doubtful, honest = (
        asked(client, comment_content=text) for text in ("buy buy", "buy", "maybe", "hello")
    )
    assert [answer.text for answer in (blatant, plain, doubtful, honest)] == ["true", "true", "false", "false"]
    tips = [answer.headers.get("X-akismet-pro-tip") for answer in (blatant, plain, doubtful, honest)]
    assert tips == ["discard", None, None, None]
    rechecks = ["X-akismet-recheck-after" in answer.headers for answer in (blatant, plain, doubtful, honest)]
    assert rechecks == [False, False, True, False]
    assert len({answer.headers["X-akismet-guid"] for answer in (blatant, plain, doubtful, honest)}) == 4


def test_score_and_reasons_stand_in_headers_of_our_own(client: FlaskClient) -> None:
    headers = asked(client, comment_content="buy").headers
    assert headers["Winnow-Spam-Probability"] == "0.9000"
    assert headers["Winnow-Spam-Verdict"] == "spam"
    assert headers["Winnow-Spam-Reasons"] == "it sells"


def test_in_shadow_mode_all_pass_and_the_verdict_is_recorded(tmp_path: Path) -> None:
    client = app_with(tmp_path, akismet="shadow").test_client()
    answer = asked(client, comment_content="buy buy")
    assert answer.text == "false"
    assert "X-akismet-pro-tip" not in answer.headers
    assert answer.headers["Winnow-Spam-Verdict"] == "spam"
    assert answer.headers["X-akismet-guid"] in everything_stored(tmp_path)


def test_ip_and_email_addresses_are_never_stored(client: FlaskClient, tmp_path: Path) -> None:
    private = {
        "user_ip": "198.51.100.77",
        "comment_author_email": "ida@mill.example",
        "comment_content": "write to ida@mill.example or 198.51.100.77 or 2001:db8::77",
        "comment_author": "ida@mill.example",
        "user_agent": "Browser/5",
        "referrer": "https://elsewhere.example",
    }
    for path in ("/1.1/comment-check", "/1.1/submit-spam", "/1.1/submit-ham"):
        asked(client, path, **private)
    stored = everything_stored(tmp_path)
    for secret in ("198.51.100.77", "ida@mill.example", "2001:db8", "Browser/5", "elsewhere"):
        assert secret not in stored


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("it came from 198.51.100.77.", "it came from 192.0.2.1."),
        ("ip:198.51.100.77", "ip:192.0.2.1"),
        ("at 198.51.100.77:8080", "at 192.0.2.1:8080"),
        ("see 2001:db8::77.", "see 192.0.2.1."),
        ("2001:db8::77: hello", "192.0.2.1: hello"),
        ("[2001:db8::77]:80", "[192.0.2.1]:80"),
        ("fe80::", "192.0.2.1"),
        ("at 12:30:45, 3:2, std::", "at 12:30:45, 3:2, std::"),
    ],
)
def test_addresses_are_found_whatever_stands_beside_them(
    client: FlaskClient, tmp_path: Path, text: str, kept: str
) -> None:
    asked(client, "/1.1/submit-spam", comment_content=text)
    with closing(sqlite3.connect(tmp_path / "corrections.sqlite")) as database:
        assert database.execute("SELECT text FROM reported_comments").fetchall() == [(kept,)]


def test_feedback_is_thanked_for_in_the_exact_words(client: FlaskClient) -> None:
    assert asked(client, "/1.1/submit-spam", comment_content="x").text == THANKS
    assert THANKS == "Thanks for making the web a better place."


def test_tests_leave_no_trace(client: FlaskClient, tmp_path: Path) -> None:
    for path in ("/1.1/comment-check", "/1.1/submit-spam"):
        asked(client, path, comment_content="buy", is_test="1")
    assert "INSERT" not in everything_stored(tmp_path)


def test_the_key_may_be_a_sub_domain(tmp_path: Path) -> None:
    key = add_key(tmp_path / "keys", "blog")
    app = app_with(tmp_path, keys_file=tmp_path / "keys", allowed_hosts=("*.spam.example",))
    form = {"blog": BLOG}
    client = app.test_client()
    assert client.post("/1.1/verify-key", data=form, headers={"Host": f"{key}.spam.example"}).text == "valid"
    assert client.post("/1.1/verify-key", data=form, headers={"Host": "other.spam.example"}).text == "invalid"


def test_sites_are_sorted_filtered_and_paged(client: FlaskClient) -> None:
    for site, checks in (("a.example", 1), ("b.example", 3), ("c.example", 2)):
        for _ in range(checks):
            asked(client, blog=f"https://{site}/", comment_content="hello")
    answer = client.get("/1.2/key-sites?api_key=k&limit=2&filter=example").get_json()
    (sites,) = (value for value in answer.values() if isinstance(value, list))
    assert [site["site"] for site in sites] == ["b.example", "c.example"]
    assert (answer["limit"], answer["offset"], answer["total"]) == (2, 0, 3)
    assert client.get("/1.2/key-sites?api_key=k&format=csv").text.splitlines()[2].startswith("b.example,3,0,3")
    assert client.get("/1.2/key-sites?api_key=k&month=2001-01").get_json()["2001-01"] == []
    assert client.get("/1.2/key-sites?api_key=k&month=soon").text == "invalid"
    assert client.get("/1.2/key-sites").text == "invalid"


def test_the_month_is_the_clocks(tmp_path: Path) -> None:
    from service.web.akismet import register_akismet  # the application under test is made here by hand

    app = create_app(FakeCleaner(), Settings())
    settings = Settings(akismet="on", corrections=tmp_path / "corrections.sqlite")
    register_akismet(app, FakeCleaner, settings, today=lambda: date(2020, 2, 29))
    client = app.test_client()
    asked(client, comment_content="hello")
    assert len(client.get("/1.2/key-sites?api_key=k").get_json()["2020-02"]) == 1
