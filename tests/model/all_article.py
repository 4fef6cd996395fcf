"""Pages of markup of which every block is article, for what is written of them."""

from __future__ import annotations

from model.html_blocks import segment_html
from model.limits import Limits
from model.nesting import containers
from model.types import CleanedBlock, Label, Page


def all_article(html: str) -> tuple[CleanedBlock, ...]:
    """The blocks of a page with their links and type, all kept."""
    page = segment_html(Page(html, "html"), Limits(), inline=True)
    return tuple(
        CleanedBlock(
            block.shown, Label.HEADING if page.tag_of(block)[:1] == "h" else Label.BODY, 0.9, True, (),
            block.position, page.tag_of(block), inside, block.marks,
        )
        for block, inside in zip(page.blocks, containers(page), strict=True)
    )  # fmt: skip
