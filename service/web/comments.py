"""POST /v1/comments/check: comments in, the chance that each is spam out, with reasons.

    {"comments": ["text", {"text": ..., "author": ..., "link": ...}], "article": {"title", "text", "url"}, "threshold"}

The comments of one request count as one section: the same text several times is told as such. Nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Request, Response, jsonify, request

from model.errors import ArtefactError
from model.types import PageContext, PostedComment, SpamVerdict
from service.contract import PageCleaner
from service.web.bodies import read_body
from service.web.intake import bad_field, read_string
from service.web.jsontext import parse_object
from service.web.problems import ProblemError, page_clock

CHECK_FIELDS = ("comments", "article", "threshold")
COMMENT_FIELDS = ("text", "author", "link")
ARTICLE_FIELDS = ("title", "text", "url")

MAX_COMMENTS = 500
"""comments of one request: the section of one page; the largest take several requests."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """The comments of one section and what they stand under. From the threshold on one is spam; None is the model's."""

    comments: list[PostedComment]
    context: PageContext
    threshold: float | None


def register_comments(app: Flask, ready: Callable[[], PageCleaner], timeout_s: int) -> None:
    """Add the route to the application."""

    @app.post("/v1/comments/check")
    def check_comments() -> Response:
        with page_clock(timeout_s):
            asked = read_check_request(request)
            cleaner = ready()
            verdicts = judge(cleaner, asked.comments, asked.context)
        answers = [_answer(verdict, asked.threshold) for verdict in verdicts]
        return jsonify(comments=answers, model_version=cleaner.version)


def judge(cleaner: PageCleaner, comments: list[PostedComment], context: PageContext) -> list[SpamVerdict]:
    """The verdicts. Raises ProblemError 503 when the model in use cannot judge comments."""
    try:
        return cleaner.check_comments(comments, context=context)
    except ArtefactError as error:
        raise ProblemError(503, "model-not-ready", str(error)) from error


def read_check_request(request: Request) -> CheckRequest:
    """Read the request. Raises ProblemError with the field that is wrong."""
    if not (request.mimetype == "application/json" or request.mimetype.endswith("+json")):
        detail = f"Content-Type is {request.mimetype or 'missing'}. Send one of: application/json."
        raise ProblemError(415, "unsupported-media-type", detail, allowed=["application/json"])
    for name in request.args:
        raise bad_field(name, "is in the query. Everything goes into the body.")
    body = parse_object(read_body(request), advice=f"Send at most {MAX_COMMENTS} comments at a time.")
    _only(body, CHECK_FIELDS)
    listed = body.get("comments")
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_COMMENTS:
        raise bad_field("comments", f"must be a list of 1 to {MAX_COMMENTS} comments.")
    return CheckRequest([_comment(entry) for entry in listed], _article(body.get("article")), _threshold(body))


def _comment(entry: object) -> PostedComment:
    members = {"text": entry} if isinstance(entry, str) else entry
    if not isinstance(members, dict) or "text" not in members:
        raise bad_field("comments", "must hold strings, or objects with text and, if known, author and link.")
    _only(members, COMMENT_FIELDS)
    return PostedComment(read_string(members, "text"), _optional(members, "author"), _optional(members, "link"))


def _article(members: object) -> PageContext:
    if members is None:
        return PageContext()
    if not isinstance(members, dict):
        raise bad_field("article", f"must be an object. Its members: {', '.join(ARTICLE_FIELDS)}.")
    _only(members, ARTICLE_FIELDS)
    return PageContext(_optional(members, "title"), _optional(members, "text") or "", _optional(members, "url"))


def _threshold(body: Mapping[str, Any]) -> float | None:
    value = body.get("threshold")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise bad_field("threshold", "must be a number from 0 to 1.")
    return float(value)


def _optional(members: Mapping[str, Any], name: str) -> str | None:
    return None if members.get(name) is None else read_string(members, name)


def _only(members: Iterable[str], allowed: tuple[str, ...]) -> None:
    for name in members:
        if name not in allowed:
            raise bad_field(name, f"is not a field. Fields: {', '.join(allowed)}.")


def _answer(verdict: SpamVerdict, threshold: float | None) -> dict[str, Any]:
    return {
        "spam_probability": round(verdict.probability, 4),
        "is_spam": verdict.is_spam if threshold is None else verdict.probability >= threshold,
        "reasons": list(verdict.reasons),
    }
