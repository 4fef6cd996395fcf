"""The service as its operator meets it: a process that starts, answers, refuses and stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

BOUND_S = 120
"""seconds after which a service that hangs is killed, which fails its test"""


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`winnow serve` as a process, killed if it outlives the bound."""
    command = [sys.executable, "-m", "service", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    watch = threading.Timer(BOUND_S, process.kill)
    watch.start()
    try:
        with process:
            yield process
            process.kill()
    finally:
        watch.cancel()


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """The address of a running service with two workers."""
    with running("--workers", "2") as process:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("Winnow is ready on http://127.0.0.1:")
        yield line.split()[4]
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate()
        assert process.returncode == 0
        events = [json.loads(line)["event"] for line in stderr.splitlines()]
        assert events.count("model-loaded") == 2


def exchange(url: str, request: bytes) -> bytes:
    """Bytes to the service and all that comes back."""
    address = urlsplit(url)
    assert address.hostname
    assert address.port
    with socket.create_connection((address.hostname, address.port), timeout=BOUND_S) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_a_page_is_cleaned(service: str) -> None:
    page = b"<article><p>The ferry left the harbour at dawn, and the crossing took three hours.</p></article>"
    headers = {"Content-Type": "text/html", "Accept": "text/plain"}
    with urllib.request.urlopen(urllib.request.Request(f"{service}/v1/clean", page, headers)) as response:
        assert response.status == 200
        assert b"ferry" in response.read()


def test_it_is_ready_when_it_says_so(service: str) -> None:
    with urllib.request.urlopen(f"{service}/readyz") as response:
        assert json.load(response)["status"] == "ok"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET /livez HTTP/9.9\r\n\r\n", 400),
        (b"GET /" + b"x" * 5_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /livez HTTP/1.1\r\nX: " + b"y" * 9_000 + b"\r\n\r\n", 431),
        (b"POST /v1/clean HTTP/1.1\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", 400),
        (b"POST /v1/clean HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
        (b"POST /v1/clean HTTP/1.1\r\nContent-Type: text/html\r\nContent-Length: 400\r\n\r\nhalf", 400),
    ],
)
def test_what_is_not_http_gets_a_problem_document(service: str, request_bytes: bytes, status: int) -> None:
    head, _, body = exchange(service, request_bytes).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/problem+json" in head
    assert json.loads(body)["status"] == status


def test_a_stream_of_pages_is_answered_while_it_still_comes_in(service: str) -> None:
    address = urlsplit(service)
    line = b'{"text": "%b"}\n' % (b"The ferry left the harbour at dawn. " * 100)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=BOUND_S) as connection:
        head = b"POST /v1/clean/batch HTTP/1.1\r\nContent-Type: application/x-ndjson\r\n"
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        connection.sendall((b"%x\r\n%b\r\n" % (len(line), line)) * 20)
        assert b"HTTP/1.1 200" in connection.recv(65_536)
        connection.sendall(b"0\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert b'{"line": 20,' in received
    assert received.endswith(b"0\r\n\r\n")


def test_a_model_that_cannot_be_loaded_stops_the_start(tmp_path: Path) -> None:
    with running("--workers", "1", "--model", str(tmp_path)) as process:
        _, stderr = process.communicate()
        assert process.returncode == 3
        assert f"winnow: No model at {tmp_path}" in stderr
        assert "Traceback" not in stderr


def test_a_taken_port_stops_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=BOUND_S, check=False)
    assert done.returncode == 2
    assert done.stderr == f"winnow: --port {port} cannot be used: {os.strerror(98)}. Choose another, or 0 for any.\n"
