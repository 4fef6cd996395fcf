"""The service as its operator meets it: a process that starts, answers, refuses and stops."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from gunicorn.errors import HaltServer

from model.artefact import SHIPPED, set_current
from service.bench.pages import children_of
from service.one_thread import ONE_THREAD
from service.web.server import Service, serve
from service.web.settings import Settings
from tests.service.running import BOUND_S, ready, running


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """The address of a running service with two workers."""
    with running("--workers", "2") as process:
        url = ready(process)
        wait_for("model-loaded", process, times=2)
        lines: list[str] = []
        assert process.stderr
        # a pipe that nobody empties is full after some hundred requests, and then the service waits
        reader = threading.Thread(target=lines.extend, args=(process.stderr,))
        reader.start()
        yield url
        process.send_signal(signal.SIGTERM)
        reader.join()
        events = [json.loads(line)["event"] for line in lines]
        assert process.wait() == 0
        assert "model-loaded" not in events  # no worker was lost on the way


def wait_for(event: str, process: subprocess.Popen[str], times: int = 1) -> None:
    """Read the log of a service until the event has come so many times."""
    assert process.stderr
    for _ in range(times):
        assert any(f'"{event}"' in line for line in process.stderr), event


def connected(url: str) -> socket.socket:
    """A connection to the service on which nothing was sent yet."""
    address = urlsplit(url)
    return socket.create_connection((address.hostname or "", address.port or 0), timeout=BOUND_S)


def everything_from(connection: socket.socket) -> bytes:
    """All that comes until the service closes the connection."""
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def exchange(url: str, request: bytes) -> bytes:
    """Bytes to the service and all that comes back."""
    with connected(url) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return everything_from(connection)


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


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=BOUND_S) as response:
        text: str = response.read().decode()
        return text


def count_of(url: str, sample: str) -> float:
    """The value of one line of /metrics; 0 when it is absent."""
    lines = (line.rpartition(" ") for line in get(f"{url}/metrics").splitlines())
    return next((float(value) for name, _, value in lines if name == sample), 0.0)


LIVEZ = 'winnow_requests_total{method="GET",route="/livez",status="200"}'


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_commands_of_the_readme_do_what_they_show(service: str) -> None:
    root = Path(__file__).parents[3]
    commands = [line.strip() for line in (root / "README.md").read_text().splitlines() if line.startswith("    curl ")]
    assert len(commands) > 3
    for command in commands:
        asked = command.replace("http://127.0.0.1:8000", service)
        done = subprocess.run(
            f"{asked} --fail", shell=True, cwd=root, capture_output=True, timeout=BOUND_S, check=False
        )
        assert done.returncode == 0, command
        assert done.stdout.strip(), command


def test_metrics_are_those_of_all_workers(service: str) -> None:
    before = count_of(service, LIVEZ)
    for _ in range(20):
        get(f"{service}/livez")
    assert count_of(service, LIVEZ) == before + 20
    version = json.loads(get(f"{service}/version"))["model_version"]
    assert count_of(service, f'winnow_workers{{model_version="{version}"}}') == 2


def test_a_worker_that_is_replaced_loses_no_request_and_no_count() -> None:
    with running("--workers", "1", "--max-requests", "3") as process:
        url = ready(process)
        for _ in range(8):
            get(f"{url}/livez")
        assert count_of(url, LIVEZ) == 8


LINE = b'{"text": "%b"}\n' % (b"The ferry left the harbour at dawn. " * 100)


@contextmanager
def open_stream(url: str) -> Iterator[socket.socket]:
    """A batch that is being answered, and goes on until its last chunk is sent."""
    with connected(url) as connection:
        head = b"POST /v1/clean/batch HTTP/1.1\r\nContent-Type: application/x-ndjson\r\n"
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n" + (b"%x\r\n%b\r\n" % (len(LINE), LINE)) * 20)
        assert b"HTTP/1.1 200" in connection.recv(65_536)
        yield connection


def test_a_stream_of_pages_is_answered_while_it_still_comes_in(service: str) -> None:
    with open_stream(service) as connection:
        connection.sendall(b"0\r\n\r\n")
        received = everything_from(connection)
    assert b'{"line": 20,' in received
    assert received.endswith(b"0\r\n\r\n")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_page_that_eats_memory_is_refused_and_its_worker_lives_on() -> None:
    bold = "".join(f"<b c={number}>" for number in range(500))  # few enough that the model lets them be
    glutton = f"<p>{bold}{'<p>x' * 3_000}".encode()  # all of them open again in each paragraph: 186 MB
    headers = {"Content-Type": "text/html"}
    with running("--workers", "1", "--page-memory-mb", "100") as process:
        url = ready(process)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(f"{url}/v1/clean", glutton, headers))
        with refused.value as answer:
            assert (answer.status, json.load(answer)["code"]) == (422, "out-of-memory")
        assert get(f"{url}/livez")
        process.send_signal(signal.SIGTERM)
        assert process.stderr
        assert [json.loads(line)["event"] for line in process.stderr].count("model-loaded") == 1


def test_a_connection_that_says_nothing_keeps_nobody_waiting() -> None:
    with running("--workers", "1") as process:
        url = ready(process)
        with connected(url):
            assert get(f"{url}/livez")


def test_a_head_that_does_not_end_is_refused(service: str) -> None:
    with connected(service) as connection:
        connection.sendall(b"POST /v1/clean HTTP/1.1\r\nHos")
        head, _, body = everything_from(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["code"] == "timed-out"


def test_the_request_under_way_and_those_that_wait_are_answered_after_sigterm() -> None:
    with running("--workers", "1") as process:
        url = ready(process)
        with open_stream(url) as busy:
            waiting = [connected(url) for _ in range(3)]
            for connection in waiting:
                connection.sendall(b"GET /livez HTTP/1.1\r\n\r\n")
            process.send_signal(signal.SIGTERM)
            busy.sendall(b"0\r\n\r\n")
            assert b'{"line": 20,' in everything_from(busy)
            for connection in waiting:
                with connection:
                    assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        assert process.wait() == 0


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_leaves_nothing_behind(sent: signal.Signals, tmp_path: Path) -> None:
    with running("--workers", "2", TMPDIR=str(tmp_path)) as process, open_stream(ready(process)) as connection:
        (folder,) = tmp_path.glob("winnow-*")
        assert list(folder.glob("metrics/*.db"))
        os.kill(children_of(process.pid)[0], signal.SIGKILL)
        process.send_signal(sent)
        connection.shutdown(socket.SHUT_RDWR)
        assert process.wait() == 0
    assert not folder.exists()


def test_a_stop_while_the_model_is_loaded_leaves_nothing_behind(tmp_path: Path) -> None:
    with running("--workers", "1", TMPDIR=str(tmp_path)) as process:
        assert process.stderr
        assert any("Booting worker" in line for line in process.stderr)
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()
        assert process.wait() == 0
    assert "model-loaded" not in rest
    assert not list(tmp_path.glob("winnow-*"))


def test_workers_whose_parent_was_killed_end_and_leave_nothing_behind(tmp_path: Path) -> None:
    with running("--workers", "1", TMPDIR=str(tmp_path)) as process:
        url = ready(process)
        process.kill()
        process.wait()
        with suppress(OSError):  # it wakes the worker up, which may have noticed before and be about to end
            get(f"{url}/livez")
        process.communicate()  # returns when the worker has closed its end as well
    assert not list(tmp_path.glob("winnow-*"))


def test_the_model_is_swapped_under_the_running_service_and_a_broken_one_is_not(tmp_path: Path) -> None:
    root = tmp_path / "models"
    shutil.copytree(SHIPPED, root)
    shipped = (root / "current").read_text().strip()
    manifest = json.loads((root / shipped / "manifest.json").read_text())
    for version, digests in (("next", manifest["digests"]), ("broken", {"model.joblib": "0" * 64})):
        shutil.copytree(root / shipped, root / version)
        (root / version / "manifest.json").write_text(json.dumps({**manifest, "version": version, "digests": digests}))
    with running("--workers", "2", "--model", str(root)) as process:
        url = ready(process)
        wait_for("model-loaded", process, times=2)
        set_current(root, "next")
        wait_for("model-swapped", process, times=2)
        assert count_of(url, 'winnow_workers{model_version="next"}') == 2
        assert count_of(url, f'winnow_workers{{model_version="{shipped}"}}') == 0
        set_current(root, "broken")
        process.send_signal(signal.SIGHUP)  # both workers are replaced, and start beside the broken model
        wait_for("model-refused", process)
        assert json.loads(get(f"{url}/readyz"))["model_version"] == "next"


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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_service_whose_standard_output_cannot_be_written_serves() -> None:
    with open("/dev/full", "wb") as full, running("--workers", "1", stdout=full) as process:
        assert process.stderr
        said = next(json.loads(line) for line in process.stderr if "not-announced" in line or "Shutting down" in line)
        assert json.loads(get(f"{said['url']}/livez")) == {"status": "ok"}
        process.send_signal(signal.SIGTERM)
        assert "Traceback" not in process.stderr.read()
        assert process.wait() == 0


def test_a_start_that_fails_during_a_stop_exits_with_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_service: object) -> None:
        raise HaltServer("Worker failed to boot.", 3)

    monkeypatch.setattr(Service, "run", fail)
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    with pytest.raises(SystemExit) as ended:
        serve(Settings(port=0))
    assert ended.value.code == 3


def test_workers_load_their_libraries_with_one_thread_each(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROMETHEUS_MULTIPROC_DIR", *ONE_THREAD):
        monkeypatch.setenv(name, "4")
    in_workers: dict[str, str] = {}
    monkeypatch.setattr(Service, "run", lambda _service: in_workers.update(os.environ))
    serve(Settings(port=0))
    assert in_workers == in_workers | ONE_THREAD
