"""Work over all cores: every page answered once, even when workers are killed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.batch.engine import NOT_NOW, CoresEngine, EngineError, run_here
from service.batch.recipe import Answer
from service.files import PageFile

PAGES = [PageFile(f"{number}.html", f"/{number}.html", "html", 1, 1) for number in range(30)]


# The work is defined inside the tests: such functions are sent to workers whole, without importing this file there.


def test_in_this_process_pages_come_in_order() -> None:
    answers = run_here(PAGES, lambda page: Answer(page.name, "ok"))
    assert [answer.name for answer in answers] == [page.name for page in PAGES]


def test_worker_processes_answer_every_page_once() -> None:
    def work(page: PageFile) -> Answer:
        return Answer(page.name, "ok", str(os.getpid()).encode())

    answers = list(CoresEngine(2)(PAGES, work))
    assert sorted(answer.name for answer in answers) == sorted(page.name for page in PAGES)
    assert str(os.getpid()).encode() not in {answer.content for answer in answers}


def test_the_page_that_kills_its_worker_is_named_and_the_others_answered() -> None:
    def work(page: PageFile) -> Answer:
        if page.name == "7.html":
            os.kill(os.getpid(), signal.SIGKILL)
        return Answer(page.name, "ok")

    answers = {answer.name: answer for answer in CoresEngine(2)(PAGES, work)}
    assert len(answers) == len(PAGES)
    assert [name for name, answer in answers.items() if answer.status == "failed"] == ["7.html"]
    assert answers["7.html"].code == "worker-killed"


def test_a_worker_killed_by_chance_costs_no_page(tmp_path: Path) -> None:
    def work(page: PageFile) -> Answer:
        once = tmp_path / "killed"
        if page.name == "7.html" and not once.exists():
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Answer(page.name, "ok")

    answers = list(CoresEngine(2)(PAGES, work))
    assert [answer.status for answer in answers] == ["ok"] * len(PAGES)


def test_workers_use_one_thread() -> None:
    def work(page: PageFile) -> Answer:
        return Answer(page.name, "ok", os.environ["OMP_NUM_THREADS"].encode())

    assert {answer.content for answer in CoresEngine(2)(PAGES[:4], work)} == {b"1"}


def test_workers_start_with_their_libraries_and_without_those_they_do_not_need() -> None:
    def work(page: PageFile) -> Answer:
        found = [name for name in ("model.cleaning", "sklearn", "pandas", "pyarrow") if name in sys.modules]
        return Answer(page.name, "ok", " ".join(found).encode())

    assert {answer.content for answer in CoresEngine(1)(PAGES[:1], work)} == {b"model.cleaning sklearn"}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells which signals are blocked")
def test_ctrl_c_does_not_reach_the_server_that_workers_are_forked_from() -> None:
    def work(page: PageFile) -> Answer:
        status = Path(f"/proc/{os.getppid()}/status").read_text()
        return Answer(page.name, "ok", status.partition("SigBlk:")[2].split()[0].encode())

    (answer,) = CoresEngine(1)(PAGES[:1], work)
    assert int(answer.content, 16) & 1 << (signal.SIGINT - 1)


def test_the_run_goes_on_when_the_server_that_workers_are_forked_from_is_killed(tmp_path: Path) -> None:
    def work(page: PageFile) -> Answer:
        once = tmp_path / "killed"
        if page.name == "7.html" and not once.exists():
            once.touch()
            os.kill(os.getppid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)
        return Answer(page.name, "ok")

    answers = list(CoresEngine(2)(PAGES, work))
    assert sorted(answer.name for answer in answers) == sorted(page.name for page in PAGES)
    assert {answer.status for answer in answers} == {"ok"}


def test_workers_that_are_killed_before_they_are_ready_are_started_again(tmp_path: Path) -> None:
    def prepare() -> None:
        starts = len(list(tmp_path.iterdir()))
        if starts < 12:
            (tmp_path / str(starts)).touch()
            os.kill(os.getpid(), signal.SIGKILL)

    answers = list(CoresEngine(1, prepare)(PAGES, lambda page: Answer(page.name, "ok")))
    assert [answer.status for answer in answers] == ["ok"] * len(PAGES)


def test_workers_that_end_by_themselves_before_they_are_ready_end_the_run() -> None:
    def prepare() -> None:
        os._exit(3)

    with pytest.raises(EngineError, match="5 in a row ended before, the last with exit code 3"):
        list(CoresEngine(1, prepare)(PAGES, lambda page: Answer(page.name, "ok")))


def test_cores_wait_for_answers_when_a_stream_says_not_now() -> None:
    heard: list[str] = []

    def two_at_a_time() -> Iterator[Any]:
        for number in range(10):
            while number - len(heard) >= 2:
                yield NOT_NOW
            yield PAGES[number]

    for answer in CoresEngine(2)(two_at_a_time(), lambda page: Answer(page.name, "ok")):
        heard.append(answer.name)
    assert sorted(heard) == sorted(page.name for page in PAGES[:10])
