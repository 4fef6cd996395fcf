"""A spider that brings pages and leaves the cleaning to the service, which `make serve` starts.

scrapy runspider examples/spider.py -a pages=file:///path/to/page.html -o articles.jsonl
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import scrapy


class PageSpider(scrapy.Spider):
    """Fetches the addresses in `pages`, parted by commas."""

    name = "pages"
    custom_settings = {"ITEM_PIPELINES": {"service.scrapy_pipeline.WinnowPipeline": 300}}  # noqa: RUF012 - Scrapy's way

    def __init__(self, pages: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.start_urls = pages.split(",")

    def parse(self, response: scrapy.http.Response) -> Iterator[dict[str, Any]]:
        """An item per page; the pipeline adds `article`."""
        yield {"url": response.url, "html": response.body}
