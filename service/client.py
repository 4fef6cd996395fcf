"""A client of the service: it waits where the service asks for it, tries again, and sends many pages at once.

    from service.client import Page, Winnow

    winnow = Winnow("http://127.0.0.1:8000")
    winnow.clean(Page(html))["text"]
    for answer in winnow.clean_many(Page(html, url=url) for url, html in crawled): ...
    for answer in winnow.clean_stream(Page(html, url=url) for url, html in stored): ...

`clean_many` sends many requests, some at once, so all workers of the service share them. `clean_stream` sends one
request to /v1/clean/batch: it costs the least, is the work of one worker, and counts once against a rate limit.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import urlencode

from urllib3 import BaseHTTPResponse, PoolManager, Retry
from urllib3.exceptions import HTTPError, LocationValueError

from service import package_version
from service.client_stream import Stream
from service.client_types import TRY_AGAIN, Answer, Page, ServiceError, checked, checked_url

__all__ = ["Answer", "Page", "ServiceError", "Winnow"]

_MEDIA_TYPES = {"html": "text/html", "text": "text/plain"}


class Winnow:
    """A connection pool to one service; may be used from several threads.

    url        of the service, for example http://127.0.0.1:8000; raises ServiceError for what is no address
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
        self._url = checked_url(url)
        self._at_once = at_once
        self._headers = {"User-Agent": f"winnow-client/{package_version()}", "Accept": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._timeout_s, self._tries, self._pause_s = timeout_s, tries, pause_s
        retries = Retry(
            tries - 1,
            redirect=0,
            backoff_factor=pause_s,
            status_forcelist=TRY_AGAIN,
            allowed_methods=None,  # cleaning a page twice does no harm
            raise_on_status=False,
            raise_on_redirect=False,
        )
        self._pool = PoolManager(headers=self._headers, retries=retries, timeout=timeout_s, maxsize=at_once)

    def clean(self, page: Page) -> Answer:
        """The answer, as /docs describes it. Raises ServiceError."""
        path, body, media_type = _request(page)
        headers = {**self._headers, "Content-Type": media_type}
        try:
            response = self._pool.request("POST", self._url + path, body=body, headers=headers)
        except (HTTPError, LocationValueError) as error:
            raise ServiceError(f"The service at {self._url} cannot be used: {error}. Check its address.") from error
        return _answer(response, self._url)

    def clean_many(self, pages: Iterable[Page]) -> Iterator[Answer | ServiceError]:
        """An answer for each page, in their order; what went wrong with one stands in its place.

        Pages are taken as answers are fetched, so both may be endless.
        """
        under_way: deque[Future[Answer | ServiceError]] = deque()
        with ThreadPoolExecutor(self._at_once) as threads:
            for page in pages:
                under_way.append(threads.submit(self._tried, page))
                if len(under_way) > 2 * self._at_once:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()

    def clean_stream(self, pages: Iterable[Page], *, with_blocks: bool = True) -> Iterator[Answer | ServiceError]:
        """As `clean_many`, in one request. Without blocks answers are a good deal shorter.

        Pages are taken by a thread, at most a megabyte of them ahead of the answers. A stream that breaks off is taken
        up again with the pages that have no answer yet. Raises ServiceError when the service refuses the whole
        stream, or stays away after `tries` attempts without an answer.
        """
        path = f"/v1/clean/batch?blocks={int(with_blocks)}"
        stream = Stream(self._url + path, self._headers, self._timeout_s, self._tries, self._pause_s)
        return stream.answers(pages)

    def _tried(self, page: Page) -> Answer | ServiceError:
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
    return "/v1/clean", json.dumps(page.as_json(page.source)).encode(), "application/json"


def _answer(response: BaseHTTPResponse, url: str) -> Answer:
    return checked(response.status, response.data, url)
