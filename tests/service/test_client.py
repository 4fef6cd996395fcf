"""The client against the application itself, behind a small server of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from service.client import Answer, Page, ServiceError, Winnow
from service.web.app import create_app
from service.web.keys import add_key
from service.web.settings import Settings
from tests.service.conftest import FakeCleaner

HTML = "<p>Body of the page.</p><p>Read more: other</p>"
StartResponse = Callable[[str, list[tuple[str, str]]], object]


@contextmanager
def served(application: Any) -> Iterator[str]:
    """A WSGI application on a free port of loopback."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with served(create_app(FakeCleaner(), Settings())) as url:
        yield url


class Flaky:
    """Answers with the statuses it is given, one after the other, then with 200."""

    def __init__(self, *statuses: str) -> None:
        self._statuses = list(statuses)
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.asked += 1
        status = self._statuses.pop(0) if self._statuses else "200 OK"
        start(status, [("Content-Type", "application/json"), ("Retry-After", "0")])
        return [b'{"text": "at last"}' if status == "200 OK" else b'{"code": "some-code", "detail": "Later."}']


def test_text_and_bytes_are_cleaned_with_their_options(service: str) -> None:
    winnow = Winnow(service)
    options = {"dial": "precision", "keep": ["title", "byline"], "always_drop": ["x & y"]}
    answers = [
        winnow.clean(Page(source, url="http://a.example/?b=c&d", options=options)) for source in (HTML, HTML.encode())
    ]
    assert answers[0] == answers[1]
    assert answers[0]["text"] == "Body of the page."
    assert winnow.clean(Page("Body.\n\nLeave a Reply", "text"))["kind"] == "text"


def test_a_refused_page_is_an_error_with_the_problem_s_code(service: str) -> None:
    with pytest.raises(ServiceError, match="binary data") as caught:
        Winnow(service).clean(Page("a\0b", "text"))
    assert (caught.value.status, caught.value.code) == (422, "unreadable-input")


def test_many_pages_are_answered_in_order_and_taken_as_answers_are_fetched(service: str) -> None:
    taken = 0

    def pages() -> Iterator[Page]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield Page("\0" if number == 3 else f"Body {number}.", "text")

    answers = Winnow(service, at_once=2).clean_many(pages())
    first = next(answers)
    assert taken < 10
    said = [first, *answers]
    assert isinstance(said[3], ServiceError)
    texts = [answer["text"] for answer in said if not isinstance(answer, ServiceError)]
    assert texts == [f"Body {number}." for number in range(40) if number != 3]


@pytest.mark.parametrize("status", ["429 Too Many Requests", "502 Bad Gateway", "503 Service Unavailable"])
def test_what_may_pass_is_tried_again(status: str) -> None:
    flaky = Flaky(status, status)
    with served(flaky) as url:
        assert Winnow(url, pause_s=0).clean(Page("x"))["text"] == "at last"
    assert flaky.asked == 3


def test_after_the_last_try_the_service_s_own_words_are_raised() -> None:
    flaky = Flaky(*["503 Service Unavailable"] * 9)
    with served(flaky) as url, pytest.raises(ServiceError, match="Later") as caught:
        Winnow(url, pause_s=0, tries=3).clean(Page("x"))
    assert (flaky.asked, caught.value.status, caught.value.code) == (3, 503, "some-code")


def test_a_page_that_takes_too_long_is_not_tried_again() -> None:
    flaky = Flaky("504 Gateway Timeout")
    with served(flaky) as url, pytest.raises(ServiceError):
        Winnow(url, pause_s=0).clean(Page("x"))
    assert flaky.asked == 1


def test_an_answer_has_the_members_that_its_type_names(service: str) -> None:
    assert set(Winnow(service).clean(Page(HTML))) == set(Answer.__annotations__)


def test_the_key_is_sent(tmp_path: Path) -> None:
    key = add_key(tmp_path / "keys", "tests")
    with served(create_app(FakeCleaner(), Settings(keys_file=tmp_path / "keys"))) as url:
        assert Winnow(url, key).clean(Page(HTML))["status"] == "ok"
        with pytest.raises(ServiceError) as caught:
            Winnow(url).clean(Page(HTML))
    assert caught.value.code == "key-missing"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense://x", "http://"])
def test_a_service_that_is_not_there_is_an_error(url: str) -> None:
    with pytest.raises(ServiceError) as caught:
        Winnow(url, tries=2, pause_s=0).clean(Page("x"))
    assert (caught.value.status, caught.value.code) == (None, "unreachable")


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8000",
        "localhost:8000",
        "localhost",
        "",
        "ftp://localhost",
        "http://",
        "http:///path",
        "http://localhost:99999",
        "http://localhost:port",
        "http://[::1",
        "http://two words",
        "http://a\nb",
        "http://localhost/?a=b",
    ],
)
def test_what_is_no_address_is_refused_before_a_page_is_sent(url: str) -> None:
    with pytest.raises(ServiceError, match=r"is no address of a service\. Use http://HOST:PORT\.") as caught:
        Winnow(url)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["HTTP://127.0.0.1:8000/", "https://winnow.example/behind/a/proxy", "http://[::1]:8000"]
)
def test_addresses_of_services_are_taken(url: str) -> None:
    Winnow(url)
