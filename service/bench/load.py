"""Load on a service from a second process: closed loops of n connections, and arrivals at a fixed rate.

A closed loop asks again as soon as it was answered: it finds the capacity. At a fixed rate requests arrive whether
or not the service keeps up, and the wait is counted from when a request was due, so that a slow answer hides no
other one (Gil Tene, "How NOT to Measure Latency").
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from service.bench.pages import percentile

_TIMEOUT_S = 60

_WAITERS = 64
"""connections that may be open at once under a fixed rate"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a stretch of load measured; `waits_s` holds the answered requests alone."""

    seconds: float
    waits_s: tuple[float, ...]
    failures: tuple[str, ...]

    @property
    def pages_per_s(self) -> float:
        """Answered requests a second."""
        return len(self.waits_s) / self.seconds

    def wait_ms(self, share: float) -> float:
        """The wait in milliseconds that `share` of the answers stayed within."""
        return percentile(self.waits_s, share) * 1000 if self.waits_s else float("nan")


def closed_loop(url: str, bodies: Sequence[bytes], connections: int, go_on: Callable[[int], bool]) -> Load:
    """Let `connections` callers ask one page after the other while `go_on(number of the request)` holds."""
    numbers = itertools.count()
    taking = threading.Lock()
    waits: list[float] = []
    failures: list[str] = []

    def caller() -> None:
        while True:
            with taking:
                number = next(numbers)
            if not go_on(number):
                return
            started = time.perf_counter()
            failure = _ask(url, bodies[number % len(bodies)])
            if failure is None:
                waits.append(time.perf_counter() - started)
            else:
                failures.append(failure)

    started = time.perf_counter()
    threads = [threading.Thread(target=caller) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(time.perf_counter() - started, tuple(waits), tuple(failures))


def fixed_rate(url: str, bodies: Sequence[bytes], per_s: float, requests: int) -> Load:
    """Send `requests` at random moments (a Poisson process of fixed seed), `per_s` of them a second on average."""
    waits: list[float] = []
    failures: list[str] = []
    started = time.perf_counter()

    def send(due: float, body: bytes) -> None:
        failure = _ask(url, body)
        if failure is None:
            waits.append(time.perf_counter() - started - due)
        else:
            failures.append(failure)

    with ThreadPoolExecutor(_WAITERS) as pool:
        for number, due in enumerate(itertools.islice(_arrivals(per_s), requests)):
            time.sleep(max(0.0, due - (time.perf_counter() - started)))
            pool.submit(send, due, bodies[number % len(bodies)])
    return Load(time.perf_counter() - started, tuple(waits), tuple(failures))


def _arrivals(per_s: float) -> Iterator[float]:
    rng = random.Random(1)
    moment = 0.0
    while True:
        moment += rng.expovariate(per_s)
        yield moment


def _ask(url: str, body: bytes) -> str | None:
    """One page over a connection of its own; what went wrong, or None."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=_TIMEOUT_S)
    try:
        connection.request("POST", "/v1/clean", body, {"Content-Type": "text/html", "Accept": "text/plain"})
        response = connection.getresponse()
        response.read()
    except (OSError, HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
    return None if response.status == 200 else str(response.status)
