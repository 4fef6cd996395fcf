"""Elements of HTML that several modules tell apart."""

from __future__ import annotations

HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}
HEADING_TAGS = frozenset(HEADING_LEVELS)

TITLE_TAGS = frozenset({"h1", "h2", "h3"})
"""Headings that may be a page's title: on forums the h1 is often the board's name."""
