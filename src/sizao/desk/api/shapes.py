"""What goes in and comes out of the API. A standing comes out and never goes in: there is no field that would take
one."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from sizao.desk.store.models import Job, Proposal, TimelineRow
from sizao.desk.store.readers import SubjectPage
from sizao.facts.kinds import Fact
from sizao.facts.record import plain
from sizao.rules.explain import say_clause, sentences
from sizao.rules.reasons import clauses_of, facts_of
from sizao.rules.timeline import Duty, StandingSpan, State
from sizao.when import OPEN, Instant
from sizao.words import Lang, say

SECONDS = "seconds since 1970-01-01T00:00:00Z"


class FactIn(BaseModel):
    """One fact: its kind, whom it is about, when it was true, its data class, and the fields of its kind. Who
    entered it and when is set here; id, recorder and recorded_at may not be given."""

    model_config = ConfigDict(extra="allow")
    kind: str
    subject: str
    at: int = Field(description=SECONDS)
    data_class: str


class FactsIn(BaseModel):
    """Facts that make one act, all of them or none."""

    model_config = ConfigDict(extra="forbid")
    purpose: str
    facts: list[FactIn] = Field(min_length=1, max_length=1000)


class ReceiptOut(Schema):
    """What an act came to."""

    act: int
    leaf: str
    recorded_at: int
    stored: int
    known: int
    repeated: bool
    facts: list[str]


class ReasonOut(Schema):
    """Why something holds: sentences, clauses, and the ids of the facts it rests on."""

    code: str
    says: list[str]
    cites: list[str]
    facts: list[str]


class StandingOut(Schema):
    """A standing as it follows from the facts."""

    value: str
    word: str
    preliminary: bool
    since: int | None
    until: int | None
    because: ReasonOut


class DutyOut(Schema):
    """What is owed."""

    code: str
    says: str
    holder: str
    state: str
    since: int
    due: int | None
    met_at: int | None
    because: ReasonOut


class GradeOut(Schema):
    """A grade of a contact."""

    grade: str
    case: str
    since: int
    until: int | None
    preliminary: bool


class SubjectOut(Schema):
    """One subject, as it reads now."""

    subject: str
    area: str
    version: int
    now: int
    known_at: int
    next_change_at: int | None
    whole: bool
    standing: StandingOut | None
    grades: list[GradeOut]
    duties: list[DutyOut]
    facts: list[dict[str, Any]]


class ContactOut(Schema):
    """A line of the list of contacts."""

    subject: str
    area: str
    grade: str
    case: str
    standing: str
    preliminary: bool
    standing_until: int | None
    next_due_at: int | None
    last_contact_at: int | None
    version: int


class CaseOut(Schema):
    """A case notice."""

    subject: str
    fact: str
    act: int
    recorded_at: int
    notice: dict[str, Any] | None


class PageOut(Schema):
    """One screen of a list; `after` leads to the next."""

    after: str | None


class ContactsOut(PageOut):
    """Contacts, next due first."""

    rows: list[ContactOut]


class CasesOut(PageOut):
    """Case notices, the latest first."""

    rows: list[CaseOut]


class ProposalOut(Schema):
    """Facts that wait for approvers of different units."""

    id: int
    name: str
    unit: str
    purpose: str
    proposed_at: int
    lapses_at: int
    approvers: int
    subjects: int
    outcome: str


class DecisionIn(BaseModel):
    """A yes or a no, with own reasons."""

    model_config = ConfigDict(extra="forbid")
    agrees: bool
    reasons: str


class JobOut(Schema):
    """How far a job is."""

    key: str
    kind: str
    done: int
    total: int
    ended_at: int | None
    outcome: str
    says: dict[str, Any]


def until(moment: Instant) -> int | None:
    """An end as told to others: what has none says null."""
    return None if moment >= OPEN else moment


def standing_out(span: StandingSpan, lang: Lang, zone: str) -> StandingOut:
    """A span of standing."""
    return StandingOut(
        value=str(span.standing), word=say(f"standing.{span.standing}", lang), preliminary=span.preliminary,
        since=span.start or None, until=until(span.end), because=reason_out(span.reason, lang, zone),
    )  # fmt: skip


def reason_out(reason: Any, lang: Lang, zone: str) -> ReasonOut:
    """A reason in words, with what it cites and rests on."""
    cites = [say_clause(clause, lang) for clause in clauses_of(reason)]
    return ReasonOut(
        code=reason.code, says=sentences(reason, lang, zone=zone), cites=cites, facts=list(facts_of(reason))
    )


def duty_out(duty: Duty, state: State, lang: Lang, zone: str) -> DutyOut:
    """A duty as it stands."""
    return DutyOut(
        code=duty.code, says=say(f"duty.{duty.code}", lang), holder=say(f"holder.{duty.holder}", lang), state=str(state),
        since=duty.since, due=duty.due, met_at=duty.met_at, because=reason_out(duty.reason, lang, zone),
    )  # fmt: skip


def subject_out(page: SubjectPage, lang: Lang) -> SubjectOut:
    """A subject's page as data."""
    moment, zone = page.moment, page.dossier.zone
    return SubjectOut(
        subject=page.subject, area=page.area, version=page.version, now=page.now, known_at=page.timeline.known_at,
        next_change_at=moment.next_change_at, whole=page.whole,
        standing=standing_out(moment.standing, lang, zone) if moment.standing else None,
        grades=[
            GradeOut(grade=str(span.grade), case=span.case, since=span.start, until=until(span.end), preliminary=span.preliminary)
            for span in moment.grades
        ],
        duties=[duty_out(duty, state, lang, zone) for duty, state in moment.duties],
        facts=[plain(fact) for fact in page.dossier.facts],
    )  # fmt: skip


def contact_out(row: TimelineRow) -> ContactOut:
    """A row of the list of contacts."""
    return ContactOut(
        subject=row.subject, area=row.area, grade=row.grade, case=row.case, standing=row.standing, preliminary=row.preliminary,
        standing_until=row.standing_until, next_due_at=row.next_due_at, last_contact_at=row.last_contact_at, version=row.version,
    )  # fmt: skip


def case_out(subject: str, fact: Fact | None, fact_id: str, act: int, recorded_at: int) -> CaseOut:
    """A case notice; without its content where it was erased."""
    told = None if fact is None else plain(fact)
    return CaseOut(subject=subject, fact=fact_id, act=act, recorded_at=recorded_at, notice=told)


def proposal_out(proposal: Proposal) -> ProposalOut:
    """A proposal, without the names in it."""
    return ProposalOut(
        id=proposal.pk, name=proposal.name, unit=proposal.unit, purpose=proposal.purpose, proposed_at=proposal.proposed_at,
        lapses_at=proposal.lapses_at, approvers=proposal.approvers, subjects=proposal.subjects, outcome=proposal.outcome,
    )  # fmt: skip


def job_out(job: Job) -> JobOut:
    """A job as it stands."""
    return JobOut(
        key=job.key,
        kind=job.kind,
        done=job.done,
        total=job.total,
        ended_at=job.ended_at,
        outcome=job.outcome,
        says=job.says,
    )
