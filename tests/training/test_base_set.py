"""The training blocks as numbers come back as they were, to within a step of each column's codebook."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.errors import InputError
from model.types import SourceKind
from training.base_set import BaseSet, digest, read_base_set, sample_base_set, write_base_sets
from training.fitting import Fitted, fit_trees
from training.linear import Settings

COLUMNS = ("few", "many", "constant", "skewed", "negative")


@pytest.fixture
def base() -> BaseSet:
    rng = np.random.default_rng(1)
    rows = 2_000
    matrix = np.stack(
        [
            rng.integers(0, 7, rows) / 3,
            rng.normal(size=rows) * 10,
            np.full(rows, 4.5),
            rng.exponential(size=rows) ** 4,
            -rng.integers(0, 2, rows) * 99.0,
        ],
        axis=1,
    ).astype(np.float32)
    return BaseSet(
        COLUMNS,
        matrix,
        (matrix[:, 1] > 3).astype(np.float32),
        rng.random(rows).astype(np.float32),
        rng.integers(0, 30, rows).astype(np.int32),
    )


def test_everything_comes_back_and_features_to_within_a_step(base: BaseSet, tmp_path: Path) -> None:
    write_base_sets({"html": base, "text": replace(base, matrix=base.matrix * 2)}, tmp_path / "new")
    read = read_base_set("html", tmp_path / "new")
    assert read.columns == base.columns
    for name in ("article", "weight", "site"):
        assert (getattr(read, name) == getattr(base, name)).all()
        assert getattr(read, name).dtype == getattr(base, name).dtype
    for number in range(len(COLUMNS)):
        column, again = base.matrix[:, number], read.matrix[:, number]
        distinct = np.unique(column)
        if len(distinct) <= 256:
            assert again == pytest.approx(column, abs=1e-5)
            continue
        steps = np.quantile(column, np.linspace(0, 1, 256))
        place = np.clip(np.searchsorted(steps, column), 1, 255)
        assert (np.abs(again - column) <= steps[place] - steps[place - 1] + 1e-4).all()
    assert read_base_set("text", tmp_path / "new").matrix[:, 0] == pytest.approx(base.matrix[:, 0] * 2, abs=1e-5)


def test_trees_fitted_on_what_comes_back_decide_the_same(base: BaseSet, tmp_path: Path) -> None:
    write_base_sets({"html": base}, tmp_path)
    read = read_base_set("html", tmp_path)
    settings = Settings(trees=10, leaves=5, min_leaf_blocks=10)
    fits = [fit_trees(part.matrix, part.article, part.weight, settings) for part in (base, read)]
    first, second = (trees.predict(base.matrix) for trees in fits)
    assert (first == second).mean() > 0.99


def test_the_files_hold_numbers_and_nothing_else(base: BaseSet, tmp_path: Path) -> None:
    write_base_sets({"html": base}, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["codebooks.json", "html.parquet"]
    frame = pd.read_parquet(tmp_path / "html.parquet")
    assert {str(kind) for kind in frame.dtypes} == {"bool", "float32", "int32", "uint8"}


def test_the_digest_names_the_numbers(base: BaseSet) -> None:
    other = replace(base, weight=base.weight + 1)
    assert digest({"html": base}) == digest({"html": replace(base)})
    assert len({digest({"html": base}), digest({"html": other}), digest({"html": base, "text": other})}) == 3


@pytest.mark.parametrize(
    "damage", ["no folder", "no blocks", "no codebooks", "not JSON", "other door", "cut", "columns"]
)
def test_a_base_set_that_is_missing_or_damaged_is_refused_with_what_to_do(
    base: BaseSet, tmp_path: Path, damage: str
) -> None:
    write_base_sets({"html": base}, tmp_path)
    blocks, books = tmp_path / "html.parquet", tmp_path / "codebooks.json"
    folder = tmp_path / "gone" if damage == "no folder" else tmp_path
    if damage == "no blocks":
        blocks.unlink()
    elif damage == "no codebooks":
        books.unlink()
    elif damage == "not JSON":
        books.write_text("{", encoding="utf-8")
    elif damage == "other door":
        books.write_text('{"text": {}}', encoding="utf-8")
    elif damage == "cut":
        blocks.write_bytes(blocks.read_bytes()[:-100])
    elif damage == "columns":
        books.write_text(json.dumps({"html": {"unknown": [0.0]}}), encoding="utf-8")
    with pytest.raises(InputError, match=r"base set.*unpack the corpora to rebuild it\."):
        read_base_set("html", folder)


@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_sample_takes_blocks_of_every_page_and_keeps_the_pages_weight(tiny: Fitted, kind: SourceKind) -> None:
    door = tiny.doors[kind]
    sample = sample_base_set(door.features, door.pages, door.columns, 12)
    assert sample.columns == door.columns
    assert sample.matrix.shape == (len(sample.article), len(door.columns))
    assert len(np.unique(sample.site)) == len({page.site for page in door.pages})
    assert len(sample.article) < sum(len(page.article) for page in door.pages)
    assert sample.weight.sum() == pytest.approx(sum(page.weight.sum() for page in door.pages), rel=0.15)
    again = sample_base_set(door.features, door.pages, door.columns, 12)
    assert digest({kind: sample}) == digest({kind: again})


def test_a_sample_larger_than_the_pages_is_all_of_them(tiny: Fitted) -> None:
    door = tiny.doors["html"]
    sample = sample_base_set(door.features, door.pages, door.columns, 10_000)
    assert len(sample.article) == sum(len(page.article) for page in door.pages)
    assert sample.weight == pytest.approx(np.concatenate([page.weight for page in door.pages]))
