"""Run the application under gunicorn: several processes on one loopback port, each with its own model.

The model is loaded in each worker, after the fork: scikit-learn's thread pool does not survive one. What workers
share is in a temporary folder that ends with the service: the files of their metrics and a copy of the last good model.

A worker answers one connection at a time, so one that says nothing would keep all others waiting: the kernel hands over
only those that have sent something, and the head of a request has a clock of its own.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import tempfile
import threading
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from queue import Empty
from select import select
from typing import Any

import click
from flask import Response
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.glogging import Logger
from gunicorn.http import errors
from gunicorn.util import write_nonblock
from gunicorn.workers.sync import SyncWorker
from prometheus_client.multiprocess import mark_process_dead

from model.errors import ArtefactError
from service.memorylimit import limit_memory
from service.one_thread import ONE_THREAD
from service.timelimit import PageTimeout, time_limit
from service.web.app import create_app
from service.web.live_model import LiveCleaner
from service.web.logs import JsonFormatter, log_defect, log_event, log_to_stderr
from service.web.metrics import METRICS, Metrics, count_in_slot, waiting_connections
from service.web.ndjson import HEARTBEAT
from service.web.problems import MEDIA_TYPE, TIMED_OUT, problem_document, problem_response
from service.web.safety import Guard
from service.web.settings import SettingError, Settings

_BACKSTOP_S = 10
"""Seconds beyond a page's limit after which a worker that is stuck below Python is killed."""

_SILENCE_S = 30
"""Seconds that the kernel keeps a connection on which nothing was sent; browsers open some to have them at hand."""

_GREETING_S = 1
"""Seconds for the first byte after that, before the connection is closed."""

_HEAD_S = 5
"""Seconds for the rest of a request's head; it fits into a few packets."""

_RECYCLE_SPREAD = 0.1
"""Share of `max_requests` by which workers differ, so that they are not all replaced at once."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; does not return.

    Exits with 0 after a signal and 3 when the model cannot be loaded. Raises SettingError when the port is
    taken.
    """
    _check_port(settings)
    service, process = Service(settings), os.getpid()
    try:
        service.run()
    except HaltServer as error:  # gunicorn lets it out where the start fails during a stop
        raise SystemExit(error.exit_status) from error
    finally:
        if os.getpid() == process:  # workers come by here too
            service.tidy()


