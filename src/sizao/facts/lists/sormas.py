"""SORMAS import and export files of cases and of contacts: property paths as headings, sometimes under a row of
entity names.

Names, addresses and dates of birth go nowhere. A person whom the file gives no id gets a number within the list,
`person:<list>-<n>`; `<list>` is a digest of what was kept of the rows, so the same file gives the same people however
its rows are ordered, and another file never the same ones. Ids are compared without outer blanks and letter case, as
SORMAS itself does.

SORMAS writes DD.MM.YYYY by default, but not every server does: see `days`.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from sizao.errors import FactsError, Where
from sizao.facts.intake.mapping import Refusal
from sizao.facts.intake.tables import Table
from sizao.facts.kinds import Exposure, Fact, Grade, How
from sizao.facts.lists.cases import Case, case_facts, case_summary, sexes
from sizao.facts.lists.columns import found_in, key_of
from sizao.facts.lists.contacts import AT_SOME_TIME, GRADE_NOT_SAID, TIME_UNKNOWN, end_of
from sizao.facts.lists.days import Moment
from sizao.facts.lists.linelist import class_of, sex_of, years_of
from sizao.facts.lists.numbers import span, spread
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
from sizao.facts.lists.words_used import DEAD, NO_CONTACT, disease, is_citizen_number
from sizao.when import Interval, Precision

CASES, CONTACTS = "sormas-cases", "sormas-contacts"
ENTITIES = frozenset(
    ("casedata", "person", "location", "symptoms", "contact", "epidata", "hospitalization", "sample", "pathogentest")
)
"""The names SORMAS writes above the field names, one over each column."""
_PERSON = {
    "sex": ("person.sex",), "age": ("person.approximateAge",), "age_type": ("person.approximateAgeType",),
    "death": ("person.deathDate",), "condition": ("person.presentCondition",), "disease": (), "region": (), "district": (),
    "uuid": (), "external_id": ("externalID",), "first_name": ("person.firstName",), "last_name": ("person.lastName",),
}  # fmt: skip
CASE_FIELDS = Fields(
    headings=_PERSON | {
        "report": ("reportDate",),
        "onset": ("symptoms.onsetDate",),
        "class": ("caseClassification",),
        "epid": ("epidNumber",),
    },
    dates=("report", "onset", "death"), needed=("report", "disease"), marks=("first_name", "onset", "epid"), day_first=True,
)  # fmt: skip
CONTACT_FIELDS = Fields(
    headings=_PERSON | {
        "report": ("reportDateTime",), "first": ("firstContactDate",), "last": ("lastContactDate",),
        "source": ("caseIdExternalSystem", "caze.uuid", "caseUuid"), "information": ("caseOrEventInformation",),
        "class": ("contactClassification",), "relation": ("relationToCase",),
    },
    dates=("report", "first", "last", "death"), needed=("report",), first_wins=("source",),
    marks=("report", "last", "source", "class"), day_first=True,
)  # fmt: skip


class SormasContact(NamedTuple):
    """One contact as the file tells it; `source` is the id of the case, None when the file does not resolve it."""

    id: str
    source: str | None = None
    why: str | None = None
    report: Moment | None = None
    first: Moment | None = None
    last: Moment | None = None
    sex: str | None = None
    age: float | None = None


Row = TypeVar("Row", Case, SormasContact)


def recognises_cases(columns: Sequence[str]) -> int:
    """How well a header fits a SORMAS file of cases, also one that begins with the row of entity names."""
    if _of_entities(columns):
        return 30 if "casedata" in map(key_of, columns) else 0
    return _fit(columns, CASE_FIELDS, "reportDate", "person.firstName")


def recognises_contacts(columns: Sequence[str]) -> int:
    """How well a header fits a SORMAS file of contacts, also one that begins with the row of entity names."""
    if _of_entities(columns):
        return 30 if "contact" in map(key_of, columns) and "casedata" not in map(key_of, columns) else 0
    return _fit(columns, CONTACT_FIELDS, "reportDateTime", "person.firstName")


def _fit(columns: Sequence[str], fields: Fields, *headings: str) -> int:
    if any(heading not in columns for heading in headings):
        return 0
    found = found_in(columns, fields.headings)
    return len(found) + 9 * len(found & set(fields.marks))


def read_cases(table: Table, options: ListOptions) -> ListRead:
    """A SORMAS file of cases as facts, refusals and a summary."""
    sheet, captions = _opened(table, CASE_FIELDS, options)
    taken = _rows(sheet, _case)
    facts, notes = case_facts(taken.records, options)
    summary = case_summary(taken.records) | {"persons": len({case.id for case in taken.records})}
    return _list_read(CASES, sheet, taken, facts, summary, notes + captions)


def read_contacts(table: Table, options: ListOptions) -> ListRead:
    """A SORMAS file of contacts as facts, refusals and a summary; each contact is an exposure as told, of the least
    grade.
    """
    sheet, captions = _opened(table, CONTACT_FIELDS, options)
    taken = _rows(sheet, _contact)
    facts = [_exposure(contact, options) for contact in taken.records]
    notes = captions + Counter(flag for fact in facts for flag in fact.flags)
    return _list_read(CONTACTS, sheet, taken, list(facts), _contact_summary(taken.records), notes)


# --- the header rows --------------------------------------------------------------------------------------------------


def _of_entities(columns: Sequence[str]) -> bool:
    return bool(columns) and all(key_of(heading) in ENTITIES for heading in columns)


def _opened(table: Table, fields: Fields, options: ListOptions) -> tuple[Sheet, Counter[str]]:
    """The sheet below its header rows: under entity names stand the field names, and there may be a row of captions."""
    if not _of_entities(table.columns):
        return open_sheet(table, fields, options), Counter()
    if not table.rows:
        raise FactsError("F319", where=Where(file=table.file, row=1))
    captions = len(table.rows) > 1 and _is_captions(table.rows[1])
    start = 2 if captions else 1
    columns = tuple(cell.strip() for cell in table.rows[0])
    below = replace(table, columns=columns, rows=table.rows[start:], row_numbers=table.row_numbers[start:])
    return open_sheet(below, fields, options), Counter({"list.captions": int(captions)})


def _is_captions(cells: Sequence[str]) -> bool:
    """The headings once more, for people: every cell filled, and no digit anywhere."""
    return all(cell.strip() for cell in cells) and not any(mark.isdigit() for cell in cells for mark in cell)


# --- rows -------------------------------------------------------------------------------------------------------------


class _Taken(NamedTuple):
    """The different records of a file, each with an id; how many rows repeat one; how many got a number; the refusals;
    the first row of each id.
    """

    records: list[Any]
    joined: int
    numbered: int
    refusals: list[Refusal]
    first_rows: dict[str, int]


def _rows(sheet: Sheet, read: Callable[[Sheet, int, Sequence[str]], Row]) -> _Taken:
    entries: list[Entry[Row]] = []
    unnamed: dict[tuple[str, ...], Row] = {}
    refusals, repeated, table = broken_rows(sheet.table), 0, sheet.table
    for row, cells in zip(table.row_numbers, table.rows, strict=True):
        try:
            record = read(sheet, row, cells)
        except FactsError as error:
            refusals.append(refused(error))
            continue
        if record.id:
            entries.append(Entry(row, sheet.heading("external_id"), record.id, record.id, record))
        else:
            # Only all of a row, names included, tells two people without ids apart.
            repeated += cells in unnamed
            unnamed[cells] = record
    settled: Settled[Row] = settle(entries, table.file)
    numbered: list[Row] = _numbered(list(unnamed.values()), sheet.options)
    return _Taken(
        [*settled.records, *numbered], settled.joined + repeated, len(numbered), refusals + settled.refusals,
        settled.first_rows,
    )  # fmt: skip


def _numbered(records: Sequence[Row], options: ListOptions) -> list[Row]:
    """Numbers for people without an id, by what is kept of their rows; equal rows get numbers that differ in nothing else."""
    kept: list[tuple[str, Row]] = sorted(((_kept(record), record) for record in records), key=lambda one: one[0])
    content = "\n".join((options.source, *(text for text, _ in kept)))
    name = hashlib.sha256(options.salt + content.encode()).hexdigest()[:12]
    numbered: list[Row] = [record._replace(id=f"{name}-{number}") for number, (_, record) in enumerate(kept, start=1)]
    return numbered


def _kept(record: Case | SormasContact) -> str:
    """What a record says. Fields it does not know are left out, so that a field added later changes no id."""
    return repr(
        {name: value for name, value in record._asdict().items() if value != record._field_defaults.get(name, "")}
    )


def _id(sheet: Sheet, row: int, cells: Sequence[str], *names: str) -> str:
    """The first id that a row has, blanks and letter case set aside; empty when it has none."""
    for name in names:
        text = sheet.text(name, cells)
        if is_citizen_number(text):
            raise FactsError("F311", where=sheet.where(name, row), value=text[:6] + "…")
        if text:
            return unicodedata.normalize("NFKC", text).casefold()
    return ""


def _years(sheet: Sheet, row: int, cells: Sequence[str]) -> float | None:
    return years_of(sheet, "age", row, cells) if sheet.text("age_type", cells).casefold() in ("", "years") else None


def _area(sheet: Sheet, cells: Sequence[str]) -> str | None:
    return "/".join(text for name in ("region", "district") if (text := sheet.text(name, cells))) or None


def _case(sheet: Sheet, row: int, cells: Sequence[str]) -> Case:
    report, onset, death = (sheet.moment(name, row, cells) for name in ("report", "onset", "death"))
    if report is None and onset is None:
        sheet.refuse("F313", "report", row, cells, wanted="reportDate, symptoms.onsetDate")
    said = sheet.text("disease", cells)
    return Case(
        id=_id(sheet, row, cells, "uuid", "external_id", "epid"), sex=sex_of(sheet, "sex", row, cells),
        age=_years(sheet, row, cells), onset=onset, report=report, death=death,
        dead=death is not None or key_of(sheet.text("condition", cells)) in DEAD,
        told_class=class_of(sheet, "class", row, cells), disease=disease(said) if said else None, area=_area(sheet, cells),
    )  # fmt: skip


def _contact(sheet: Sheet, row: int, cells: Sequence[str]) -> SormasContact:
    moments = {name: sheet.moment(name, row, cells) for name in ("report", "first", "last")}
    if not any(moments.values()):
        sheet.refuse("F313", "report", row, cells, wanted="reportDateTime, lastContactDate")
    if key_of(sheet.text("class", cells)) in NO_CONTACT:
        sheet.refuse("F320", "class", row, cells)
    first, last = moments["first"], moments["last"]
    if first and last and last.instant < first.instant:
        sheet.refuse("F314", "last", row, cells, begins=first.day.isoformat())
    said = [text for name in ("relation", "information") if (text := sheet.text(name, cells))]
    return SormasContact(
        id=_id(sheet, row, cells, "uuid", "external_id"), source=_id(sheet, row, cells, "source") or None,
        why="; ".join(said) or None, sex=sex_of(sheet, "sex", row, cells), age=_years(sheet, row, cells), **moments,
    )  # fmt: skip


# --- facts and numbers ------------------------------------------------------------------------------------------------


def _exposure(contact: SormasContact, options: ListOptions) -> Exposure:
    flags = [GRADE_NOT_SAID]
    first, last = contact.first or contact.last, contact.last or contact.first
    if contact.source is None:
        flags.append("list.source_unresolved")
    if first and last:
        when = Interval(first.instant, end_of(last, options.zone))
    else:
        assert contact.report is not None
        when = Interval(AT_SOME_TIME.start, end_of(contact.report, options.zone))
        flags.append(TIME_UNKNOWN)
    # An unresolved case is somebody of whom nothing is known, another one for each contact.
    case = contact.source or f"{contact.id}-source"
    fact = options.fact(
        Exposure, subject=options.person(contact.id), at=when.start, precision=first.precision if first else Precision.DAY,
        case=options.person(case), how=How.TOLD, grade=Grade.GENERAL, first=when.start, last=when.end, by=options.source,
        why=contact.why, flags=tuple(flags),
    )  # fmt: skip
    assert isinstance(fact, Exposure)
    return fact


def _contact_summary(contacts: Sequence[SormasContact]) -> dict[str, Any]:
    reports = [contact.report.day for contact in contacts if contact.report]
    sources = [contact.source for contact in contacts if contact.source]
    return {
        "contacts": len(contacts), **sexes(contact.sex for contact in contacts),
        "age": spread([contact.age for contact in contacts if contact.age is not None]), "with_source_case": len(sources),
        "source_cases": len(set(sources)), "source_unresolved": len(contacts) - len(sources), **span("report", reports),
        "last_contact_known": sum(contact.last is not None for contact in contacts),
    }  # fmt: skip


def _list_read(
    name: str, sheet: Sheet, taken: _Taken, facts: list[Fact], summary: dict[str, Any], *notes: Counter[str]
) -> ListRead:
    numbered = Counter({"list.person_numbered": taken.numbered})
    return ListRead(
        mapping=name, facts=in_order(facts), rows=sheet.table.total, joined=taken.joined,
        refusals=tuple(sorted(taken.refusals, key=lambda one: one.row)),
        summary=summary | {"identity_columns_kept_out": list(sheet.identities)},
        notes=counted(sum(notes, sheet.notes() + numbered)), unread=tuple(sheet.unread), first_rows=taken.first_rows,
    )  # fmt: skip
