"""Pages that hang or eat memory: named, and nobody else's loss."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from model.types import Cleaned
from service.batch.engine import CoresEngine
from service.batch.guards import Guards
from service.batch.recipe import Answer, Recipe, clean_file
from service.files import PageFile
from service.memorylimit import limit_memory
from tests.service.conftest import FakeCleaner

PAGES = [PageFile(f"{number}.html", f"/{number}.html", "html", 1, 1) for number in range(6)]


# Work that is defined inside a test travels to the workers whole, without this file.


def test_a_page_that_takes_too_long_is_a_failed_answer(tmp_path: Path) -> None:
    class Hanging(FakeCleaner):
        def clean(self, *_: object, **__: object) -> Cleaned:
            while True:
                pass

    path = tmp_path / "page.html"
    path.touch()
    page = PageFile("page.html", str(path), "html", 0, 0)
    answer = clean_file(page, Recipe("fake-1", guards=Guards(page_timeout_s=0.05)), Hanging())
    assert (answer.status, answer.code) == ("failed", "timed-out")
    assert "--page-timeout" in (answer.reason or "")


def test_a_worker_that_no_signal_reaches_is_killed_and_its_page_named() -> None:
    def work(page: Any) -> Answer:
        import signal
        import threading

        if page.name == "3.html":
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
            threading.Event().wait()
        return Answer(page.name, "ok")

    # On a busy machine a worker may wait for its turn for several seconds.
    answers = list(CoresEngine(2, silence_s=10.0)(PAGES, work))
    assert sorted(answer.name for answer in answers) == [page.name for page in PAGES]
    assert [(answer.name, answer.code) for answer in answers if answer.status == "failed"] == [("3.html", "timed-out")]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_page_that_eats_memory_is_a_failed_answer_and_the_others_go_on() -> None:
    def work(page: Any) -> Answer:
        try:
            if page.name == "3.html":
                return Answer(page.name, "ok", bytes(bytearray(b"x" * 400_000_000)))
        except MemoryError:
            return Answer(page.name, "failed", code="out-of-memory")
        return Answer(page.name, "ok")

    def prepare() -> None:
        limit_memory(100)

    answers = list(CoresEngine(2, prepare)(PAGES, work))
    assert sorted(answer.name for answer in answers) == [page.name for page in PAGES]
    assert [(answer.name, answer.code) for answer in answers if answer.status == "failed"] == [
        ("3.html", "out-of-memory")
    ]
