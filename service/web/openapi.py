"""GET /openapi.json: the API described for programs (OpenAPI 3.1), put together from the running application.

    app.url_map   routes and methods     schemas.py      bodies, from the types of the code
    problems.py   codes and titles       operations.py   what only words can tell
    safety.py     who may ask            settings.py     limits

The document is made at the first request, when every route is known, and kept for as long as the application.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, get_args

from flask import Flask, Response, request

from model.types import Status
from service import package_version
from service.web.operations import COMMON_CODES, OPERATIONS, PROBLEMS, Operation
from service.web.problems import MEDIA_TYPE, TITLES
from service.web.safety import PUBLIC_ENDPOINTS, UNCOUNTED_ENDPOINTS
from service.web.schemas import Schema, component_schemas, reference
from service.web.settings import Settings

_ABOUT = (
    "Winnow takes a scraped page, HTML or text that was already extracted, and gives back the article without the "
    "noise around it. It never fetches an address.\n\n"
    "The same page, options and model give the same bytes. Every answer has an X-Request-Id, the caller's own where "
    "it sent a sane one. Every error is a problem document (RFC 9457) with a stable code; unknown fields and options "
    "are refused by name. Paths with GET answer HEAD too, and every path answers OPTIONS. What never reaches a route "
    "is refused with 400, 404, 414 or 431."
)

_TAGS = {
    "cleaning": "Pages in, articles out.",
    "model": "What decides.",
    "operation": "For those who run the service.",
    "pages": "For people, and this description.",
}

_IMPLICIT_METHODS = frozenset({"HEAD", "OPTIONS"})

_REQUEST_ID = "^[A-Za-z0-9._:-]{1,64}$"

_HEADERS: dict[str, Schema] = {
    "X-Request-Id": {
        "description": "Names this request in the log.",
        "required": True,
        "schema": {"type": "string", "pattern": _REQUEST_ID},
    },
    "Winnow-Status": {
        "description": "The member status, for answers that are only text.",
        "required": True,
        "schema": {"type": "string", "enum": list(get_args(Status))},
    },
    "Winnow-Confidence": {
        "description": "The member confidence, with three digits.",
        "required": True,
        "schema": {"type": "number", "minimum": 0, "maximum": 1},
    },
    "Winnow-Model": {
        "description": "The member model_version.",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    },
    "Vary": {
        "description": "What of the request the answer depends on.",
        "required": True,
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "Names these bytes: the same page, options and model give the same.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"'},
    },
    "WWW-Authenticate": {
        "description": "How to send a key (RFC 6750).",
        "required": True,
        "schema": {"type": "string", "pattern": "^Bearer "},
    },
    "Retry-After": {
        "description": "Seconds after which the request would be granted.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit": {
        "description": "What is left of the caller's minute.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Allow": {
        "description": "The methods that the path takes.",
        "required": True,
        "schema": {"type": "string"},
    },
}

_HEADERS_OF_STATUS = {401: ("WWW-Authenticate",), 405: ("Allow",), 429: ("Retry-After", "RateLimit")}
"""What a problem has besides X-Request-Id."""

_SECURITY_SCHEMES: dict[str, Schema] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "Authorization: Bearer KEY"},
    "key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Api-Key",
        "description": "For callers whose Authorization belongs to a proxy.",
    },
}

_IF_NONE_MATCH: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of the answer you have; 304 when it still holds.",
    "required": False,
    "schema": {"type": "string"},
}


def register_openapi(app: Flask, settings: Settings) -> Callable[[], dict[str, Any]]:
    """Add GET /openapi.json to the application. Returns what makes the document, and makes it once."""

    @cache
    def document() -> dict[str, Any]:
        return openapi_document(app, settings)

    @cache
    def written() -> bytes:
        return json.dumps(document(), ensure_ascii=False).encode()

    @app.get("/openapi.json")
    def openapi() -> Response:
        response = Response(written(), content_type="application/json")
        response.headers["Cache-Control"] = "no-cache"  # keep it, and ask whether it still holds
        response.add_etag()
        response.make_conditional(request)
        return response

    return document


def openapi_document(app: Flask, settings: Settings) -> dict[str, Any]:
    """The document for the routes that the application has now, in the order of `OPERATIONS`.

    Keys and rate limits are in it only when the settings use them.
    """
    endpoints = dict(routes(app))
    paths: dict[str, dict[str, Any]] = {}
    for route, operation in OPERATIONS.items():
        if route in endpoints:
            method, path = route.split()
            paths.setdefault(path, {})[method.lower()] = _operation(endpoints[route], operation, settings)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Winnow",
            "version": package_version(),
            "summary": "The article, without the noise around it.",
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "The service that gave you this document"}],
        "tags": [{"name": name, "description": words} for name, words in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": component_schemas(),
            "headers": _HEADERS,
            **({"securitySchemes": _SECURITY_SCHEMES} if settings.keys_file else {}),
        },
    }


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Every method and path of the application with its endpoint, files under /static left out."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in sorted((rule.methods or set()) - _IMPLICIT_METHODS):
                yield f"{method} {rule.rule}", rule.endpoint


def _operation(endpoint: str, operation: Operation, settings: Settings) -> Schema:
    parameters = [*operation.parameters, *([_IF_NONE_MATCH] if operation.is_cacheable else [])]
    body = {"requestBody": {"required": True, "content": dict(operation.takes)}} if operation.takes else {}
    codes = (*COMMON_CODES, *_guard_codes(endpoint, operation, settings), *operation.codes)
    is_private = "key-missing" in codes
    return {
        "operationId": endpoint,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        **({"parameters": parameters} if parameters else {}),
        **body,
        "responses": {**_good_answers(operation, "rate-limited" in codes), **_problem_answers(codes, settings)},
        **({"security": [{name: []} for name in _SECURITY_SCHEMES]} if is_private else {}),
    }


def _guard_codes(endpoint: str, operation: Operation, settings: Settings) -> Iterator[str]:
    """What the guard of `safety` may answer before the route is asked."""
    yield "unknown-host"
    if operation.takes:
        yield "cross-origin"
    if settings.keys_file and endpoint not in PUBLIC_ENDPOINTS:
        yield from ("key-missing", "key-wrong")
    if settings.rate_limit and endpoint not in UNCOUNTED_ENDPOINTS:
        yield "rate-limited"


def _good_answers(operation: Operation, is_limited: bool) -> dict[str, Schema]:
    further = (*(("ETag",) if operation.is_cacheable else ()), *(("RateLimit",) if is_limited else ()))
    headers = _headers(("X-Request-Id", *operation.headers, *further))
    answers = {"200": {"description": "Done.", "headers": headers, "content": dict(operation.answers)}}
    if operation.is_cacheable:
        answers["304"] = {"description": "What you have still holds.", "headers": headers}
    return answers


def _problem_answers(codes: Iterable[str], settings: Settings) -> dict[str, Schema]:
    """The problems a route can meet, gathered by status."""
    by_status: dict[int, list[str]] = {}
    for code in sorted(codes, key=list(TITLES).index):
        by_status.setdefault(PROBLEMS[code][0], []).append(code)
    return {str(status): _problem_answer(status, by_status[status], settings) for status in sorted(by_status)}


def _problem_answer(status: int, codes: list[str], settings: Settings) -> Schema:
    titles = "; ".join(TITLES[code] for code in codes)
    limit = f" (over {settings.max_body_bytes:,} bytes)" if status == 413 else ""
    narrowed = {"status": {"const": status}, "code": {"enum": codes}}
    content = {
        "schema": {**reference("Problem"), "properties": narrowed},
        "examples": {code: {"summary": TITLES[code], "value": _problem_example(code)} for code in codes},
    }
    headers = _headers(("X-Request-Id", *_HEADERS_OF_STATUS.get(status, ())))
    return {"description": f"{titles}{limit}.", "headers": headers, "content": {MEDIA_TYPE: content}}


def _problem_example(code: str) -> Schema:
    status, detail = PROBLEMS[code]
    return {
        "type": f"urn:winnow:problem:{code}",
        "code": code,
        "title": TITLES[code],
        "status": status,
        "detail": detail,
        "request_id": "4f1d2c9ab0e37756",
    }


def _headers(names: Iterable[str]) -> dict[str, Schema]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
