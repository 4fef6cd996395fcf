"""Tables: the same cleaning for a pandas frame, as it is or as one partition of Dask, Spark or Ray."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from model.errors import InputError, OptionError
from model.types import Options
from service.columns import (
    ADDED_COLUMNS,
    EMPTY_CELL,
    PREFIX,
    SOURCE_COLUMNS,
    Value,
    added_values,
    failed_values,
    source_columns,
)
from service.contract import PageCleaner, load_cleaner

__all__ = ["ADDED_COLUMNS", "PREFIX", "added_schema", "clean_frame", "clean_frames"]


def clean_frame(
    frame: pd.DataFrame, *, cleaner: PageCleaner | None = None, options: Options | None = None
) -> pd.DataFrame:
    """Clean a table of pages, one per row.

    frame    has a column `html` or `text` (str or bytes), and optionally `url`; `html` is used where a row has both
    cleaner  a loaded cleaner; by default the shipped model is loaded, once per call

    Returns the same rows in the same order under the same index, with the columns `clean_title`, `clean_byline`,
    `clean_date`, `clean_language`, `clean_text`, `clean_confidence`, `clean_status` and `clean_error` added. A row that
    cannot be read has status "failed" and its reason in `clean_error`; it does not stop the others.

    Raises OptionError when the table has no column to clean. Columns that an earlier cleaning added are replaced.
    """
    added_names = [PREFIX + name for name in ADDED_COLUMNS]
    frame = frame.drop(columns=[name for name in added_names if name in frame.columns])
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise OptionError(f"The table has more than one column {twice}. Rename all but one.")
    sources = source_columns(frame.columns)
    if not sources:
        raise OptionError(
            "The table has neither a column html nor one named text. Rename the column that holds the pages."
        )
    loaded = cleaner or load_cleaner()
    rows = [_clean_row(loaded, row, sources, options) for row in frame.to_dict("records")]
    added = pd.DataFrame(rows, index=frame.index, columns=added_names)
    return pd.concat([frame, added.astype({PREFIX + "confidence": "float64"})], axis=1)


def clean_frames(
    frames: Iterable[pd.DataFrame], *, cleaner: PageCleaner | None = None, options: Options | None = None
) -> Iterator[pd.DataFrame]:
    """`clean_frame` on a stream of tables, with one model for all of them: what Spark's `mapInPandas` calls.

    pages.mapInPandas(clean_frames, f"html string, url string, {added_schema()}")
    """
    loaded = cleaner or load_cleaner()
    for frame in frames:
        yield clean_frame(frame, cleaner=loaded, options=options)


def added_schema() -> str:
    """The added columns in Spark's words: `f"{columns that the table has}, {added_schema()}"` is the new schema."""
    return ", ".join(f"{PREFIX}{name} {'double' if name == 'confidence' else 'string'}" for name in ADDED_COLUMNS)


def _clean_row(
    cleaner: PageCleaner, row: dict[Any, Any], sources: list[str], options: Options | None
) -> dict[str, Value]:
    given = [(row[column], column) for column in sources if isinstance(row[column], str | bytes)]
    if not given:
        return failed_values(EMPTY_CELL)
    source, column = given[0]
    url = row.get("url")
    try:
        cleaned = cleaner.clean(
            source, kind=SOURCE_COLUMNS[column], url=url if isinstance(url, str) else None, options=options
        )
    except InputError as error:
        return failed_values(str(error))
    return added_values(cleaned)
