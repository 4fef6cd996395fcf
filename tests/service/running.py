"""The service as its operator meets it: `winnow serve` as a process on a free port."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

BOUND_S = 300
"""seconds after which a service that hangs is killed, which fails its test"""


@contextmanager
def running(
    *arguments: str, stdout: int | IO[bytes] = subprocess.PIPE, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """`winnow serve` as a process, told to stop at the end, and killed if it outlives the bound."""
    command = [sys.executable, "-m", "service", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(
        command, stdout=stdout, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    watch = threading.Timer(BOUND_S, process.kill)
    watch.start()
    try:
        with process:
            try:
                yield process
            finally:
                process.terminate()
    finally:
        watch.cancel()


def ready(process: subprocess.Popen[str]) -> str:
    """The address of a service that has just started."""
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("Winnow is ready on http://127.0.0.1:")
    return line.split()[4]
