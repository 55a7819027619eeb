"""`conclude()`: facts in, a timeline out. Pure: no clock, no order of facts, no machine, no language changes a byte of it."""

from __future__ import annotations

from collections.abc import Iterable

from sizao.errors import RulesError
from sizao.policy.book import PolicyBook
from sizao.rules.areas import conclude_area
from sizao.rules.contact_duties import contact_duties
from sizao.rules.deadlines import case_duties
from sizao.rules.dossier import Dossier, Read
from sizao.rules.enquiries import enquiries
from sizao.rules.extension import extensions
from sizao.rules.grounds import grounds_of
from sizao.rules.limits import limits_on_orders
from sizao.rules.office_duties import office_duties
from sizao.rules.safeguards import safeguards
from sizao.rules.standing import standings
from sizao.rules.timeline import Duty, Finding, GradeSpan, Timeline
from sizao.when import Instant, local_day


def conclude(dossier: Dossier, book: PolicyBook, *, known_at: Instant) -> Timeline:
    """What follows for one subject from the facts recorded by `known_at`, under the rules of the book.

    Refuses more facts than the safeguards allow (R101), a contested value nobody chose a reading for, and a book without safeguards. Reads the
    dossier's own facts and those of its upstream close contacts, nothing else.
    """
    read = Read(dossier, known_at)
    kind = dossier.subject.partition(":")[0]
    if kind == "area":
        return conclude_area(read, book)
    if not read.by_kind:
        return Timeline(dossier.subject, known_at, book.digest, (), (), (), ())
    first = min(facts[0].at for facts in read.by_kind.values())
    guards = safeguards(book, read.area, local_day(first, read.zone))
    if len(dossier.facts) > guards.dossier_facts:
        raise RulesError("R101", subject=dossier.subject, facts=len(dossier.facts), most=guards.dossier_facts)
    found = grounds_of(read, book, guards)
    duties = contact_duties(read, found.courses, book, guards) if found.courses else []
    unsettled, findings = [], []
    if kind == "person":
        extended = extensions(read, found.courses, book)
        found.spans.extend(extended.spans)
        unsettled, findings = extended.unsettled, extended.findings
        findings += limits_on_orders(read, found, book)
    duties += case_duties(read, book)
    duties += enquiries(read, found.unverified, book)
    office = office_duties(read, book)
    spans = standings(read, found.spans, unsettled, guards) if kind == "person" else ()
    return Timeline(
        dossier.subject,
        known_at,
        book.digest,
        _sorted_grades(found.grades),
        spans,
        tuple(sorted((*duties, *office.duties), key=_duty_order)),
        tuple(sorted((*findings, *office.findings), key=_finding_order)),
    )


def conclude_all(dossiers: Iterable[Dossier], book: PolicyBook, *, known_at: Instant) -> list[Timeline]:
    """One timeline per dossier, in the order given."""
    return [conclude(dossier, book, known_at=known_at) for dossier in dossiers]


def _sorted_grades(grades: list[GradeSpan]) -> tuple[GradeSpan, ...]:
    if len(grades) > 1:
        grades.sort(key=lambda span: (span.start, span.end, span.grade, span.case, span.preliminary, span.reason.facts))
    return tuple(grades)


def _duty_order(duty: Duty) -> tuple[int, str, str, tuple[str, ...]]:
    return duty.since, duty.code, duty.holder, duty.reason.facts


def _finding_order(finding: Finding) -> tuple[int, str, str]:
    return finding.at, finding.code, finding.about or ""


__all__ = ["conclude", "conclude_all"]
