"""Work on a Dask cluster: two worker processes on loopback, some of which are killed in mid-run."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import Client, LocalCluster

from model import Cleaner
from model.errors import ArtefactError
from service.batch import dask_engine
from service.batch.dask_engine import DaskEngine
from service.batch.engine import NOT_NOW, EngineError
from service.batch.recipe import Answer, Recipe, clean_in_worker
from service.files import find_pages


@dataclass(frozen=True, slots=True)
class Page:
    name: str


PAGES = [Page(f"{number}.html") for number in range(40)]
EACH_ONCE = Counter(page.name for page in PAGES)
QUIET = {"distributed.logging": {"distributed": "critical"}}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    # Two deaths over a task are enough for Dask to give it up; by default it takes four.
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1} | QUIET),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as running,
    ):
        yield running


# The work is defined inside the tests: such functions travel to the workers whole, without this file.


def test_every_page_is_answered_once_though_a_worker_is_killed_in_mid_run(cluster: Any) -> None:
    def work(page: Any) -> Answer:
        return Answer(page.name, "ok", str(os.getpid()).encode())

    answers = []
    for answer in DaskEngine(cluster.scheduler_address)(PAGES, work):
        answers.append(answer)
        if len(answers) == 5:
            os.kill(int(answer.content), signal.SIGKILL)
    assert Counter(answer.name for answer in answers) == EACH_ONCE
    assert {answer.status for answer in answers} == {"ok"}
    assert str(os.getpid()).encode() not in {answer.content for answer in answers}


def test_the_page_that_kills_its_workers_is_named_and_the_others_answered(cluster: Any) -> None:
    def work(page: Any) -> Answer:
        if page.name == "7.html":
            os.kill(os.getpid(), signal.SIGKILL)
        return Answer(page.name, "ok")

    answers = list(DaskEngine(cluster.scheduler_address)(PAGES, work))
    assert Counter(answer.name for answer in answers) == EACH_ONCE
    assert [(answer.name, answer.code) for answer in answers if answer.status == "failed"] == [
        ("7.html", "worker-killed")
    ]


def test_pages_are_taken_as_needed_and_closing_cancels_the_rest(cluster: Any) -> None:
    taken: list[Page] = []

    def endless() -> Iterator[Page]:
        while True:
            taken.append(Page(str(len(taken))))
            yield taken[-1]

    with closing(DaskEngine(cluster.scheduler_address)(endless(), lambda page: Answer(page.name, "ok"))) as answers:
        next(answers)
    assert len(taken) in {4, 8}  # four for each thread; one worker may just have been killed by another test
    assert not cluster.scheduler.clients.keys() - {"fire-and-forget"}


def test_a_stream_that_says_not_now_is_asked_again_after_an_answer(cluster: Any) -> None:
    heard: list[str] = []

    def two_at_a_time() -> Iterator[Any]:
        for number, page in enumerate(PAGES):
            while number - len(heard) >= 2:
                yield NOT_NOW
            yield page

    for answer in DaskEngine(cluster.scheduler_address)(two_at_a_time(), lambda page: Answer(page.name, "ok")):
        heard.append(answer.name)
    assert Counter(heard) == EACH_ONCE


def test_what_the_work_raises_is_raised_here(cluster: Any) -> None:
    def work(page: Any) -> Answer:
        raise ArtefactError("The model changed during the run. Run it again.")

    with pytest.raises(ArtefactError, match="Run it again"):
        list(DaskEngine(cluster.scheduler_address)(PAGES, work))


def test_pages_are_cleaned_with_the_shipped_model(cluster: Any, tmp_path: Path, shipped_cleaner: Cleaner) -> None:
    for number in range(3):
        text = f"The ferry left at nine, {number} minutes late, and nobody minded because the sea was calm."
        (tmp_path / f"{number}.html").write_text(f"<nav><a href=/>Home</a></nav><p>{text}</p>")
    work = partial(clean_in_worker, recipe=Recipe(shipped_cleaner.version))
    answers = list(DaskEngine(cluster.scheduler_address)(find_pages(tmp_path).pages, work))
    assert sorted(answer.content[:23] for answer in answers) == [b"The ferry left at nine,"] * 3


def test_a_cluster_without_workers_is_an_error() -> None:
    with (
        dask.config.set(QUIET),
        LocalCluster(n_workers=0, dashboard_address=":0") as empty,
        pytest.raises(EngineError, match=r"no workers for 0\.2 seconds"),
    ):
        list(DaskEngine(empty.scheduler_address, no_workers_s=0.2)(PAGES, lambda page: Answer(page.name, "ok")))


def test_a_cluster_that_loses_all_its_workers_is_an_error_and_no_endless_wait() -> None:
    with dask.config.set(QUIET), LocalCluster(n_workers=1, dashboard_address=":0") as shrinking:

        def pages() -> Iterator[Page]:
            with Client(shrinking.scheduler_address, set_as_default=False) as client:
                client.retire_workers(close_workers=True)
            yield from PAGES

        engine = DaskEngine(shrinking.scheduler_address, no_workers_s=0.2)
        with pytest.raises(EngineError, match=r"no workers for 0\.2 seconds\. Start some and run the same"):
            list(engine(pages(), lambda page: Answer(page.name, "ok")))


@pytest.mark.parametrize("address", ["nonsense", "http://", "tcp://host", "tcp://host:many"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(EngineError, match="It looks like tcp://HOST:8786"):
        list(DaskEngine(address)(PAGES, lambda page: Answer(page.name, "ok")))


def test_a_scheduler_that_is_not_there_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(EngineError, match="No Dask scheduler answers at"):
        list(DaskEngine(f"tcp://127.0.0.1:{port}")(PAGES, lambda page: Answer(page.name, "ok")))


def test_a_server_that_is_no_scheduler_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "_CONNECT_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        engine = DaskEngine(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(EngineError, match="No Dask scheduler answers"):
            list(engine(PAGES, lambda page: Answer(page.name, "ok")))


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError, match=r"pip install 'winnow\[dask\]'"):
        list(DaskEngine("tcp://127.0.0.1:8786")(PAGES, lambda page: Answer(page.name, "ok")))
