"""Lists of contacts: one row for each link from a case to a person (`from`, `to`, what kind of exposure).

A link is what somebody told: an `Exposure` with `how = told`, by the source of the list. It is a reason to enquire
and binds nobody by itself. A list that does not grade its contacts gives the least grade; one that does not say when
gives an exposure that began and ended at some unknown time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sizao.errors import FactsError
from sizao.facts.intake.mapping import Refusal
from sizao.facts.intake.tables import Table
from sizao.facts.kinds import Exposure, Grade, How
from sizao.facts.lists.cases import Case
from sizao.facts.lists.columns import found_in, key_of
from sizao.facts.lists.days import Moment
from sizao.facts.lists.linelist import case_id
from sizao.facts.lists.numbers import by_count, graph, spread
from sizao.facts.lists.shapes import (
    Entry,
    ListOptions,
    ListRead,
    Settled,
    broken_rows,
    counted,
    in_order,
    refused,
    settle,
)
from sizao.facts.lists.sheet import Fields, Sheet, open_sheet
from sizao.facts.lists.words_used import GRADES
from sizao.when import DAY_S, OPEN, Instant, Interval, Precision, day_span

NAME = "contacts"
HEADINGS = {
    "from": (
        "from_id", "source", "source_id", "source_case", "infector", "传染源", "传染来源", "源病例", "来源病例",
        "指示病例",
    ),
    "to": (
        "to_id", "target", "target_id", "infectee", "contact", "contact_id", "被感染者", "接触者", "接触者编号",
        "密接", "密接编号",
    ),
    "exposure": ("exposure_type", "setting", "接触方式", "暴露方式", "接触类型", "暴露类型", "暴露场所"),
    "first": (
        "first_contact", "date_first_contact", "date_of_first_contact", "contact_from", "首次接触日期",
        "接触开始日期", "开始接触时间",
    ),
    "last": (
        "last_contact", "date_last_contact", "date_of_last_contact", "contact_date", "date_of_contact",
        "contact_until", "末次接触日期",
        "最后接触日期", "末次接触时间", "接触日期",
    ),
    "grade": ("contact_grade", "contact_category", "接触等级", "密接分类", "接触者分类", "人员类别"),
    "onset_difference": ("diff_dt_onset", "发病间隔"),
}  # fmt: skip
FIELDS = Fields(headings=HEADINGS, dates=("first", "last"), needed=("from", "to"), marks=("from", "to"))
AT_SOME_TIME = Interval(Instant(0), OPEN)
"""When something happened of which no time is known: between 1970 and no end, flagged, and never shown as a date."""
TIME_UNKNOWN = "list.time_unknown"
GRADE_NOT_SAID = "list.grade_not_said"


class Link(NamedTuple):
    """One link as its list tells it. `exposure` is the cell as it stands; `difference` the days between the onsets,
    as stated.
    """

    source: str
    target: str
    exposure: str = ""
    first: Moment | None = None
    last: Moment | None = None
    grade: Grade | None = None
    difference: int | None = None


class Links(NamedTuple):
    """The links of a list as read, before facts."""

    sheet: Sheet
    settled: Settled[Link]
    refusals: list[Refusal]


def recognises(columns: Sequence[str]) -> int:
    """How well a header fits a list of contacts: it has both ends of a link."""
    found = found_in(columns, HEADINGS)
    return len(found) + 18 if {"from", "to"} <= found else 0


def read(table: Table, options: ListOptions) -> ListRead:
    """A list of contacts as facts, refusals and a summary. Refuses a file without both ends of the links (F301)."""
    return read_of(links_of(table, options))


def links_of(table: Table, options: ListOptions) -> Links:
    """The links of a list, row by row taken or refused."""
    sheet = open_sheet(table, FIELDS, options)
    entries: list[Entry[Link]] = []
    refusals = broken_rows(table)
    for row, cells in zip(table.row_numbers, table.rows, strict=True):
        try:
            link = _link(sheet, row, cells)
        except FactsError as error:
            refusals.append(refused(error))
        else:
            # Two people may have met twice, so a link is known by all it says.
            entries.append(Entry(row, sheet.heading("to"), link.target, link, link))
    return Links(sheet, settle(entries, table.file), refusals)


def read_of(links: Links, cases: Mapping[str, Case] | None = None) -> ListRead:
    """What became of a list of contacts. With the cases of its line list a link without times takes the infected
    person's window of exposure.
    """
    sheet, records = links.sheet, links.settled.records
    notes = sheet.notes()
    facts = [_exposure(link, sheet.options, (cases or {}).get(link.target)) for link in records]
    for fact in facts:
        notes.update(fact.flags)
    return ListRead(
        mapping=NAME, facts=in_order(facts), rows=sheet.table.total, joined=links.settled.joined,
        refusals=tuple(sorted(links.refusals, key=lambda one: one.row)),
        summary=link_summary(records) | {"identity_columns_kept_out": list(sheet.identities)}, notes=counted(notes),
        unread=tuple(sheet.unread), first_rows=links.settled.first_rows,
    )  # fmt: skip


def link_summary(links: Sequence[Link]) -> dict[str, Any]:
    """The numbers of a list of contacts; `onset_difference` as the list states it, in days."""
    return {
        "contact_rows": len(links), **graph((link.source, link.target) for link in links),
        "onset_difference": spread([float(link.difference) for link in links if link.difference is not None]),
        "exposure_types": by_count(Counter(link.exposure for link in links if link.exposure.strip())),
    }  # fmt: skip


def _link(sheet: Sheet, row: int, cells: Sequence[str]) -> Link:
    first, last = sheet.moment("first", row, cells), sheet.moment("last", row, cells)
    source, target = case_id(sheet, "from", row, cells), case_id(sheet, "to", row, cells)
    if source == target:
        sheet.refuse("F317", "to", row, cells)
    if first and last and last.instant < first.instant:
        sheet.refuse("F314", "last", row, cells, begins=first.day.isoformat())
    grade = sheet.text("grade", cells)
    if grade and key_of(grade) not in GRADES:
        sheet.refuse("F318", "grade", row, cells, known=", ".join(Grade))
    return Link(
        source=source, target=target, exposure=sheet.raw("exposure", cells) if sheet.text("exposure", cells) else "",
        first=first, last=last, grade=GRADES[key_of(grade)] if grade else None, difference=_days(sheet, row, cells),
    )  # fmt: skip


def _days(sheet: Sheet, row: int, cells: Sequence[str]) -> int | None:
    text = sheet.text("onset_difference", cells)
    try:
        return int(text) if text else None
    except ValueError:
        sheet.leave("onset_difference", row, cells)
        return None


def _exposure(link: Link, options: ListOptions, infected: Case | None) -> Exposure:
    flags = [] if link.grade else [GRADE_NOT_SAID]
    first, last = link.first or link.last, link.last or link.first
    if not (first and last) and infected and infected.exposed_from and infected.exposed_until:
        first, last = infected.exposed_from, infected.exposed_until
        flags.append("list.time_from_line_list")
    when = AT_SOME_TIME
    if first and last:
        when = Interval(first.instant, end_of(last, options.zone))
    else:
        flags.append(TIME_UNKNOWN)
    fact = options.fact(
        Exposure, subject=options.person(link.target), at=when.start, precision=first.precision if first else Precision.DAY,
        case=options.person(link.source), how=How.TOLD, grade=link.grade or Grade.GENERAL, first=when.start, last=when.end,
        by=options.source, why=link.exposure.strip() or None, flags=tuple(flags),
    )  # fmt: skip
    assert isinstance(fact, Exposure)
    return fact


def end_of(moment: Moment, zone_name: str) -> Instant:
    """The first instant after a moment that is known as exactly as it says: of a day, the next midnight."""
    if moment.precision is Precision.DAY:
        return day_span(moment.day, zone_name).end
    seconds = {Precision.HOUR: DAY_S // 24, Precision.MINUTE: 60}.get(moment.precision, 1)
    return Instant(moment.instant + seconds)
