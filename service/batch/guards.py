"""Guards around one page in a worker: a clock against pages that hang, a ceiling for those that eat memory.

They turn such a page into an answer that says so. What they cannot stop – code stuck below Python, a crash, the
system's own out-of-memory killer – ends the worker, and is the engine's matter.

Both work on a process as a whole, so they hold in `CoresEngine`'s workers, which clean one page at a time in their
main thread. In the threads of a Dask worker the clock is off (signals reach the main thread only), and the ceiling
is the one of the Dask worker itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.memorylimit import PAGE_MEMORY_MB

PAGE_TIMEOUT_S = 60.0
"""A page takes 15 ms on average, and the slowest of the corpora, 5 MB, a few seconds: one minute is a hang."""


@dataclass(frozen=True, slots=True)
class Guards:
    """What one page may cost; None stands for no limit."""

    page_timeout_s: float | None = PAGE_TIMEOUT_S
    page_memory_mb: int | None = PAGE_MEMORY_MB
