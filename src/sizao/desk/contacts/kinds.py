"""The forms of the desk of contacts."""

from __future__ import annotations

from sizao.desk.contacts.acting import ActKind, Place
from sizao.desk.contacts.care_forms import AdmitForm, LeftForm, RefusedForm, ReleaseForm, ResultForm, SampleForm
from sizao.desk.contacts.forms import ConfirmForm, RejectForm, TellForm
from sizao.desk.contacts.report_forms import CheckForm, ReportForm, VerifyForm, record_check

CONTACTS = Place(
    space="contacts",
    acts={
        kind.code: kind
        for kind in (
            ActKind(code="confirm", form=ConfirmForm, kinds=frozenset({"confirmed"})),
            # Whoever may not stand behind a match may not say that it is none.
            ActKind(code="reject", form=RejectForm, kinds=frozenset({"correction"}), needs=frozenset({"confirmed"})),
            ActKind(code="tell", form=TellForm, kinds=frozenset({"told"})),
            ActKind(code="check", form=CheckForm, kinds=frozenset({"reported", "symptom"}), record=record_check),
            ActKind(code="test", form=SampleForm, kinds=frozenset({"test"})),
            ActKind(code="result", form=ResultForm, kinds=frozenset({"test"})),
            ActKind(code="refused", form=RefusedForm, kinds=frozenset({"test_refused"})),
            ActKind(code="admit", form=AdmitForm, kinds=frozenset({"admitted"})),
            ActKind(code="left", form=LeftForm, kinds=frozenset({"left"})),
            ActKind(code="release", form=ReleaseForm, kinds=frozenset({"released"})),
            ActKind(code="report", form=ReportForm, kinds=frozenset({"reported"})),
            ActKind(code="verify", form=VerifyForm, kinds=frozenset({"reported"})),
        )
    },
)
