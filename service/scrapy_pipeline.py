"""A Scrapy item pipeline that has the service clean what the spider brought.

    ITEM_PIPELINES = {"service.scrapy_pipeline.WinnowPipeline": 300}

    WINNOW_URL      the service        http://127.0.0.1:8000
    WINNOW_KEY      its API key        none
    WINNOW_FIELD    field of the page  html
    WINNOW_OPTIONS  as in /v1/clean    {}

An item's page (response.body, or response.text) is cleaned, and its field `article` then holds the answer: text, title,
comments and the rest. Of a page that could not be cleaned it is None, with a warning in the log; no item is dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.threads import deferToThread

from service.client import Client, Page, ServiceError

ANSWER_FIELD = "article"
_LOGGER = logging.getLogger(__name__)


class WinnowPipeline:
    """Cleans one field of each item; requests run in Twisted's threads, so the crawl goes on meanwhile."""

    def __init__(self, client: Client, field: str, options: Mapping[str, Any], crawler: Crawler) -> None:
        self._client = client
        self._field = field
        self._options = options
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the crawler's settings."""
        settings = crawler.settings
        client = Client(settings.get("WINNOW_URL", "http://127.0.0.1:8000"), settings.get("WINNOW_KEY"))
        return cls(client, settings.get("WINNOW_FIELD", "html"), settings.getdict("WINNOW_OPTIONS"), crawler)

    async def process_item(self, item: Any, _spider: object = None) -> Any:
        """Add the answer to the item. Items without a page pass as they are."""
        adapter = ItemAdapter(item)
        source = adapter.get(self._field)
        if not source:
            return item
        page = Page(source, url=adapter.get("url"), options=self._options)
        try:
            adapter[ANSWER_FIELD] = await maybe_deferred_to_future(deferToThread(self._client.clean, page))
        except ServiceError as error:
            adapter[ANSWER_FIELD] = None
            _LOGGER.warning("%s was not cleaned: %s", page.url or "A page", error)
        outcome = "failed" if adapter[ANSWER_FIELD] is None else "cleaned"
        if self._crawler.stats:
            self._crawler.stats.inc_value(f"winnow/{outcome}")
        return item
