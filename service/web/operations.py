"""What the code cannot tell about a route: its purpose in words, the problems it can meet, and its bodies.

A route that is missing here is missing in the document, and a test says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.web import examples
from service.web.answers import FORMATS
from service.web.intake import RAW_TYPES
from service.web.ndjson import MEDIA_TYPES
from service.web.schemas import Schema, closed_object, option_parameters, raw_body, reference, url_parameter


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. Media types map to media type objects of OpenAPI."""

    tag: str
    summary: str
    description: str
    answers: Mapping[str, Schema]
    codes: tuple[str, ...] = ()
    """problem codes besides `COMMON_CODES`"""
    takes: Mapping[str, Schema] | None = None
    parameters: tuple[Schema, ...] = ()
    headers: tuple[str, ...] = ()
    """headers of a good answer besides X-Request-Id"""
    is_cacheable: bool = False
    """it has an ETag, so it can answer 304"""


PROBLEMS: Mapping[str, tuple[int, str]] = {
    "bad-request": (400, "The request could not be understood. Check its headers and body."),
    "bad-json": (400, "The body cannot be read as JSON at line 1, column 10."),
    "bad-field": (400, "htlm is not a field. Fields: html, text, url, options."),
    "bad-option": (400, "'dail' is not an option. Did you mean dial? Options: dial, keep, comments."),
    "key-missing": (401, "This needs an API key. Send it as Authorization: Bearer KEY, or as X-Api-Key: KEY."),
    "key-wrong": (401, "The API key is not known here. Check that it is whole; winnow key NAME makes a new one."),
    "cross-origin": (403, "A browser sent this for another site. Send it from your own server."),
    "not-found": (404, "POST a page to /v1/clean, or open / in a browser."),
    "method-not-allowed": (405, "Use one of the allowed methods."),
    "not-acceptable": (406, f"Accept allows none of: {', '.join(FORMATS)}."),
    "too-large": (413, "At most 30,000,000 bytes are taken. Send a smaller page, or raise WINNOW_MAX_BODY_BYTES."),
    "unsupported-media-type": (415, "Content-Type is image/png. Send one of: application/json, text/html."),
    "unsupported-encoding": (415, "Content-Encoding is 'br'. Send the body as it is, or packed once as one of: gzip."),
    "unsupported-charset": (415, "charset 'klingon' is not known. Send UTF-8, or leave the charset out."),
    "unknown-host": (
        421,
        "The Host header is not a name of this service. If it should be, add it to WINNOW_ALLOWED_HOSTS.",
    ),
    "unreadable-input": (422, "The page is a PDF document, not HTML or text. Extract its text first."),
    "out-of-memory": (422, "The page needs more memory than WINNOW_PAGE_MEMORY_MB. Send a smaller one, or raise it."),
    "rate-limited": (429, "More than 600 requests a minute. Try again in 1 s, or send many pages as one batch."),
    "defect": (500, "Winnow failed on this request. Report it with the request id; the log has the place."),
    "model-not-ready": (503, "The model is not loaded yet. Try again in a few seconds."),
    "timed-out": (504, "The page took longer than WINNOW_TIMEOUT_S seconds. Send a smaller one, or send it faster."),
}
"""Every problem code: its status, and an example of its detail."""

COMMON_CODES = ("bad-request", "method-not-allowed", "defect")
"""What any route can meet."""

_BODY_CODES = (
    "bad-json", "bad-field", "bad-option", "not-acceptable", "too-large", "unsupported-media-type",
    "unsupported-encoding", "unsupported-charset", "unreadable-input", "out-of-memory", "model-not-ready",
    "timed-out",
)  # fmt: skip


_CHECK_CODES = (
    "bad-json", "bad-field", "too-large", "unsupported-media-type", "unsupported-encoding", "out-of-memory",
    "model-not-ready", "timed-out",
)  # fmt: skip


def _json_requests() -> dict[str, Schema]:
    html = {"html": examples.HTML_PAGE, "url": examples.URL}
    text = {"text": examples.TEXT_PAGE, "options": dict(examples.OPTIONS)}
    return {
        "html": {"summary": "An HTML page", "value": html},
        "text": {"summary": "Extracted text, with options", "value": text},
    }


def _check_requests() -> dict[str, Schema]:
    one = {"comments": [examples.CHECK_REQUEST["comments"][0]]}
    return {
        "one": {"summary": "One comment", "value": one},
        "section": {"summary": "A section under its article", "value": dict(examples.CHECK_REQUEST)},
    }


def _clean_bodies() -> dict[str, Schema]:
    pages = {"html": examples.HTML_PAGE, "text": examples.TEXT_PAGE}
    raw = {name: {"schema": raw_body(), "example": pages[kind]} for name, kind in RAW_TYPES.items()}
    return {"application/json": {"schema": reference("CleanRequest"), "examples": _json_requests()}, **raw}


def _clean_answers() -> dict[str, Schema]:
    answers = {}
    for name, form in FORMATS.items():
        schema = reference("Cleaned") if form == "json" else {"type": "string"}
        answers[name] = {"schema": schema, "example": examples.answer_in(form)}
    return answers


