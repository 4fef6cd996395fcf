"""The Scrapy pipeline and the example spider: a site on this disk, crawled against the running service."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.running import BOUND_S, ready, running

pytest.importorskip("scrapy", reason="the extra `scrapy` is not installed")

ROOT = Path(__file__).parents[2]
STORY = "<p>The ferry left the harbour at dawn, and the crossing took three hours because of the fog over the bay.</p>"
SITE = {
    "index.html": f'<h1>Ferries</h1>{STORY * 3}<a href="a/one.html">One</a> <a href="bad.html">Bad</a>',
    "a/one.html": f'<h1>One</h1>{STORY * 4}<a href="../index.html#top">Up</a> <a href="two.html">Two</a>',
    "a/two.html": f"<h1>Two</h1>{STORY * 5}<div id='respond'><h3>Leave a Reply</h3></div>"
    '<a href="../../outside.html">Out</a>',
    "bad.html": "%PDF-1.7",
}


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with running("--workers", "2") as process:
        yield ready(process)


def crawl(folder: Path, service: str) -> subprocess.CompletedProcess[str]:
    """Run the example spider over the site in a folder."""
    site = (folder / "site" / "index.html").as_uri()
    command = [
        sys.executable, "-m", "scrapy", "runspider", str(ROOT / "examples" / "spider.py"),
        "-a", f"site={site}", "-s", f"WINNOW_URL={service}", "-O", "articles.jsonl",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=BOUND_S, check=False
    )


def test_the_example_spider_crawls_a_site_and_stores_its_text(service: str, tmp_path: Path) -> None:
    for name, page in SITE.items():
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_text(page)
    (tmp_path / "outside.html").write_text("<p>Not of the site.</p>")
    done = crawl(tmp_path, service)
    assert done.returncode == 0, done.stderr
    items = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text().splitlines()]
    articles = {item["url"].rpartition("/site/")[2]: item["article"] for item in items}
    assert set(articles) == set(SITE)
    assert articles["bad.html"] is None
    assert "bad.html was not cleaned: The page is a PDF document" in done.stderr
    for name, paragraphs in (("index.html", 3), ("a/one.html", 4), ("a/two.html", 5)):
        assert articles[name]["text"].count("The ferry left") == paragraphs
        assert "Leave a Reply" not in articles[name]["text"]
        assert set(articles[name]) == {"title", "text", "status", "confidence"}
    assert not [item for item in items if "html" in item]
    assert "'winnow/cleaned': 3" in done.stderr
    assert "'winnow/failed': 1" in done.stderr


def test_items_without_a_page_pass_as_they_are() -> None:
    from scrapy.utils.test import get_crawler  # it needs what importorskip asks for

    from service.scrapy_pipeline import WinnowPipeline

    item = {"url": "https://a.example/", "html": ""}
    pipeline = WinnowPipeline.from_crawler(get_crawler())
    assert asyncio.run(pipeline.process_item(dict(item))) == item
