"""A Scrapy item pipeline that has the service clean what the spider brought.

    ITEM_PIPELINES = {"service.scrapy_pipeline.WinnowPipeline": 300}

    WINNOW_URL      the service                           http://127.0.0.1:8000
    WINNOW_KEY      its API key                           none
    WINNOW_FIELD    field of the page                     html
    WINNOW_OPTIONS  as in /v1/clean                       {}
    WINNOW_MEMBERS  members of the answer that are kept   all of them

An item's page (response.body, or response.text) is cleaned, and its field `article` then holds the answer: text, title,
comments and the rest. Of a page that could not be cleaned it is None, with a warning in the log; no item is dropped.

The page itself leaves the item: exporters of JSON cannot write bytes, and would lose the whole item over it. What
stores pages as they came stands before this pipeline, with a smaller number.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.threads import deferToThread

from service.client import Page, ServiceError, Winnow

ANSWER_FIELD = "article"
_LOGGER = logging.getLogger(__name__)


class WinnowPipeline:
    """Cleans one field of each item; requests run in Twisted's threads, so the crawl goes on meanwhile."""

    def __init__(self, winnow: Winnow, crawler: Crawler) -> None:
        settings = crawler.settings
        self._winnow = winnow
        self._stats = crawler.stats
        self._field: str = settings.get("WINNOW_FIELD", "html")
        self._options: Mapping[str, Any] = settings.getdict("WINNOW_OPTIONS")
        self._members: Sequence[str] = settings.getlist("WINNOW_MEMBERS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the crawler's settings."""
        settings = crawler.settings
        return cls(Winnow(settings.get("WINNOW_URL", "http://127.0.0.1:8000"), settings.get("WINNOW_KEY")), crawler)

    async def process_item(self, item: Any, _spider: object = None) -> Any:
        """Add the answer to the item. Items without a page pass as they are."""
        adapter = ItemAdapter(item)
        source = adapter.get(self._field)
        if not source:
            return item
        article = await self._cleaned(Page(source, url=adapter.get("url"), options=self._options))
        del adapter[self._field]
        adapter[ANSWER_FIELD] = article
        if self._stats:
            self._stats.inc_value(f"winnow/{'failed' if article is None else 'cleaned'}")
        return item

    async def _cleaned(self, page: Page) -> dict[str, Any] | None:
        try:
            answer = await maybe_deferred_to_future(deferToThread(self._winnow.clean, page))
        except ServiceError as error:
            _LOGGER.warning("%s was not cleaned: %s", page.url or "A page", error)
            return None
        return {name: value for name, value in answer.items() if not self._members or name in self._members}
