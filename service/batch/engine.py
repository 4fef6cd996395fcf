"""Engines run the same work on many tasks: in this process, or on all cores.

An engine takes tasks and yields an `Answer` for each, in any order. One that sends the work elsewhere (see
`dask_engine`) has the same shape. Tasks are taken as they are needed and answers made as they are fetched: a few per
worker are under way, however many millions there are and however slowly answers are fetched.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from multiprocessing.connection import wait
from typing import Any

from model.errors import WinnowError
from service.batch.guards import PAGE_TIMEOUT_S
from service.batch.recipe import Answer
from service.batch.worker import NOT_NOW, DeadWorkerError, Errand, Task, Work, Worker, describe_exit, end_all

__all__ = ["NOT_NOW", "CoresEngine", "Engine", "EngineError", "Task", "Work", "run_here"]

Engine = Callable[[Iterable[Any], Work], Generator[Answer, None, None]]
"""Takes tasks of the kind that the work takes."""

TRIES = 2
"""A page that has killed so many workers fails; one kill may have been chance."""

SILENCES = 3
"""A worker that is silent for so many times a page's limit is killed: its own clock has not helped (see `guards`)."""

_START_S = 60.0
"""A worker that is still getting ready may be silent for at least so long: on a busy machine a start takes seconds, and
to kill it would only start another.
"""

_FAILED_STARTS = 5
"""Workers in a row that end by themselves before they are ready; then none will ever be."""

_KILLED_STARTS = 50
"""Workers in a row that are killed before they are ready. Somebody killed them, which says nothing of the next; the
system does it too when memory is short, and then it would go on for ever."""


class EngineError(WinnowError):
    """There are no workers to do the work."""

    code = "no-workers"


def run_here(tasks: Iterable[Task], work: Work) -> Generator[Answer, None, None]:
    """One task after the other in this process: what kills a worker would end the run."""
    for task in tasks:
        yield work(task)


class CoresEngine:
    """Worker processes on this machine.

    cores      how many
    prepare    what each does before its first task, load the model for one; its death in there is held against no page
    silence_s  how long a worker that is ready may take over one task before it is killed

    When a worker dies (killed, crashed, silent) the others go on. The task that was in its hands is tried once more
    and, if another worker dies over it, fails by name; those that lay behind it are given out again.
    """

    def __init__(
        self,
        cores: int,
        prepare: Callable[[], object] | None = None,
        silence_s: float | None = SILENCES * PAGE_TIMEOUT_S,
    ) -> None:
        self.cores = cores
        self._prepare = prepare
        self._silence_s = silence_s

    def __call__(self, tasks: Iterable[Task], work: Work) -> Generator[Answer, None, None]:
        """Yield the answers as they come. Closing the iterator, or an interrupt, ends the workers.

        Raises EngineError when no worker can be started, and what `work` or `prepare` raised in one.
        """
        line = _Line(tasks)
        crew = [Worker(work, self._prepare) for _ in range(self.cores)]
        lost_starts: list[int | None] = []
        try:
            while _hand_out(line, crew):
                for worker in _heard(crew, self._silence_s):
                    try:
                        answer = worker.hear()
                    except DeadWorkerError:
                        answer = _bury(worker, line, lost_starts)
                    else:
                        lost_starts.clear()
                    if answer is not None:
                        yield answer
        finally:
            end_all(crew)


class _Line:
    """What is still to be done: first what comes back from workers that died, then new tasks, taken one by one."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._new = map(Errand, tasks)
        self._back: deque[Errand] = deque()

    def take(self) -> Errand | None:
        """The next errand, or None when there is none now."""
        errand = self._back.popleft() if self._back else next(self._new, None)
        return None if errand is None or errand.task is NOT_NOW else errand

    def put_back(self, errands: Iterable[Errand]) -> None:
        self._back.extend(errands)


def _hand_out(line: _Line, crew: list[Worker]) -> bool:
    """Give errands to all workers that take more, the least busy first; False when everything is done."""
    while takers := [worker for worker in crew if worker.takes_more()]:
        errand = line.take()
        if errand is None:
            return any(worker.in_hand for worker in crew)
        worker = min(takers, key=lambda taker: (len(taker.in_hand), not taker.is_ready))
        try:
            was_given = worker.give(errand)
        except OSError as error:
            raise EngineError(f"A worker process cannot be started: {error}. Use fewer: --jobs.") from error
        if not was_given:  # the worker is gone, and will be heard to be
            line.put_back([errand])
            break
    return True


def _heard(crew: list[Worker], silence_s: float | None) -> list[Worker]:
    """Wait until workers have something to say; kill those that have been silent over a task for too long."""
    pipes = {worker.pipe: worker for worker in crew if worker.pipe is not None}
    busy = [worker for worker in crew if worker.in_hand]
    if silence_s is None or not busy:
        return [pipes[pipe] for pipe in wait(pipes)]  # type: ignore[index] # wait returns what it was given
    ends_s = [worker.heard_at_s + (silence_s if worker.is_ready else max(silence_s, _START_S)) for worker in busy]
    speaking = wait(pipes, max(0.0, min(ends_s) - time.monotonic()))
    for worker, end_s in zip(busy, ends_s, strict=True):
        if worker.pipe not in speaking and time.monotonic() >= end_s:
            worker.kill(for_silence=True)
    return [pipes[pipe] for pipe in speaking]  # type: ignore[index]


def _bury(worker: Worker, line: _Line, lost_starts: list[int | None]) -> Answer | None:
    """Put back what a dead worker had in its hands, or fail the first of it, over which too many have died.

    lost_starts  the exit codes of the workers in a row that have died before they were ready; it is kept up to date
    """
    lost, was_ready, was_silent = list(worker.in_hand), worker.is_ready, worker.was_silent
    worker.in_hand.clear()
    code = worker.end()
    if was_ready:
        lost_starts.clear()
    else:
        lost_starts.append(code)
        _check_starts(lost_starts)
    failed = None
    if lost and was_ready:
        lost[0].deaths += 1
        if lost[0].deaths >= TRIES:
            failed = _failure(lost.pop(0), describe_exit(code), was_silent)
    line.put_back(lost)
    return failed


def _check_starts(lost_starts: list[int | None]) -> None:
    by_themselves = sum(code is not None and code >= 0 for code in lost_starts)
    if by_themselves >= _FAILED_STARTS or len(lost_starts) >= _KILLED_STARTS:
        raise EngineError(
            f"No worker process gets ready: {len(lost_starts)} in a row ended before, the last with "
            f"{describe_exit(lost_starts[-1])}. Perhaps memory is short: use fewer, --jobs."
        )


def _failure(errand: Errand, ending: str, was_silent: bool) -> Answer:
    if was_silent:
        reason = f"It hung in {TRIES} workers, which had to be killed. Clean it by itself, and report it if it hangs."
        return Answer(errand.task.name, "failed", code="timed-out", reason=reason)
    reason = f"{TRIES} workers died over it ({ending}), perhaps out of memory. Clean it by itself."
    return Answer(errand.task.name, "failed", code="worker-killed", reason=reason)
