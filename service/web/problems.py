"""Every error answer is a problem document (RFC 9457): stable code, what is wrong, what to do, request id.

ProblemError                 raised by this package
model.errors.WinnowError     raised by the model       } mapped to problems here
MemoryError                  a page over its ceiling   }
werkzeug's HTTPException     raised by Flask           }
any other exception          a defect: 500, details only in the log
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, current_app, g
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from model.errors import InputError, OptionError, WinnowError
from service.timelimit import PageTimeout, time_limit
from service.web.logs import log_defect

MEDIA_TYPE = "application/problem+json"


class ProblemError(Exception):
    """A request that cannot be answered. `detail` says what is wrong, why, and what to do."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.members = members
        """Further members of the document, such as `allowed`."""
        self.headers = headers or {}
        """Headers of the answer, such as Retry-After."""


TITLES: Mapping[str, str] = {
    "bad-request": "The request is not valid HTTP",
    "bad-json": "The body is not the JSON expected",
    "bad-field": "A field is unknown, missing or of the wrong type",
    "bad-option": "An option has an unknown name or value",
    "unreadable-input": "The page cannot be read",
    "key-missing": "An API key is needed",
    "key-wrong": "The API key is not known",
    "cross-origin": "A browser sent this for another site",
    "not-found": "There is nothing at this path",
    "method-not-allowed": "The path does not take this method",
    "not-acceptable": "None of the accepted media types can be given",
    "too-large": "The body is too large",
    "unsupported-media-type": "The body's media type is not taken",
    "unsupported-encoding": "The body's content encoding is not taken",
    "unsupported-charset": "The body's charset is not known",
    "unknown-host": "The service does not go by this name",
    "rate-limited": "The caller sent too many requests",
    "model-not-ready": "The model is not loaded",
    "timed-out": "The request took too long",
    "out-of-memory": "The page needs too much memory",
    "defect": "A defect in Winnow",
}
"""Every code with its title; a title never changes with the occurrence, the detail does."""

_CODES: Mapping[int, tuple[str, str]] = {
    400: ("bad-request", "The request could not be understood. Check its headers and body."),
    404: ("not-found", "POST a page to /v1/clean, or open / in a browser."),
    405: ("method-not-allowed", "Use one of the allowed methods."),
    413: ("too-large", "Send a smaller page, or raise WINNOW_MAX_BODY_BYTES."),
    415: ("unsupported-media-type", "Send application/json, text/html or text/plain."),
}


@contextmanager
def page_clock(seconds: int) -> Iterator[None]:
    """Raise ProblemError 504 inside the block when it takes longer: the worker lives on and takes the next page."""
    try:
        with time_limit(seconds):
            yield
    except PageTimeout as timeout:
        raise ProblemError(504, "timed-out", TIMED_OUT) from timeout


TIMED_OUT = "The page took longer than WINNOW_TIMEOUT_S seconds. Send a smaller one, or send it faster."


def register_problems(app: Flask) -> None:
    """Make every error of the app a problem document."""
    app.register_error_handler(ProblemError, _on_problem)
    app.register_error_handler(WinnowError, _on_winnow_error)
    app.register_error_handler(HTTPException, _on_http_exception)
    app.register_error_handler(Exception, _on_defect)


def problem_document(status: int, code: str, detail: str, request_id: str, **members: Any) -> bytes:
    """The document itself, for answers that do not come from Flask too."""
    document = {
        "type": f"urn:winnow:problem:{code}",
        "code": code,
        "title": TITLES[code],
        "status": status,
        "detail": detail,
        "request_id": request_id,
        **members,
    }
    return json.dumps(document).encode()


def as_problem(error: Exception) -> ProblemError:
    """Any exception as a problem that may be told; of a defect only the log has the details."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, OptionError):
        return ProblemError(400, error.code, str(error))
    if isinstance(error, InputError):
        return ProblemError(422, error.code, str(error))
    if isinstance(error, MemoryError):
        return ProblemError(422, "out-of-memory", _OUT_OF_MEMORY)
    log_defect(error)
    return ProblemError(500, "defect", _DEFECT)


def _on_problem(error: ProblemError) -> Response:
    response = problem_response(error.status, error.code, error.detail, **error.members)
    response.headers.update(error.headers)
    return response


def _on_winnow_error(error: WinnowError) -> Response:
    return _on_problem(as_problem(error))


def _on_http_exception(error: HTTPException) -> Response:
    status = error.code or 500
    code, advice = _CODES.get(status, _CODES[400] if status < 500 else ("defect", _DEFECT))
    members: dict[str, Any] = {}
    if isinstance(error, MethodNotAllowed):
        members["allowed"] = sorted(error.valid_methods or ())
    if isinstance(error, RequestEntityTooLarge):
        advice = f"At most {current_app.config['MAX_CONTENT_LENGTH']:,} bytes are taken. {advice}"
    response = problem_response(status, code, advice, **members)
    if "allowed" in members:
        response.headers["Allow"] = ", ".join(members["allowed"])
    return response


_OUT_OF_MEMORY = "The page needs more memory than WINNOW_PAGE_MEMORY_MB. Send a smaller one, or raise it."
_DEFECT = "Winnow failed on this request. Report it with the request id; the log has the place."


def _on_defect(error: Exception) -> Response:
    return _on_problem(as_problem(error))


def problem_response(status: int, code: str, detail: str, **members: Any) -> Response:
    """A problem as the answer to the current request."""
    document = problem_document(status, code, detail, g.request_id, **members)
    return Response(document, status, content_type=MEDIA_TYPE)
