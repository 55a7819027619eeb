"""DuckDB as a user would ask it: the naive range join, and a better form: narrow columns, cases' stays in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bench.data import DAY, WINDOW, City
from bench.works import CROWD, ENOUGH_S, LAG_S

FIRST_AT, LAST_AT = WINDOW


class PlaceForm:
    """One file with a copy sorted by (place, start) and one by (person, start), int32 throughout."""

    works: Sequence[str] = ("Q1", "Q1 hot", "Q2-100", "Q2-1000", "Q3", "Q4")
    kind = "integer"
    moment = "{}"
    lag = f"{LAG_S}"

    def __init__(self, city: City, folder: Path) -> None:
        self._city, self._file = city, folder / "stays.duckdb"
        self._file.parent.mkdir(parents=True, exist_ok=True)

    def open(self) -> None:
        self._db = duckdb.connect(str(self._file))
        self._do("set preserve_insertion_order = false")

    def close(self) -> None:
        self._db.close()

    def _do(self, sql: str) -> None:
        self._db.execute(sql).fetchall()

    def _table(self, sql: str) -> pa.Table:
        return self._db.sql(sql).to_arrow_table()

    def ingest(self) -> int:
        self.open()
        self._db.register("reported", pa.table(dict(self._city.columns())))
        for name, order in (("by_place", "place, s"), ("by_person", "person, s")):
            self._do(f"create table {name} as {self._typed()} from reported order by {order}")
        self._db.unregister("reported")
        self._do("checkpoint")
        self.close()
        return self._file.stat().st_size

    def _typed(self) -> str:
        kind = self.kind
        return (
            f"select person::{kind} as person, place::{kind} as place, "
            f"{self.moment.format(chr(34) + 'start' + chr(34))} as s, {self.moment.format(chr(34) + 'end' + chr(34))} as e"
        )

    def append(self, late: Mapping[str, Any]) -> None:
        self._db.register("reported", pa.table(dict(late)))
        for name, order in (("by_place", "place, s"), ("by_person", "person, s")):
            self._do(f"insert into {name} {self._typed()} from reported order by {order}")
        self._db.unregister("reported")

    def ask(self, work: str, cases: Sequence[int]) -> pa.Table:
        if work == "Q3":
            return self._rings(cases[0])
        if work == "Q4":
            return self._crowd()
        self._case_stays(cases)
        return self._table(f"{self._met()} order by case_no, overlap desc, person")

    # --- the questions -----------------------------------------------------------------------------------------------

    def _case_stays(self, cases: Sequence[int]) -> None:
        since, until = (self.moment.format(at) for at in (FIRST_AT, LAST_AT))
        self._db.register("asked", pa.table({"case_no": range(len(cases)), "person": list(cases)}))
        self._do(
            f"""create or replace temp table c as
            select a.case_no::integer as case_no, s.person, s.place, greatest(s.s, {since}) as s, least(s.e, {until}) as e
            from asked a join by_person s on s.person = a.person where s.e > {since} and s.s < {until}"""
        )
        self._db.unregister("asked")

    def _seconds(self, later: str, earlier: str) -> str:
        return f"({later} - {earlier})"

    def _as_number(self, moment: str) -> str:
        return moment

    def _met(self) -> str:
        shared = self._seconds("least(p.e, c.e)", "greatest(p.s, c.s)")
        return f"""select c.case_no, p.person, sum(greatest(0, {shared}))::bigint as overlap,
            {self._as_number("min(greatest(p.s, c.s))")}::bigint as first
            from by_place p join c on p.place = c.place and p.s < c.e + {self.lag} and p.e > c.s and p.person <> c.person
            group by c.case_no, p.person"""

    def _rings(self, case: int) -> pa.Table:
        self._case_stays([case])
        shared = self._seconds("least(p.e, k.e)", "greatest(p.s, k.s)")
        self._do(
            f"""create or replace temp table contacts as
            select s.person, s.place, greatest(s.s, {self.moment.format("f.first")}) as s, s.e
            from ({self._met()} having sum(greatest(0, {self._seconds("least(p.e, c.e)", "greatest(p.s, c.s)")})) >= {ENOUGH_S}) f
            join by_person s on s.person = f.person where s.e > {self.moment.format("f.first")}"""
        )
        return self._table(
            f"""select person, count(*) as links, sum(overlap)::bigint as overlap, min(first)::bigint as first from
            (select k.person as via, p.person, sum({shared}) as overlap,
                    {self._as_number("min(greatest(p.s, k.s))")} as first
             from by_place p join contacts k on p.place = k.place and p.s < k.e and p.e > k.s and p.person <> k.person
             where p.person <> {case} group by k.person, p.person having sum({shared}) >= {ENOUGH_S})
            group by person order by person"""
        )

    def _crowd(self) -> pa.Table:
        since, until = (self.moment.format(at) for at in DAY)
        self._do(
            f"""create or replace temp table d as
            with d as (select person, place, greatest(s, {since}) as s, least(e, {until}) as e from by_place
                       where e > {since} and s < {until}),
            steps as (select place, s as moment, 1 as step from d union all select place, e, -1 from d),
            level as (select place, sum(step) over (partition by place order by moment, step) as people from steps),
            crowded as (select place from level group by place having max(people) > {CROWD})
            select * from d where place not in (select place from crowded) and {self._seconds("e", "s")} >= {ENOUGH_S}"""
        )
        return self._table(
            f"""select distinct p.person, q.person as other from d p join d q on p.place = q.place and p.person < q.person
            and p.s < q.e and q.s < p.e and {self._seconds("least(p.e, q.e)", "greatest(p.s, q.s)")} >= {ENOUGH_S}"""
        )


class Naive(PlaceForm):
    """BIGINT and TIMESTAMP, the cases' stays inline: the first query somebody would write."""

    kind = "bigint"
    moment = "make_timestamp(({})::bigint * 1000000)"
    lag = f"interval {LAG_S} seconds"

    def ask(self, work: str, cases: Sequence[int]) -> pa.Table:
        if work in ("Q3", "Q4"):
            return super().ask(work, cases)
        since, until = (self.moment.format(at) for at in (FIRST_AT, LAST_AT))
        asked = f"(select unnest({list(cases)}) as person, unnest(range({len(cases)})) as case_no)"
        inline = f"""with c as (select a.case_no, s.person, s.place, greatest(s.s, {since}) as s, least(s.e, {until}) as e
            from {asked} a join by_person s on s.person = a.person where s.e > {since} and s.s < {until})"""
        return self._table(f"{inline} {self._met()} order by case_no, overlap desc, person")

    def _seconds(self, later: str, earlier: str) -> str:
        return f"date_diff('second', {earlier}, {later})"

    def _as_number(self, moment: str) -> str:
        return f"epoch_us({moment}) // 1000000"
