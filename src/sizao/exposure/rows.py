"""Memory that compiled code fills row by row and Arrow then reads in place: the columns of one output schema."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pyarrow as pa

_ALIGN = 64
_APART = 5 * _ALIGN
"""Columns whose sizes are powers of two would else all begin in the same lines of the cache and push each other out."""


@lru_cache(maxsize=256)
def _layout(schema: pa.Schema, room: int) -> tuple[tuple[tuple[Any, int, int], ...], int]:
    """Each column's type, width and where it begins; and bytes in all."""
    widths = tuple(field.type.bit_width // 8 for field in schema)
    sizes = [-(-room * width // _ALIGN) * _ALIGN + _APART for width in widths]
    offsets = [sum(sizes[:at]) for at in range(len(sizes))]
    return tuple(zip(schema.types, widths, offsets, strict=True)), sum(sizes)


class Rows:
    """Room for so many rows of a schema of plain numbers, from Arrow's own pool, which keeps what was freed for the next answer:
    pages the system has yet to give cost several times what it takes to fill them.
    """

    def __init__(self, schema: pa.Schema, room: int) -> None:
        self.schema = schema
        self.room = room
        self._layout, total = _layout(schema, room)
        self._buffer = pa.allocate_buffer(total)
        base = self._buffer.address
        self.addresses = tuple([base + offset for _, _, offset in self._layout])

    def batch(self, count: int) -> pa.RecordBatch:
        """The first `count` rows, without copying."""
        made, cut = pa.Array.from_buffers, self._buffer.slice
        columns = [made(kind, count, [None, cut(offset, count * width)]) for kind, width, offset in self._layout]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)
