"""The parent's end of `peer_worker.py`: it starts the process, asks it, and starts it anew when it dies."""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
from pathlib import Path
from typing import Any

_WORKER = Path(__file__).with_name("peer_worker.py")


class PeerError(Exception):
    """The peer failed on a page, or its process died of it."""


class PeerProcess:
    """The named peer in its own process, from the first page until `close`.

    Errors: OSError where the process cannot be started or its environment lacks the peer.
    """

    def __init__(self, python: Path, name: str) -> None:
        self.cpu_seconds = 0.0
        """CPU time spent on pages so far, as the process itself measured it."""
        self._python = python
        self._name = name
        self._process, self.version = self._start()

    def extract(self, html: bytes, encoding: str | None, url: str | None = None) -> str:
        """The peer's text of a page. Errors: PeerError."""
        if self._process.poll() is not None:
            self._process, self.version = self._start()
        request = {"html": base64.b64encode(html).decode("ascii"), "encoding": encoding, "url": url}
        answer = _ask(self._process, request)
        if answer is None:
            self.close()
            raise PeerError(f"the peer's process died with status {self._process.returncode}")
        self.cpu_seconds += answer["seconds"]
        if "error" in answer:
            raise PeerError(answer["error"])
        return str(answer["text"])

    def close(self) -> None:
        """End the process; a second call does nothing."""
        _end(self._process)

    def _start(self) -> tuple[subprocess.Popen[str], str]:
        if not self._python.exists():
            raise FileNotFoundError(f"there is no {self._python}; `make bench` builds it where Python 3.12 is")
        process = subprocess.Popen(
            [str(self._python), "-I", str(_WORKER), self._name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        hello = _ask(process, None) or {"error": "the process ended at once"}
        if "error" in hello:
            _end(process)
            raise OSError(f"{self._python}: {hello['error']}")
        return process, hello["version"]


def _ask(process: subprocess.Popen[str], request: dict[str, Any] | None) -> dict[str, Any] | None:
    """The process's next answer; None if it died."""
    assert process.stdin is not None  # a pipe, as the next
    assert process.stdout is not None
    if request is not None:
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            return None
    line = process.stdout.readline()
    answer: dict[str, Any] | None = json.loads(line) if line.endswith("\n") else None
    return answer


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    with contextlib.suppress(BrokenPipeError), process:  # closes its pipes and waits for it
        pass
