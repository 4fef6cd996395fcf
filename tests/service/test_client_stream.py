"""The client's stream: pages in, answers out, whatever happens to the connection."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import Any

import pytest

from service.bench.pages import children_of
from service.client import Answer, Page, ServiceError, Winnow
from service.client_stream import _WINDOW_BYTES
from service.web.app import create_app
from service.web.keys import add_key
from service.web.settings import Settings
from tests.service.conftest import FakeCleaner
from tests.service.running import ready, running
from tests.service.test_client import StartResponse, served


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with served(create_app(FakeCleaner(), Settings(max_body_bytes=50_000))) as url:
        yield url


class Fragile:
    """A service that answers so many lines in its first requests, one number each, and then breaks off."""

    def __init__(self, *lines: int, status: str = "200 OK") -> None:
        self._lines = list(lines)
        self._status = status
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        self.asked += 1
        most = self._lines.pop(0) if self._lines else None
        if most == 0 and self._status != "200 OK":
            start(self._status, [("Content-Type", "application/problem+json"), ("Retry-After", "0")])
            return [b'{"code": "some-code", "detail": "Later."}']
        start("200 OK", [("Content-Type", "application/x-ndjson")])
        return self._answers(environ["wsgi.input"], most)

    def _answers(self, body: Any, most: int | None) -> Iterator[bytes]:
        for line in islice(iter(body.readline, b""), most):
            page = json.loads(line)
            answer = {"line": 0, "id": page["id"], "status": 200, "answer": {"text": page["text"]}}
            yield json.dumps(answer).encode() + b"\n"


def pages(number: int) -> Iterator[Page]:
    return (Page(f"Body {nth}.", "text") for nth in range(number))


def texts(answers: Iterable[Answer | ServiceError]) -> list[str]:
    """What came back, in its order; errors by their code."""
    return [answer.code if isinstance(answer, ServiceError) else answer["text"] for answer in answers]


def senders() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "winnow stream"]


def test_pages_are_answered_in_their_order_and_errors_stand_in_their_places(service: str) -> None:
    sent = [
        Page("<p>One.</p><p>Read more: x</p>", url="https://a.example/", options={"dial": "precision"}),
        Page(b"%PDF-1.7"),
        Page("a\0b", "text"),
        Page("x" * 60_000, "text"),
        Page("Zwölf.".encode("cp1252"), "text"),
        Page("", options={"dail": 1}),
    ]
    said = list(Winnow(service).clean_stream(sent))
    assert said[0] == Winnow(service).clean(sent[0])
    errors = {place: answer.code for place, answer in enumerate(said) if isinstance(answer, ServiceError)}
    assert errors == {1: "unreadable-input", 2: "unreadable-input", 3: "too-large", 5: "bad-option"}
    assert texts(said)[4] == "Zwölf."


def test_no_pages_give_no_answers(service: str) -> None:
    assert list(Winnow(service).clean_stream([])) == []


def test_blocks_can_be_left_out(service: str) -> None:
    (answer,) = Winnow(service).clean_stream(pages(1), with_blocks=False)
    assert not isinstance(answer, ServiceError)
    assert set(Answer.__annotations__) - set(answer) == {"blocks"}


def test_endless_pages_are_taken_a_window_ahead_of_the_answers(service: str) -> None:
    taken = 0

    def endless() -> Iterator[Page]:
        nonlocal taken
        for taken in count(1):  # noqa: B007 - it is read outside
            yield Page("x" * 1_000, "text")

    answers = Winnow(service).clean_stream(endless())
    for answered in range(1, 3_000):
        next(answers)
        assert taken <= answered + _WINDOW_BYTES / 1_000 + 2
    answers.close()  # type: ignore[attr-defined]  # it is a generator
    assert taken >= 3_000


def test_whoever_stops_listening_leaves_no_thread_behind(service: str) -> None:
    answers = Winnow(service).clean_stream(Page("x" * 40_000, "text") for _ in count())
    next(answers)
    (sender,) = (thread for thread in threading.enumerate() if thread.name == "winnow stream")
    answers.close()  # type: ignore[attr-defined]
    sender.join(30)
    assert not sender.is_alive()


@pytest.mark.parametrize("lines", [(3,), (0,), (1, 1, 1), (5, 0, 0, 7)])
def test_a_stream_that_breaks_off_is_taken_up_where_it_was(lines: tuple[int, ...]) -> None:
    fragile = Fragile(*lines)
    with served(fragile) as url:
        answers = texts(Winnow(url, pause_s=0).clean_stream(pages(40)))
    assert answers == [f"Body {nth}." for nth in range(40)]
    assert fragile.asked >= len(lines) + 1
    assert senders() == []


def test_a_busy_service_is_asked_again() -> None:
    busy = Fragile(0, 0, status="429 Too Many Requests")
    with served(busy) as url:
        assert texts(Winnow(url).clean_stream(pages(3))) == ["Body 0.", "Body 1.", "Body 2."]


def test_after_the_last_try_the_service_s_own_words_are_raised() -> None:
    busy = Fragile(*[0] * 9, status="503 Service Unavailable")
    with served(busy) as url, pytest.raises(ServiceError, match="Later") as caught:
        list(Winnow(url, tries=3).clean_stream(pages(3)))
    assert (busy.asked, caught.value.status, caught.value.code) == (3, 503, "some-code")


def test_a_service_that_always_breaks_off_is_given_up() -> None:
    with served(Fragile(*[0] * 9)) as url, pytest.raises(ServiceError, match="ended early") as caught:
        list(Winnow(url, tries=3, pause_s=0).clean_stream(pages(3)))
    assert caught.value.code == "unreachable"


def test_a_stream_without_a_key_is_refused_at_once(tmp_path: Any) -> None:
    key = add_key(tmp_path / "keys", "tests")
    with served(create_app(FakeCleaner(), Settings(keys_file=tmp_path / "keys"))) as url:
        assert texts(Winnow(url, key).clean_stream(pages(2))) == ["Body 0.", "Body 1."]
        with pytest.raises(ServiceError) as caught:
            list(Winnow(url, pause_s=0).clean_stream(pages(2)))
    assert caught.value.code == "key-missing"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense://x", "http://", "http://x:port"])
def test_a_service_that_is_not_there_is_an_error(url: str) -> None:
    with pytest.raises(ServiceError) as caught:
        list(Winnow(url, tries=2, pause_s=0).clean_stream(pages(1)))
    assert (caught.value.status, caught.value.code) == (None, "unreachable")


def test_what_the_pages_raise_is_raised_after_the_answers_to_those_before(service: str) -> None:
    def broken() -> Iterator[Page]:
        yield from pages(2)
        raise OSError("The disk is gone.")

    answers = Winnow(service).clean_stream(broken())
    assert texts(islice(answers, 2)) == ["Body 0.", "Body 1."]
    with pytest.raises(OSError, match="disk is gone"):
        next(answers)


def test_a_worker_that_is_killed_costs_no_page() -> None:
    text = "The ferry left the harbour at dawn, and the crossing took three hours. " * 20
    with running("--workers", "1") as process:
        winnow = Winnow(ready(process), tries=50)
        answers = winnow.clean_stream(Page(f"{text}\n\nPage {nth}.", "text") for nth in range(200))
        first = next(answers)
        for worker in children_of(process.pid):
            os.kill(worker, signal.SIGKILL)
        said = [first, *answers]
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert len(said) == 200
    assert not [answer for answer in said if isinstance(answer, ServiceError)]
