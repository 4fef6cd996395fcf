"""GET /metrics: what is counted, under which labels, and that callers cannot make up labels of their own."""

from __future__ import annotations

import socket

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from service.web.app import create_app
from service.web.metrics import Metrics
from service.web.settings import Settings
from tests.service.conftest import FakeCleaner


def samples(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Every sample by its name and label values, in the order of the labels' names."""
    text = client.get("/metrics").get_data(as_text=True)
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_page_is_counted_with_its_blocks_and_its_confidence(client: FlaskClient) -> None:
    client.post("/v1/clean", json={"text": "Body.\n\nMore of it.\n\nLeave a Reply"})
    client.post("/v1/clean", data=b"<p>Read more: other</p>", content_type="text/html")
    counted = samples(client)
    assert counted["winnow_requests_total", "POST", "/v1/clean", "200"] == 2
    assert counted["winnow_request_seconds_count", "/v1/clean"] == 2
    assert counted["winnow_pages_total", "text", "ok"] == 1
    assert counted["winnow_pages_total", "html", "empty"] == 1
    assert counted["winnow_blocks_total", "yes", "body"] == 2
    assert counted["winnow_blocks_total", "no", "comment_form"] == 1
    assert counted["winnow_page_confidence_count",] == 2


def test_refused_pages_and_unknown_paths_are_requests_and_no_pages(client: FlaskClient) -> None:
    client.post("/v1/clean", json={"htlm": "x"})
    client.get("/a/b")
    client.get("/a/c")
    counted = samples(client)
    assert counted["winnow_requests_total", "POST", "/v1/clean", "400"] == 1
    assert counted["winnow_requests_total", "GET", "", "404"] == 2
    assert not [name for name, *_ in counted if name == "winnow_pages_total"]


def test_invented_methods_share_one_label(client: FlaskClient) -> None:
    for number in range(5):
        client.open("/v1/clean", method=f"BREW{number}")
    assert samples(client)["winnow_requests_total", "other", "", "405"] == 5


def test_lines_of_a_batch_are_counted_by_status(client: FlaskClient) -> None:
    body = b'{"text": "Body."}\n{"text": 7}\n{"text": "More."}\n'
    client.post("/v1/clean/batch", data=body, content_type="application/x-ndjson").get_data()
    counted = samples(client)
    assert counted["winnow_batch_lines_total", "200"] == 2
    assert counted["winnow_batch_lines_total", "400"] == 1
    assert counted["winnow_pages_total", "text", "ok"] == 2


def test_a_worker_is_counted_under_the_model_it_uses_now() -> None:
    metrics = Metrics()
    client = create_app(FakeCleaner(), Settings(), None, metrics).test_client()
    metrics.show_model("one")
    metrics.show_model("two")
    counted = samples(client)
    assert counted["winnow_workers", "one"] == 0
    assert counted["winnow_workers", "two"] == 1


def test_connections_that_wait_are_seen() -> None:
    metrics = Metrics()
    client = create_app(FakeCleaner(), Settings(), None, metrics).test_client()
    assert ("winnow_waiting_connections",) not in samples(client)
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()):
        metrics.listener = listener
        assert samples(client)["winnow_waiting_connections",] == 1
