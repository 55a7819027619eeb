"""A case is reported: the one act that a hospital and whoever takes in a notice share.

What is sent to the network through a desk lies before the CDC in that same moment: the CDC's hours run from then, whenever
somebody there looks at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sizao.desk.store.acts import Receipt, Versions, make, record
from sizao.desk.store.rights import Actor, Purpose
from sizao.facts.kinds import CaseClass, CaseNotice, DataClass, Fact, FactId, Reported, Symptom
from sizao.policy.kinds import Event
from sizao.when import Instant

NETWORK, CDC = "network", "cdc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A case as it was found: `at` when it was diagnosed, onset and first positive sampling as far as known. `sent_at`: when it
    was reported to the network, None while it was not. `reported_by` names who reported it before it was recorded here."""

    case_class: CaseClass
    disease: str
    at: Instant
    reporting_area: str
    onset: Instant | None = None
    positive_sampled_at: Instant | None = None
    symptoms: Sequence[str] = ()
    sent_at: Instant | None = None
    reported_by: str | None = None


def facts_of(subject: str, told: Noticed, *, by: Actor, now: Instant) -> list[Fact]:
    """The notice, the symptoms from the onset on (from the diagnosis where none is known), and the report where it was sent."""
    notice = make(
        CaseNotice, subject, at=told.at, actor=by, now=now, data_class=DataClass.HEALTH, case_class=told.case_class,
        disease=told.disease, onset=told.onset, positive_sampled_at=told.positive_sampled_at, reporting_area=told.reporting_area,
        reported_by=told.reported_by,
    )  # fmt: skip
    began = told.at if told.onset is None else told.onset
    felt = [
        make(Symptom, subject, at=began, actor=by, now=now, data_class=DataClass.HEALTH, symptom=symptom)
        for symptom in sorted(set(told.symptoms))
    ]
    return [notice, *felt, *([] if told.sent_at is None else sent(subject, told.sent_at, notice.id, by=by, now=now))]


def sent(subject: str, at: Instant, notice: FactId, *, by: Actor, now: Instant) -> list[Fact]:
    """That a case was reported to the network at that moment, and so received by the CDC."""
    steps = ((Event.CASE_REPORTED, NETWORK), (Event.REPORT_RECEIVED, CDC))
    return [
        make(
            Reported, subject, at=at, actor=by, now=now, data_class=DataClass.HEALTH, what=str(event), to=receiver, about=notice
        )
        for event, receiver in steps
    ]  # fmt: skip


def report_case(
    subject: str, told: Noticed, *, by: Actor, purpose: Purpose, expect: Versions, key: str, now: Instant
) -> Receipt:
    """Record a case notice as one act; refuses what `acts.record` refuses. The same key again is the same notice."""
    return record(
        *facts_of(subject, told, by=by, now=now), by=by, purpose=purpose, expect=expect, key=key, now=now, name="notice"
    )
