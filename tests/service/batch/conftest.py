"""What tests of batch do to the process they run in is undone."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from service.memorylimit import limit_memory


@pytest.fixture(autouse=True)
def _memory_as_before() -> Iterator[None]:
    """Cleaning a file limits the memory of the process for good: of a worker, but here of all tests that follow."""
    if sys.platform != "linux":
        yield
        return
    import resource  # not on Windows

    before = resource.getrlimit(resource.RLIMIT_DATA)
    yield
    resource.setrlimit(resource.RLIMIT_DATA, before)
    limit_memory.cache_clear()
