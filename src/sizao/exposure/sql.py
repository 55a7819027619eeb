"""The definition of `engine.py` as a few named SQL steps that an auditor can read, and that DuckDB and Spark both run unchanged.

Every value arrives as a table, never inside the text: the cases, the stays and spots told by notices, the stays known, and
the contact rules. All numbers are BIGINT (`cumulative` and `same_zone` are BOOLEAN); times are UTC seconds and intervals
half-open. The steps keep to what both engines read alike: `greatest`, `least`, `coalesce`, `min`, `max`, `sum`, `count`,
`row_number`, `case`, and casts to BIGINT; no dates, no strings, no lists, no floating point, no semi-joins. Tests hold them to
that, and to the reference.

The text itself is evidence: `SQL_DIGEST` names it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sizao.errors import ExposureError


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One named table: what it `says` in a sentence, its SQL, and whether a runner stores it (`keep`) or inlines it."""

    name: str
    says: str
    sql: str
    keep: bool = False


INPUTS = {
    "cases": ("case_no", "person", "from_s", "until_s"),
    "told_stays": ("told_row", "case_no", "stay", "place", "start_s", "end_s"),
    "told_spots": ("told_row", "zone", "row_lo", "row_hi"),
    "stays": ("stay", "person", "place", "kind", "start_s", "end_s", "zone", "seat_row", "flags"),
    "contact_rules": (
        "rule", "kind", "from_s", "until_s", "min_overlap_s", "cumulative", "same_zone", "row_distance", "lag_s", "rule_order",
    ),
}  # fmt: skip
"""The tables the steps read, with their columns. `told_row` is the row of `cases.stays`; a stay's `flags` are 0 to 3."""

CASE_STAYS = Step(
    name="case_stays",
    says="The stays of each case inside its window: those its notice told, or else its own stays on record.",
    keep=True,
    sql="""
select x.case_no, x.case_person, x.told_row, x.case_stay, x.place, x.start_s, x.end_s, x.end_s + lag.longest_s as reach_s,
       x.zone, x.seat_row, x.open_end, x.over_long
from (select t.case_no, c.person as case_person, t.told_row,
             case when t.stay >= 0 then t.stay else -1 - t.told_row end as case_stay, t.place,
             greatest(t.start_s, c.from_s) as start_s, least(t.end_s, c.until_s) as end_s,
             -1 as zone, -1 as seat_row, 0 as open_end, 0 as over_long
      from told_stays t
      join cases c on c.case_no = t.case_no
      union all
      select c.case_no, c.person as case_person, -1 as told_row, s.stay as case_stay, s.place,
             greatest(s.start_s, c.from_s) as start_s, least(s.end_s, c.until_s) as end_s, s.zone, s.seat_row,
             case when s.flags in (1, 3) then 1 else 0 end as open_end,
             case when s.flags in (2, 3) then 1 else 0 end as over_long
      from cases c
      join stays s on s.person = c.person
      left join (select case_no from told_stays group by case_no) told on told.case_no = c.case_no
      where told.case_no is null) x
cross join (select coalesce(max(lag_s), 0) as longest_s from contact_rules where min_overlap_s = 0) lag
where x.start_s < x.end_s""",
)

CASE_SPOTS = Step(
    name="case_spots",
    says="Where the case may have sat in each of its stays: the spots told, or its zone and row on record, or one unknown spot.",
    keep=True,
    sql="""
select c.case_no, c.told_row, c.case_stay, coalesce(p.zone, c.zone) as zone,
       coalesce(p.row_lo, c.seat_row) as row_lo, coalesce(p.row_hi, c.seat_row) as row_hi
from case_stays c
left join told_spots p on p.told_row = c.told_row""",
)

