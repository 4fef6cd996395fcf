"""A clock around one page: what takes too long is interrupted, and the process goes on to the next page.

It works on a process as a whole, through a signal, so it holds in the main thread only: that of gunicorn's sync
workers and of `CoresEngine`'s. What no signal reaches – code stuck below Python – ends with the worker.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_REMINDER_S = 1.0
"""Seconds until the clock rings again: the first ring is lost if it falls into a callback that ignores errors."""


class PageTimeout(BaseException):
    """The page's time is over. Like KeyboardInterrupt no Exception: no handler between here and there may keep it."""


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise PageTimeout inside the block when it takes longer. Without effect outside the main thread.

    Python code is interrupted within a millisecond, a call into C when it returns. The clock itself costs 7 µs.
    """
    if seconds is None or not hasattr(signal, "setitimer") or not in_main_thread():
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


def in_main_thread() -> bool:
    """Whether signals reach this thread."""
    return threading.current_thread() is threading.main_thread()


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
            raise PageTimeout(f"It took longer than {self._seconds:g} seconds.")
