"""One row of a table as a task: a page in a cell, in a record or in a file, and the answer as a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from model.errors import InputError
from model.rendering import render
from model.types import Cleaned, Kind
from service.batch.recipe import Answer, Recipe, Source, clean_source, cleaner_of_process, extra_content
from service.columns import EMPTY_CELL, PREFIX, SOURCE_COLUMNS, Value, added_values
from service.contract import PageCleaner
from service.files import read_page


@dataclass(frozen=True, slots=True)
class Row:
    """A task. `content` is the page, or it lies at `path`, or `problem` says why there is none."""

    name: str
    kind: Kind
    content: bytes | str | None = None
    path: str | None = None
    url: str | None = None
    problem: str | None = None
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as its source gives it."""

    row: Row
    given: bytes
    """A JSON object with the columns it has already."""
    stamp: bytes
    """What tells it from any other."""

    def held_bytes(self) -> int:
        """About what it takes in memory."""
        return len(self.row.content or b"") + len(self.given) + 500


def cell_row(name: str, cells: Mapping[str, Any], columns: Sequence[str]) -> Row:
    """The row of these cells; the page is in the first of the columns that is not empty."""
    given = [(cells[column], column) for column in columns if isinstance(cells.get(column), str | bytes)]
    if not given:
        return Row(name, "auto", problem=EMPTY_CELL)
    content, column = given[0]
    url = cells.get("url")
    kind = SOURCE_COLUMNS.get(column, "auto")
    return Row(name, kind, content, url=url if isinstance(url, str) else None, size_bytes=len(content))


def clean_row(row: Row, recipe: Recipe, cleaner: PageCleaner) -> Answer:
    """Clean one row's page. Whatever goes wrong becomes a "failed" answer."""
    read = partial(_page_of, row, recipe.limits.max_page_bytes)
    return clean_source(Source(row.name, row.kind, read, row.url), recipe, cleaner, _as_row)


def clean_row_in_worker(row: Row, recipe: Recipe) -> Answer:
    """`clean_row` with this process's own model. Raises ArtefactError when it cannot be loaded."""
    return clean_row(row, recipe, cleaner_of_process(recipe))


def added_names(recipe: Recipe) -> list[str]:
    """Columns that a recipe adds beside those that every table gets."""
    forms = [] if recipe.format == "text" else [recipe.format]
    return [PREFIX + name for name in (*forms, *recipe.extras)]


def _page_of(row: Row, max_bytes: int) -> bytes | str:
    if row.path is not None:
        return read_page(row.path, max_bytes)
    if row.content is None:
        raise InputError(row.problem or EMPTY_CELL)
    return row.content


def _as_row(cleaned: Cleaned, recipe: Recipe) -> dict[str, Any]:
    values: dict[str, Value] = added_values(cleaned)
    if recipe.format != "text":
        values[PREFIX + recipe.format] = render(cleaned, recipe.format)
    for extra in recipe.extras:
        values[PREFIX + extra] = extra_content(cleaned, extra).decode()
    return {"row": values}
