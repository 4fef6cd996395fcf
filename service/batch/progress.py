"""The progress bar of a batch run: on a terminal only, and on standard error."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from tqdm import tqdm

_BAR = "{percentage:3.0f}% {bar} {n_fmt}/{total_fmt} pages, {rate_fmt}, {remaining} left{postfix}"
_BAR_WITHOUT_END = "{n_fmt} pages, {rate_fmt}, {elapsed}{postfix}"


class Progress:
    """Counts what is done: pages, megabytes, failures. None for a number that is not known beforehand."""

    def __init__(self, pages: int | None, size_bytes: int | None, failed: int = 0) -> None:
        self._size_bytes = size_bytes
        self._done_bytes = 0
        self._failed = failed
        # disable=None: no bar unless standard error is a terminal
        self._bar = tqdm(
            total=pages,
            unit="",
            unit_scale=False,
            disable=None,
            leave=False,
            dynamic_ncols=True,
            bar_format=_BAR_WITHOUT_END if pages is None else _BAR,
        )

    def add(self, size_bytes: int, *, failed: bool) -> None:
        """Count a page of so many bytes."""
        self._done_bytes += size_bytes
        self._failed += failed
        self._bar.set_postfix_str(self.amounts(), refresh=False)
        self._bar.update()

    def amounts(self) -> str:
        """Megabytes and failures so far."""
        total = "" if self._size_bytes is None else f"/{self._size_bytes / 1e6:,.1f}"
        return f"{self._done_bytes / 1e6:,.1f}{total} MB, {self._failed:,} failed"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
