"""One worker process: it takes tasks from a pipe, one after the other, and sends back an answer for each.

A pool shares queues and locks between its processes, so one that is killed breaks all of them, and which page it
had in its hands is anybody's guess. Here every process has a pipe of its own: its end closes with the process, at
any moment and with half an answer in it, and as tasks are taken in order the first unanswered one was in its hands.

The processes are forked from a server that has the libraries imported and nothing else (see `warm`), so one starts in
a fraction of a second. The work is sent by value; numeric libraries use one thread.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver, get_all_start_methods, get_context, resource_tracker
from multiprocessing.connection import Connection, Pipe
from multiprocessing.context import BaseContext
from queue import SimpleQueue
from typing import Any, Protocol

import cloudpickle

from service.batch.recipe import Answer
from service.one_thread import ONE_THREAD

_QUEUE_LENGTH = 3
"""tasks in a worker's hands at once: it never waits for the next while this process writes an output"""

_TASKS_PER_PROCESS = 20_000
"""Then the process is renewed, so that no leak of a library adds up over a night: of 200 seconds it costs one."""

_FORK_SERVER_PAUSES_S = (0.02, 0.1, 0.5, 1.0)
"""seconds to wait for a fork server that was killed to be gone, one after the other"""

_LAST_WORDS_S = 5.0
"""seconds in which a process that was killed has to be gone"""


class Task(Protocol):
    """Anything to be done that has a name; it travels to workers by pickle."""

    @property
    def name(self) -> str:
        """The same as its `Answer.name`."""


class _NotNow:
    """Stands in a stream of tasks for "there are more, but first I must hear some answers"."""

    name = ""


NOT_NOW = _NotNow()
"""Whoever yields it has tasks in the engine's hands; the engine asks again after the next answer."""

Work = Callable[[Any], Answer]
"""What is done with a task. It takes the kind of task that the engine is given beside it."""


@dataclass(slots=True)
class Errand:
    """A task and how many workers died with it in their hands."""

    task: Task
    deaths: int = 0


class DeadWorkerError(Exception):
    """The process is gone: killed, crashed, or out of memory."""


