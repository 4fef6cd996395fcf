"""Options of `winnow batch` that say who does the work and what a page may cost, and the engine they stand for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import click

from model.errors import OptionError
from service.batch.engine import SILENCES, CoresEngine, Engine, Work, run_here
from service.batch.guards import PAGE_TIMEOUT_S, Guards
from service.batch.recipe import Recipe, prepare_worker
from service.contract import PageCleaner
from service.memorylimit import PAGE_MEMORY_MB


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Who does the work. Raises OptionError for what does not go together."""

    engine: Literal["local", "dask"] = "local"
    jobs: int | None = None
    scheduler: str | None = None

    def __post_init__(self) -> None:
        """Refuse a cluster without an address, and the other way round."""
        if self.engine == "dask" and not self.scheduler:
            raise OptionError("--engine dask needs the cluster's address: --scheduler tcp://HOST:8786")
        if self.engine == "local" and self.scheduler:
            raise OptionError("--scheduler goes with --engine dask. Add that or leave it out.")
        if self.engine == "dask" and self.jobs:
            raise OptionError("--jobs is for this machine; a Dask cluster has its own workers. Leave it out.")


def engine_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options to a command; they arrive as `engine`, `jobs`, `scheduler`, `page_timeout`, `page_memory`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def guards_of(page_timeout: float, page_memory: int) -> Guards:
    """The guards that two options stand for; 0 is no limit."""
    return Guards(page_timeout or None, page_memory or None)


def engine_and_work(
    choice: EngineChoice, recipe: Recipe, cleaner: PageCleaner, *, rows: bool = False
) -> tuple[Engine, Work]:
    """The engine, and the work that suits it: workers load the model themselves, this process has it.

    rows  the tasks are rows of a table, not files
    """
    from service.batch import job, table_job  # with numpy, which --help has no use for

    if choice.jobs == 1:
        return run_here, (table_job.row_work_with if rows else job.work_with)(cleaner, recipe)
    work = (table_job.row_work_in_workers if rows else job.work_in_workers)(recipe)
    if choice.scheduler:
        # Importing it costs nothing yet; the package it needs is asked for when the run begins.
        from service.batch.dask_engine import DaskEngine

        return DaskEngine(choice.scheduler), work
    from joblib import cpu_count  # slow to import too

    timeout_s = recipe.guards.page_timeout_s
    silence_s = SILENCES * timeout_s if timeout_s else None
    return CoresEngine(choice.jobs or cpu_count(), partial(prepare_worker, recipe), silence_s), work


class _Seconds(click.FloatRange):
    """A number of seconds. Python reads nan and inf as numbers too, which no clock can be set to."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Fails for what is none."""
        seconds = super().convert(value, param, ctx)
        if not math.isfinite(seconds) or seconds > _MOST_SECONDS:
            self.fail(f"{value} is no number of seconds up to {_MOST_SECONDS:,}; 0 is no limit.", param, ctx)
        return seconds


_MOST_SECONDS = 1_000_000
"""A timer of the system holds a little more than a hundred times as many."""

_OPTIONS = (
    click.option(
        "--jobs",
        type=click.IntRange(1, 256),
        help="Worker processes; with 1 this process does it, and ends with a page that kills it.  "
        "[default: one per core]",
    ),
    click.option(
        "--engine", type=click.Choice(["local", "dask"]), default="local", help="Who does the work.  [default: local]"
    ),
    click.option("--scheduler", metavar="ADDRESS", help="The Dask cluster, tcp://HOST:8786."),
    click.option(
        "--page-timeout",
        type=_Seconds(0),
        default=PAGE_TIMEOUT_S,
        metavar="SECONDS",
        help=f"A page that takes longer fails; 0 for no limit.  [default: {PAGE_TIMEOUT_S:g}]",
    ),
    click.option(
        "--page-memory",
        type=click.IntRange(0),
        default=PAGE_MEMORY_MB,
        metavar="MB",
        help=f"A page that needs more fails; 0 for no limit.  [default: {PAGE_MEMORY_MB}]",
    ),
)
