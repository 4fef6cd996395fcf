"""The clock around a page."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress

import pytest

from service.timelimit import PageTimeout, time_limit


def spin() -> None:
    while True:
        with suppress(Exception):  # a library that swallows what it can must not keep the page alive
            sum(range(1_000))


def test_python_code_that_hangs_is_interrupted_whatever_it_catches() -> None:
    with pytest.raises(PageTimeout, match=r"longer than 0\.05 seconds"), time_limit(0.05):
        spin()


def test_it_leaves_signal_and_timer_as_they_were() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(60):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_an_error_inside_passes_through() -> None:
    with pytest.raises(KeyError), time_limit(60):
        raise KeyError


def test_outside_the_main_thread_it_does_nothing() -> None:
    passed: list[bool] = []

    def work() -> None:
        with time_limit(0.001):
            passed.append(signal.getitimer(signal.ITIMER_REAL) == (0, 0))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert passed == [True]