MEETINGS = Step(
    name="meetings",
    says="Stays of other people at the same place that share time with a case stay, or begin within the longest lag after it.",
    sql="""
select c.case_no, s.person, c.told_row, c.case_stay, s.stay, s.place, s.kind, s.zone, s.seat_row,
       greatest(c.start_s, s.start_s) as began_s,
       greatest(c.start_s, s.start_s, least(c.end_s, s.end_s)) as ended_s,
       greatest(0, least(c.end_s, s.end_s) - greatest(c.start_s, s.start_s)) as overlap_s,
       case when s.start_s >= c.end_s then 1 else 0 end as lagged,
       s.start_s - c.end_s as late_s,
       greatest(c.open_end, case when s.flags in (1, 3) then 1 else 0 end) as open_end,
       greatest(c.over_long, case when s.flags in (2, 3) then 1 else 0 end) as over_long
from case_stays c
join stays s on s.place = c.place
 and s.start_s < c.reach_s
 and s.end_s > c.start_s
 and s.person <> c.case_person""",
)

RULED = Step(
    name="ruled",
    says="Each meeting with each rule that speaks of its kind of place on that day, and whose lag and minutes per stay it keeps.",
    keep=True,
    sql="""
select m.case_no, m.person, m.told_row, m.case_stay, m.stay, m.place, m.zone, m.seat_row,
       m.began_s, m.ended_s, m.overlap_s, m.lagged, m.open_end, m.over_long,
       r.rule, r.rule_order, r.cumulative, r.min_overlap_s, r.same_zone, r.row_distance
from meetings m
join contact_rules r on r.kind = m.kind
 and r.from_s <= m.began_s and m.began_s < r.until_s
 and (m.lagged = 0 or (r.min_overlap_s = 0 and m.late_s < r.lag_s))
 and (r.cumulative or m.overlap_s >= r.min_overlap_s)""",
)

JUDGED = Step(
    name="judged",
    says="Whether the meeting fits the rule: at once where seats do not matter, else by any spot; or open, a seat being unknown.",
    keep=True,
    sql="""
select case_no, person, told_row, case_stay, stay, place, began_s, ended_s, overlap_s, lagged, open_end, over_long,
       rule, rule_order, cumulative, min_overlap_s, 1 as fits
from ruled
where not same_zone and row_distance < 0
union all
select u.case_no, u.person, u.told_row, u.case_stay, u.stay, u.place, u.began_s, u.ended_s, u.overlap_s,
       u.lagged, u.open_end, u.over_long, u.rule, u.rule_order, u.cumulative, u.min_overlap_s,
       max(case when (not u.same_zone or (p.zone >= 0 and p.zone = u.zone))
                 and (u.row_distance < 0 or (p.row_lo >= 0 and u.seat_row >= 0
                      and u.seat_row >= p.row_lo - u.row_distance and u.seat_row <= p.row_hi + u.row_distance))
                then 1 else 0 end) as fits
from ruled u
join case_spots p on p.case_no = u.case_no and p.told_row = u.told_row and p.case_stay = u.case_stay
where (u.same_zone or u.row_distance >= 0)
  and (not u.same_zone or p.zone < 0 or u.zone < 0 or p.zone = u.zone)
  and (u.row_distance < 0 or p.row_lo < 0 or u.seat_row < 0
       or (u.seat_row >= p.row_lo - u.row_distance and u.seat_row <= p.row_hi + u.row_distance))
group by u.case_no, u.person, u.told_row, u.case_stay, u.stay, u.place, u.began_s, u.ended_s, u.overlap_s,
         u.lagged, u.open_end, u.over_long, u.rule, u.rule_order, u.cumulative, u.min_overlap_s""",
)

PAIR_RULES = Step(
    name="pair_rules",
    says="The most severe rule that each pair of case and person satisfies, minutes summed where the rule is cumulative.",
    sql="""
select case_no, person, rule, rule_order
from (select case_no, person, rule, rule_order,
             row_number() over (partition by case_no, person order by rule_order, rule) as choice
      from (select case_no, person, rule, rule_order
            from judged
            where fits = 1
            group by case_no, person, rule, rule_order, cumulative, min_overlap_s
            having not cumulative or sum(overlap_s) >= min_overlap_s) satisfied) ranked
where choice = 1""",
)

