"""Contact rules as the kernel reads them: by place kind, the most severe first, only those a question can meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sizao.errors import ExposureError
from sizao.exposure.contact_rules import ContactRules, RuleArrays
from sizao.exposure.place_kinds import KIND_COUNT, kind_of
from sizao.exposure.segments import EPOCH_S

FROM, UNTIL, MINIMUM, CUMULATIVE, SAME_ZONE, ROW_DISTANCE, LAG, RANK, ORDER, INDEX = range(10)
WIDTH = 10
"""Columns of a rule's line, int64; times from `EPOCH_S`. `RANK` is the position among all rules by (order, index)."""

RULES_PER_KIND = 28
"""A meeting keeps which rules it fits as bits of an int32, and three bits are for flags."""


class Plan(NamedTuple):
    """Addresses and sizes for the compiled code. Rules of kind k are lines `kind_from[k]..kind_from[k + 1]`.

    `least_sum` is the least sum that satisfies any cumulative rule.
    """

    rules: int
    kind_from: int
    kind_need: int
    kind_lag: int
    lines: int
    least_sum: int


@dataclass(frozen=True, slots=True)
class PlanArrays:
    """The memory behind a `Plan`, which must not outlive it. `severity` ranks each line by its order."""

    rules: NDArray[np.int64]
    kind_from: NDArray[np.int64]
    kind_need: NDArray[np.int64]
    kind_lag: NDArray[np.int64]
    severity: NDArray[np.int64]
    addresses: Plan

    def plan(self) -> Plan:
        """The addresses the compiled code works on."""
        return self.addresses


_KEPT = 32
_made: dict[tuple[str, bytes], PlanArrays] = {}
"""Plans made before, by the rules' digest and which of them are in force: the same few questions come again and again."""


def plan_for(rules: ContactRules, since_s: int, until_s: int) -> PlanArrays:
    """The rules in force at some moment of `[since_s, until_s)`, extended by their longest lag.

    Refuses more than `RULES_PER_KIND` of them for one kind of place (E121).
    """
    given = rules.arrays
    kept = np.flatnonzero((given.from_s < until_s + rules.longest_lag_s) & (given.until_s > since_s))
    key = rules.digest, kept.tobytes()
    if key not in _made:
        while len(_made) >= _KEPT:
            del _made[next(iter(_made))]
        _made[key] = _built(given, kept)
    return _made[key]


def _built(given: RuleArrays, kept: NDArray[Any]) -> PlanArrays:
    kept = kept[np.lexsort((kept, given.order[kept]))]
    rank = np.arange(len(kept))
    by_kind = np.lexsort((rank, given.kind[kept]))
    kept, rank = kept[by_kind], rank[by_kind]
    counts = np.bincount(given.kind[kept], minlength=KIND_COUNT)
    if len(kept) and counts.max() > RULES_PER_KIND:
        raise ExposureError(
            "E121", kind=str(kind_of(int(counts.argmax()))), rules=int(counts.max()), most=RULES_PER_KIND
        )
    lines = np.empty((len(kept), WIDTH), np.int64)
    lines[:, FROM], lines[:, UNTIL] = given.from_s[kept] - EPOCH_S, given.until_s[kept] - EPOCH_S
    lines[:, MINIMUM], lines[:, CUMULATIVE] = given.min_overlap_s[kept], given.cumulative[kept]
    lines[:, SAME_ZONE], lines[:, ROW_DISTANCE] = given.same_zone[kept], given.row_distance[kept]
    lines[:, LAG] = np.where(given.min_overlap_s[kept] == 0, given.lag_s[kept], 0)
    lines[:, RANK], lines[:, ORDER], lines[:, INDEX] = rank, given.order[kept], kept
    kind_from = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    need, lag = _by_kind(lines, kind_from)
    severity = np.unique(lines[:, ORDER], return_inverse=True)[1].astype(np.int64)
    sums = lines[lines[:, CUMULATIVE] != 0, MINIMUM]
    rules, kinds, needs, lags = (int(part.ctypes.data) for part in (lines, kind_from, need, lag))
    plan = Plan(rules, kinds, needs, lags, len(lines), int(sums.min(initial=2**29)))
    return PlanArrays(lines, kind_from, need, lag, severity, plan)


def _by_kind(lines: NDArray[np.int64], kind_from: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """The least overlap that can matter at each kind of place, and the longest lag."""
    need, lag = np.zeros(KIND_COUNT, np.int64), np.zeros(KIND_COUNT, np.int64)
    for kind in range(KIND_COUNT):
        own = lines[kind_from[kind] : kind_from[kind + 1]]
        if len(own):
            summed = (own[:, CUMULATIVE] != 0) & (own[:, MINIMUM] > 0)
            need[kind] = np.where(summed, 1, own[:, MINIMUM]).min()
            lag[kind] = own[:, LAG].max()
    return need, lag
