"""PostgreSQL with the two indexes it has for this: GiST over (place, range of time), and btree over (place, start).

Both are told to probe their index once per stay of a case; the btree form also knows each place's longest stay, which bounds how
far back it must look. Large answers stay on the server and come back as sums, which spares it the way to the client.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from bench.answers import Columns, Sums
from bench.cluster import SCHEMA, URL
from bench.data import COLUMNS, WINDOW, City
from bench.engine import Unable
from bench.works import ENOUGH_S, LAG_S

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_PIECE = 1 << 20


class Gist:
    """A table sorted by place and start, an index by person, and the GiST index."""

    works: Sequence[str] = ("Q1", "Q2-100", "Q2-1000", "Q3")
    table = "stays_gist"
    index = "create index on stays_gist using gist (place, int4range(s, e))"
    meets = "p.place = c.place and int4range(p.s, p.e) && int4range(c.s, c.e + {lag})"

    def __init__(self, city: City, folder: Path) -> None:
        del folder
        self._city = city

    def open(self) -> None:
        url = os.environ.get(URL)
        if not url:
            raise Unable("not run: no PostgreSQL server, and none could be started")
        self._db = psycopg.connect(url, autocommit=True)
        self._backend = int(self._db.info.backend_pid)
        self._db.execute("set enable_hashjoin = off; set enable_mergejoin = off; set client_min_messages = error")
        self._db.execute(f"create schema if not exists {SCHEMA}; set search_path = {SCHEMA}, public")

    def close(self) -> None:
        self._db.close()

    def other_process(self) -> int:
        """The server process that works for us, whose memory counts too."""
        return self._backend

    def ingest(self) -> int:
        self.open()
        self._db.execute("create extension if not exists btree_gist schema public")
        self._db.execute(f"drop table if exists {self.table}, {self.table}_longest")
        with self._db.transaction():
            self._db.execute(f"create table {self.table}(person int, place int, s int, e int)")
            self._copy(self._city.columns(), "freeze")
        self._db.execute(f"create index on {self.table}(person)")
        self._db.execute(self.index)
        self._db.execute(
            f"create table {self.table}_longest as select place, max(e - s) as longest from {self.table} group by place"
        )
        self._db.execute(f"create unique index on {self.table}_longest(place)")
        self._db.execute(f"vacuum analyze {self.table}")
        self._db.execute(f"vacuum analyze {self.table}_longest")
        size = self._db.execute("select pg_total_relation_size(%s::text::regclass)", [self.table]).fetchone()
        self.close()
        return int(size[0]) if size else 0

    def append(self, late: Mapping[str, Any]) -> None:
        self._copy(late, "")
        self._db.execute(
            f"""insert into {self.table}_longest select place, max(e - s) from {self.table} where place = any(%s)
            group by place on conflict (place) do update set longest = excluded.longest""",
            [np.unique(late["place"]).tolist()],
        )

    def _copy(self, stays: Mapping[str, Any], options: str) -> None:
        with self._db.cursor() as cursor:
            with_options = f"format binary{', ' + options if options else ''}"
            with cursor.copy(f"copy {self.table} from stdin ({with_options})") as copy:
                copy.write(_SIGNATURE)
                for piece in _rows(stays):
                    copy.write(piece)
                copy.write(b"\xff\xff")

    # --- the questions -----------------------------------------------------------------------------------------------

    def ask(self, work: str, cases: Sequence[int]) -> Columns | Sums:
        self._db.execute("drop table if exists c")
        self._db.execute(
            f"""create temp table c as select a.case_no - 1 as case_no, p.person, p.place,
            greatest(p.s, {WINDOW[0]}) as s, least(p.e, {WINDOW[1]}) as e
            from unnest(%s::int[]) with ordinality a(person, case_no) join {self.table} p on p.person = a.person
            where p.e > {WINDOW[0]} and p.s < {WINDOW[1]}""",
            [list(cases)],
        )
        self._db.execute("analyze c")
        if work == "Q3":
            return self._rings(cases[0])
        if work == "Q2-1000":
            return self._sums(self._met(LAG_S), "person", "overlap", "first")
        ranked = f"select * from ({self._met(LAG_S)}) met order by case_no, overlap desc, person"
        return self._table(ranked, ("case_no", "person", "overlap", "first"))

    def _met(self, lag_s: int, and_also: str = "") -> str:
        shared = "greatest(0, least(p.e, c.e) - greatest(p.s, c.s))"
        return f"""select c.case_no::bigint, p.person::bigint, sum({shared})::bigint as overlap,
            min(greatest(p.s, c.s))::bigint as first
            from c join {self.table}_longest l on l.place = c.place
            join {self.table} p on {self.meets.format(lag=lag_s)} and p.person <> c.person {and_also}
            group by c.case_no, p.person"""

    def _rings(self, case: int) -> Sums:
        self._db.execute("drop table if exists f, own")
        self._db.execute(
            f"create temp table f as select person, first from ({self._met(LAG_S)}) m where overlap >= {ENOUGH_S}"
        )
        self._db.execute("alter table c rename to own")
        self._db.execute(
            f"""create temp table c as select p.person as case_no, p.person, p.place, greatest(p.s, f.first)::int as s, p.e
            from f join {self.table} p on p.person = f.person where p.e > f.first"""
        )
        self._db.execute("analyze c")
        long_enough = f"select * from ({self._met(0, f'and p.person <> {case}')}) met where overlap >= {ENOUGH_S}"
        by_person = f"""select person, count(*) as links, sum(overlap)::bigint as overlap, min(first) as first
            from ({long_enough}) long_enough group by person"""
        return self._sums(by_person, "links", "overlap", "first")

    def _sums(self, sql: str, *columns: str) -> Sums:
        asked = ", ".join(f"coalesce(sum({column}), 0)" for column in columns)
        row = self._db.execute(f"select count(*), {asked} from ({sql}) answer").fetchone()
        assert row is not None
        return Sums(int(row[0]), tuple(int(value) for value in row[1:]))

    def _table(self, sql: str, names: Sequence[str]) -> Columns:
        """The answer in COPY's binary form: a head, rows of bigint, an end of two bytes."""
        with self._db.cursor() as cursor, cursor.copy(f"copy ({sql}) to stdout (format binary)") as copy:
            content = b"".join(bytes(piece) for piece in copy)
        rows = np.frombuffer(content[len(_SIGNATURE) : -2], dtype=_row_of(names, ">i8"))
        return {name: rows[name] for name in names}


class Btree(Gist):
    """A covering btree over (place, start) instead."""

    works: Sequence[str] = ("Q1", "Q2-100")
    table = "stays_btree"
    index = "create index on stays_btree(place, s) include (e, person)"
    meets = "p.place = c.place and p.s < c.e + {lag} and p.s > c.s - l.longest and p.e > c.s"


def _row_of(names: Sequence[str], kind: str) -> np.dtype[Any]:
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name in names:
        fields += [(f"{name}_length", ">i4"), (name, kind)]
    return np.dtype(fields)


def _rows(stays: Mapping[str, NDArray[Any]]) -> Iterator[memoryview]:
    """The stays by (place, start) as rows of COPY's binary form, piece by piece."""
    order = np.lexsort((stays["start"], stays["place"]))
    for at in range(0, len(order), _PIECE):
        chosen = order[at : at + _PIECE]
        rows = np.zeros(len(chosen), dtype=_row_of(COLUMNS, ">i4"))
        rows["fields"] = len(COLUMNS)
        for name in COLUMNS:
            rows[f"{name}_length"] = 4
            rows[name] = stays[name][chosen]
        yield rows.view(np.uint8).data
