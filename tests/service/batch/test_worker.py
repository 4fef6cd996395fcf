"""One worker process seen from outside, by what comes through its pipe."""

from __future__ import annotations

import os
import struct
from multiprocessing.connection import Pipe

import pytest

from service.batch.recipe import Answer
from service.batch.worker import DeadWorkerError, Errand, Worker
from service.files import PageFile


@pytest.mark.parametrize("said", [b"", b"\0\0", struct.pack("!i", 9), struct.pack("!i", 9) + b"half"])
def test_a_worker_that_dies_in_the_middle_of_an_answer_is_dead_and_no_more(said: bytes) -> None:
    worker = Worker(lambda task: Answer(task.name, "ok"), None)
    worker.pipe, its_end = Pipe()
    os.write(its_end.fileno(), said)
    its_end.close()
    with worker.pipe, pytest.raises(DeadWorkerError):
        worker.hear()


def test_a_start_that_is_interrupted_leaves_nothing_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    worker = Worker(lambda task: Answer(task.name, "ok"), None)
    monkeypatch.setattr("service.batch.worker._processes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        worker.give(Errand(PageFile("a.html", "/a.html", "html", 1, 1)))
    assert worker.end() is None
