"""The bounds on what one page may cost, in one table. Pass your own `Limits` to `Cleaner` to change them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Each limit with its unit and its reason; what happens beyond it stands beside it."""

    max_page_bytes: int = 20_000_000
    """bytes of source; the largest page of the corpora is 6 MB. Beyond: InputError."""

    max_nodes: int = 400_000
    """nodes of the parse tree; the corpora's largest page has 60,000. Beyond: rest unread, degraded."""

    max_depth: int = 1_000
    """nesting of elements; deeper ones are read as if they stood at this depth."""

    max_blocks: int = 20_000
    """blocks of a page; the corpora's largest page has 9,000. Beyond: rest unread, degraded."""

    max_block_chars: int = 100_000
    """characters of one block; longer runs are split, since no paragraph is that long."""

    max_attribute_chars: int = 400
    """characters of a class or id that are read; page builders hide whole stylesheets there."""
