"""What a re-match changes: exposures to add, to withdraw, and those that stay with other numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sizao.exposure.engine import EVIDENCE_SCHEMA, EXPOSURE_SCHEMA, Exposures


class Difference(NamedTuple):
    """Rows of EXPOSURE_SCHEMA: `added` and `changed` from the answer after, `withdrawn` from the answer before."""

    added: pa.Table
    withdrawn: pa.Table
    changed: pa.Table


def difference(before: Exposures, after: Exposures) -> Difference:
    """Compare two answers to the same cases, by (case, person). A pair is changed if its row or its evidence is another.

    Evidence is compared only where both answers carry it. Rules are compared by index: ask both with the same rules, or
    with rules that differ only in what may change.
    """
    old, new = _keys(before.pairs), _keys(after.pairs)
    _, in_old, in_new = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    other = np.zeros(len(in_old), np.bool_)
    for name in EXPOSURE_SCHEMA.names:
        other |= _column(before.pairs, name)[in_old] != _column(after.pairs, name)[in_new]
    if before.evidence is not None and after.evidence is not None:
        other |= _evidence_marks(before, old)[in_old] != _evidence_marks(after, new)[in_new]
    return Difference(
        added=after.pairs.take(np.flatnonzero(~np.isin(new, old))),
        withdrawn=before.pairs.take(np.flatnonzero(~np.isin(old, new))),
        changed=after.pairs.take(np.sort(in_new[other])),
    )


def _column(table: pa.Table, name: str) -> NDArray[np.int64]:
    return table.column(name).to_numpy().astype(np.int64)  # type: ignore[no-any-return]


def _keys(table: pa.Table) -> NDArray[np.void]:
    """(case, person) of each row as one comparable value."""
    pair = np.empty(table.num_rows, np.dtype([("case", np.int64), ("person", np.int64)]))
    pair["case"], pair["person"] = _column(table, "case"), _column(table, "person")
    return pair


_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(29))


def _evidence_marks(answer: Exposures, keys: NDArray[np.void]) -> NDArray[np.uint64]:
    """One number for the evidence of each pair, the same for the same rows."""
    evidence = answer.evidence
    assert evidence is not None
    state = np.full(evidence.num_rows, _MIX[0], np.uint64)
    for name in EVIDENCE_SCHEMA.names:
        state = (state ^ _column(evidence, name).view(np.uint64)) * _MIX[1]
        state ^= state >> _MIX[2]
    order = np.argsort(keys)
    at = order[np.searchsorted(keys, _keys(evidence), sorter=order)]
    marks = np.zeros(len(keys), np.uint64)
    np.add.at(marks, at, state)
    return marks
