"""Requests a minute for each caller, counted exactly over all worker processes.

The rule is GCRA, a leaky bucket that needs one number: the moment at which the caller's bucket is empty again. A
request moves that moment on by 60 s / limit, and is refused when it would lie more than 60 s ahead. So a caller may
spend a minute's requests at once, and then gets one back every 60 s / limit.

The numbers stand in a file without a name, which the parent opens before it forks. Workers read and write it under
a lock that the system drops with its holder, so a worker that is killed blocks nobody. The library `limits` is
not used: its memory storage counts in each process for itself, and its others are servers to run.
"""

from __future__ import annotations

import fcntl
import os
import struct
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_MINUTE_NS = 60_000_000_000
_SECOND_NS = 1_000_000_000

MAX_PER_MINUTE = 100_000
"""Up to here whole nanoseconds are fine enough: a minute holds exactly the limit, not one request more."""

_RECORD = struct.Struct("=64sq")
"""A caller's name and the nanosecond at which the caller's bucket is empty, by the system's monotonic clock."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the limit says to one request."""

    is_granted: bool
    limit: int
    """requests a minute"""
    remaining: int
    """requests that would be granted right now"""
    wait_s: int
    """seconds after which a refused request would be granted, 0 for one that was"""
    full_s: int
    """seconds after which the whole minute's requests are there again"""


class RateLimiter:
    """Counts for this process and for those it forks afterwards.

    `clock` gives nanoseconds that mean the same in every process, as the monotonic clock of Linux and macOS does.
    """

    def __init__(self, per_minute: int, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._per_minute = per_minute
        self._interval_ns = _MINUTE_NS // per_minute
        self._clock = clock
        with tempfile.TemporaryFile() as file:
            self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)
        self._threads = threading.Lock()
        self._offsets: dict[str, int] = {}

    def take(self, caller: str) -> Allowance:
        """Grant or refuse one request. `caller` has up to 64 ASCII characters."""
        with self._locked():
            now = self._clock()
            offset = self._offset(caller)
            stored = os.pread(self._file, _RECORD.size, offset)
            empty_at = max(now, _RECORD.unpack(stored)[1] if stored else now)
            ahead_ns = empty_at + self._interval_ns - now
            if ahead_ns > _MINUTE_NS:
                return self._allowance(empty_at - now, ahead_ns - _MINUTE_NS)
            os.pwrite(self._file, _RECORD.pack(caller.encode(), now + ahead_ns), offset)
        return self._allowance(ahead_ns, 0)

    def _allowance(self, filled_ns: int, wait_ns: int) -> Allowance:
        remaining = (_MINUTE_NS - filled_ns) // self._interval_ns
        return Allowance(wait_ns == 0, self._per_minute, remaining, _seconds(wait_ns), _seconds(filled_ns))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The file, while no other thread or process has it. The system's lock knows processes only."""
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _offset(self, caller: str) -> int:
        """Where the caller's record is, or at the end where it will be. Records never move."""
        if caller in self._offsets:
            return self._offsets[caller]
        records = os.pread(self._file, os.fstat(self._file).st_size, 0)
        for number, (name, _) in enumerate(_RECORD.iter_unpack(records)):
            if name.rstrip(b"\0") == caller.encode():
                self._offsets[caller] = number * _RECORD.size
                return self._offsets[caller]
        return len(records)


def _seconds(nanoseconds: int) -> int:
    """Rounded up: a client that waits this long is not refused again."""
    return -(-nanoseconds // _SECOND_NS)
