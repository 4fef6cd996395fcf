"""Guards around one page in a worker: a clock against pages that hang, a ceiling for those that eat memory.

They turn such a page into an answer that says so. What they cannot stop – code stuck below Python, a crash, the
system's own out-of-memory killer – ends the worker, and is the engine's matter.

Both work on a process as a whole, so they hold in `CoresEngine`'s workers, which clean one page at a time in their
main thread. In the threads of a Dask worker the clock is off (signals reach the main thread only), and the ceiling
is the one of the Dask worker itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.timelimit import in_main_thread

PAGE_TIMEOUT_S = 60.0
"""A page takes 15 ms on average, and the slowest of the corpora, 5 MB, a few seconds: one minute is a hang."""

PAGE_MEMORY_MB = 1_500
"""What a page may need beside the loaded model. The largest page that is let in, 20 MB, needs about half of it."""

_MEMORY_COUNTS = Path("/proc/self/statm")
"""Linux: page counts, the sixth of which is what RLIMIT_DATA measures."""


@dataclass(frozen=True, slots=True)
class Guards:
    """What one page may cost; None stands for no limit."""

    page_timeout_s: float | None = PAGE_TIMEOUT_S
    page_memory_mb: int | None = PAGE_MEMORY_MB


@cache
def limit_memory(megabytes: int | None) -> None:
    """Let this process grow by so much from now on; then it gets MemoryError. Once per process, on Linux only.

    It counts what is written to, not what is mapped: libraries, model files and reserved addresses are free.
    """
    if megabytes is None or not _MEMORY_COUNTS.exists() or not in_main_thread():
        return
    import resource  # not on Windows

    now_bytes = int(_MEMORY_COUNTS.read_text().split()[5]) * resource.getpagesize()
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    ceiling = now_bytes + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (ceiling if most == resource.RLIM_INFINITY else min(ceiling, most), most))