class Service(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's application: its configuration from ours, and the Flask application of one worker."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._guard = Guard(settings)  # before the fork, so that the workers count requests together
        self._ready_token, written = os.pipe()
        os.set_blocking(self._ready_token, False)
        os.write(written, b"1")
        self._shared = Path(tempfile.gettempdir()) / f"winnow-{secrets.token_hex(8)}"
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(self._shared / "metrics")
        os.environ.update(ONE_THREAD)
        super().__init__()

    def load_config(self) -> None:
        """Set everything that differs from gunicorn's defaults."""
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        options: dict[str, Any] = {
            "bind": f"{host}:{self.settings.port}",
            "workers": self.settings.workers,
            "worker_class": ProblemWorker,
            "timeout": self.settings.timeout_s + _BACKSTOP_S,
            "graceful_timeout": self.settings.graceful_timeout_s,
            "max_requests": self.settings.max_requests,
            "max_requests_jitter": round(self.settings.max_requests * _RECYCLE_SPREAD),
            "logger_class": JsonLogger,
            "when_ready": self._prepare,
            "pre_fork": _give_slot,
            "post_fork": _begin_worker,
            "post_worker_init": self._announce,
            "pre_request": _on_head_read,
            "child_exit": self._forget,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Load the model and build the application; called once in each worker."""
        log_to_stderr()
        metrics = Metrics(self._shared / "metrics")
        try:
            cleaner = LiveCleaner(self.settings.model, self._shared / "models", metrics.show_model)
        except ArtefactError as error:
            click.echo(f"winnow: {error}", err=True)
            raise SystemExit(Arbiter.WORKER_BOOT_ERROR) from error
        log_event("model-loaded", model_version=cleaner.version, pid=os.getpid())
        limit_memory(self.settings.page_memory_mb or None)
        threading.Thread(target=cleaner.watch, name="model watch", daemon=True).start()
        app = create_app(cleaner, self.settings, self._guard, metrics)
        # A chunked body turns out to be broken only when the application reads it.
        app.register_error_handler(errors.ParseException, _on_broken_body)
        return app

    def _prepare(self, arbiter: Arbiter) -> None:
        """Make the shared folders, before the first worker starts and once no signal ends the process on the spot."""
        self._shared.mkdir(mode=0o700)
        for name in ("metrics", "models"):
            (self._shared / name).mkdir()
        for listener in arbiter.LISTENERS:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, _SILENCE_S)

    def _announce(self, worker: SyncWorker) -> None:
        """Print where the service is, once: the first worker that is ready takes the token."""
        worker.wsgi.extensions[HEARTBEAT] = worker.notify
        worker.wsgi.extensions[METRICS].listener = worker.sockets[0]
        try:
            os.read(self._ready_token, 1)
        except BlockingIOError:
            return
        host, port = worker.sockets[0].getsockname()[:2]
        url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        curl = f"curl -H 'Content-Type: text/html' --data-binary @page.html {url}/v1/clean"
        try:
            click.echo(f"Winnow is ready on {url} – try: {curl}")
        except OSError as error:  # nobody reads it, which is no reason not to serve
            log_event("not-announced", reason=error.strerror, url=url)

    def _forget(self, _arbiter: Arbiter, worker: ProblemWorker) -> None:
        """A worker is gone: what it counted stays, that it lives does not."""
        mark_process_dead(worker.slot, str(self._shared / "metrics"))  # type: ignore[no-untyped-call]

    def tidy(self) -> None:
        """Remove what the workers shared."""
        shutil.rmtree(self._shared, ignore_errors=True)


class ProblemWorker(SyncWorker):  # type: ignore[misc]
    """A worker whose own refusals are problem documents like all others, not HTML pages."""

    head_clock: ExitStack
    """Runs until the head of the request has come."""

    slot: int
    """The smallest number that no other living worker has."""

    def handle_exit(self, sig: int, frame: object) -> None:
        """SIGTERM: end after the request under way; at once when the model is still being loaded."""
        super().handle_exit(sig, frame)
        if not self.booted:
            raise SystemExit(0)

    def run_for_one(self, timeout: float) -> None:
        """Work until told to stop; then answer those who were connected before, whom closing the port would cut off.

        Only as many as wait now: beside workers that go on, there would be no end of them.
        """
        super().run_for_one(timeout)
        listener = self.sockets[0]
        for _ in range(waiting_connections(listener)):
            with suppress(BlockingIOError, ConnectionAbortedError):  # another worker was faster, or the client is gone
                self.accept(listener)
        if os.getppid() != self.ppid:  # killed, so nobody else is left to do it
            self.app.tidy()

    def handle(self, listener: socket.socket, client: socket.socket, addr: object) -> None:
        """Answer a connection, unless it says nothing or does not come to an end of its first lines."""
        if not select([client], [], [], _GREETING_S)[0]:
            client.close()
            return
        with ExitStack() as self.head_clock:
            self.head_clock.enter_context(time_limit(_HEAD_S))
            super().handle(listener, client, addr)

    def handle_error(
        self,
        req: object,  # noqa: ARG002 - gunicorn's signature
        client: socket.socket,
        addr: object,  # noqa: ARG002
        exc: BaseException,
    ) -> None:
        """Answer a request that is not HTTP, or that ran out of time."""
        self.head_clock.close()
        status, reason, code, detail = _refusal(exc)
        if status == 500:
            log_defect(exc)
        request_id = secrets.token_hex(8)
        self.wsgi.extensions[METRICS].count_refusal(status)
        log_event("refused", status=status, code=code, request_id=request_id)
        body = problem_document(status, code, detail, request_id)
        head = (
            f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\nX-Request-Id: {request_id}\r\n\r\n"
        )
        try:
            write_nonblock(client, head.encode() + body)
        except OSError:
            log_event("client-gone", request_id=request_id)


class JsonLogger(Logger):  # type: ignore[misc]
    """gunicorn's own messages in the form of ours."""

    def setup(self, cfg: Any) -> None:
        """Replace the format of gunicorn's error log."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())


def _give_slot(arbiter: Arbiter, worker: ProblemWorker) -> None:
    taken = {other.slot for other in arbiter.WORKERS.values()}
    worker.slot = next(slot for slot in count() if slot not in taken)


def _begin_worker(arbiter: Arbiter, worker: ProblemWorker) -> None:
    """Give the new process its slot, and the SIGTERM that it may have been sent while it still queued signals."""
    count_in_slot(worker.slot)
    signal.signal(signal.SIGTERM, worker.handle_exit)
    with suppress(Empty):
        while True:
            if arbiter.SIG_QUEUE.get_nowait() == signal.SIGTERM:
                raise SystemExit(0)


def _on_head_read(worker: ProblemWorker, _request: object) -> None:
    worker.head_clock.close()  # from here on the application has clocks of its own


def _refusal(error: BaseException) -> tuple[int, str, str, str]:
    """Status, reason phrase, problem code and detail for what gunicorn could not pass on."""
    if isinstance(error, PageTimeout):
        detail = f"The head of the request was not complete within {_HEAD_S} seconds. Send it in one piece."
        return 408, "Request Timeout", "timed-out", detail
    if isinstance(error, SystemExit):
        return 504, "Gateway Timeout", "timed-out", TIMED_OUT
    if isinstance(error, errors.LimitRequestLine):
        return 414, "URI Too Long", "bad-request", "The request line is too long. Send options in a JSON body."
    if isinstance(error, errors.LimitRequestHeaders):
        return 431, "Request Header Fields Too Large", "bad-request", "The headers are too large. Send fewer."
    if isinstance(error, errors.ParseException):
        return 400, "Bad Request", "bad-request", "This is not a valid HTTP/1.1 request. Check the client."
    return 500, "Internal Server Error", "defect", "Winnow failed on this request. The log has the place."


def _on_broken_body(error: Exception) -> Response:
    _, _, code, detail = _refusal(error)
    return problem_response(400, code, detail)


def _check_port(settings: Settings) -> None:
    """Gunicorn would try a taken port for five seconds and then print a log line."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            detail = f"--port {settings.port} cannot be used: {error.strerror}. Choose another, or 0 for any."
            raise SettingError(detail) from error
