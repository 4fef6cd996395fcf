"""A client of the service: it waits where the service asks for it, tries again, and sends many pages at once.

    from service.client import Client, Page

    client = Client("http://127.0.0.1:8000")
    client.clean(Page(html))["text"]
    for answer in client.clean_many(Page(html, url=url) for url, html in crawled):
        ...

Many pages go as many requests, some at once: the service's workers then share them, and each is tried again by
itself. (One stream to /v1/clean/batch is the work of one worker.)
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from urllib3 import BaseHTTPResponse, PoolManager, Retry
from urllib3.exceptions import HTTPError, LocationValueError

from model.errors import WinnowError
from service import package_version

TRY_AGAIN = (429, 502, 503)
"""Statuses after which the same request may be granted. 504 is not one: the page would take as long again."""

_MEDIA_TYPES = {"html": "text/html", "text": "text/plain"}


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


@dataclass(frozen=True, slots=True)
class Page:
    """A page to clean.

    source   text, or bytes as a server sent them: the service finds their charset
    kind     whether it is markup or text that was already extracted
    url      where it is from
    options  as /v1/clean takes them, for example {"dial": "precision"}
    """

    source: str | bytes
    kind: Literal["html", "text"] = "html"
    url: str | None = None
    options: Mapping[str, Any] | None = None


class Client:
    """A connection pool to one service; may be used from several threads.

    url        of the service, for example http://127.0.0.1:8000
    key        the API key, where the service asks for one
    timeout_s  seconds to wait for an answer
    tries      how often a page is sent in all, with pauses that double from `pause_s` seconds on, or as long as
               Retry-After says
    at_once    requests under way at the same time in `clean_many`
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout_s: float = 60.0,
        tries: int = 5,
        pause_s: float = 0.5,
        at_once: int = 4,
    ) -> None:
        self._url = url.rstrip("/")
        self._at_once = at_once
        headers = {"User-Agent": f"winnow-client/{package_version()}", "Accept": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        retries = Retry(
            tries - 1,
            redirect=0,
            backoff_factor=pause_s,
            status_forcelist=TRY_AGAIN,
            allowed_methods=None,  # cleaning a page twice does no harm
            raise_on_status=False,
            raise_on_redirect=False,
        )
        self._pool = PoolManager(headers=headers, retries=retries, timeout=timeout_s, maxsize=at_once)

    def clean(self, page: Page) -> dict[str, Any]:
        """The answer, as /docs describes it. Raises ServiceError."""
        path, body, media_type = _request(page)
        headers = {**self._pool.headers, "Content-Type": media_type}
        try:
            response = self._pool.request("POST", self._url + path, body=body, headers=headers)
        except (HTTPError, LocationValueError) as error:
            raise ServiceError(f"The service at {self._url} cannot be used: {error}. Check its address.") from error
        return _answer(response, self._url)

    def clean_many(self, pages: Iterable[Page]) -> Iterator[dict[str, Any] | ServiceError]:
        """An answer for each page, in their order; what went wrong with one stands in its place.

        Pages are taken as answers are fetched, so both may be endless.
        """
        under_way: deque[Future[dict[str, Any] | ServiceError]] = deque()
        with ThreadPoolExecutor(self._at_once) as threads:
            for page in pages:
                under_way.append(threads.submit(self._tried, page))
                if len(under_way) > 2 * self._at_once:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()

    def _tried(self, page: Page) -> dict[str, Any] | ServiceError:
        try:
            return self.clean(page)
        except ServiceError as error:
            return error


def _request(page: Page) -> tuple[str, bytes, str]:
    """Path, body and media type. Bytes go as they are, with everything else in the query."""
    if isinstance(page.source, bytes):
        query = [("url", page.url)] if page.url else []
        for name, value in (page.options or {}).items():
            query += [(name, item) for item in ([value] if isinstance(value, str) else value)]
        path = "/v1/clean" + (f"?{urlencode(query)}" if query else "")
        return path, page.source, _MEDIA_TYPES[page.kind]
    members: dict[str, Any] = {page.kind: page.source}
    if page.url:
        members["url"] = page.url
    if page.options:
        members["options"] = dict(page.options)
    return "/v1/clean", json.dumps(members).encode(), "application/json"


def _answer(response: BaseHTTPResponse, url: str) -> dict[str, Any]:
    try:
        said = json.loads(response.data)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        detail = f"{url} does not answer like Winnow (status {response.status}). Check the address."
        raise ServiceError(detail, response.status)
    if response.status != 200:
        detail = str(said.get("detail", f"The service answered with status {response.status}."))
        raise ServiceError(detail, response.status, str(said.get("code", "unknown")))
    return said
