"""A spider that crawls a site and leaves the cleaning to the service, which `make serve` starts.

scrapy runspider examples/spider.py -a site=file:///path/to/site/index.html -O articles.jsonl

It needs no network for a site on this disk: file:// addresses are read as they are. articles.jsonl then has an item per
page, with the cleaned text in its `article`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.http import HtmlResponse, Request, Response


class SiteSpider(scrapy.Spider):
    """Fetches the page `site` and every page that is linked from it and lies in the same folder or below."""

    name = "site"
    custom_settings = {  # noqa: RUF012 - Scrapy's way
        "ITEM_PIPELINES": {"service.scrapy_pipeline.WinnowPipeline": 300},
        "WINNOW_MEMBERS": ["title", "text", "status", "confidence"],
    }

    def __init__(self, site: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._site = site
        self._root = site.rpartition("/")[0] + "/"

    async def start(self) -> AsyncIterator[Request]:
        """The first page; unlike one of `start_urls` it is not fetched again when others link back to it."""
        yield Request(self._site)

    def parse(self, response: Response) -> Iterator[dict[str, Any] | Request]:
        """An item per page; the pipeline turns its `html` into `article`."""
        yield {"url": response.url, "html": response.body}
        if isinstance(response, HtmlResponse):
            for link in response.css("a::attr(href)").getall():
                if response.urljoin(link).startswith(self._root):
                    yield response.follow(link, self.parse)
