"""The one door to Parquet and Arrow: files appear whole or not at all, and read back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizao import columnar

TABLE = columnar.table_of({"id": [1, 2, 3], "name": ["甲", "乙", None]})


def test_parquet_reads_back_whole_by_column_and_by_batch(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    columnar.write_parquet(TABLE, path)
    assert columnar.read_parquet(path).equals(TABLE)
    assert columnar.read_parquet(path, ["name"]).column_names == ["name"]
    assert columnar.parquet_schema(path).names == ["id", "name"]
    assert columnar.parquet_rows(path) == 3
    assert [batch.num_rows for batch in columnar.read_parquet_batches(path, rows=2)] == [2, 1]


def test_equal_tables_give_equal_files(tmp_path: Path) -> None:
    for name in "ab":
        columnar.write_parquet(TABLE, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_arrow_reads_back_and_stays_readable_when_the_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "t.arrow"
    columnar.write_arrow(TABLE, path)
    before = columnar.read_arrow(path)
    columnar.write_arrow(TABLE.slice(0, 1), path)
    assert before.equals(TABLE)
    assert columnar.rows_of(columnar.read_arrow(path)) == [{"id": 1, "name": "甲"}]


def test_a_failed_write_leaves_the_file_before(tmp_path: Path) -> None:
    path = tmp_path / "f"
    columnar.write_bytes(path, b"before")

    def fail(out: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        columnar.write_whole(path, fail)
    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["f"]
