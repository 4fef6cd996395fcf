"""The training blocks as numbers, for retraining where the corpora are not: no page text, no addresses.

Each door has a Parquet file with one row per sampled block: its features as 8-bit codes, whether it is article, its
weight, and a number for its site. A code stands for a value of the column's own codebook, so a row gives back
each feature to within one of 256 steps; boosted trees bin features to as many steps anyway.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.errors import InputError
from model.features import Features
from model.types import SourceKind
from training.examples import Example

FOLDER = Path(__file__).parent / "base_set"
BLOCKS_PER_PAGE: dict[SourceKind, int] = {"html": 9, "text": 3}
"""Blocks sampled of each page; chosen so that each file stays below 5 MB."""

_STEPS = 256
_CODEBOOKS = "codebooks.json"
_REMEDY = "It is part of the repository; or unpack the corpora to rebuild it."

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BaseSet:
    """One door's training blocks.

    matrix   float32 (n_blocks, n_columns)
    article  float32 (n_blocks,), 1 for article
    weight   float32 (n_blocks,)
    site     int32 (n_blocks,): equal for blocks of one site
    """

    columns: tuple[str, ...]
    matrix: Floats
    article: Floats
    weight: Floats
    site: NDArray[np.int32]


def sample_base_set(
    features: Sequence[Features], pages: Sequence[Example], columns: tuple[str, ...], per_page: int
) -> BaseSet:
    """Take up to `per_page` blocks of each page, the weightier the likelier, and weigh them up accordingly."""
    rng = np.random.default_rng(0)
    numbers = {site: number for number, site in enumerate(sorted({page.site for page in pages}))}
    matrices, articles, weights, sites = [], [], [], []
    for page_features, page in zip(features, pages, strict=True):
        rows, weight = sampled_rows(page, per_page, rng)
        chosen = [page_features.names.index(name) for name in columns]
        matrices.append(page_features.matrix[rows][:, chosen])
        articles.append(page.article[rows])
        weights.append(weight)
        sites.append(np.full(len(rows), numbers[page.site], np.int32))
    return BaseSet(
        columns, np.concatenate(matrices), np.concatenate(articles), np.concatenate(weights), np.concatenate(sites)
    )


def sampled_rows(page: Example, per_page: int, rng: np.random.Generator) -> tuple[NDArray[np.intp], Floats]:
    """Up to about `per_page` of a page's known blocks, and their weights: those of all its known blocks together."""
    known = np.flatnonzero(page.weight > 0)
    if not len(known):
        return known, np.zeros(0, np.float32)
    weight = page.weight[known].astype(np.float64)
    chance = np.minimum(1.0, per_page * (0.5 * weight / weight.sum() + 0.5 / len(known)))
    taken = rng.random(len(known)) < chance
    return known[taken], (weight / chance)[taken].astype(np.float32)


def write_base_sets(sets: dict[SourceKind, BaseSet], folder: Path = FOLDER) -> None:
    """Write one Parquet file per door and the codebooks of both."""
    folder.mkdir(parents=True, exist_ok=True)
    codebooks: dict[str, dict[str, list[float]]] = {}
    for kind, base in sets.items():
        frame: dict[str, NDArray[np.generic]] = {
            "article": base.article.astype(bool),
            "weight": base.weight.astype(np.float32),
            "site": base.site,
        }
        codebooks[kind] = {}
        for number, name in enumerate(base.columns):
            book = _codebook(base.matrix[:, number])
            codebooks[kind][name] = [round(float(value), 6) for value in book]
            frame[name] = np.searchsorted((book[1:] + book[:-1]) / 2, base.matrix[:, number]).astype(np.uint8)
        pd.DataFrame(frame).to_parquet(folder / f"{kind}.parquet", compression="zstd", compression_level=19)
    (folder / _CODEBOOKS).write_text(json.dumps(codebooks, separators=(",", ":")) + "\n", "utf-8")


def read_base_set(kind: SourceKind, folder: Path = FOLDER) -> BaseSet:
    """Read one door's training blocks. Raises InputError when the files are missing or damaged."""
    file = folder / f"{kind}.parquet"
    for part in (file, folder / _CODEBOOKS):
        if not part.is_file():
            raise InputError(f"No base set at {part}. {_REMEDY}")
    try:
        books = json.loads((folder / _CODEBOOKS).read_text(encoding="utf-8"))[kind]
        frame = pd.read_parquet(file, columns=["article", "weight", "site", *books])
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"The base set in {folder} cannot be read: {reason}. {_REMEDY}") from error
    columns = tuple(books)
    matrix = np.empty((len(frame), len(columns)), np.float32)
    for number, name in enumerate(columns):
        matrix[:, number] = np.array(books[name], np.float32)[frame[name].to_numpy()]
    return BaseSet(
        columns,
        matrix,
        frame["article"].to_numpy().astype(np.float32),
        frame["weight"].to_numpy().astype(np.float32),
        frame["site"].to_numpy().astype(np.int32),
    )


def digest(sets: dict[SourceKind, BaseSet]) -> str:
    """SHA-256 over the numbers of all sets: names the data a model was fitted on."""
    total = hashlib.sha256()
    for kind in sorted(sets):
        for array in (sets[kind].matrix, sets[kind].article, sets[kind].weight, sets[kind].site):
            total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()


def _codebook(column: Floats) -> Floats:
    """At most 256 values that stand for all of a column: its own where it has few, else its quantiles."""
    distinct = np.unique(column)
    if len(distinct) <= _STEPS:
        return distinct
    return np.unique(np.quantile(column, np.linspace(0, 1, _STEPS)).astype(np.float32))
