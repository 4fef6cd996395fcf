"""Write a clean answer in the format that the request's Accept header asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Request, Response

from model.rendering import render, to_dict
from model.types import Cleaned, Format
from service.web.problems import ProblemError

FORMATS: Mapping[str, Format] = {
    "application/json": "json",
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/html": "html",
}
"""Media types in order of preference; the first is the default."""


def accepted_media_type(request: Request) -> str:
    """The media type to answer in. Raises ProblemError 406; called before the work, not after it."""
    best = request.accept_mimetypes.best_match(FORMATS) if request.accept_mimetypes else next(iter(FORMATS))
    if best is None:
        detail = f"Accept allows none of: {', '.join(FORMATS)}."
        raise ProblemError(406, "not-acceptable", detail, allowed=list(FORMATS))
    return best


def clean_response(cleaned: Cleaned, media_type: str) -> Response:
    """The answer; its headers tell status and confidence to those who asked for the text alone."""
    if media_type == "application/json":
        body = json.dumps(to_dict(cleaned), ensure_ascii=False)
    else:
        body = render(cleaned, FORMATS[media_type])
    charset = "" if media_type == "application/json" else "; charset=utf-8"
    response = Response(body.encode(), content_type=media_type + charset)
    response.headers["Winnow-Status"] = cleaned.status
    response.headers["Winnow-Confidence"] = f"{cleaned.confidence:.3f}"
    response.headers["Winnow-Model"] = cleaned.model_version
    response.headers["Vary"] = "Accept"
    response.add_etag()
    return response
