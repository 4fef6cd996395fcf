"""Measure the service on loopback: waits and pages a second by connections, at 70 % load, and over a long run.

    python -m service.bench.web                       everything but the long run
    python -m service.bench.web --soak-minutes 15     with it: model swaps and worker recycling all the while

The capacity is compared with as many processes that call `Cleaner.clean` on the same pages in the same run. The last
table sets every figure that has a target beside it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from urllib.request import urlopen

import click

from model import Cleaner
from model.errors import InputError
from service.bench.load import Load, closed_loop, fixed_rate
from service.bench.pages import MAX_PAGE_BYTES, children_of, chosen_pages, resident_mb
from service.files import read_page, write_atomically

CONNECTIONS = (1, 2, 8, 32)
"""at once; from 8 on the requests queue on two cores"""

LOAD_SHARE = 0.7
"""of the capacity found, for the waits that an operator who sized the service well would see"""

MAX_P99_TO_P50 = 5.0
"""at `LOAD_SHARE` of capacity"""

KEPT_UP_SHARE = 0.9
"""of the rate asked for; less was answered only if a queue grew all the while, as on a machine that others use too"""

MIN_SHARE_OF_BARE = 0.7
"""of what the same processes clean without a service"""

MAX_GROWTH_MB = 1.0
"""of all workers per 10,000 pages, once warm"""

SWAP_EVERY_S = 20
SETTLED_S = 10
"""after which a swap must have happened: workers look every second, and load the model while they are busy"""

RECYCLE_EVERY = 500
"""requests; twenty times more often than by default, so that a quarter of an hour sees many"""


@dataclass(frozen=True, slots=True)
class Running:
    """A service under measurement."""

    url: str
    pid: int

    def workers_mb(self) -> float:
        """Resident memory of all workers in megabytes."""
        return sum(map(resident_mb, children_of(self.pid)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A figure beside its target."""

    figure: str
    target: str
    measured: str
    is_met: bool


@click.command()
@click.option("--corpora", type=click.Path(path_type=Path), default=Path("data/corpora"), show_default=True)
@click.option("--pages", default=300, show_default=True, help="Different pages to send.")
@click.option("--requests", default=1_500, show_default=True, help="Requests per row.")
@click.option("--workers", default=os.cpu_count() or 1, show_default="one per core")
@click.option("--growth-pages", default=10_000, show_default=True, help="Pages over which memory is watched; 0: none.")
@click.option("--soak-minutes", default=0.0, show_default=True, help="Length of the run with swaps; 0: none.")
def main(corpora: Path, pages: int, requests: int, workers: int, growth_pages: int, soak_minutes: float) -> None:
    """Measure the service and print the figures as Markdown."""
    bodies = readable([read_page(page.path, MAX_PAGE_BYTES) for page in chosen_pages(corpora, pages)])
    click.echo(
        f"{len(bodies)} pages, {sum(map(len, bodies)) / len(bodies) / 1000:,.0f} kB on average; {workers} workers\n"
    )
    bare = bare_pages_per_s(bodies, workers, requests)
    outcomes = []
    with running(workers, "--max-requests", "0") as service:
        capacity, failed = measure_connections(service, bodies, workers, requests)
        outcomes += [
            compared_with_bare(capacity, bare, workers),
            *measure_fixed_rate(service, bodies, requests, capacity),
        ]
        outcomes.append(none_failed("with 1 to 32 connections", failed))
        if growth_pages:
            outcomes += measure_growth(service, bodies, growth_pages)
    if soak_minutes:
        outcomes.append(soak(bodies, workers, soak_minutes))
    click.echo("\n| figure | target | measured | |\n|---|---|---|---|")
    for outcome in outcomes:
        verdict = "met" if outcome.is_met else "**missed**"
        click.echo(f"| {outcome.figure} | {outcome.target} | {outcome.measured} | {verdict} |")


def readable(bodies: list[bytes]) -> list[bytes]:
    """The pages that the service answers with 200; also warms the disk's cache."""
    cleaner = Cleaner.load()
    taken = []
    for body in bodies:
        try:
            cleaner.clean(body, kind="html")
        except InputError:
            continue
        taken.append(body)
    return taken


def bare_pages_per_s(bodies: list[bytes], processes: int, requests: int) -> float:
    """Pages a second that `processes` processes clean without any service."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        list(pool.map(_clean_bare, bodies[: 10 * processes]))  # every process has its model now
        started = time.perf_counter()
        list(pool.map(_clean_bare, (bodies[number % len(bodies)] for number in range(requests))))
        return requests / (time.perf_counter() - started)


@cache
def _cleaner() -> Cleaner:
    return Cleaner.load()


def _clean_bare(body: bytes) -> int:
    return len(_cleaner().clean(body, kind="html").text)


@contextmanager
def running(workers: int, *arguments: str) -> Iterator[Running]:
    """A service of its own on a free port of loopback."""
    command = [sys.executable, "-m", "service", "serve", "--port", "0", "--workers", str(workers), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("Winnow is ready on "):
                raise SystemExit("The service did not start. Try: winnow serve")
            yield Running(line.split()[4], process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def none_failed(when: str, failures: Sequence[str]) -> Outcome:
    """Failed requests, of which there should be none."""
    kinds = f": {', '.join(sorted(set(failures)))}" if failures else ""
    return Outcome(f"failed requests {when}", "0", f"{len(failures)}{kinds}", not failures)


def measure_connections(service: Running, bodies: list[bytes], workers: int, requests: int) -> tuple[float, list[str]]:
    """Print waits and rate by connections; return the mean rate of those that keep every worker busy, and failures."""
    closed_loop(service.url, bodies, 8, lambda number: number < len(bodies))  # warm
    click.echo("| connections | pages/s | p50 ms | p95 ms | p99 ms | failed |\n|---|---|---|---|---|---|")
    rates: list[float] = []
    failures: list[str] = []
    for connections in CONNECTIONS:
        load = closed_loop(service.url, bodies, connections, lambda number: number < requests)
        click.echo(f"| {connections} | {load.pages_per_s:.1f} | {waits(load, ' | ')} | {len(load.failures)} |")
        failures += load.failures
        if connections >= workers:
            rates.append(load.pages_per_s)
    return sum(rates) / len(rates), failures


def compared_with_bare(capacity: float, bare: float, workers: int) -> Outcome:
    """The service's capacity beside that of as many processes without it."""
    share = capacity / bare
    measured = f"{share:.0%}: {capacity:,.1f} of {bare:,.1f} pages a second"
    return Outcome(
        f"capacity, of Cleaner.clean in {workers} processes",
        f">= {MIN_SHARE_OF_BARE:.0%}",
        measured,
        share >= MIN_SHARE_OF_BARE,
    )


