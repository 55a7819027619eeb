"""Contact rules as the matching engines take them: plain numbers by place kind and period.

The numbers come from policy packs (tracing builds these values); none is written in this room. A rule's index is its position in
`ContactRules`, and every engine names rules by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sizao.errors import ExposureError
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.when import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRule:
    """When a meeting at one kind of place, begun in `[from_s, until_s)`, makes a contact of this grade.

    `min_overlap_s` counts per pair of stays, or summed over the pair's meetings under this rule when `cumulative`.
    `row_distance` is −1 for "rows do not matter". `lag_s` also counts arrivals less than that after the case left, and only
    where `min_overlap_s` is 0. `order` ranks severity: 0 is the most severe.
    """

    rule_id: str
    grade: str
    place_kind: PlaceKind
    from_s: Instant
    until_s: Instant
    min_overlap_s: int
    cumulative: bool = False
    same_zone: bool = False
    row_distance: int = -1
    lag_s: int = 0
    order: int = 0


class RuleArrays(NamedTuple):
    """The rules as columns of one length; position = rule index."""

    kind: NDArray[np.int16]
    from_s: NDArray[np.int64]
    until_s: NDArray[np.int64]
    min_overlap_s: NDArray[np.int64]
    cumulative: NDArray[np.bool_]
    same_zone: NDArray[np.bool_]
    row_distance: NDArray[np.int32]
    lag_s: NDArray[np.int64]
    order: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ContactRules:
    """Rules in a fixed order, with a digest that names them in evidence. Refuses a rule that cannot hold (E120)."""

    rules: tuple[ContactRule, ...]
    digest: str = field(init=False)
    arrays: RuleArrays = field(init=False, repr=False, compare=False)
    longest_lag_s: int = field(init=False, repr=False, compare=False)
    """The longest lag that can matter: that of rules without a minimum overlap."""

    def __post_init__(self) -> None:
        for rule in self.rules:
            _check(rule)
        object.__setattr__(self, "digest", _digest(self.rules))
        object.__setattr__(self, "arrays", _arrays(self.rules))
        lags = [rule.lag_s for rule in self.rules if rule.min_overlap_s == 0]
        object.__setattr__(self, "longest_lag_s", max(lags, default=0))

    @classmethod
    def of(cls, rules: Iterable[ContactRule]) -> ContactRules:
        """Rules in the order given."""
        return cls(tuple(rules))

    def __len__(self) -> int:
        return len(self.rules)

    def __getitem__(self, index: int) -> ContactRule:
        return self.rules[index]

    def table(self) -> pa.Table:
        """The rules as an Arrow table: `rule` (index), then the columns of `RuleArrays`, then `rule_id` and `grade`."""
        columns: dict[str, object] = {"rule": np.arange(len(self.rules), dtype=np.int32)}
        columns |= self.arrays._asdict()
        columns["rule_id"] = pa.array([rule.rule_id for rule in self.rules], pa.string())
        columns["grade"] = pa.array([rule.grade for rule in self.rules], pa.string())
        return pa.table(columns)


def _check(rule: ContactRule) -> None:
    negative = rule.min_overlap_s < 0 or rule.lag_s < 0 or rule.order < 0 or rule.row_distance < -1
    if negative or rule.from_s >= rule.until_s:
        raise ExposureError("E120", rule=rule.rule_id)


def _digest(rules: tuple[ContactRule, ...]) -> str:
    text = json.dumps([asdict(rule) for rule in rules], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _arrays(rules: tuple[ContactRule, ...]) -> RuleArrays:
    return RuleArrays(
        kind=np.array([kind_code(rule.place_kind) for rule in rules], np.int16),
        from_s=np.array([rule.from_s for rule in rules], np.int64),
        until_s=np.array([rule.until_s for rule in rules], np.int64),
        min_overlap_s=np.array([rule.min_overlap_s for rule in rules], np.int64),
        cumulative=np.array([rule.cumulative for rule in rules], np.bool_),
        same_zone=np.array([rule.same_zone for rule in rules], np.bool_),
        row_distance=np.array([rule.row_distance for rule in rules], np.int32),
        lag_s=np.array([rule.lag_s for rule in rules], np.int64),
        order=np.array([rule.order for rule in rules], np.int32),
    )
