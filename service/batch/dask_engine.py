"""The same work on a Dask cluster: `winnow batch IN OUT --engine dask --scheduler tcp://HOST:8786`.

The cluster is there already (`dask scheduler`, `dask worker`, or a `LocalCluster`), with Winnow in the same version
and, for pages that are files, the same paths on every machine. Workers only clean; outputs are written here.

When a worker dies, Dask gives its tasks to another, and gives up on those over which several have died (its setting
`distributed.scheduler.allowed-failures`). That hits bystanders too, since a worker has more than one task. So what
Dask gives up is run once more at the end, alone, and fails by name only if workers die over it then.

A page's own guards are off in Dask's threads (see `guards`): start the workers with `--memory-limit`.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from service.batch.engine import NOT_NOW, EngineError, Task, Work
from service.batch.recipe import Answer

if TYPE_CHECKING:
    from distributed import Client, Future

_CONNECT_TIMEOUT_S = 5.0
"""seconds until a scheduler that does not answer counts as not there"""

_NO_WORKERS_S = 60.0
"""seconds that a cluster without workers is given to get one: in a cloud a machine has to start"""

_LOOK_S = 1.0
"""seconds without an answer after which the workers are counted"""

_TASKS_PER_THREAD = 4
"""tasks under way for each thread of the cluster: the way there and back takes longer than on one machine"""

_LARGE_TASK = "100MB"
"""From here on Dask warns of a large task; its own 10 MB are less than a page of a table may have."""


class DaskEngine:
    """The threads of a Dask cluster's workers.

    scheduler     its address, "tcp://HOST:PORT" (or tls://)
    no_workers_s  how long to wait for a worker when there is none, at the beginning or later
    """

    def __init__(self, scheduler: str, no_workers_s: float = _NO_WORKERS_S) -> None:
        self.scheduler = scheduler
        self._no_workers_s = no_workers_s

    def __call__(self, tasks: Iterable[Task], work: Work) -> Generator[Answer, None, None]:
        """Yield the answers as they come. Closing the iterator, or an interrupt, cancels what is outstanding.

        Raises EngineError when the cluster cannot be reached, has no workers or goes away, and what `work` raised.
        """
        with _connection(self.scheduler, self._no_workers_s) as client:
            waiting = iter(tasks)
            # Again, because a stream that said "not now" may go on when those that were given up are answered.
            while given_up := (yield from _answers(client, waiting, work, self._no_workers_s)):
                for task in given_up:
                    if (yield from _answers(client, iter([task]), work, self._no_workers_s)):
                        reason = (
                            "Several workers of the cluster died over it, perhaps out of memory. Clean it by itself."
                        )
                        yield Answer(task.name, "failed", code="worker-killed", reason=reason)


def _answers(
    client: Client, tasks: Iterator[Task], work: Work, no_workers_s: float
) -> Generator[Answer, None, list[Task]]:
    """Yield the answers; return the tasks that Dask gave up."""
    from distributed import KilledWorker, as_completed

    completed = as_completed(loop=client.loop, with_results=True, raise_errors=False)
    under_way: dict[Future[Answer], Task] = {}
    given_up: list[Task] = []
    room = _room(client)

    def top_up() -> None:
        while len(under_way) < room and (task := next(tasks, None)) not in (None, NOT_NOW):
            future = client.submit(work, task, pure=False)  # not pure: the same page may come twice
            under_way[future] = task
            completed.add(future)

    try:
        top_up()
        for answered, (future, outcome) in enumerate(_while_there_are_workers(client, completed, no_workers_s), 1):
            task = under_way.pop(future)
            if answered % room == 0:
                room = _room(client)  # clusters grow and shrink
            if future.status == "finished":
                yield outcome
            elif isinstance(error := _error_of(outcome), KilledWorker):
                given_up.append(task)
            else:
                raise error
            top_up()
    finally:
        client.cancel(list(under_way))
    return given_up


def _while_there_are_workers(client: Client, completed: Any, no_workers_s: float) -> Iterator[tuple[Any, Any]]:
    """What `completed` gives, as it comes. Raises EngineError when the cluster has lost all workers for good.

    Dask itself would wait for ever, since another worker may come at any time.
    """
    since: float | None = None
    while not completed.is_empty():
        if completed.has_ready():
            since = None
            yield next(completed)
            continue
        with completed.thread_condition:
            if not completed.has_ready():
                completed.thread_condition.wait(min(_LOOK_S, no_workers_s))
        if completed.has_ready() or client.nthreads():
            since = None
        elif since is None:
            since = time.monotonic()
        elif time.monotonic() - since >= no_workers_s:
            raise EngineError(
                f"The cluster has had no workers for {no_workers_s:g} seconds. Start some and run the same command "
                "again to go on."
            )


def _room(client: Client) -> int:
    """How many tasks may be under way: some for each thread, and some when all workers are gone for the moment."""
    threads: dict[str, int] = client.nthreads()
    return _TASKS_PER_THREAD * max(1, sum(threads.values()))


def _error_of(outcome: Any) -> BaseException:
    """What to raise for a task without an answer; `outcome` is (type, error, traceback), or a cancellation."""
    error = outcome[1] if isinstance(outcome, tuple) else outcome
    if isinstance(error, ImportError | AttributeError):
        return EngineError(f"The cluster's workers lack what is needed ({error}). Install the same Winnow there.")
    if isinstance(outcome, tuple):
        raised: BaseException = error
        return raised
    return EngineError("The connection to the scheduler was lost. Run the same command again to go on.")


@contextmanager
def _connection(scheduler: str, no_workers_s: float) -> Iterator[Client]:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise EngineError("The engine dask needs a package more: pip install 'winnow[dask]'") from error
    _knock(scheduler)
    try:
        client = distributed.Client(scheduler, timeout=_CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise EngineError(f"What answers at {scheduler} is no Dask scheduler of this version. {error}") from error
    with _silenced_log(), client, dask.config.set({"distributed.admin.large-graph-warning-threshold": _LARGE_TASK}):
        try:
            client.wait_for_workers(1, timeout=no_workers_s)
        except TimeoutError as error:
            raise EngineError(
                f"The scheduler has had no workers for {no_workers_s:g} seconds. Start some: dask worker {scheduler}"
            ) from error
        yield client


@contextmanager
def _silenced_log() -> Iterator[None]:
    """Dask would print the tracebacks of a lost connection, which is an EngineError here."""
    loggers = [logging.getLogger(f"distributed.{part}") for part in ("client", "batched")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _knock(scheduler: str) -> None:
    """Raise EngineError unless a scheduler is there. Dask's own client would go on trying behind our back."""
    try:
        address = urlsplit(scheduler)
        host, port = address.hostname, address.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise EngineError(f"{scheduler} is no scheduler's address. It looks like tcp://HOST:8786")
    try:
        with socket.create_connection((host, port), _CONNECT_TIMEOUT_S) as line:
            if address.scheme == "tcp":
                line.recv(1)  # Dask greets first; its client would wait for ever for a server that does not
    except OSError as error:
        raise EngineError(
            f"No Dask scheduler answers at {scheduler}: {error.strerror or error}. Start one: dask scheduler"
        ) from error
