"""Parquet and Arrow: the one door. Files appear whole or not at all: temporary name, synced, renamed, folder synced."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

TEMPORARY = ".part"
"""The ending of a file that is still being written. Whatever carries it after a crash may be swept."""


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut, on systems where a folder can be synced."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Let `write` fill a file that gets its name only when complete and synced; on an error nothing is left."""
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        with temporary.open("wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all."""
    write_whole(path, lambda out: out.write(content))


def write_parquet(table: pa.Table, path: Path, *, compression: str = "zstd") -> None:
    """Write a table as Parquet, whole or not at all. Names and types only: no clock, so equal tables give equal bytes."""
    write_whole(path, lambda out: pq.write_table(table, out, compression=compression, write_statistics=True))


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A whole Parquet file, or some of its columns, as a table."""
    return pq.read_table(path, columns=None if columns is None else list(columns), partitioning=None)


def parquet_schema(path: Path) -> pa.Schema:
    """The columns and types of a Parquet file, without reading its rows."""
    return pq.read_schema(path)


def parquet_rows(path: Path) -> int:
    """The number of rows of a Parquet file, without reading them."""
    return int(pq.read_metadata(path).num_rows)


def read_parquet_batches(
    path: Path, columns: Sequence[str] | None = None, *, rows: int = 65536
) -> Iterator[pa.RecordBatch]:
    """The batches of a Parquet file in order, for files larger than memory."""
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(batch_size=rows, columns=None if columns is None else list(columns))


def write_arrow(table: pa.Table, path: Path) -> None:
    """Write a table in Arrow's own file form, whole or not at all."""

    def fill(out: IO[bytes]) -> None:
        with pa.ipc.new_file(out, table.schema) as writer:
            writer.write_table(table)

    write_whole(path, fill)


def read_arrow(path: Path) -> pa.Table:
    """A table in Arrow's own file form, memory-mapped: columns are read when touched."""
    with pa.memory_map(str(path), "r") as source:
        return pa.ipc.open_file(source).read_all()


def table_of(columns: dict[str, Any], schema: pa.Schema | None = None) -> pa.Table:
    """A table from columns (lists or arrays), with the types of `schema` where one is given."""
    return pa.table(columns, schema=schema)


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of a table as plain dictionaries, for small tables."""
    return list(table.to_pylist())
