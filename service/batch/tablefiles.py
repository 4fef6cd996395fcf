"""Tables as files: rows with their added columns as JSONL or Parquet, and many such parts as one file."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from model.errors import InputError

Given: TypeAlias = Any  # pyarrow has no types: pa.RecordBatch | tuple[bytes, ...]
"""Arrow's columns, or a JSON object for each row."""

_ROW_GROUP_BYTES = 32_000_000
"""Small parts are put together to row groups of about this size, as large as parents' memory allows."""


def jsonl_part(given: Given, rows: Sequence[Mapping[str, Any]], added: Sequence[str]) -> bytes:
    """The rows as lines. A line that was JSON before keeps its own characters; columns are put at its end."""
    if isinstance(given, pa.RecordBatch):
        kept = [{name: value for name, value in row.items() if name not in added} for row in given.to_pylist()]
        lines = [json.dumps(row, ensure_ascii=False, default=_as_json) for row in kept]
    else:
        lines = [_without(line, added) for line in given]
    return "".join(map(_joined, lines, rows)).encode("utf-8", "surrogatepass")


def parquet_part(given: Given, rows: Sequence[Mapping[str, Any]], added: Sequence[str]) -> bytes:
    """The rows as a Parquet file; columns that came from one keep their types."""
    if isinstance(given, pa.RecordBatch):
        table = pa.Table.from_batches([given])
    else:
        table = _table_of_objects([json.loads(line) for line in given])
    table = table.drop_columns([name for name in table.column_names if name in added])
    for name in added:
        table = table.append_column(name, pa.array([_sound(row.get(name)) for row in rows], _type_of(name)))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", compression_level=1)
    return bytes(sink.getvalue())


PART_WRITERS: Mapping[str, Callable[[Given, Sequence[Mapping[str, Any]], Sequence[str]], bytes]] = {
    "jsonl": jsonl_part,
    "parquet": parquet_part,
}


def assemble(form: str, parts: Iterable[Path], target: Path) -> None:
    """Write the parts as one file. Raises OSError; InputError when a column has one type here and another there."""
    if form == "parquet":
        _assemble_parquet(list(parts), target)
        return
    with target.open("wb") as file:
        for part in parts:
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, file)


def _assemble_parquet(parts: Sequence[Path], target: Path) -> None:
    try:
        schema = pa.unify_schemas((pq.read_schema(part) for part in parts), promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise InputError(f"A column changes its type between rows ({error}). Write OUT.jsonl instead.") from error
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        held, size_bytes = [schema.empty_table()], 0
        for part in parts:
            held.append(pq.read_table(part))
            size_bytes += held[-1].nbytes
            if size_bytes >= _ROW_GROUP_BYTES:
                writer.write_table(pa.concat_tables(held, promote_options="permissive"))
                held, size_bytes = [schema.empty_table()], 0
        if size_bytes or len(held) > 1:
            writer.write_table(pa.concat_tables(held, promote_options="permissive"))


def _table_of_objects(objects: list[dict[str, Any]]) -> pa.Table:
    names = list(dict.fromkeys(name for row in objects for name in row))
    columns = [pa.array(_one_type([row.get(name) for row in objects])) for name in names]
    return pa.table(columns, names=names) if names else pa.table({"": pa.nulls(len(objects))}).select([])


def _one_type(values: list[Any]) -> list[Any]:
    """JSON lets a column hold numbers and texts; Parquet does not: then all of them become JSON texts."""
    try:
        pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError):
        return [None if value is None else _sound(json.dumps(value)) for value in values]
    return values


def _without(line: bytes, added: Sequence[str]) -> str:
    text = line.decode("utf-8", "replace")
    if not any(f'"{name}"' in text for name in added):
        return text
    kept = {name: value for name, value in json.loads(text).items() if name not in added}
    return json.dumps(kept, ensure_ascii=False)


def _joined(line: str, row: Mapping[str, Any]) -> str:
    given, added = line.rstrip().removesuffix("}").rstrip(), json.dumps(dict(row), ensure_ascii=False)
    return f"{given}{', ' if given != '{' else ''}{added[1:]}\n"


def _as_json(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _sound(value: Any) -> Any:
    """Without halves of surrogate pairs, which Arrow's texts cannot hold."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _type_of(name: str) -> pa.DataType:
    return pa.float64() if name == "clean_confidence" else pa.string()