def _json_answer(example: Mapping[str, Any], **members: Schema) -> dict[str, Schema]:
    return {"application/json": {"schema": closed_object(members), "example": dict(example)}}


def _flag(name: str, description: str, *, default: str) -> Schema:
    schema = {"type": "string", "enum": ["0", "1"], "default": default}
    return {"name": name, "in": "query", "description": description, "required": False, "schema": schema}


_VERSION: Schema = {"type": "string", "minLength": 1}
_OK: Schema = {"type": "string", "const": "ok"}
_HTML_PAGE_ANSWER: Mapping[str, Schema] = {"text/html": {"schema": {"type": "string"}}}

OPERATIONS: Mapping[str, Operation] = {
    "POST /v1/clean": Operation(
        "cleaning",
        "Clean a page",
        "Send a page, and get the article without the noise around it. The body is JSON, or the page itself with "
        "options in the query; with a JSON body everything goes into the body and the query stays empty. Accept "
        "chooses the format of the answer, JSON when nothing is asked for. Bytes are decoded by the charset of "
        "Content-Type, or else by what the page declares and looks like.",
        _clean_answers(),
        _BODY_CODES,
        takes=_clean_bodies(),
        parameters=(*option_parameters(), url_parameter()),
        headers=("Winnow-Status", "Winnow-Confidence", "Winnow-Model", "Vary", "ETag"),
    ),
    "POST /v1/clean/batch": Operation(
        "cleaning",
        "Clean many pages",
        "One JSON object per line, as for /v1/clean, with an optional id; one answer per line, streamed in the same "
        "order while the body still comes in. Each line has the limits of a whole request, the stream has none. What "
        "is wrong with a line is the problem of its answer, and the others go on. Blank lines are skipped. Read while "
        "you send: answers that are not taken stop the work.",
        {MEDIA_TYPES[0]: {"schema": {"type": "string"}, "example": examples.batch_answer()}},
        ("bad-field", "unsupported-media-type", "unsupported-encoding", "model-not-ready"),
        takes={name: {"schema": raw_body(), "example": examples.batch_request()} for name in MEDIA_TYPES},
        parameters=(
            _flag("blocks", "Whether answers list every block; 0 makes them a good deal shorter.", default="1"),
            _flag(
                "unordered",
                "Permits another order, and changes nothing: it is always that of the lines.",
                default="0",
            ),
        ),
    ),
    "POST /v1/comments/check": Operation(
        "cleaning",
        "Check comments for spam",
        "The chance that each comment is spam, and why, in the order sent. They count as one section: the same text "
        "several times is held against it. What they stand under helps: title, text and address of the article. "
        "is_spam goes by threshold, or else by the model's own. Nothing is kept.",
        {"application/json": {"schema": reference("CheckAnswer"), "example": dict(examples.CHECK_ANSWER)}},
        _CHECK_CODES,
        takes={"application/json": {"schema": reference("CheckRequest"), "examples": _check_requests()}},
    ),
    "GET /v1/model": Operation(
        "model",
        "The model's manifest",
        "Version, digests, library versions and scores of the model that answers.",
        {"application/json": {"schema": reference("Manifest"), "example": {"version": examples.MODEL_VERSION}}},
        ("model-not-ready",),
    ),
    "GET /livez": Operation(
        "operation",
        "Is the process alive?",
        "Answers as long as the process does. Restart it when this fails.",
        _json_answer({"status": "ok"}, status=_OK),
    ),
    "GET /readyz": Operation(
        "operation",
        "Can it clean pages?",
        "Answers 200 once the model is loaded. Send no pages while this fails.",
        _json_answer({"status": "ok", "model_version": examples.MODEL_VERSION}, status=_OK, model_version=_VERSION),
        ("model-not-ready",),
    ),
    "GET /version": Operation(
        "operation",
        "Versions of Winnow and its model",
        "The model's version is null until a model is loaded.",
        _json_answer(
            {"winnow": "0.1.0", "model_version": examples.MODEL_VERSION},
            winnow=_VERSION,
            model_version={"type": ["string", "null"], "minLength": 1},
        ),
    ),
    "GET /metrics": Operation(
        "operation",
        "Numbers for Prometheus",
        "Requests, pages, blocks, confidence, waiting connections, and the workers by model, over all workers.",
        {"text/plain": {"schema": {"type": "string"}}},
    ),
    "GET /": Operation(
        "pages", "The workbench", "Clean a page in the browser and see why each block went.", _HTML_PAGE_ANSWER
    ),
    "GET /docs": Operation("pages", "This description, to read", "Works without JavaScript.", _HTML_PAGE_ANSWER),
    "GET /openapi.json": Operation(
        "pages",
        "This description, for programs",
        "An OpenAPI 3.1 document, made from the running code.",
        {"application/json": {"schema": {"type": "object"}}},
        is_cacheable=True,
    ),
}
"""Every route by method and path, in the order of the document."""
