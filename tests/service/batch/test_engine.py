"""Work over all cores: every page answered once, even when workers are killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from service.batch.engine import CoresEngine, run_here
from service.batch.recipe import Answer
from service.files import PageFile

PAGES = [PageFile(f"{number}.html", f"/{number}.html", "html", 1, 1) for number in range(30)]


# The work is defined inside the tests: loky sends such functions to its workers whole, without importing
# this file there.


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
