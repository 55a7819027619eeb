"""The forms of the desk of hospitals."""

from __future__ import annotations

from sizao.desk.contacts.acting import ActKind, Place
from sizao.desk.contacts.care_forms import LeftForm, RefusedForm, ResultForm, SampleForm
from sizao.desk.contacts.forms import TellForm
from sizao.desk.contacts.report_forms import ReportForm
from sizao.desk.hospitals.forms import (
    CourseForm,
    DischargeForm,
    HospitalAdmitForm,
    NoticeForm,
    NotifyForm,
    ReviewForm,
    TransferForm,
)
from sizao.desk.store.rights import Role
from sizao.policy.kinds import Event

HOSPITAL, CDC = frozenset({Role.HOSPITAL}), frozenset({Role.CDC})

HOSPITALS = Place(
    space="hospitals",
    case=True,
    events={Event.CASE_REPORTED: "notify", Event.REPORT_CONFIRMED: "review"},
    acts={
        kind.code: kind
        for kind in (
            ActKind(code="notice", form=NoticeForm, kinds=frozenset({"case_notice"})),
            # Sending is the hospital's, looking at it the CDC's: neither does the other's part.
            ActKind(code="notify", form=NotifyForm, kinds=frozenset({"reported"}), roles=HOSPITAL),
            ActKind(code="review", form=ReviewForm, kinds=frozenset({"reported"}), roles=CDC),
            ActKind(code="admit", form=HospitalAdmitForm, kinds=frozenset({"admitted"})),
            ActKind(code="transfer", form=TransferForm, kinds=frozenset({"admitted", "left"})),
            ActKind(code="course", form=CourseForm, kinds=frozenset({"symptom"})),
            ActKind(code="test", form=SampleForm, kinds=frozenset({"test"})),
            ActKind(code="result", form=ResultForm, kinds=frozenset({"test"})),
            ActKind(code="refused", form=RefusedForm, kinds=frozenset({"test_refused"})),
            ActKind(code="discharge", form=DischargeForm, kinds=frozenset({"released"})),
            ActKind(code="left", form=LeftForm, kinds=frozenset({"left"})),
            ActKind(code="tell", form=TellForm, kinds=frozenset({"told"})),
            ActKind(code="report", form=ReportForm, kinds=frozenset({"reported"})),
        )
    },
)
