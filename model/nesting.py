"""The lists, quotations and tables that the blocks of an answer stand in, so that it can be written as it was built.

A table is written as one where its rows are data: short cells, as many in each row. Tables that lay out a page, with
paragraphs in their cells, are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.types import CleanedBlock, Container, Segmentation

_TAGS = frozenset({"ul", "ol", "li", "blockquote", "table", "tr", "td", "th", "dl", "dt", "dd"})
_CELLS = frozenset({"td", "th"})
_LEAST_ROWS, _LEAST_CELLS = 2, 2
_MOST_CELL_CHARS = 200

_MOST_COLUMNS = 50
"""Columns of a table whose empty cells are written."""

_MOST_OF_ROW, _LONGEST_HEAD = 0.5, 15
"""Share of the words in a row's cells that must be body, and words of a head that goes with them."""

_LEAST_COLUMNS = 3
"""Cells of a row, one block each, from which it is taken for one of data whatever the cells are called."""

_DEEPEST = 12
"""Containers around a block that are told: nobody reads a list inside six others."""

Group = tuple[Container | None, list[CleanedBlock]]
Row = list[list[CleanedBlock]]


class Table(NamedTuple):
    """A table of data: its caption, which stands in none of its rows, and those."""

    caption: list[CleanedBlock]
    rows: list[Row]


def containers(segmentation: Segmentation) -> list[tuple[Container, ...]]:
    """What each block stands in, the outermost first; () for all of plain text."""
    inside: list[tuple[Container, ...]] = []
    for number, element in enumerate(segmentation.elements):
        around = inside[element.parent] if element.parent >= 0 else ()
        counts = element.tag in _TAGS and len(around) < _DEEPEST
        inside.append((*around, Container(element.tag, number, element.column, element.start)) if counts else around)
    return [inside[block.element] if block.element >= 0 else () for block in segmentation.blocks]


def cells_of_kept_rows(
    around: Sequence[tuple[Container, ...]],
    words: NDArray[np.float32],
    article: NDArray[np.float32],
    body: NDArray[np.bool_],
) -> dict[int, str]:
    """The cells that stay for their row's sake, and why.

    Heads of rows whose cells are body: "Weight" reads like nothing and belongs to "1.3 kg". Of rows of three and more
    short cells, most of which are body, every one: a table with holes says something else.

    around  what each block stands in, (n_blocks,) like the rest; what has a chance of 0 stays out
    """
    rows: dict[Container, list[int]] = {}
    for number, inside in enumerate(around):
        if len(inside) > 1 and inside[-1].tag in _CELLS and inside[-2].tag == "tr":
            rows.setdefault(inside[-2], []).append(number)
    found: dict[int, str] = {}
    for row in rows.values():
        low = [cell for cell in row if not body[cell] and article[cell] > 0 and words[cell] <= _LONGEST_HEAD]
        if not low or len(low) == len(row):
            continue
        heads = {cell for cell in row if around[cell][-1].tag == "th"}
        cells = [cell for cell in row if cell not in heads]
        if _are_mostly(cells, words, body):
            found |= dict.fromkeys([cell for cell in low if cell in heads], "the head of a row that is kept")
        is_data = len({around[cell][-1] for cell in row}) == len(row) >= _LEAST_COLUMNS
        if is_data and words[row].max() <= _LONGEST_HEAD and _are_mostly(row, words, body):
            found |= dict.fromkeys([cell for cell in low if cell not in found], "in a row of a table that is kept")
    return found


def _are_mostly(cells: list[int], words: NDArray[np.float32], body: NDArray[np.bool_]) -> bool:
    """Whether half of the words in some cells are body."""
    kept = [cell for cell in cells if body[cell]]
    return bool(words[kept].sum() >= _MOST_OF_ROW * max(words[cells].sum(), 1.0))


def grouped(blocks: Sequence[CleanedBlock], depth: int) -> Iterator[Group]:
    """Blocks in their order, those together that stand in the same container `depth` containers inwards."""
    for container, group in groupby(blocks, lambda block: block.inside[depth] if len(block.inside) > depth else None):
        yield container, list(group)


def data_table(blocks: Sequence[CleanedBlock], depth: int) -> Table | None:
    """A table's blocks by rows and their cells; None where the table only lays something out.

    `depth` is that of what stands directly in the table. A cell that is empty, or was dropped, is an empty list.
    """
    rows: list[Row] = []
    columns: list[list[int]] = []
    caption = [block for block in blocks if len(block.inside) == depth]
    for row, of_row in grouped([block for block in blocks if len(block.inside) > depth], depth):
        if row is None or row.tag != "tr":
            return None
        cells = list(grouped(of_row, depth + 1))
        if any(cell is None or cell.tag not in _CELLS for cell, _ in cells):
            return None
        rows.append([inside for _, inside in cells])
        columns.append([cell.column for cell, _ in cells if cell is not None])
    cells_of_rows = [cell for row in rows for cell in row]
    is_data = len(rows) >= _LEAST_ROWS and max(map(len, rows)) >= _LEAST_CELLS
    is_data &= all(sum(len(block.text) for block in cell) <= _MOST_CELL_CHARS for cell in cells_of_rows)
    is_data &= not any(
        inner.tag == "table" for cell in cells_of_rows for block in cell for inner in block.inside[depth:]
    )
    return Table(caption, _in_columns(rows, columns)) if is_data else None


def _in_columns(rows: list[Row], columns: list[list[int]]) -> list[Row]:
    """The rows with their empty cells, all of one length, where the column of every cell is known."""
    width = 1 + max(map(max, columns))
    if width > _MOST_COLUMNS or min(map(min, columns)) < 0:
        return rows
    full: list[Row] = [[[] for _ in range(width)] for _ in rows]
    for row, cells, places in zip(full, rows, columns, strict=True):
        for cell, place in zip(cells, places, strict=True):
            row[place] = cell
    return full


def cell_text(cell: Sequence[CleanedBlock]) -> str:
    """The text of a cell on one line."""
    return " ".join(" ".join(block.text.split()) for block in cell)
