"""Guards around one page in a worker: a clock against pages that hang, a ceiling for those that eat memory.

They turn such a page into an answer that says so. What they cannot stop – code stuck below Python, a crash, the
system's own out-of-memory killer – ends the worker, and is the engine's matter.

Both work on a process as a whole, so they hold in `CoresEngine`'s workers, which clean one page at a time in their
main thread. In the threads of a Dask worker the clock is off (signals reach the main thread only), and the ceiling
is the one of the Dask worker itself.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType

PAGE_TIMEOUT_S = 60.0
"""A page takes 15 ms on average, and the slowest of the corpora, 5 MB, a few seconds: one minute is a hang."""

PAGE_MEMORY_MB = 1_500
"""What a page may need beside the loaded model. The largest page that is let in, 20 MB, needs about half of it."""

_REMINDER_S = 1.0
"""Seconds until the clock rings again: the first ring is lost if it falls into a callback that ignores errors."""

_MEMORY_COUNTS = Path("/proc/self/statm")
"""Linux: page counts, the sixth of which is what RLIMIT_DATA measures."""


@dataclass(frozen=True, slots=True)
class Guards:
    """What one page may cost; None stands for no limit."""

    page_timeout_s: float | None = PAGE_TIMEOUT_S
    page_memory_mb: int | None = PAGE_MEMORY_MB


class PageTimeout(BaseException):
    """The page's time is over. Like KeyboardInterrupt no Exception: no handler between here and there may keep it."""


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise PageTimeout inside the block when it takes longer. Without effect outside the main thread.

    Python code is interrupted within a millisecond, a call into C when it returns. 7 µs per block.
    """
    if seconds is None or not hasattr(signal, "setitimer") or not _in_main_thread():
        yield
        return
    clock = _Clock(seconds)
    try:
        try:
            clock.start()
            yield
        finally:
            clock.stop()
    except PageTimeout:
        clock.stop()  # it may have rung inside the `finally`, before the clock had stopped
        raise


class _Clock:
    """An interval timer whose signal raises, until it is stopped."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running = False
        self._before = signal.getsignal(signal.SIGALRM)

    def start(self) -> None:
        signal.signal(signal.SIGALRM, self._ring)
        self._running = True
        signal.setitimer(signal.ITIMER_REAL, self._seconds, _REMINDER_S)

    def stop(self) -> None:
        self._running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._before)

    def _ring(self, _signal: int, _frame: FrameType | None) -> None:
        if self._running:
            raise PageTimeout(
                f"It took longer than {self._seconds:g} seconds. Look at the page, or raise the limit: --page-timeout."
            )


@cache
def limit_memory(megabytes: int | None) -> None:
    """Let this process grow by so much from now on; then it gets MemoryError. Once per process, on Linux only.

    It counts what is written to, not what is mapped: libraries, model files and reserved addresses are free.
    """
    if megabytes is None or not _MEMORY_COUNTS.exists() or not _in_main_thread():
        return
    import resource  # not on Windows

    now_bytes = int(_MEMORY_COUNTS.read_text().split()[5]) * resource.getpagesize()
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    ceiling = now_bytes + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (ceiling if most == resource.RLIM_INFINITY else min(ceiling, most), most))


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
