"""Engines run the same work on many pages: in this process, or on all cores.

An engine takes pages and yields an `Answer` for each, in any order. One that sends the work elsewhere (Dask,
Spark) has the same shape.
"""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor

from service.batch.recipe import Answer
from service.files import PageFile

Work = Callable[[PageFile], Answer]
Engine = Callable[[Iterable[PageFile], Work], Generator[Answer, None, None]]

_PARENT_CHECK_S = 2.0
"""seconds between a worker's looks at whether its parent lives; loky alone would let it wait five minutes"""


def run_here(pages: Iterable[PageFile], work: Work) -> Generator[Answer, None, None]:
    """One page after the other in this process."""
    for page in pages:
        yield work(page)


class CoresEngine:
    """Worker processes, one per core, each with one OpenMP thread.

    When a worker is killed (out of memory, most often) the pages in its hands and in its siblings' are tried
    again one by one; the one that kills its worker again fails by name, the others go on.
    """

    def __init__(self, cores: int) -> None:
        self.cores = cores

    def __call__(self, pages: Iterable[PageFile], work: Work) -> Generator[Answer, None, None]:
        """Yield the answers as they come. Closing the iterator, or an interrupt, ends the workers."""
        with warnings.catch_warnings():
            # joblib warns of what is handled here: dead workers, and tasks cut off by an interrupt.
            warnings.filterwarnings("ignore", r"A worker stopped|\d+ tasks ", UserWarning)
            try:
                yield from self._answers(iter(pages), work)
            finally:
                get_reusable_executor(reuse=True).shutdown(wait=True, kill_workers=True)

    def _answers(self, waiting: Iterator[PageFile], work: Work) -> Iterator[Answer]:
        while lost := (yield from _run_until_a_worker_dies(waiting, work, self.cores)):
            for page in lost:
                yield from _run_alone(page, work)


def _run_until_a_worker_dies(
    waiting: Iterator[PageFile], work: Work, cores: int
) -> Generator[Answer, None, list[PageFile]]:
    """Yield answers; return the pages that were handed out and never answered."""
    in_hand: dict[str, PageFile] = {}

    def handed_out() -> Iterator[PageFile]:
        for page in waiting:
            in_hand[page.name] = page
            yield page

    try:
        for answer in _answers(handed_out(), work, cores):
            del in_hand[answer.name]
            yield answer
    except BrokenProcessPool:
        return list(in_hand.values())
    return []


def _run_alone(page: PageFile, work: Work) -> Iterator[Answer]:
    """The page in a pool of its own, so that a killed worker tells which page it was."""
    try:
        # Two workers for one page: with one, joblib would run it in this process.
        yield from list(_answers([page], work, cores=2))
    except BrokenProcessPool:
        reason = "The process that cleaned it was killed twice, perhaps out of memory. Clean it by itself."
        yield Answer(page.name, "failed", code="worker-killed", reason=reason)


def _answers(pages: Iterable[PageFile], work: Work, cores: int) -> Iterator[Answer]:
    start = {"initializer": _follow_parent, "initargs": (os.getpid(),)}
    with parallel_config("loky", inner_max_num_threads=1, **start):
        parallel = Parallel(n_jobs=cores, return_as="generator_unordered")
        yield from parallel(delayed(work)(page) for page in pages)


def _follow_parent(parent: int) -> None:
    """Set up a worker: Ctrl-C is the parent's to handle, and no worker outlives a killed parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_S)
    os._exit(1)
