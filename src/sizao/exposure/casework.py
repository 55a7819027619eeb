"""The stays of the cases, clipped and in the kernel's form: from the store, or told by a notice."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import probe
from sizao.exposure.cases import Cases
from sizao.exposure.segments import EPOCH_S
from sizao.exposure.view import View

_FIRST, _LAST = -(2**31) + 2, 2**31 - 2


class CaseWork(NamedTuple):
    """Case stays as `probe` names their columns, their ids, spots, where each case's begin; and the cases' own numbers."""

    table: NDArray[np.int32]
    ids: NDArray[np.int64]
    spots: NDArray[np.int32]
    offsets: NDArray[np.int32]
    own: NDArray[np.int32]

    @property
    def for_kernel(self) -> tuple[Any, Any, Any, Any]:
        """The arrays the compiled code takes."""
        return self.table, self.ids, self.spots, self.offsets


def _seconds(instants: NDArray[np.int64]) -> NDArray[np.int32]:
    """Instants as seconds from the epoch of the segments; what lies outside their range becomes its edge."""
    return np.clip(instants, EPOCH_S + _FIRST, EPOCH_S + _LAST).__isub__(EPOCH_S).astype(np.int32)


def case_work(view: View, cases: Cases) -> CaseWork:
    """The clipped stays of all cases, by case."""
    own = view.persons.find(cases.person)
    own[own >= len(view.person_ids)] = -1
    told = cases.stays
    if told is None or not len(told):
        return CaseWork(*probe.stays_of_cases(view.lines, own, cases.from_s, cases.until_s, view.kinds), own)
    searched = cases.until_s.copy()
    searched[told.case] = cases.from_s[told.case]
    found = probe.stays_of_cases(view.lines, own, cases.from_s, searched, view.kinds)
    return _with_told(view, cases, CaseWork(*found, own))


def _with_told(view: View, cases: Cases, found: CaseWork) -> CaseWork:
    """Add the stays told by notices: clipped, at places somebody stayed at, each with its spots."""
    told = cases.stays
    assert told is not None
    place = view.places.find(told.place)
    since = _seconds(np.maximum(told.start_s, cases.from_s[told.case]))
    till = _seconds(np.minimum(told.end_s, cases.until_s[told.case]))
    kept = np.flatnonzero((since < till) & (place >= 0) & (place < len(view.kinds)))
    first = np.searchsorted(told.spot_stay, np.arange(len(told))) + len(found.spots)
    last = np.searchsorted(told.spot_stay, np.arange(len(told)), side="right") + len(found.spots)
    columns = (told.case, place, since, till, np.zeros_like(place), np.zeros_like(place), first, last)
    rows = np.stack(columns, axis=1)[kept].astype(np.int32)
    rows[:, probe.KIND] = view.kinds[rows[:, probe.PLACE]]
    table = np.concatenate((found.table, rows))
    names = np.where(told.stay >= 0, told.stay, -1 - np.arange(len(told)))
    spots = np.stack((told.zone, told.row_lo, told.row_hi), axis=1).astype(np.int32)
    order = np.argsort(table[:, probe.CASE], kind="stable")
    offsets = np.searchsorted(table[order, probe.CASE], np.arange(len(cases) + 1)).astype(np.int32)
    return CaseWork(
        table=np.ascontiguousarray(table[order]),
        ids=np.ascontiguousarray(np.concatenate((found.ids, names[kept]))[order]),
        spots=np.concatenate((found.spots, spots)),
        offsets=offsets,
        own=found.own,
    )
