"""Measure batch runs: speed-up, overhead, memory, a WARC, kills, beside trafilatura's own batch mode.

    python -m service.bench.batch             folder runs and the WARC
    python -m service.bench.batch --kills     also 10,000 files with workers and parents killed all the while

Every figure is of one run on one machine; the ratios are what can be compared.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Literal

import click
from fastwarc.warc import WarcRecord, WarcRecordType

from model import Cleaner
from model.errors import InputError
from model.rendering import render
from service.bench.pages import MAX_PAGE_BYTES, children_of, chosen_pages
from service.files import read_page

SPEED_UP = 1.8
OVERHEAD_PERCENT = 15.0
WORKER_MB = 300.0
"""The figures to reach; printed beside what was measured."""

KILL_WORKER_EVERY_S = 2.0
PARENT_KILLS = 10


@click.command()
@click.option("--corpora", type=click.Path(path_type=Path), default=Path("data/corpora"), show_default=True)
@click.option("--pages", default=1_000, show_default=True, help="Pages of the folder runs.")
@click.option("--records", default=20_000, show_default=True, help="Records of the WARC; 0: none.")
@click.option("--kills", is_flag=True, help="Also the run in which workers and the parent are killed.")
@click.option("--files", default=10_000, show_default=True, help="Files of that run.")
@click.option("--dollars", default=0.04, show_default=True, help="Price of a core hour; ask your provider.")
def main(corpora: Path, pages: int, records: int, kills: bool, files: int, dollars: float) -> None:
    """Measure batch runs and print the figures."""
    bodies = [read_page(page.path, MAX_PAGE_BYTES) for page in chosen_pages(corpora, pages)]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        measure_folder(bodies, root, dollars)
        if records:
            measure_warc(bodies, records, root, dollars)
        if kills:
            measure_kills(bodies, files, root)


def measure_folder(bodies: list[bytes], root: Path, dollars: float) -> None:
    """Print the speed of a folder run on one core and on two, beside the bare cleaner and trafilatura."""
    source = written(bodies, len(bodies), root / "pages")
    bare = bare_seconds(source)
    count = len(bodies)
    click.echo(f"{count:,} pages, {sum(map(len, bodies)) / 1e6:,.1f} MB\n")
    click.echo("| run | seconds | pages/s | pages/s and core |\n|---|---|---|---|")
    click.echo(f"| Cleaner.clean, one process | {bare:.1f} | {count / bare:.1f} | {count / bare:.1f} |")
    one, _ = batch_seconds(source, root / "one", "--jobs", "1")
    two, report = batch_seconds(source, root / "two", "--jobs", "2")
    for cores, seconds in ((1, one), (2, two)):
        rate = count / seconds
        click.echo(f"| winnow batch --jobs {cores} | {seconds:.1f} | {rate:.1f} | {rate / cores:.1f} |")
    peer = trafilatura_seconds(source, root / "peer")
    if peer:
        click.echo(f"| trafilatura --parallel 2 | {peer:.1f} | {count / peer:.1f} | {count / peer / 2:.1f} |")
    click.echo("\n| measure | figure | target | |\n|---|---|---|---|")
    tell("speed of two cores over one", one / two, ">=", SPEED_UP, "x")
    tell("batch over Cleaner.clean, start and all", 100 * (one / bare - 1), "<=", OVERHEAD_PERCENT, "%")
    tell("peak memory of a worker", report["peak_memory_mb"].get("worker", 0), "<=", WORKER_MB, "MB")
    tell_cost(count / two / 2, dollars)


def tell(measure: str, figure: float, relation: Literal["<=", ">="], target: float, unit: str) -> None:
    """Print a row with a figure, its target, and whether it is reached."""
    reached = figure <= target if relation == "<=" else figure >= target
    click.echo(
        f"| {measure} | {figure:,.2f} {unit} | {relation} {target:,.2f} {unit} | {'reached' if reached else 'MISSED'} |"
    )


def tell_cost(pages_per_core_second: float, dollars: float) -> None:
    """Print what many pages take and cost at this speed; see service/batch/CLUSTER.md."""
    click.echo(f"\nAt {pages_per_core_second:.1f} pages a second and core, and {dollars:g} $ a core hour:")
    for name, pages in (("million", 10**6), ("billion", 10**9)):
        hours = pages / pages_per_core_second / 3600
        click.echo(f"a {name} pages take {hours:,.1f} core hours and cost {hours * dollars:,.2f} $.")


def bare_seconds(source: Path) -> float:
    """Seconds to read, clean and render the pages one after the other, the model loaded before."""
    cleaner = Cleaner.load()
    paths = sorted(source.rglob("*.html"))
    cleaner.clean(paths[0].read_bytes(), kind="html")
    started = time.perf_counter()
    for path in paths:
        try:
            render(cleaner.clean(path.read_bytes(), kind="html"), "text")
        except InputError:
            continue
    return time.perf_counter() - started


def batch_command(source: Path, target: Path, *arguments: str) -> list[str]:
    """The command line of a run."""
    return [sys.executable, "-m", "service", "batch", str(source), str(target), *arguments]


def batch_seconds(source: Path, target: Path, *arguments: str) -> tuple[float, dict[str, Any]]:
    """Seconds of a whole run, start included, and its report."""
    started = time.perf_counter()
    done = subprocess.run(
        batch_command(source, target, "--summary", *arguments), capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode not in {0, 1}:
        raise SystemExit(f"winnow batch ended with {done.returncode}: {done.stderr[-500:]}")
    return seconds, json.loads(done.stdout)


def memory_line(report: dict[str, Any]) -> str:
    """What the report says of memory."""
    peak = report["peak_memory_mb"]
    return ", ".join(f"{name} {megabytes:,.0f} MB" for name, megabytes in peak.items())


def trafilatura_seconds(source: Path, target: Path) -> float | None:
    """Seconds of trafilatura's own batch mode over the same folder on two cores; None when it is not installed."""
    command = shutil.which("trafilatura", path=str(Path(sys.executable).parent))
    if command is None:
        return None
    target.mkdir()
    started = time.perf_counter()
    subprocess.run(
        [command, "--input-dir", str(source), "--output-dir", str(target), "--parallel", "2"],
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - started


def measure_warc(bodies: list[bytes], records: int, root: Path, dollars: float) -> None:
    """Print the speed over a WARC of `records` pages, written from the same pages again and again."""
    archive = root / "crawl.warc.gz"
    write_warc(archive, islice(cycle(bodies), records))
    target = root / "crawl.jsonl"
    jobs = len(os.sched_getaffinity(0))
    seconds, report = batch_seconds(archive, target, "--jobs", str(jobs))
    with target.open("rb") as lines:
        rows = sum(1 for _ in lines)
    size = archive.stat().st_size / 1e6
    click.echo(f"\nWARC of {records:,} records, {size:,.0f} MB: {rows:,} rows in {seconds:,.0f} s, ", nl=False)
    click.echo(f"{rows / seconds:.1f} pages/s; {memory_line(report)}.")
    click.echo("\n| measure | figure | target | |\n|---|---|---|---|")
    tell("rows of the WARC", rows, ">=", records, "rows")
    tell("peak memory of a worker", report["peak_memory_mb"].get("worker", 0), "<=", WORKER_MB, "MB")
    tell_cost(rows / seconds / jobs, dollars)


def write_warc(path: Path, bodies: Iterator[bytes]) -> None:
    """Write pages as the response records of a WARC, each a gzip member of its own as crawlers do."""
    with path.open("wb") as file:
        for number, body in enumerate(bodies):
            record = WarcRecord()
            record.init_headers(WarcRecordType.response)
            record.headers["WARC-Target-URI"] = f"https://site{number % 50}.example/page/{number}"
            record.headers["Content-Type"] = "application/http; msgtype=response"
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
            record.set_bytes_content(head + body)
            plain = io.BytesIO()
            record.write(plain)
            file.write(gzip.compress(plain.getvalue(), compresslevel=1))


def measure_kills(bodies: list[bytes], files: int, root: Path) -> None:
    """Print whether a run under fire ends with the very outputs of an undisturbed one."""
    small = sorted(bodies, key=len)[: max(1, len(bodies) // 2)]
    source = written(small, files, root / "many")
    calm, stormy = root / "calm", root / "stormy"
    batch_seconds(source, calm)
    started = time.perf_counter()
    workers, parents = run_under_fire(source, stormy)
    seconds = time.perf_counter() - started
    expected, found = digests(calm), digests(stormy)
    same = sum(found.get(name) == digest for name, digest in expected.items())
    click.echo(f"\n{files:,} files, {workers} workers and {parents} parents killed, {seconds:,.0f} s: ", nl=False)
    click.echo(f"{same:,} of {len(expected):,} outputs identical, {len(found.keys() - expected.keys())} others.")
    click.echo("\n| measure | figure | target | |\n|---|---|---|---|")
    tell("outputs identical to an undisturbed run's", same, ">=", len(expected), "files")
    tell("parents killed", parents, ">=", PARENT_KILLS, "parents")
    tell("outputs that should not be there", len(found.keys() - expected.keys()), "<=", 0, "files")


def run_under_fire(source: Path, target: Path) -> tuple[int, int]:
    """Run until it is done, killing a worker every two seconds and ten parents in all; return how many were killed.

    The last of these runs loses only workers; when it gives up all the same, that is printed.
    """
    rng = random.Random(1)
    killed = parents = 0
    for life in range(PARENT_KILLS + 1):
        process = subprocess.Popen(batch_command(source, target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        last_life = life == PARENT_KILLS
        patience = 2 + rng.randrange(3)  # workers that are killed before this parent is
        while process.poll() is None and (last_life or patience):
            time.sleep(KILL_WORKER_EVERY_S)
            workers = [worker for child in children_of(process.pid) for worker in children_of(child)]
            if workers:  # while a parent still starts there is none, and it keeps its life
                _kill(rng.choice(workers))
                killed += 1
                patience -= 1
        if not last_life and process.poll() is None:
            process.kill()
            parents += 1
        code = process.wait()
        if last_life and code not in {0, 1}:
            click.echo(f"\nThe last run under fire gave up with exit code {code}; its outputs are incomplete.")
    return killed, parents


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every output; reports and state differ from run to run by nature."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and ".winnow" not in path.parts and not path.name.startswith("report.")
    }


def written(bodies: list[bytes], files: int, folder: Path) -> Path:
    """A folder of `files` pages in subfolders of a hundred, the bodies repeated as needed."""
    for number, body in enumerate(islice(cycle(bodies), files)):
        path = folder / f"{number // 100:04}" / f"{number:06}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


if __name__ == "__main__":
    main()
