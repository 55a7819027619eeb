"""One run: every engine in turn takes the city in, answers, is compared, and only then is timed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.answers import Fingerprint
from bench.data import City
from bench.engine import Peer
from bench.session import Report, Session, Stopped, forget_files
from bench.works import QUESTIONS, Work

INGEST_LIMIT_S = 300.0
APPEND_LIMIT_S = 120.0
TOUCHED_BYTES, PAIR_BYTES = 12, 16
"""What an ideal index moves: start, end and person of each stay it must read, and one record per pair of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the results. `median_s` and `min_s` are None when nothing was timed, and `note` says why; `answers_equal` is
    None where there was nothing to compare with. `value` and `unit` carry what is not a time."""

    work: str
    size: str
    engine: str
    median_s: float | None = None
    min_s: float | None = None
    cold_s: float | None = None
    runs: int = 0
    peak_mb: float | None = None
    answers_equal: bool | None = None
    value: float | None = None
    unit: str | None = None
    note: str | None = None

    def plain(self) -> dict[str, Any]:
        """As the results file has it."""
        return asdict(self)


class Run:
    """The rows of a run, and the answers every later engine is held against."""

    def __init__(
        self, city: City, scratch: Path, *, bandwidth: float, only: Sequence[str] = (), tell: Callable[[str], None]
    ) -> None:
        self._city, self._scratch, self._only, self._tell = city, scratch, only, tell
        self._bandwidth = bandwidth
        self.rows: list[Row] = []
        self._right: dict[str, tuple[str, Fingerprint]] = {}
        self._confirmed: set[str] = set()

    def asked(self, work: str) -> bool:
        """Whether this run is about that work."""
        return not self._only or any(work == chosen or work.startswith(f"{chosen} ") for chosen in self._only)

    def peer(self, peer: Peer) -> None:
        """Everything about one engine. Its files are removed afterwards."""
        folder = self._scratch / peer.name.replace(" ", "_").replace("'", "").replace(",", "")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            _Turn(self, peer, self._city, folder).take()
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def add(self, row: Row) -> None:
        """Note a row and say it."""
        self.rows.append(row)
        time = "" if row.median_s is None else f"{row.median_s * 1000:,.2f} ms"
        value = "" if row.value is None else f"{row.value:,.1f} {row.unit}"
        equal = {True: "equal", False: "ANSWERS DIFFER", None: ""}[row.answers_equal]
        self._tell(f"  {row.engine:24} {row.work:16} {time:>16} {value:>22} {equal} {row.note or ''}")

    def compare(self, work: str, engine: str, found: Fingerprint) -> bool | None:
        """Whether an answer is the one given first; None for the first one, which later ones confirm."""
        if work not in self._right:
            self._right[work] = (engine, found)
            return None
        right = self._right[work][1].agrees(found)
        if right:
            self._confirmed.add(work)
        return right

    def settle(self) -> None:
        """The first answers, now that others have confirmed them or not."""
        for at, row in enumerate(self.rows):
            first = self._right.get(row.work)
            if first is not None and first[0] == row.engine and row.answers_equal is None and row.median_s is not None:
                self.rows[at] = _settled(row, confirmed=row.work in self._confirmed)

    def limit(self, session: Session) -> None:
        """What the memory of this machine allows at best, from what an ideal index would touch (one row per work)."""
        for name in ("Q1", "Q1 hot", "Q2-100", "Q2-1000"):
            first = self._right.get(name)
            if first is None or not self.asked(name):
                continue
            try:
                report = session.tell({"do": "touched", "work": name}, limit_s=60)
            except Stopped:
                return
            touched = report.get("touched")
            if touched:
                bytes_each = [TOUCHED_BYTES * stays + PAIR_BYTES * first[1].rows / len(touched) for stays in touched]
                seconds = sorted(size / self._bandwidth for size in bytes_each)
                self.add(
                    Row(
                        work=name, size=self._city.size, engine="physical limit", median_s=median(seconds),
                        min_s=seconds[0], value=round(median(touched)), unit="stays touched",
                    )
                )  # fmt: skip


def _settled(row: Row, *, confirmed: bool) -> Row:
    fields = row.plain()
    if confirmed:
        return Row(**(fields | {"answers_equal": True}))
    note = "; ".join(part for part in (row.note, "no other engine answered this") if part)
    return Row(**(fields | {"note": note}))


class _Turn:
    """One engine's turn."""

    def __init__(self, run: Run, peer: Peer, city: City, folder: Path) -> None:
        self._run, self._peer, self._city, self._folder = run, peer, city, folder
        self._borrows = False

    def take(self) -> None:
        if not self._ingest():
            return
        forget_files(self._folder)
        try:
            session, opened = self._opened()
        except Stopped as stopped:
            self._row("open", note=str(stopped))
            return
        for work in QUESTIONS:
            if not self._run.asked(work.name) or work.name not in opened.get("works", ()):
                continue
            try:
                self._question(session, work, opened["seconds"] if work.name == "Q1" else 0.0)
            except Stopped as stopped:
                self._row(work.name, note=str(stopped))
                session, opened = self._opened()
        self._last(session)

    def _opened(self) -> tuple[Session, Report]:
        session = self._session()
        report = session.tell({"do": "open"}, limit_s=INGEST_LIMIT_S)
        if "seconds" not in report:
            session.end()
            raise Stopped(_why(report))
        return session, report

    def _session(self) -> Session:
        return Session.over(self._peer.maker, self._city.folder, self._folder)

    def _row(self, work: str, **fields: Any) -> None:
        self._run.add(Row(work=work, size=self._city.size, engine=self._peer.name, **fields))

    def _ingest(self) -> bool:
        """The whole city taken in by a first process, which also has everything compiled that is."""
        try:
            with self._session() as session:
                report = session.tell({"do": "ingest"}, limit_s=INGEST_LIMIT_S)
                if "seconds" not in report:
                    raise Stopped(_why(report))
                session.tell({"do": "open"}, limit_s=INGEST_LIMIT_S)
                session.tell({"do": "compile"}, limit_s=INGEST_LIMIT_S)
        except Stopped as stopped:
            self._row("ingest", note=str(stopped))
            return False
        seconds, size = report["seconds"], report["bytes"]
        self._borrows = size == 0
        if self._run.asked("ingest") and size != 0:
            common: dict[str, Any] = {"median_s": seconds, "min_s": seconds, "runs": 1, "peak_mb": report["peak_mb"]}
            self._row("ingest", value=round(self._city.rows / seconds), unit="stays/s", **common)
            if size is not None:
                self._row("bytes per stay", value=round(size / self._city.rows, 2), unit="bytes")
        return True

    def _question(self, session: Session, work: Work, opening_s: float) -> None:
        cold = session.tell({"do": "answer", "work": work.name}, limit_s=work.limit_s)
        if "fingerprint" not in cold:
            self._row(work.name, note=_why(cold))
            return
        rows, sums, mark = cold["fingerprint"]
        equal = self._run.compare(work.name, self._peer.name, Fingerprint(rows, tuple(sums), mark))
        cold_s = opening_s + cold["seconds"][0]
        common: dict[str, Any] = {
            "cold_s": cold_s,
            "answers_equal": equal,
            "value": rows / work.questions,
            "unit": "rows",
        }
        if equal is False:
            self._row(work.name, peak_mb=cold["peak_mb"], note="not timed: the answers differ", **common)
            return
        seconds, peak_mb, note = self._warm(session, work, cold)
        note = "; ".join(part for part in (note, None if mark is not None else "only sums, kept on the server") if part)
        common |= {"median_s": median(seconds), "min_s": min(seconds), "runs": len(seconds)}
        self._row(work.name, peak_mb=peak_mb, note=note or None, **common)

    def _warm(self, session: Session, work: Work, cold: Report) -> tuple[list[float], float, str | None]:
        """The timed runs; where the first answer already took more than the budget, it is the only run."""
        if sum(cold["seconds"]) > work.budget_s:
            return cold["seconds"], cold["peak_mb"], "one run"
        order = {"do": "time", "work": work.name, "runs": work.runs, "budget_s": work.budget_s}
        timed = session.tell(order, limit_s=work.limit_s + work.budget_s)
        if "seconds" not in timed:
            raise Stopped(_why(timed))
        return timed["seconds"], max(cold["peak_mb"], timed["peak_mb"]), None

    def _last(self, session: Session) -> None:
        """What an ideal index would touch, from the engine that can say; then the append, which changes the data."""
        with session:
            if self._peer.maker.endswith(":SortedArrays"):
                self._run.limit(session)
            if self._borrows or not self._run.asked("append"):
                return
            try:
                report = session.tell({"do": "append"}, limit_s=APPEND_LIMIT_S)
            except Stopped as stopped:
                report = {"failed": str(stopped)}
        if "fingerprint" not in report:
            self._row("append", note=_why(report))
            return
        rows, sums, mark = report["fingerprint"]
        equal = self._run.compare("append, first Q1", self._peer.name, Fingerprint(rows, tuple(sums), mark))
        names = ("append", "append, first Q1", "append, next Q1")
        for name, seconds in zip(names, report["seconds"], strict=True):
            about: dict[str, Any] = {"value": report["rows"], "unit": "stays"} if name == "append" else {}
            about |= {"answers_equal": equal} if name == "append, first Q1" else {}
            self._row(name, median_s=seconds, min_s=seconds, runs=1, peak_mb=report["peak_mb"], **about)


def _why(report: Report) -> str:
    return str(report.get("unable") or report.get("failed") or report.get("note") or "no answer")
