"""A peer in a process and virtual environment of its own, asked page by page through its standard input.

It runs under another Python than Winnow's (rs-trafilatura has a wheel for CPython 3.12 alone), so it imports
nothing of Winnow. JSON lines: first it says `{"version": …}` or `{"error": …}`; then each
`{"html": base64, "encoding": str | null, "url": str | null}` is answered by `{"text": …, "seconds": …}` or
`{"error": …, "seconds": …}`, the seconds being its own CPU time without the pipe. It ends with its input.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

PAGE_SECONDS = 120
"""A page that takes longer ends the process: code in a C or Rust extension cannot be stopped otherwise."""

Extract = Callable[[bytes, "str | None", "str | None"], str]


def main() -> None:
    """Serve until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the peer prints must not stand between the answers
    try:
        version, extract = _rs_trafilatura()
    except ImportError as error:
        _say(answers, {"error": f"{error}"})
        return
    _say(answers, {"version": version})
    for answer in serve(sys.stdin, extract):
        _say(answers, answer)


def serve(requests: Any, extract: Extract) -> Iterator[dict[str, Any]]:
    """An answer for each line of `requests`. An exception of the peer is an answer, not an end."""
    for line in requests:
        request = json.loads(line)
        html = base64.b64decode(request["html"])
        signal.alarm(PAGE_SECONDS)
        started = time.process_time()
        try:
            answer = {"text": extract(html, request["encoding"], request["url"])}
        except Exception as error:  # noqa: BLE001 - a peer may raise anything; the caller counts it
            answer = {"error": f"{type(error).__name__}: {error}"}
        signal.alarm(0)
        yield {**answer, "seconds": time.process_time() - started}


def _rs_trafilatura() -> tuple[str, Extract]:
    from importlib.metadata import version

    import rs_trafilatura  # type: ignore[import-not-found]  # it is in this worker's environment alone

    def extract(html: bytes, encoding: str | None, url: str | None) -> str:
        if encoding is None:
            return str(rs_trafilatura.extract_bytes(html, url=url).main_content or "")
        return str(rs_trafilatura.extract(html.decode(encoding, "replace"), url=url).main_content or "")

    return version("rs-trafilatura"), extract


def _say(answers: Any, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
