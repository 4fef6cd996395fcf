"""The pages that a run has still to clean, on disk: memory holds none of them, and their number is known."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from service.files import PageFile


class Plan:
    """Pages that are written down first and then read once, in the same order. Raises OSError on a full disk.

    source   the folder that their names are relative to
    staging  where the file is made; it has no name there, so even a killed run leaves nothing behind
    """

    def __init__(self, source: Path, staging: Path) -> None:
        self._source = source
        self._file = tempfile.TemporaryFile("w+", dir=staging, encoding="ascii")  # noqa: SIM115 - closed by __exit__
        self.pages = 0
        self.size_bytes = 0

    def add(self, page: PageFile) -> None:
        """Write a page down."""
        self._file.write(json.dumps([page.name, page.kind, page.size_bytes, page.mtime_ns]) + "\n")
        self.pages += 1
        self.size_bytes += page.size_bytes

    def __iter__(self) -> Iterator[PageFile]:
        """The pages that were written down."""
        self._file.seek(0)
        for line in self._file:
            name, kind, size_bytes, mtime_ns = json.loads(line)
            yield PageFile(name, os.path.join(self._source, name), kind, size_bytes, mtime_ns)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # a full disk again: whoever wrote has been told
            self._file.close()
