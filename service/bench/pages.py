"""The pages that are measured with, and the figures that all measurements share."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path

from service.files import PageFile, find_pages

EXAMPLES = Path(__file__).parents[2] / "examples"

MAX_PAGE_BYTES = 8_000_000
"""bytes, unpacked; files of an eighth of it and more are left out, lest a figure hang on whether one was drawn"""


def chosen_pages(corpora: Path, wanted: int) -> list[PageFile]:
    """`wanted` evenly spaced HTML pages below `corpora`, or the example pages where there are none."""
    for root in (corpora, EXAMPLES):
        if root.is_dir():
            pages = [
                page for page in find_pages(root).pages if page.kind == "html" and page.size_bytes < MAX_PAGE_BYTES // 8
            ]
            if pages:
                step = max(1, len(pages) // wanted)
                return pages[::step][:wanted]
    raise SystemExit(f"No pages in {corpora} nor in {EXAMPLES}. Name a folder of pages with --corpora.")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of the values do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * share) - 1)]


def resident_mb(pid: int) -> float:
    """Resident memory of a process in megabytes, 0 when it is gone. Linux only."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def children_of(pid: int) -> list[int]:
    """The processes that `pid` started. Linux only."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []
