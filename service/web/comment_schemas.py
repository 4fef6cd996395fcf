"""JSON Schemas of POST /v1/comments/check. Names and bounds are those of `comments`; the words are here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.web.comments import ARTICLE_FIELDS, CHECK_FIELDS, COMMENT_FIELDS, MAX_COMMENTS

_TEXT: dict[str, Any] = {"type": "string"}
_CHANCE: dict[str, Any] = {"minimum": 0, "maximum": 1}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}

_COMMENT: Mapping[str, dict[str, Any]] = {
    "text": {**_TEXT, "description": "What it says, with its markup if it has any."},
    "author": {**_MAYBE_TEXT, "description": "The name it is signed with."},
    "link": {**_MAYBE_TEXT, "description": "The link that its author left. It is never fetched."},
}
_ARTICLE: Mapping[str, dict[str, Any]] = {
    "title": {**_MAYBE_TEXT, "description": "Its title."},
    "text": {**_MAYBE_TEXT, "description": "Its text."},
    "url": {**_MAYBE_TEXT, "description": "Its address: a link to it is no advertisement. It is never fetched."},
}
_VERDICT: Mapping[str, dict[str, Any]] = {
    "spam_probability": {"type": "number", **_CHANCE, "description": "Calibrated chance that it is spam."},
    "is_spam": {"type": "boolean", "description": "Whether the chance reaches the threshold."},
    "reasons": {"type": "array", "items": _TEXT, "description": "Why, the weightiest first."},
}


def check_request() -> dict[str, Any]:
    """The body of a check."""
    comment = {"anyOf": [_TEXT, _closed({name: _COMMENT[name] for name in COMMENT_FIELDS}, ("text",))]}
    article = _closed({name: _ARTICLE[name] for name in ARTICLE_FIELDS}, ())
    members: Mapping[str, dict[str, Any]] = {
        "comments": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_COMMENTS,
            "items": comment,
            "description": "Comments of one section.",
        },
        "article": {"anyOf": [article, {"type": "null"}], "description": "What they stand under."},
        "threshold": {
            "type": ["number", "null"],
            **_CHANCE,
            "description": "The chance from which on one is called spam; the model's own by default.",
        },
    }
    return _closed({name: members[name] for name in CHECK_FIELDS}, ("comments",))


def check_answer() -> dict[str, Any]:
    """The answer to a check."""
    verdicts = {
        "type": "array",
        "items": _closed(_VERDICT, tuple(_VERDICT)),
        "description": "One verdict for each comment, in the order sent.",
    }
    version = {"type": "string", "minLength": 1, "description": "Version of the model that decided."}
    return _closed({"comments": verdicts, "model_version": version}, ("comments", "model_version"))


def _closed(properties: Mapping[str, dict[str, Any]], required: tuple[str, ...]) -> dict[str, Any]:
    closed = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**closed, "required": list(required)} if required else closed
