"""The stays store: a folder of segments under one manifest. Append, ask at once, drop whole files, forget one person.

A batch becomes one segment, written to a temporary name, synced and renamed; the manifest line is the commit point, so a
crash leaves all of a batch or nothing, and what it left behind is swept at the next opening. One process writes at a time
(a lock says so); any number read, each what was committed when it last looked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sizao import columnar
from sizao.errors import ExposureError, Where
from sizao.exposure import hiding, intake, numbering, rewriting, segments
from sizao.exposure.locking import locked, try_locked
from sizao.exposure.manifest import Batch, Manifest, SegmentInfo, State, visible, written
from sizao.exposure.numbering import GONE, Numbering
from sizao.exposure.place_kinds import PlaceKind
from sizao.exposure.segments import EPOCH_S, SEAT_TYPES, Segment, StayColumns
from sizao.exposure.sorting import KeySet
from sizao.exposure.stays import VISIBLE_SCHEMA, BatchInfo, Receipt
from sizao.exposure.view import View
from sizao.when import Instant, local_day

_STORE, MANIFEST, _LOCK, _SEGMENTS = "store.json", "manifest.ndjson", "lock", "segments"
_PERSONS, _PLACES, _KINDS = "persons.i64", "places.i64", "kinds.i16"
_FORMAT = 1
_ENDING = ".stays"
_VIEWS_KEPT = 3


class StayStore:
    """Stays in a folder. Open one with `open` or `create`; all instants are given, none is taken from a clock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._manifest = Manifest(path / MANIFEST)
        self._open: dict[str, Segment] = {}
        self._views: dict[tuple[Any, ...], View] = {}
        self._persons, self._places = Numbering(np.zeros(0, np.int64)), Numbering(np.zeros(0, np.int64))
        self._kinds = np.zeros(0, np.int16)
        self._latest: tuple[int, Instant | None, View] | None = None
        self.refresh()

    # --- opening ---------------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: Path) -> StayStore:
        """An empty store in a folder that is not there yet, or is empty (E133)."""
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise ExposureError("E133", where=Where(file=str(path)))
        (path / _SEGMENTS).mkdir()
        for name in (MANIFEST, _PERSONS, _PLACES, _KINDS, _LOCK):
            columnar.write_bytes(path / name, b"")
        columnar.write_bytes(path / _STORE, json.dumps({"stays": _FORMAT}).encode())
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> StayStore:
        """The store in a folder (E132 if there is none), after sweeping what a crash left, if nobody is writing."""
        try:
            known = json.loads((path / _STORE).read_bytes()).get("stays") == _FORMAT
        except (OSError, ValueError):
            known = False
        if not known:
            raise ExposureError("E132", where=Where(file=str(path)))
        store = cls(path)
        with try_locked(path / _LOCK) as mine:
            if mine:
                store.refresh()
                store._sweep()
        return store

    def refresh(self) -> None:
        """Take in what other processes have committed since."""
        if self._manifest.read():
            self._load_numbers()

    def _load_numbers(self) -> None:
        state = self._manifest.state
        self._persons = Numbering.read(self.path / _PERSONS, state.persons)
        self._places = Numbering.read(self.path / _PLACES, state.places)
        self._kinds = np.fromfile(self.path / _KINDS, np.int16, state.places) if state.places else self._kinds[:0]
        self._views.clear()
        self._latest = None

    def _sweep(self) -> None:
        """Remove files no manifest line names."""
        known = {segment.file for segment in self._manifest.state.segments}
        for folder in (self.path, self.path / _SEGMENTS):
            for file in folder.iterdir():
                orphan = file.suffix == _ENDING and file.name not in known
                if orphan or file.suffix == columnar.TEMPORARY:
                    segments.remove(file)

    # --- reading ---------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """What the manifest says holds: batches, segments, forgotten persons, withdrawn stays."""
        return self._manifest.state

    def batches(self) -> tuple[Batch, ...]:
        """The batches stored and not dropped, in the order they were committed."""
        return tuple(self.state.batches.values())

    def rows(self, *, known_at: Instant | None = None) -> int:
        """How many stays are known at an instant, each once; all there are when no instant is named."""
        return self.view(known_at).rows()

    def view(self, known_at: Instant | None = None) -> View:
        """What is known at an instant, ready for the kernel; everything when no instant is named. Views are kept."""
        state = self.state
        if self._latest is not None and self._latest[:2] == (state.seq, known_at):
            return self._latest[2]
        view = self._view(state, known_at)
        self._latest = state.seq, known_at, view
        return view

    def _view(self, state: State, known_at: Instant | None) -> View:
        seen = frozenset(batch.seq for batch in visible(state, known_at))
        gone = tuple(w for w in state.withdrawn if known_at is None or w.recorded_at <= known_at)
        key = (state.seq, seen, len(gone))
        if key not in self._views:
            chosen = [info for info in state.segments if seen.intersection(info.batches)]
            parts = [self._segment(info) for info in chosen]
            hidden = {
                at: hiding.hidden_rows(part, info, seen=seen, forgotten=self._forgotten(), withdrawn=gone)
                for at, (part, info) in enumerate(zip(parts, chosen, strict=True))
            }
            while len(self._views) >= _VIEWS_KEPT:
                del self._views[next(iter(self._views))]
            self._views[key] = View(parts, persons=self._persons, places=self._places, kinds=self._kinds, hidden=hidden)
        return self._views[key]

    def _segment(self, info: SegmentInfo) -> Segment:
        if info.file not in self._open:
            self._open[info.file] = segments.read(self._file(info))
        return self._open[info.file]

    def _file(self, info: SegmentInfo) -> Path:
        return self.path / _SEGMENTS / info.file

    def _forgotten(self) -> list[tuple[int, int]]:
        return [(gone.seq, int(self._persons.find(np.array([gone.person]))[0])) for gone in self.state.forgotten]

    def stays(self, known_at: Instant | None = None) -> pa.Table:
        """All stays known at an instant in VISIBLE_SCHEMA, each once, segment by segment."""
        return self.view(known_at).stays()

    def itinerary(self, person: int, *, known_at: Instant | None = None) -> pa.Table:
        """A person's stays in order of start (VISIBLE_SCHEMA)."""
        view = self.view(known_at)
        dense = int(view.persons.find(np.array([person]))[0])
        tables = [view.table(at, part.rows_of_person(dense)) for at, part in enumerate(view.segments) if dense >= 0]
        found = pa.concat_tables([VISIBLE_SCHEMA.empty_table(), *tables])
        return found.sort_by([("start_s", "ascending"), ("stay", "ascending")])

    def stay_rows(self, ids: Iterable[int] | NDArray[Any], *, known_at: Instant | None = None) -> pa.Table:
        """The stays of those ids that are known, in order of id (VISIBLE_SCHEMA)."""
        view = self.view(known_at)
        wanted = np.unique(np.asarray(ids if isinstance(ids, np.ndarray) else list(ids), np.int64))
        tables = [
            view.table(at, hiding.rows_of_stays(part, KeySet(wanted))[0]) for at, part in enumerate(view.segments)
        ]
        return pa.concat_tables([VISIBLE_SCHEMA.empty_table(), *tables]).sort_by("stay")

    def told_only_by(self, batch_id: str) -> NDArray[np.int64]:
        """The ids of the stays that this batch tells and no other stored batch does, in order; empty for an unknown batch."""
        seqs = [batch.seq for batch in self.batches() if batch.info.batch_id == batch_id]
        parts = [(self._segment(info), info) for info in self.state.segments]
        return hiding.told_only_by(parts, seqs[0]) if seqs else np.zeros(0, np.int64)

    def verify(self) -> list[str]:
        """The segment files whose bytes are not those the manifest names; empty when all is well."""
        return [info.file for info in self.state.segments if not _is_whole(self._file(info), info)]

    # --- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the writer's lock (E135), see the latest, and on an error forget numbers that were not committed."""
        with locked(self.path / _LOCK):
            self.refresh()
            try:
                yield
            except BaseException:
                self._load_numbers()
                raise

    def append(
        self,
        table: pa.Table,
        *,
        batch: BatchInfo,
        zone: str = "Asia/Shanghai",
        caps: Mapping[PlaceKind, int] | None = None,
    ) -> Receipt:
        """Store a batch (STAY_SCHEMA); once this returns it survives a crash and every question sees it.

        `caps` closes open stays after so many seconds by kind of place and flags longer ones; `zone` is where local days
        begin. Refuses the batch if its id is taken (E134) or a column is wrong (E101); refuses rows one by one, in the
        receipt: what was not refused was stored, or is stored already.
        """
        with self._writing():
            if any(known.info.batch_id == batch.batch_id for known in self.batches()):
                raise ExposureError("E134", batch=batch.batch_id)
            rows = intake.read_rows(table, caps)
            stays, copies, repeats = self._taken_in(rows)
            info = None
            if len(stays):
                built, order = segments.build_in_order(stays, persons=len(self._persons), places=len(self._places))
                hiding.note_copies(built, copies.moved(_places_in(order)[copies.rows]))
                info = self._write(built, (self.state.seq + 1,), zone)
            refused = rows.refused(table.column("stay"))
            counts: dict[str, Any] = {"rows": int(rows.good.sum()), "duplicates": repeats}
            counts["sha256"] = info.sha256 if info else ""
            self._commit(
                "append",
                batch=written(batch),
                counts={**counts, "refused": len(refused)},
                segment=written(info) if info else None,
            )
        over_long, closed = rows.counted()
        return Receipt(batch_id=batch.batch_id, refused=refused, over_long=over_long, closed_by_cap=closed, **counts)

    def _taken_in(self, rows: intake.Rows) -> tuple[StayColumns, hiding.Copies, int]:
        """The stays to store, which of them copy a row of which batch, and how many rows of the batch were known before."""
        again = intake.repeats_within(rows)
        parts = [(self._segment(info), info) for info in self.state.segments]
        known = hiding.known_copies(
            parts, rows, again, (self._persons, self._places),
            forgotten=self._forgotten(), withdrawn=self.state.withdrawn,
        )  # fmt: skip
        chosen = np.flatnonzero(rows.good & ~again)
        place = self._places.add(rows.columns["place"][chosen])
        self._kinds = intake.check_kinds(rows, chosen, place, self._kinds)
        place, chosen = place[rows.good[chosen]], chosen[rows.good[chosen]]
        person = self._persons.add(rows.columns["person"][chosen])
        times = {name: (rows.columns[f"{name}_s"][chosen] - EPOCH_S).astype(np.int32) for name in ("start", "end")}
        seats = {name: rows.columns[name][chosen].astype(kind) for name, kind in SEAT_TYPES.items()}
        ids = np.asarray(rows.columns["stay"][chosen], np.int64)
        stays = StayColumns(stay=ids, person=person, place=place, **times, **seats)
        kept = np.isin(known.rows, chosen)
        copies = hiding.Copies(np.searchsorted(chosen, known.rows[kept]), known.of[kept], known.gone[kept])
        repeats = len(np.unique(copies.rows[copies.gone == hiding.STANDING])) + int((again & rows.good).sum())
        return stays, copies, repeats

    def _write(self, built: Segment, seqs: tuple[int, ...], zone: str) -> SegmentInfo:
        """Write a segment's file; it counts only once a manifest line names it."""
        name = f"{self.state.seq + 1:08d}-{seqs[0]:08d}{_ENDING}"
        digest = segments.write(built, self.path / _SEGMENTS / name)
        starts = built.columns["start"]
        days = [local_day(Instant(int(at) + EPOCH_S), zone).isoformat() for at in (starts.min(), starts.max())]
        return SegmentInfo(
            file=name,
            seq=self.state.seq + 1,
            batches=seqs,
            rows=len(built),
            sha256=digest,
            first_day=days[0],
            last_day=days[1],
            first_stay=built.numbers["stay_base"],
            last_stay=built.numbers["stay_last"],
        )

    def _commit(self, did: str, **what: Any) -> None:
        """Save the numbers given out, then write the manifest line: from now on all of it holds."""
        state = self.state
        if len(self._persons) > state.persons:
            self._persons.save(self.path / _PERSONS, state.persons)
        if len(self._places) > state.places:
            self._places.save(self.path / _PLACES, state.places)
            numbering.save_values(self.path / _KINDS, self._kinds, state.places)
        self._manifest.write(did, **what, persons=len(self._persons), places=len(self._places))
        self._let_go()

    def _let_go(self) -> None:
        """Drop views of the state before, and files no longer named."""
        self._views.clear()
        self._latest = None
        known = {info.file for info in self.state.segments}
        for name in [name for name in self._open if name not in known]:
            del self._open[name]

    def merge(self, *, zone: str = "Asia/Shanghai") -> int:
        """Join small segments, only within one local day, basis, keep-until and data class; returns how many were joined."""
        with self._writing():
            groups = rewriting.mergeable(self.state.segments, dict(self.state.batches))
            for group in groups:
                held = [(self._segment(info), info) for info in group]
                built, seqs = rewriting.joined(held, persons=len(self._persons), places=len(self._places))
                self._replace(group, [self._write(built, seqs, zone)])
        return sum(len(group) for group in groups)

    def _replace(self, old: Iterable[SegmentInfo], new: Iterable[SegmentInfo]) -> None:
        gone = list(old)
        self._commit("replace", old=[info.file for info in gone], new=[written(info) for info in new])
        for info in gone:
            segments.remove(self._file(info))

    def drop_expired(self, now: Instant) -> tuple[str, ...]:
        """Drop every batch whose keep-until has come, its files with it; returns the ids of the batches dropped."""
        with self._writing():
            ended = [batch for batch in self.batches() if batch.info.keep_until <= now]
            if ended:
                seqs = {batch.seq for batch in ended}
                files = [info for info in self.state.segments if seqs.intersection(info.batches)]
                self._commit("drop", batches=sorted(seqs), at=now)
                for info in files:
                    segments.remove(self._file(info))
        return tuple(batch.info.batch_id for batch in ended)

    def withdraw(self, stays: Iterable[int], *, recorded_at: Instant) -> None:
        """Let stays stored so far no longer hold, as known from `recorded_at` on; earlier questions still see them."""
        with self._writing():
            self._commit("withdraw", stays=sorted({int(stay) for stay in stays}), recorded_at=recorded_at)

    def forget(self, person: int) -> None:
        """Hide all stays of a person stored so far from every question, at once. `rewrite_forgotten` then erases them."""
        with self._writing():
            self._commit("forget", person=int(person))

    def rewrite_forgotten(self, *, zone: str = "Asia/Shanghai") -> int:
        """Erase forgotten persons from the files, their ids and the manifest's memory of them; returns stays erased."""
        with self._writing():
            erased = 0
            for info in self.state.segments:
                part = self._segment(info)
                rows = hiding.erased_rows(part, info, forgotten=self._forgotten(), withdrawn=())
                if len(rows):
                    erased += len(rows)
                    left = rewriting.without((part, info), rows, persons=len(self._persons), places=len(self._places))
                    self._replace([info], [self._write(left, info.batches, zone)] if left else [])
            if self.state.forgotten:
                self._erase_ids()
                self._manifest.rewrite()
                self._load_numbers()
        return erased

    def _erase_ids(self) -> None:
        """Overwrite the ids of forgotten persons who have no stay left."""
        ids = np.array(self._persons.ids)
        for _, person in self._forgotten():
            left = any(len(self._segment(info).rows_of_person(person)) for info in self.state.segments)
            if person >= 0 and not left:
                ids[person] = GONE
        columnar.write_bytes(self.path / _PERSONS, ids.tobytes())


def _is_whole(path: Path, info: SegmentInfo) -> bool:
    return path.exists() and segments.file_sha256(path) == info.sha256


def _places_in(order: NDArray[np.int32]) -> NDArray[np.int32]:
    """Where each stay put in lies in the segment built from them."""
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place
