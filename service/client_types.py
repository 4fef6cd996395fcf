"""What the client takes and gives: a page, its answer, and the error that may stand in the answer's place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, cast
from urllib.parse import urlsplit

from model.errors import WinnowError

TRY_AGAIN = (429, 502, 503)
"""Statuses after which the same request may be granted. 504 is not one: the page would take as long again."""


class ServiceError(WinnowError):
    """The service refused a page, or was not reached.

    status  of the answer; None when there was none
    code    of the problem document (see /docs), or "unreachable"
    """

    code = "unreachable"

    def __init__(self, detail: str, status: int | None = None, code: str = "unreachable") -> None:
        super().__init__(detail)
        self.status = status
        self.code = code


def checked_url(url: str) -> str:
    """The address of a service, without the slashes at its end. Raises ServiceError.

    Asked before anything is sent: a crawl would else go on for hours, with a warning for each of its pages.
    """
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_address = False
    if not is_address or not url.isprintable() or " " in url or parts.query or parts.fragment:
        raise ServiceError(f"{url!a} is no address of a service. Use http://HOST:PORT.")
    return url.rstrip("/")


@dataclass(frozen=True, slots=True)
class Page:
    """A page to clean.

    source   text, or bytes as a server sent them: their charset is found as for any page
    kind     whether it is markup or text that was already extracted
    url      where it is from
    options  as /v1/clean takes them, for example {"dial": "precision"}
    """

    source: str | bytes
    kind: Literal["html", "text"] = "html"
    url: str | None = None
    options: Mapping[str, Any] | None = None

    def as_json(self, source: str) -> dict[str, Any]:
        """The page as a JSON object of the API, with its source as text."""
        members: dict[str, Any] = {self.kind: source}
        if self.url:
            members["url"] = self.url
        if self.options:
            members["options"] = dict(self.options)
        return members


class Answer(TypedDict):
    """A cleaned page, with the members of `Cleaned` in /docs. A stream without blocks leaves `blocks` out."""

    text: str
    title: str | None
    byline: str | None
    date: str | None
    language: str | None
    site_name: str | None
    page_type: str | None
    confidence: float
    status: Literal["ok", "degraded", "empty"]
    warnings: list[str]
    kind: Literal["html", "text"]
    blocks: list[dict[str, Any]]
    comments: list[dict[str, Any]]
    model_version: str


def checked(status: int, body: bytes, url: str) -> Answer:
    """The answer that a body holds. Raises ServiceError for a problem, and for what Winnow never says."""
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ServiceError(f"{url} does not answer like Winnow (status {status}). Check the address.", status)
    if status != 200:
        raise refusal(status, said)
    return cast("Answer", said)


def refusal(status: int, problem: Mapping[str, Any]) -> ServiceError:
    """A problem document as an error."""
    detail = str(problem.get("detail", f"The service answered with status {status}."))
    return ServiceError(detail, status, str(problem.get("code", "unknown")))
