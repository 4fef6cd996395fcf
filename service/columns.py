"""Tables of pages: which columns are read, which are added, and what stands in them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from model.types import Cleaned, Kind

InputFormat = Literal["jsonl", "parquet", "warc"]
"""What holds many pages in one file. WET files are WARCs too."""

SOURCE_COLUMNS: dict[str, Kind] = {"html": "html", "text": "text"}
"""Columns that hold pages, the one that is preferred first."""

ADDED_COLUMNS = ("title", "byline", "date", "language", "text", "confidence", "status", "error")
PREFIX = "clean_"

EMPTY_CELL = "The row holds no page: its cell is empty, or neither text nor bytes."
"""Why a row without a page fails."""

Value = str | float | None


def added_values(cleaned: Cleaned) -> dict[str, Value]:
    """What is added to a row whose page was cleaned."""
    return {PREFIX + name: getattr(cleaned, name, None) for name in ADDED_COLUMNS}


def failed_values(reason: str) -> dict[str, Value]:
    """What is added to a row whose page could not be cleaned."""
    values: dict[str, Value] = {PREFIX + name: None for name in ADDED_COLUMNS}
    return values | {PREFIX + "status": "failed", PREFIX + "error": reason}


def source_columns(present: Collection[str], wanted: str | None = None) -> list[str]:
    """The columns to look for a page in, in this order; empty when the table has none of them."""
    return [name for name in ([wanted] if wanted else SOURCE_COLUMNS) if name in present]