class Worker:
    """A worker process seen from outside. It starts with its first errand and can be started again."""

    def __init__(self, work: Work, prepare: Callable[[], object] | None) -> None:
        self._work = work
        self._prepare = prepare
        self._process: Any = None
        self._given = 0
        self.pipe: Connection | None = None
        """Readable when there is something to hear; None while there is no process."""
        self.is_ready = False
        """It has prepared itself: what kills it now is the task in its hands."""
        self.in_hand: deque[Errand] = deque()
        self.heard_at_s = 0.0
        """When it last gave a sign of life or got something to do, by the monotonic clock."""
        self.was_silent = False
        """It was killed for its silence."""

    def takes_more(self) -> bool:
        """Whether it takes an errand now. A process that has done its share first answers what it has."""
        return len(self.in_hand) < (_QUEUE_LENGTH if self.is_ready else 1) and self._given < _TASKS_PER_PROCESS

    def give(self, errand: Errand) -> bool:
        """Hand over a task; False when the process is gone. Raises OSError when none can be started."""
        if self.pipe is None:
            self._start()
        if not self.in_hand:
            self.heard_at_s = time.monotonic()
        # Before it is ready nobody reads the pipe, and a large task would block: then `hear` sends it.
        if self.is_ready and not self._send(errand):
            return False
        self.in_hand.append(errand)
        return True

    def hear(self) -> Answer | None:
        """What it says: an answer, or None when it is ready. Raises DeadWorkerError, and what the work raised."""
        try:
            said = self._pipe().recv()
        except (EOFError, OSError) as error:  # OSError: it died with a part of its answer in the pipe
            raise DeadWorkerError from error
        self.heard_at_s = time.monotonic()
        if isinstance(said, BaseException):
            raise said
        if said is None:
            self.is_ready = True
            all(map(self._send, self.in_hand))
            return None
        answer: Answer = said
        self.in_hand.popleft()
        if answer.code == "out-of-memory":
            self._given = _TASKS_PER_PROCESS  # what is left of its memory may be in pieces
        if not self.in_hand and not self.takes_more():
            self.end()
        return answer

    def kill(self, *, for_silence: bool = False) -> None:
        """Kill the process, if there is one; its pipe then says so."""
        self.was_silent = for_silence
        if self._process is not None and self._process.is_alive():
            os.kill(self._process.pid, signal.SIGKILL)

    def end(self) -> int | None:
        """Kill the process and tidy up; the next errand starts another. Returns the exit code that it had, if any."""
        if self.pipe is None:
            return None
        self.pipe.close()
        self._process.join(0.1)  # one that died by itself may not be gone entirely; how it did is worth knowing
        self.kill()
        self._process.join(_LAST_WORDS_S)
        code: int | None = self._process.exitcode
        self.pipe, self._process, self._given = None, None, 0
        self.is_ready = self.was_silent = False
        return code

    def _pipe(self) -> Connection:
        assert self.pipe is not None, "only a worker that was given something is heard"
        return self.pipe

    def _send(self, errand: Errand) -> bool:
        self._given += 1
        try:
            self._pipe().send(errand.task)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def _start(self) -> None:
        for pause_s in (*_FORK_SERVER_PAUSES_S, None):
            try:
                self._start_once()
            except (EOFError, ConnectionError) as error:
                # The fork server died as it was asked. Until it is gone for good it counts as alive; the next is new.
                if pause_s is None:
                    raise OSError("the server that workers are forked from dies again and again") from error
                time.sleep(pause_s)
            else:
                return

    def _start_once(self) -> None:
        self.pipe, its_end = Pipe()
        try:
            warm_up()
            with _environment(ONE_THREAD):
                arguments = (its_end, cloudpickle.dumps((self._work, self._prepare)))
                self._process = _processes().Process(target=_serve, args=arguments, daemon=True)  # type: ignore[attr-defined]
                self._process.start()
        except BaseException:  # Ctrl-C too: until the fork server has its libraries, a start takes a second
            self.pipe.close()
            self.pipe = self._process = None
            raise
        finally:
            its_end.close()  # the process has it now; when that ends, so does the pipe
        self.heard_at_s = time.monotonic()


def warm_up() -> None:
    """Start the server that workers are forked from: it imports while this process loads its own model."""
    if "forkserver" in get_all_start_methods():
        _processes()
        resource_tracker.ensure_running()  # the server would start it, and that lets interrupts through again
        with _environment(ONE_THREAD), _interrupts_held():  # it takes both from here, and hands them on
            forkserver.ensure_running()


def end_all(workers: Iterable[Worker]) -> None:
    """Kill all of them at once, then wait for each."""
    workers = list(workers)
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.end()


def describe_exit(code: int | None) -> str:
    """An exit code in words."""
    if code is None:
        return "no end, it cannot be killed"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit code {code}"


@cache
def _processes() -> BaseContext:
    """Where processes come from; a new interpreter each where there is no fork server (Windows)."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["service.batch.warm"])
    return context


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables of this process for a moment."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            os.environ.update({name: value} if value is not None else {})


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait. A process started now never hears it: it would end in a traceback amid its imports."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, pickled: bytes) -> None:
    """The life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    faulthandler.enable()
    tasks: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_take_in, args=(pipe, tasks), daemon=True).start()
    try:
        work, prepare = cloudpickle.loads(pickled)
        if prepare is not None:
            prepare()
        pipe.send(None)
        while True:
            pipe.send(work(tasks.get()))
    except (MemoryError, BrokenPipeError, ConnectionResetError):
        os._exit(1)  # no memory left to send an answer, or nobody there to send it to
    except Exception as error:  # noqa: BLE001 - it is raised again where the engine runs
        error.add_note("".join(traceback.format_exception(error)))
        pipe.send(error)


def _take_in(pipe: Connection, tasks: SimpleQueue[Any]) -> None:
    """Take tasks out of the pipe at once, so that the parent never waits to send one; end with the parent."""
    try:
        while True:
            tasks.put(pipe.recv())
    except (EOFError, OSError, MemoryError):
        os._exit(1)
