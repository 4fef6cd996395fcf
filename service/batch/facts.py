"""What the report needs to know of one cleaned page, small enough to send from a worker with every answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from model.types import Cleaned

MAX_LINES = 200
"""Different dropped lines of one page that are told; a page has some dozens, a link farm has thousands."""

MAX_LINE_CHARS = 120
"""Characters of a dropped line that are told: enough to know it again, and a report's line stays a line."""


class LabelCounts(NamedTuple):
    """Blocks of one label and the words in them, kept and dropped."""

    blocks_kept: int = 0
    blocks_dropped: int = 0
    words_kept: int = 0
    words_dropped: int = 0


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Counts of one page, by label, and what it cost to clean it."""

    site: str = ""
    """The host it came from, as far as that is known; see `site_of`."""
    labels: Mapping[str, LabelCounts] = field(default_factory=dict)
    dropped_lines: tuple[str, ...] = ()
    """The texts of dropped blocks, each once, cut to `MAX_LINE_CHARS`; at most `MAX_LINES`."""
    size_bytes: int = 0
    """Bytes of the page as it was cleaned: unpacked."""
    seconds: float = 0.0
    """CPU time that reading, cleaning and rendering it took."""
    peak_rss_bytes: int = 0
    """The most memory that the process which cleaned it has held so far."""
    process: int = 0
    """The id of that process; 0 when an earlier run cleaned it."""

    @property
    def words_kept(self) -> int:
        """Words of all kept blocks."""
        return sum(counts.words_kept for counts in self.labels.values())

    @property
    def words_dropped(self) -> int:
        """Words of all dropped blocks."""
        return sum(counts.words_dropped for counts in self.labels.values())


def page_facts(cleaned: Cleaned, site: str, size_bytes: int = 0, seconds: float = 0.0) -> PageFacts:
    """Count a cleaned page. It runs on every page, so it takes one pass over the blocks."""
    counted: dict[str, list[int]] = {}
    lines: dict[str, None] = {}
    for block in cleaned.blocks:
        counts = counted.setdefault(block.label.value, [0, 0, 0, 0])
        dropped = not block.kept
        counts[dropped] += 1
        counts[2 + dropped] += len(block.text.split())
        if dropped and len(lines) < MAX_LINES:
            lines[" ".join(block.text[:MAX_LINE_CHARS].split())] = None
    return PageFacts(
        site=site,
        labels={label: LabelCounts(*counts) for label, counts in counted.items()},
        dropped_lines=tuple(lines),
        size_bytes=size_bytes,
        seconds=seconds,
        peak_rss_bytes=peak_rss_bytes(),
        process=os.getpid(),
    )


def site_of(name: str, url: str | None = None) -> str:
    """The host of a page's URL; without one the first folder of its name, since mirrors are laid out by host.

    The name may be a URL itself. "" where there is neither host nor folder.
    """
    try:
        host = urlsplit(url or name).hostname
    except ValueError:  # no URL after all: "http://[half"
        host = None
    if host:
        return host
    folder, slash, _ = name.partition("/")
    return folder if slash else ""


def peak_rss_bytes() -> int:
    """The most memory this process has held; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", "rb") as status:
            # Not getrusage: there a worker begins with what its parent held when it was forked.
            return int(status.read().partition(b"VmHWM:")[2].split(maxsplit=1)[0]) * 1024
    except (OSError, IndexError):
        return _peak_rss_from_usage()


def _peak_rss_from_usage() -> int:
    import resource  # not on Windows

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
