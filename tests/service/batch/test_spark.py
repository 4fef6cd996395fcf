"""`clean_frame` on Spark in local mode: partitions in worker processes of their own, through mapInPandas."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.frame import added_schema, clean_frames

ROOT = Path(__file__).parents[3]
PROSE = "The mill stood empty for thirty years before anybody thought of bees, and number {} is the oldest hive."


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java, and there is none on the PATH")
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: pip install 'winnow[spark]'")
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYSPARK_DRIVER_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
        session = builder.getOrCreate()
        yield session
        session.stop()


# What pyspark warns of is its own: it follows pandas at a distance.
@pytest.mark.filterwarnings("ignore")
def test_every_row_of_a_spark_table_is_cleaned_once(spark: Any) -> None:
    rows = [(number, f"<article><p>{PROSE.format(number)}</p></article>") for number in range(40)]
    pages = spark.createDataFrame([*rows, (40, None)], "id long, html string").repartition(4)
    cleaned = pages.mapInPandas(clean_frames, f"id long, html string, {added_schema()}").collect()
    assert sorted(row.id for row in cleaned) == list(range(41))
    by_id = {row.id: row for row in cleaned}
    assert [by_id[number].clean_text for number in range(40)] == [PROSE.format(number) for number in range(40)]
    assert (by_id[40].clean_status, by_id[40].clean_text) == ("failed", None)
