"""The headers that browsers obey."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

PUBLIC_PATHS = ("/livez", "/readyz", "/openapi.json", "/docs", "/", "/static/workbench.js")


@pytest.mark.parametrize("path", [*PUBLIC_PATHS, "/v1/model", "/nothing", "//evil.test/"])
def test_every_answer_carries_the_advised_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    assert headers["Content-Type"]
    assert headers["Cache-Control"] == ("no-cache" if path in {"/openapi.json"} or "/static" in path else "no-store")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    for name in ("Resource-Policy", "Opener-Policy"):
        assert headers[f"Cross-Origin-{name}"] == "same-origin"


def test_only_pages_for_people_may_run_scripts(client: FlaskClient) -> None:
    assert "script-src 'self'" in client.get("/").headers["Content-Security-Policy"]
    assert "sandbox" in client.get("/v1/model").headers["Content-Security-Policy"]
    answer = client.post("/v1/clean", data=b"<p>x", content_type="text/html", headers={"Accept": "text/html"})
    assert "sandbox" in answer.headers["Content-Security-Policy"]