def measure_fixed_rate(service: Running, bodies: list[bytes], requests: int, capacity: float) -> list[Outcome]:
    """Print the waits at a share of the capacity. Where even that is not kept up with, their ratio says nothing."""
    rate = capacity * LOAD_SHARE
    load = fixed_rate(service.url, bodies, rate, requests)
    ratio = load.wait_ms(0.99) / load.wait_ms(0.5)
    is_kept_up = load.pages_per_s >= KEPT_UP_SHARE * rate
    when = f"at {LOAD_SHARE:.0%} of capacity"
    click.echo(f"\n{when.capitalize()}, random arrivals: p50, p95, p99 = {waits(load, ', ')} ms.")
    measured = f"{ratio:.1f} x p50" if is_kept_up else f"nothing: {load.pages_per_s:.1f} of {rate:.1f} pages a second"
    is_met = is_kept_up and ratio <= MAX_P99_TO_P50
    return [Outcome(f"p99 {when}", f"<= {MAX_P99_TO_P50:g} x p50", measured, is_met), none_failed(when, load.failures)]


def measure_growth(service: Running, bodies: list[bytes], pages: int) -> list[Outcome]:
    """Print by how much the workers' memory grows from the middle of a run, when they are warm, to its end."""
    warm = closed_loop(service.url, bodies, 8, lambda number: number < pages // 2)
    before = service.workers_mb()
    load = closed_loop(service.url, bodies, 8, lambda number: number < pages)
    growth = (service.workers_mb() - before) * 10_000 / pages
    click.echo(f"Memory of all workers: {before:,.0f} MB when warm, {growth:+.1f} MB per 10,000 pages.")
    return [
        Outcome(
            f"memory growth over {pages:,} pages",
            f"<= {MAX_GROWTH_MB:g} MB per 10,000",
            f"{growth:+.1f} MB",
            growth <= MAX_GROWTH_MB,
        ),
        none_failed("while memory was watched", warm.failures + load.failures),
    ]


def soak(bodies: list[bytes], workers: int, minutes: float) -> Outcome:
    """Print the waits and failures of a long run in which the model is swapped and workers are recycled."""
    with tempfile.TemporaryDirectory() as folder:
        versions = two_models(Path(folder))
        with running(workers, "--model", folder, "--max-requests", str(RECYCLE_EVERY)) as service:
            over = threading.Event()
            swapped: list[str] = []
            swapper = threading.Thread(target=_swap_until, args=(over, Path(folder), versions, service.url, swapped))
            swapper.start()
            seen = set(children_of(service.pid))
            end = time.monotonic() + minutes * 60

            def go_on(number: int) -> bool:
                if number % 100 == 0:
                    seen.update(children_of(service.pid))
                return time.monotonic() < end

            load = closed_loop(service.url, bodies, 8, go_on)
            over.set()
            swapper.join()
    click.echo(
        f"{minutes:g} minutes, 8 connections, {len(swapped)} model swaps, {len(seen)} worker processes: "
        f"{len(load.waits_s):,} answered; p50, p95, p99 = {waits(load, ', ')} ms."
    )
    return none_failed(f"in {minutes:g} minutes with swaps and renewed workers", load.failures)


def two_models(folder: Path) -> tuple[str, str]:
    """Put two copies of the shipped model into a folder; return their folders' names, the current one first."""
    path = Cleaner.load().path
    if path is None:
        raise SystemExit("The shipped model has no folder to copy.")
    names = (path.name, path.name + "-b")
    for name in names:
        shutil.copytree(path, folder / name)
        manifest = json.loads((folder / name / "manifest.json").read_text("utf-8"))
        (folder / name / "manifest.json").write_text(json.dumps(manifest | {"version": name}), "utf-8")
    write_atomically(folder / "current", names[0].encode())
    return names


def _swap_until(over: threading.Event, folder: Path, versions: tuple[str, str], url: str, swapped: list[str]) -> None:
    """Make the two models current in turn; `swapped` gets each that the service was found to use."""
    current = versions[0]
    while not over.wait(SWAP_EVERY_S):
        current = versions[1] if current == versions[0] else versions[0]
        write_atomically(folder / "current", current.encode())
        over.wait(SETTLED_S)
        with urlopen(f"{url}/version", timeout=60) as response:
            if json.load(response)["model_version"] == current:
                swapped.append(current)


def waits(load: Load, separator: str) -> str:
    """The three waits that people ask for."""
    return separator.join(f"{load.wait_ms(share):.0f}" for share in (0.5, 0.95, 0.99))


if __name__ == "__main__":
    main()