OPEN_RULES = Step(
    name="open_rules",
    says="For each meeting, the most severe rule that could not be applied because a zone or a row is unknown.",
    sql="""
select case_no, told_row, case_stay, stay, rule, rule_order
from (select case_no, told_row, case_stay, stay, rule, rule_order,
             row_number() over (partition by case_no, told_row, case_stay, stay order by rule_order, rule) as choice
      from judged
      where fits = 0) ranked
where choice = 1""",
)

QUALIFYING = Step(
    name="qualifying",
    says="The meetings that fit the pair's rule, and whether a more severe rule was open for them.",
    keep=True,
    sql="""
select j.case_no, j.person, j.case_stay, j.stay, j.place, j.began_s, j.ended_s, j.overlap_s, j.rule, j.rule_order,
       j.open_end, j.over_long, j.lagged,
       case when o.rule_order < j.rule_order or (o.rule_order = j.rule_order and o.rule < j.rule)
            then 1 else 0 end as seat_unknown
from judged j
join pair_rules r on r.case_no = j.case_no and r.person = j.person and r.rule = j.rule
left join open_rules o on o.case_no = j.case_no and o.told_row = j.told_row
 and o.case_stay = j.case_stay and o.stay = j.stay
where j.fits = 1""",
)

PAIRS = Step(
    name="pairs",
    says="One row per exposed person and case: the rule, seconds together, first and last moment, meetings, flags, and its rank.",
    keep=True,
    sql="""
select case_no, person, rule_order, rule, overlap_s, first_s, last_s, meetings, flags,
       row_number() over (partition by case_no order by rule_order, overlap_s desc, person) as rank_in_case
from (select case_no, person, rule_order, rule, cast(sum(overlap_s) as bigint) as overlap_s,
             min(began_s) as first_s, max(ended_s) as last_s, count(*) as meetings,
             max(open_end) + 2 * max(over_long) + 4 * max(lagged) + 8 * max(seat_unknown) as flags
      from qualifying
      group by case_no, person, rule_order, rule) summed""",
)

EVIDENCE = Step(
    name="evidence",
    says="Every meeting that counted, with the two stay ids, the moments it began and ended, and the rule it fits.",
    keep=True,
    sql="""
select q.case_no, q.person, q.case_stay, q.stay, q.place, q.began_s, q.ended_s, q.overlap_s, q.rule,
       q.open_end + 2 * q.over_long + 4 * q.lagged + 8 * q.seat_unknown as flags, p.rank_in_case
from qualifying q
join pairs p on p.case_no = q.case_no and p.person = q.person""",
)

STEPS: tuple[Step, ...] = (
    CASE_STAYS,
    CASE_SPOTS,
    MEETINGS,
    RULED,
    JUDGED,
    PAIR_RULES,
    OPEN_RULES,
    QUALIFYING,
    PAIRS,
    EVIDENCE,
)
"""In the order they run. Each reads only tables of `INPUTS` and of steps before it."""

REDUCING = STEPS[STEPS.index(PAIR_RULES) :]
"""The steps after `judged`: what is left to do when meetings were judged elsewhere, in shards."""


def digest_of(steps: Sequence[Step]) -> str:
    """SHA-256 over names and texts, in order, as lower-case hex."""
    return hashlib.sha256(
        "\0".join(part for step in steps for part in (step.name, step.sql)).encode("utf-8")
    ).hexdigest()


SQL_DIGEST = digest_of(STEPS)


def step_named(name: str) -> Step:
    """The step of that name. Refuses a name that is none (E171)."""
    for step in STEPS:
        if step.name == name:
            return step
    raise ExposureError("E171", step=name)


def script_of(step: Step, before: Sequence[Step]) -> str:
    """The step's statement with the inlined steps it may need before it, as one `with` query.

    `before` are the steps between the last kept one and this one; every text comes from this file.
    """
    inlined = [f"{earlier.name} as ({earlier.sql})" for earlier in before]
    return f"with {', '.join(inlined)}\n{step.sql}" if inlined else step.sql
