"""Histories of a store: stays of a town arriving in batches, some twice, some late, some withdrawn, people forgotten.

`visible` says by the plainest reading what a question sees at an instant; the store must agree, whatever it did to its files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
from hypothesis import strategies as st

from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.exposure.stays import BatchInfo, Flag
from sizao.exposure.store import StayStore
from sizao.when import Instant
from tests.exposure.towns import KNOWN_AT, PERSONS, PLACES, StayRow, Town, towns

CAPS: dict[PlaceKind, int] = {PlaceKind.SHOP: 7200, PlaceKind.DWELLING: 86_400, PlaceKind.TRAIN_SEALED: 4 * 3600}
CAPS[PlaceKind.AIRCRAFT] = 3 * 3600
DAY_S = 86_400


class Act(NamedTuple):
    """One thing done to a store: `what` it was, on which stays or person, recorded when, kept until when."""

    what: str
    stays: tuple[int, ...] = ()
    person: int = 0
    at: int = 0
    keep_until: int = 0


class History(NamedTuple):
    """A town, and what was done to the store of its stays in order."""

    town: Town
    acts: tuple[Act, ...]


def closed(row: StayRow) -> StayRow:
    """The stay as a store gives it back: its end closed by the cap where it was open, its flags those the store sets."""
    cap = CAPS[{kind_code(kind): kind for kind in PLACES.values()}[row.kind]]
    is_open = bool(row.flags & Flag.OPEN_END)
    end_s = row.start_s + cap if is_open else row.end_s
    over_long = end_s - row.start_s > cap
    return row._replace(end_s=end_s, flags=int(is_open) * Flag.OPEN_END + int(over_long) * Flag.OVER_LONG)


def batch_table(rows: Sequence[StayRow]) -> pa.Table:
    """Rows as they come in: an open stay has no end, what is unknown is null."""
    return pa.table(
        {
            "stay": pa.array([row.stay for row in rows], pa.int64()),
            "person": pa.array([row.person for row in rows], pa.int64()),
            "place": pa.array([row.place for row in rows], pa.int64()),
            "kind": pa.array([row.kind for row in rows], pa.int16()),
            "start_s": pa.array([row.start_s for row in rows], pa.int64()),
            "end_s": pa.array([None if row.flags & Flag.OPEN_END else row.end_s for row in rows], pa.int64()),
            "zone": pa.array([None if row.zone < 0 else row.zone for row in rows], pa.int32()),
            "row": pa.array([None if row.row < 0 else row.row for row in rows], pa.int16()),
        }
    )


def _batch(number: int, act: Act) -> BatchInfo:
    return BatchInfo(
        batch_id=f"b{number}", source="test", basis="art. 1", keep_until=Instant(act.keep_until),
        recorded_at=Instant(act.at), data_class="movement",
    )  # fmt: skip


def replay(history: History, folder: Path) -> StayStore:
    """The store after all acts."""
    store = StayStore.create(folder)
    rows = {row.stay: row for row in history.town.stays}
    for number, act in enumerate(history.acts):
        if act.what == "append":
            store.append(batch_table([rows[stay] for stay in act.stays]), batch=_batch(number, act), caps=CAPS)
        elif act.what == "withdraw":
            store.withdraw(act.stays, recorded_at=Instant(act.at))
        elif act.what == "forget":
            store.forget(act.person)
        elif act.what == "rewrite":
            store.rewrite_forgotten()
        elif act.what == "merge":
            store.merge()
        elif act.what == "drop":
            store.drop_expired(Instant(act.at))
    return store


def visible(history: History, known_at: int) -> list[StayRow]:
    """What a question sees at an instant, in order of stay id."""
    rows = {row.stay: closed(row) for row in history.town.stays}
    found: dict[int, StayRow] = {}
    for number, act in enumerate(history.acts):
        later = history.acts[number + 1 :]
        dropped = any(other.what == "drop" and act.keep_until <= other.at for other in later)
        if act.what != "append" or act.at > known_at or dropped:
            continue
        for stay in act.stays:
            withdrawn = any(o.what == "withdraw" and o.at <= known_at and stay in o.stays for o in later)
            forgotten = any(o.what == "forget" and o.person == rows[stay].person for o in later)
            if not withdrawn and not forgotten:
                found[stay] = rows[stay]
    return [found[stay] for stay in sorted(found)]


def _acts(stays: Sequence[int]) -> st.SearchStrategy[tuple[Act, ...]]:
    some = st.lists(st.sampled_from(stays), max_size=len(stays)) if stays else st.just([])
    at = st.integers(-6, 6).map(lambda day: KNOWN_AT + day * DAY_S)
    append = st.builds(
        lambda chosen, recorded, kept: Act("append", tuple(chosen), 0, recorded, KNOWN_AT + kept * DAY_S),
        some, at, st.sampled_from((20, 20, 20, 3)),
    )  # fmt: skip
    other = st.one_of(
        st.builds(lambda chosen, recorded: Act("withdraw", tuple(chosen[:3]), 0, recorded), some, at),
        st.builds(lambda person: Act("forget", person=person), st.sampled_from(PERSONS)),
        st.just(Act("merge")),
        st.just(Act("rewrite")),
        st.just(Act("drop", at=KNOWN_AT + 5 * DAY_S)),
    )
    return st.lists(st.one_of(append, append, other), max_size=7).map(tuple)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A town whose stays all arrive at least once, then more batches and other acts in any order."""
    town = draw(towns())
    ids = [row.stay for row in town.stays]
    first = Act("append", tuple(ids), 0, draw(st.sampled_from((-6, 0, 1))) * DAY_S + KNOWN_AT, KNOWN_AT + 20 * DAY_S)
    return History(town, (first, *draw(_acts(ids))))
