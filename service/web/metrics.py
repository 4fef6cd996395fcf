"""GET /metrics: what Prometheus reads of the service.

    winnow_requests_total{route,method,status}    winnow_pages_total{kind,status}
    winnow_request_seconds{route}                 winnow_blocks_total{label,kept}
    winnow_batch_lines_total{status}              winnow_page_confidence
    winnow_workers{model_version}                 winnow_waiting_connections

Under gunicorn each worker keeps its numbers in files of one folder, named after its slot and not after its process:
a worker that takes another's place counts on where that stopped. Whoever is asked adds all of them up.
"""

from __future__ import annotations

import socket
import struct
from collections import Counter as Tally
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from model.types import Cleaned

METRICS = "winnow.metrics"
"""Where an application's `Metrics` are in `app.extensions`."""

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
"""Others are counted together: a caller may invent any number of them."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_CONFIDENCES = tuple(tenth / 10 for tenth in range(1, 11))

_UNACKED_OFFSET = 24
"""bytes to tcpi_unacked in Linux' tcp_info; on a listening socket it is the length of the accept queue"""


def count_in_slot(slot: int) -> None:
    """Keep this process's numbers in the files of a slot, in the folder that PROMETHEUS_MULTIPROC_DIR names."""
    values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]


class Metrics:
    """The numbers of one process; with the folder that all processes share, those of all of them."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._registry = own = CollectorRegistry()
        self._model: str | None = None
        self.listener: socket.socket | None = None
        """The socket on which connections wait, once there is one."""
        self._requests = Counter("winnow_requests", "Requests answered.", ("route", "method", "status"), registry=own)
        self._seconds = Histogram(
            "winnow_request_seconds", "Seconds from request to answer.", ("route",), registry=own, buckets=_SECONDS
        )
        self._pages = Counter("winnow_pages", "Pages cleaned.", ("kind", "status"), registry=own)
        self._lines = Counter("winnow_batch_lines", "Lines of batches answered.", ("status",), registry=own)
        self._blocks = Counter("winnow_blocks", "Blocks judged.", ("label", "kept"), registry=own)
        self._confidence = Histogram(
            "winnow_page_confidence", "Confidence in whole pages.", registry=own, buckets=_CONFIDENCES
        )
        self._workers = Gauge(
            "winnow_workers", "Workers by model in use.", ("model_version",), registry=own, multiprocess_mode="livesum"
        )

    def count_request(self, route: str | None, method: str, status: int, seconds: float) -> None:
        """A request and its answer. `route` is the pattern that matched, None when none did."""
        known_method = method if method in _METHODS else "other"
        self._requests.labels(route or "", known_method, str(status)).inc()
        self._seconds.labels(route or "").observe(seconds)

    def count_refusal(self, status: int) -> None:
        """What was refused before it was a request."""
        self._requests.labels("", "", str(status)).inc()

    def count_line(self, status: int) -> None:
        """A line of a batch, answered with this status."""
        self._lines.labels(str(status)).inc()

    def count_page(self, cleaned: Cleaned) -> None:
        """A cleaned page, with its blocks."""
        self._pages.labels(cleaned.kind, cleaned.status).inc()
        self._confidence.observe(cleaned.confidence)
        tally = Tally((block.label, block.kept) for block in cleaned.blocks)
        for (label, kept), count in tally.items():
            self._blocks.labels(label.value, "yes" if kept else "no").inc(count)

    def show_model(self, version: str) -> None:
        """The model that this process uses from now on."""
        if self._model is not None:
            self._workers.labels(self._model).set(0)
        self._model = version
        self._workers.labels(version).set(1)

    def written(self) -> bytes:
        """All numbers in Prometheus' text format."""
        registry = self._registry
        if self._folder is not None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, path=str(self._folder))  # type: ignore[no-untyped-call]
        text = generate_latest(registry)
        if self.listener is not None:
            waiting = CollectorRegistry()
            waiting.register(_Queue(self.listener))
            text += generate_latest(waiting)
        return text


class _Queue(Collector):
    """The accept queue of a socket, as it is now."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener

    def collect(self) -> Iterator[Metric]:
        waiting = waiting_connections(self._listener)
        yield GaugeMetricFamily("winnow_waiting_connections", "Connections that no worker took yet.", value=waiting)


def waiting_connections(listener: socket.socket) -> int:
    """How many connections no worker took yet. Linux only."""
    facts = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _UNACKED_OFFSET + 4)
    waiting: int = struct.unpack_from("=I", facts, _UNACKED_OFFSET)[0]
    return waiting


def register_metrics(app: Flask, metrics: Metrics) -> None:
    """Add GET /metrics; whoever counts finds the metrics in the application's extensions."""
    app.extensions[METRICS] = metrics

    @app.get("/metrics", endpoint="metrics")
    def show_metrics() -> Response:
        return Response(metrics.written(), content_type=CONTENT_TYPE_LATEST)
