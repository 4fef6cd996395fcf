"""The Flask application: one function that builds it, nothing at import time.

    POST /v1/clean             clean a page                     GET /              the workbench
    POST /v1/clean/batch       clean many, streamed             GET /docs          this API, for people
    POST /v1/comments/check    chances of being spam            GET /openapi.json  this API, for programs
    GET  /v1/model             the model's manifest             GET /livez         the process answers
    GET  /version              versions of Winnow and model     GET /readyz        and its model is loaded
                                                                GET /metrics       numbers for Prometheus

Those of Akismet's API come in addition where the settings ask for them (`akismet`). Every request passes the guard of
`safety` before its route.
"""

from __future__ import annotations

import re
import secrets
import time

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_compress import Compress

from model.options import for_format
from service import package_version
from service.contract import PageCleaner
from service.web.akismet import register_akismet
from service.web.answers import FORMATS, accepted_media_type, clean_response
from service.web.comments import register_comments
from service.web.docs import register_docs
from service.web.intake import read_clean_request
from service.web.logs import log_event
from service.web.metrics import METRICS, Metrics, register_metrics
from service.web.ndjson import register_batch
from service.web.openapi import register_openapi
from service.web.problems import ProblemError, page_clock, register_problems
from service.web.safety import Guard
from service.web.settings import Settings

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def create_app(
    cleaner: PageCleaner | None, settings: Settings, guard: Guard | None = None, metrics: Metrics | None = None
) -> Flask:
    """Build the application around a loaded cleaner.

    With None it answers, but is not ready: what needs the model gives 503. Workers share the guard that was made
    before the fork; without one, the application makes its own from the settings. `metrics` are this process's own by
    default.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    # `//v1/clean` is no path of ours; without this Flask would redirect it with an HTML page.
    app.url_map.merge_slashes = False
    app.before_request(_begin)
    app.after_request(_finish)
    (guard or Guard(settings)).register(app)
    register_problems(app)
    app.config.update(_COMPRESSION)
    Compress(app)
    _register_routes(app, cleaner, settings)
    register_metrics(app, metrics or Metrics())
    register_batch(app, lambda: _ready(cleaner), settings)
    register_comments(app, lambda: _ready(cleaner), settings.timeout_s)
    if settings.akismet != "off":
        register_akismet(app, lambda: _ready(cleaner), settings)
    register_docs(app, register_openapi(app, settings))
    return app


_COMPRESSION = {
    "COMPRESS_ALGORITHM": ["zstd", "gzip", "deflate"],
    "COMPRESS_MIMETYPES": [*FORMATS, "application/problem+json", "text/css", "text/javascript"],
    "COMPRESS_STREAMS": False,  # a compressor holds lines back that somebody waits for
}


def _register_routes(app: Flask, cleaner: PageCleaner | None, settings: Settings) -> None:
    @app.post("/v1/clean")
    def clean() -> Response:
        media_type = accepted_media_type(request)
        with page_clock(settings.timeout_s):
            page = read_clean_request(request)
            options = for_format(page.options, FORMATS[media_type])
            cleaned = _ready(cleaner).clean(page.source, kind=page.kind, url=page.url, options=options)
        current_app.extensions[METRICS].count_page(cleaned)
        g.facts = {"kind": page.kind, "page_status": cleaned.status, "blocks": len(cleaned.blocks)}
        return clean_response(cleaned, media_type)

    @app.get("/v1/model")
    def model() -> Response:
        return jsonify(dict(_ready(cleaner).manifest))

    @app.get("/livez")
    def livez() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> Response:
        return jsonify(status="ok", model_version=_ready(cleaner).version)

    @app.get("/version")
    def version() -> Response:
        return jsonify(winnow=package_version(), model_version=cleaner.version if cleaner else None)

    @app.get("/")
    def workbench() -> str:
        return render_template("workbench.html", version=package_version())


def _ready(cleaner: PageCleaner | None) -> PageCleaner:
    if cleaner is None:
        raise ProblemError(503, "model-not-ready", "The model is not loaded yet. Try again in a few seconds.")
    return cleaner


def _begin() -> None:
    g.started = time.perf_counter()
    g.facts = {}
    inbound = request.headers.get("X-Request-Id", "")
    g.request_id = inbound if _SANE_REQUEST_ID.fullmatch(inbound) else secrets.token_hex(8)


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    route = request.url_rule.rule if request.url_rule else None
    seconds = time.perf_counter() - g.started
    current_app.extensions[METRICS].count_request(route, request.method, response.status_code, seconds)
    log_event(
        "request",
        request_id=g.request_id,
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        bytes_in=request.content_length,
        caller=g.get("caller"),
        **g.facts,
    )
    return response
