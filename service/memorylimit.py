"""A ceiling over a process that cleans pages: one that eats memory fails, and the machine's other work goes on.

It works on a process as a whole, so it is for workers that clean one page at a time: the service's and `CoresEngine`'s.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from service.timelimit import in_main_thread

PAGE_MEMORY_MB = 1_500
"""What a page may need beside the loaded model. The largest page that is let in, 20 MB, needs about half of it."""

_MEMORY_COUNTS = Path("/proc/self/statm")
"""Linux: page counts, the sixth of which is what RLIMIT_DATA measures."""


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
