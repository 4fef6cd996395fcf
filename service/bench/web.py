"""Measure the service on loopback: waits and pages a second by connections, at 70 % load, and over a long run.

    python -m service.bench.web                       everything but the long run
    python -m service.bench.web --soak-minutes 15     with it: model swaps and worker recycling all the while

The capacity is compared with as many processes that call `Cleaner.clean` on the same pages in the same run.
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
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

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

SWAP_EVERY_S = 20
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
    with running(workers, "--max-requests", "0") as service:
        capacity = measure_connections(service, bodies, workers, requests)
        click.echo(f"\nCleaner.clean in {workers} processes: {bare:,.1f} pages a second; ", nl=False)
        click.echo(f"the service reaches {capacity / bare:.0%} of it.")
        measure_fixed_rate(service, bodies, requests, capacity)
        if growth_pages:
            measure_growth(service, bodies, growth_pages)
    if soak_minutes:
        soak(bodies, workers, soak_minutes)


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


def measure_connections(service: Running, bodies: list[bytes], workers: int, requests: int) -> float:
    """Print waits and rate by connections; return the mean rate of those that keep every worker busy."""
    closed_loop(service.url, bodies, 8, lambda number: number < len(bodies))  # warm
    click.echo("| connections | pages/s | p50 ms | p95 ms | p99 ms | failed |\n|---|---|---|---|---|---|")
    rates = []
    for connections in CONNECTIONS:
        load = closed_loop(service.url, bodies, connections, lambda number: number < requests)
        click.echo(f"| {connections} | {load.pages_per_s:.1f} | {waits(load, ' | ')} | {len(load.failures)} |")
        if connections >= workers:
            rates.append(load.pages_per_s)
    return sum(rates) / len(rates)


def measure_fixed_rate(service: Running, bodies: list[bytes], requests: int, capacity: float) -> None:
    """Print the waits at a share of the capacity."""
    load = fixed_rate(service.url, bodies, capacity * LOAD_SHARE, requests)
    ratio = load.wait_ms(0.99) / load.wait_ms(0.5)
    click.echo(f"At {LOAD_SHARE:.0%} of capacity, random arrivals: p50, p95, p99 = {waits(load, ', ')} ms; ", nl=False)
    click.echo(f"p99 is {ratio:.1f} x p50; {len(load.failures)} failed.")


def measure_growth(service: Running, bodies: list[bytes], pages: int) -> None:
    """Print by how much the workers' memory grows from the middle of a run, when they are warm, to its end."""
    closed_loop(service.url, bodies, 8, lambda number: number < pages // 2)
    before = service.workers_mb()
    closed_loop(service.url, bodies, 8, lambda number: number < pages)
    growth = (service.workers_mb() - before) * 10_000 / pages
    click.echo(f"Memory of all workers: {before:,.0f} MB when warm, {growth:+.1f} MB per 10,000 pages.")


def soak(bodies: list[bytes], workers: int, minutes: float) -> None:
    """Print the failures of a long run in which the model is swapped and workers are recycled."""
    with tempfile.TemporaryDirectory() as folder:
        versions = two_models(Path(folder))
        with running(workers, "--model", folder, "--max-requests", str(RECYCLE_EVERY)) as service:
            over = threading.Event()
            swapper = threading.Thread(target=_swap_until, args=(over, Path(folder), versions))
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
    swaps = int(minutes * 60 // SWAP_EVERY_S)
    click.echo(
        f"{minutes:g} minutes, 8 connections, about {swaps} model swaps, {len(seen)} worker processes: "
        f"{len(load.waits_s):,} answered, {len(load.failures)} failed {sorted(set(load.failures)) or ''}; "
        f"p50, p95, p99 = {waits(load, ', ')} ms."
    )


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


def _swap_until(over: threading.Event, folder: Path, versions: tuple[str, str]) -> None:
    turn = 0
    while not over.wait(SWAP_EVERY_S):
        turn += 1
        write_atomically(folder / "current", versions[turn % 2].encode())


def waits(load: Load, separator: str) -> str:
    """The three waits that people ask for."""
    return separator.join(f"{load.wait_ms(share):.0f}" for share in (0.5, 0.95, 0.99))


if __name__ == "__main__":
    main()
