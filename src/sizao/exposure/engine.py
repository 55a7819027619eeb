"""Who was with whom: the question, the answer's shape, and the definition every engine must keep to.

The definition
--------------
*Stays* are the stays of all batches with `recorded_at <= known_at` that were not dropped, forgotten or (by then)
withdrawn; each stay id counts once.

*Case stays.* If case k has rows in `cases.stays`, these are its stays; otherwise all stays of `cases.person[k]`. Each
is clipped to the window `[from_s, until_s)` of the case; what is empty after clipping is gone. A case stay has *spots*
`(zone, row_lo, row_hi)`: those given, or for a stay of the store `(zone, row, row)`; a case stay without spots has the
one spot `(-1, -1, -1)`.

*Meeting.* A case stay c (clipped) and a stay p at the same place, where p's person is not the case's person (a case
with person −1 excludes nobody), `p.end_s > c.start_s`, and p begins before c ends, or after it within a lag (below).
`p` is never clipped.

- `began_s = max(c.start_s, p.start_s)`, `ended_s = max(began_s, min(c.end_s, p.end_s))`, `overlap_s = ended_s -
  began_s`.
- It is *lagged* when `p.start_s >= c.end_s`; then and only then `overlap_s = 0`.

*A meeting fits rule r* when all of these hold:

1. r's place kind is the kind of p, and `r.from_s <= began_s < r.until_s`;
2. not lagged; or lagged with `r.min_overlap_s = 0` and `p.start_s < c.end_s + r.lag_s`;
3. r is cumulative, or `overlap_s >= r.min_overlap_s`;
4. some spot of c *holds*: (r does not ask for the zone, or both zones are known and equal) and (r.row_distance < 0, or
   both rows are known and p's row lies in `[row_lo - r.row_distance, row_hi + r.row_distance]`). A zone is known from 0
   up, a row from 0 up (a spot's row by `row_lo >= 0`).

*Open.* If 1–3 hold and no spot holds, but for some spot no *known* value contradicts r (an unknown one is missing), r
is open for the meeting.

*A pair (case, person) satisfies r* when r is not cumulative and one meeting fits r; or r is cumulative, at least one
meeting fits it, and the overlaps of all meetings that fit r sum to at least `r.min_overlap_s`. The *pair's rule* is the
satisfied rule with the lowest `(order, rule index)`; a pair that satisfies none is not in the answer. Its *qualifying
meetings* are those that fit that rule: `overlap_s` is the sum of theirs, `first_s` the least `began_s`, `last_s` the
greatest `ended_s`, `meetings` their number.

*Flags* of a qualifying meeting: OPEN_END and OVER_LONG if either stay has it (explicit case stays have none); LAGGED if
lagged; SEAT_UNKNOWN if a rule with lower `(order, rule index)` than the pair's rule is open for it. A pair's flags are
those of its qualifying meetings together.

*Order.* Pairs by (case, order, overlap_s descending, person); evidence in the order of its pairs, then (began_s, stay,
case_stay). `top=n` keeps the first n pairs of each case, and their evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from sizao.exposure.cases import Cases
from sizao.exposure.contact_rules import ContactRules
from sizao.when import Instant

if TYPE_CHECKING:
    from sizao.exposure.store import StayStore

EXPOSURE_SCHEMA = pa.schema(
    [
        ("case", pa.int32()),
        ("person", pa.int64()),
        ("order", pa.int32()),
        ("rule", pa.int32()),
        ("overlap_s", pa.int64()),
        ("first_s", pa.int64()),
        ("last_s", pa.int64()),
        ("meetings", pa.int32()),
        ("flags", pa.int16()),
    ]
)
"""One row per pair: `rule` indexes the `ContactRules` of the question, whose `grade` is the pair's grade."""

EVIDENCE_SCHEMA = pa.schema(
    [
        ("case", pa.int32()),
        ("person", pa.int64()),
        ("case_stay", pa.int64()),
        ("stay", pa.int64()),
        ("place", pa.int64()),
        ("began_s", pa.int64()),
        ("ended_s", pa.int64()),
        ("overlap_s", pa.int64()),
        ("rule", pa.int32()),
        ("flags", pa.int16()),
    ]
)
"""One row per qualifying meeting. `case_stay` is the stay id, or −1−i for row i of `cases.stays` when that row has no id."""


@dataclass(frozen=True, slots=True)
class Exposures:
    """An answer: `pairs` (EXPOSURE_SCHEMA), `evidence` (EVIDENCE_SCHEMA, or None if not asked for), and the rules' digest."""

    pairs: pa.Table
    evidence: pa.Table | None
    rules_digest: str

    def __len__(self) -> int:
        return int(self.pairs.num_rows)


class Engine(Protocol):
    """Anything that answers the question by the definition above."""

    def match(
        self,
        cases: Cases,
        store: StayStore,
        rules: ContactRules,
        *,
        known_at: Instant,
        evidence: bool = True,
        top: int | None = None,
    ) -> Exposures:
        """The exposures of all cases, as known at that instant."""
        ...
