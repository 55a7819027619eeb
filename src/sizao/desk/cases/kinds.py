"""The forms of the desk of cases, and what is done once one of them is recorded: whoever the case met is matched again."""

from __future__ import annotations

from typing import Any

from sizao.desk.cases.notice_forms import AmendForm
from sizao.desk.cases.soon import matched_soon
from sizao.desk.cases.track_forms import DropForm, RideForm, StayForm
from sizao.desk.contacts.acting import ActKind, Place
from sizao.desk.contacts.report_forms import ReportForm
from sizao.desk.store.acts import Receipt, record
from sizao.desk.store.rights import Purpose, may_record
from sizao.when import Instant

TRACK = ("stay", "ride", "drop")


def recorded(form: Any, key: str, now: Instant) -> Receipt:
    """Record a form's facts, and match the case again where that can be waited for."""
    matter = form.matter
    receipt = record(
        *form.facts(), by=matter.actor, purpose=matter.purpose, expect=form.expect(), key=key, now=now, name="track"
    )
    matched_soon(receipt.act)
    return receipt


def amended(form: AmendForm, key: str, now: Instant) -> Receipt:
    """Record a better notice; the CDC and a hospital do so as such, whatever desk they sit at."""
    matter = form.matter
    reports = may_record(matter.actor, Purpose.CARE, "case_notice")
    purpose = Purpose.CARE if reports else matter.purpose
    receipt = record(
        *form.facts(), by=matter.actor, purpose=purpose, expect=form.expect(), key=key, now=now, name="amend"
    )
    matched_soon(receipt.act)
    return receipt


CASES = Place(
    space="cases",
    case=True,
    acts={
        kind.code: kind
        for kind in (
            ActKind(code="stay", form=StayForm, kinds=frozenset({"stay", "correction"}), record=recorded),
            ActKind(code="ride", form=RideForm, kinds=frozenset({"ride", "correction"}), record=recorded),
            ActKind(
                code="drop", form=DropForm, kinds=frozenset({"correction"}), needs=frozenset({"stay"}), record=recorded
            ),
            ActKind(code="amend", form=AmendForm, kinds=frozenset({"case_notice", "correction"}), record=amended),
            ActKind(code="report", form=ReportForm, kinds=frozenset({"reported"})),
        )
    },
)

__all__ = ["CASES", "TRACK", "amended", "recorded"]
