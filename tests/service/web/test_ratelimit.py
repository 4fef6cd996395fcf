"""The rate limit: how many requests it grants, when, to whom, and over how many processes."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from service.web.ratelimit import MAX_PER_MINUTE, Allowance, RateLimiter

SECOND_NS = 1_000_000_000


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now_ns = 5 * SECOND_NS

    def __call__(self) -> int:
        return self.now_ns

    def pass_s(self, seconds: float) -> None:
        self.now_ns += round(seconds * SECOND_NS)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def granted(limiter: RateLimiter, caller: str, tries: int) -> int:
    return sum(limiter.take(caller).is_granted for _ in range(tries))


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 59, 60, 61, 997, 12_345])
def test_at_once_exactly_a_minutes_requests_are_granted(clock: Clock, limit: int) -> None:
    assert granted(RateLimiter(limit, clock), "a", limit + 5) == limit


def test_the_greatest_limit_is_exact_too(clock: Clock) -> None:
    limiter = RateLimiter(MAX_PER_MINUTE, clock)
    assert granted(limiter, "a", MAX_PER_MINUTE) == MAX_PER_MINUTE
    assert not limiter.take("a").is_granted


@pytest.mark.parametrize(("seconds", "again"), [(0, 0), (5.999, 0), (6, 1), (12, 2), (60, 10), (3_600, 10)])
def test_requests_come_back_one_by_one(clock: Clock, seconds: float, again: int) -> None:
    limiter = RateLimiter(10, clock)
    granted(limiter, "a", 10)
    clock.pass_s(seconds)
    assert granted(limiter, "a", 20) == again


def test_an_even_stream_at_the_limit_is_never_refused(clock: Clock) -> None:
    limiter = RateLimiter(60, clock)
    for _ in range(500):
        assert limiter.take("a").is_granted
        clock.pass_s(1)


def test_refused_requests_cost_nothing(clock: Clock) -> None:
    limiter = RateLimiter(10, clock)
    granted(limiter, "a", 1_000)
    clock.pass_s(6)
    assert limiter.take("a").is_granted


def test_each_caller_has_a_limit_of_his_own(clock: Clock) -> None:
    limiter = RateLimiter(3, clock)
    names = ["", "a", "ab", "b", "n" * 64]
    assert [granted(limiter, name, 5) for name in names * 2] == [3] * 5 + [0] * 5


def test_an_allowance_tells_what_is_left_and_how_long_to_wait(clock: Clock) -> None:
    limiter = RateLimiter(2, clock)
    assert limiter.take("a") == Allowance(True, limit=2, remaining=1, wait_s=0, full_s=30)
    assert limiter.take("a") == Allowance(True, limit=2, remaining=0, wait_s=0, full_s=60)
    clock.pass_s(9.5)
    assert limiter.take("a") == Allowance(False, limit=2, remaining=0, wait_s=21, full_s=51)


@pytest.mark.parametrize("limit", [1, 7, 13, 1_000])
def test_who_waits_as_long_as_told_is_granted(clock: Clock, limit: int) -> None:
    limiter = RateLimiter(limit, clock)
    granted(limiter, "a", limit)
    clock.pass_s(limiter.take("a").wait_s)
    assert limiter.take("a").is_granted


def test_threads_together_get_no_more_than_one(clock: Clock) -> None:
    limiter = RateLimiter(100, clock)
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(granted(limiter, "a", 60))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(counts) == 100


FORK_AND_TAKE = """
import os
from service.web.ratelimit import RateLimiter

limiter = RateLimiter(300, clock=lambda: 5)
children = []
for number in range(4):
    reading, writing = os.pipe()
    if os.fork() == 0:
        # Names in another order in each process: a caller's place must be found, not assumed.
        names = ["a", "b"] if number % 2 else ["b", "a"]
        counts = {name: sum(limiter.take(name).is_granted for _ in range(200)) for name in names}
        os.write(writing, f"{counts['a']} {counts['b']}".encode())
        os._exit(0)
    os.close(writing)
    children.append(reading)
counts = [[int(count) for count in os.read(child, 100).split()] for child in children]
print([sum(column) for column in zip(*counts)])
"""


def test_forked_workers_together_get_no_more_than_one() -> None:
    command = [sys.executable, "-c", FORK_AND_TAKE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[300, 300]\n"


KILL_THE_HOLDER = """
import os, signal
from service.web.ratelimit import RateLimiter

limiter = RateLimiter(1, clock=lambda: 5)
child = os.fork()
if child == 0:
    with limiter._locked():
        os.kill(os.getpid(), signal.SIGKILL)
os.waitpid(child, 0)
print(limiter.take("a").is_granted)
"""


def test_a_worker_that_is_killed_blocks_nobody() -> None:
    command = [sys.executable, "-c", KILL_THE_HOLDER]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "True\n"
