"""Follow-ups of contacts as Go.Data exports them: one row for each day a contact was to be seen.

A row becomes a `Reported` fact to the tracing team, `what = follow_up.<status>`; a follow-up that was missed or never
tried is one too, for it says what was not seen. Being seen is the status's word, not the column's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from sizao.errors import FactsError
from sizao.facts.intake.tables import Table
from sizao.facts.kinds import DataClass, Fact, Reported
from sizao.facts.lists.columns import found_in
from sizao.facts.lists.days import Moment
from sizao.facts.lists.linelist import case_id
from sizao.facts.lists.numbers import span
from sizao.facts.lists.shapes import Entry, ListOptions, ListRead, broken_rows, counted, in_order, refused, settle
from sizao.facts.lists.sheet import Fields, Sheet, open_sheet
from sizao.facts.lists.words_used import truth

NAME = "godata-followups"
SEEN = ("SEEN_OK", "SEEN_NOT_OK")
STATUSES = (*SEEN, "MISSED", "NOT_ATTEMPTED", "NOT_PERFORMED", "LOST_TO_FOLLOWUP")
TOKEN = "_STATUS_TYPE_"  # noqa: S105 - the tail of Go.Data's reference tokens, LNG_REFERENCE_DATA_…_STATUS_TYPE_SEEN_OK
FIELDS = Fields(
    headings={
        "uuid": ("follow_up_id",), "contact_id": (), "status": ("followup_status", "follow_up_status"),
        "number": ("followup_number", "follow_up_number"), "date": ("date_of_followup", "date_of_follow_up", "followup_date"),
        "performed": (), "seen": (),
    },
    dates=("date",), needed=("contact_id", "status", "date"), marks=("status", "contact_id"),
)  # fmt: skip


class FollowUp(NamedTuple):
    """One follow-up as the file tells it."""

    contact: str
    status: str
    day: Moment
    number: str
    uuid: str
    performed: bool | None
    seen: bool | None


def recognises(columns: Sequence[str]) -> int:
    """How well a header fits a Go.Data file of follow-ups."""
    found = found_in(columns, FIELDS.headings)
    return len(found) + 18 if set(FIELDS.needed) <= found else 0


def read(table: Table, options: ListOptions) -> ListRead:
    """A Go.Data file of follow-ups as facts, refusals and a summary."""
    sheet = open_sheet(table, FIELDS, options)
    entries: list[Entry[FollowUp]] = []
    refusals = broken_rows(table)
    for row, cells in zip(table.row_numbers, table.rows, strict=True):
        try:
            one = _follow_up(sheet, row, cells)
        except FactsError as error:
            refusals.append(refused(error))
        else:
            key = one.uuid or (one.contact, one.day.day, one.number)
            entries.append(Entry(row, sheet.heading("contact_id"), one.contact, key, one))
    settled = settle(entries, table.file)
    records = settled.records
    against = sum(one.seen is not None and one.seen != (one.status in SEEN) for one in records)
    return ListRead(
        mapping=NAME, facts=in_order([_fact(one, options) for one in records]), rows=table.total, joined=settled.joined,
        refusals=tuple(sorted(refusals + settled.refusals, key=lambda one: one.row)),
        summary=_summary(records) | {"identity_columns_kept_out": list(sheet.identities)},
        notes=counted(sheet.notes() + Counter({"list.seen_contradicts_status": against})), unread=tuple(sheet.unread),
        first_rows=settled.first_rows,
    )  # fmt: skip


def _follow_up(sheet: Sheet, row: int, cells: Sequence[str]) -> FollowUp:
    day = sheet.moment("date", row, cells)
    if day is None:
        sheet.refuse("F313", "date", row, cells, wanted="date_of_followup")
    contact = case_id(sheet, "contact_id", row, cells)
    status = sheet.text("status", cells).upper().rpartition(TOKEN)[2]
    if status not in STATUSES:
        sheet.refuse("F321", "status", row, cells, known=", ".join(STATUSES))
    said = {name: truth(sheet.text(name, cells)) for name in ("performed", "seen")}
    for name, one in said.items():
        if not one.readable:
            sheet.leave(name, row, cells)
    return FollowUp(
        contact, status, day, sheet.text("number", cells), sheet.text("uuid", cells), said["performed"].value,
        said["seen"].value,
    )  # fmt: skip


def _fact(one: FollowUp, options: ListOptions) -> Fact:
    return options.fact(
        Reported, DataClass.CONTROL, subject=options.person(one.contact), at=one.day.instant, precision=one.day.precision,
        what=f"follow_up.{one.status.lower()}", to="tracing_team", receipt=one.uuid or None,
    )  # fmt: skip


def _summary(records: Sequence[FollowUp]) -> dict[str, Any]:
    statuses, performed = Counter(one.status for one in records), Counter(one.performed for one in records)
    return {
        "follow_ups": len(records), "contacts": len({one.contact for one in records}),
        "seen": sum(statuses[status] for status in SEEN),
        "statuses": {name: statuses[name] for name in STATUSES if statuses[name]},
        "performed": {"TRUE": performed[True], "FALSE": performed[False], "empty": performed[None]},
        **span("day", [one.day.day for one in records]),
    }  # fmt: skip
