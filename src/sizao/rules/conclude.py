"""`conclude()`: facts in, a timeline out. Pure: no clock, no order of facts, no machine, no language changes a byte of
it."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from sizao.errors import RulesError
from sizao.facts.kinds import CaseNotice, Correction, Order, Reported, Test, TestRefused
from sizao.policy.book import PolicyBook
from sizao.rules.areas import conclude_area
from sizao.rules.challenges import challenges
from sizao.rules.contact_duties import contact_duties
from sizao.rules.courses import contact_grounds
from sizao.rules.deadlines import case_duties
from sizao.rules.dossier import Dossier, Read, View
from sizao.rules.enquiries import ASKING, enquiries
from sizao.rules.extension import extensions
from sizao.rules.grounds import Grounds, nothing_yet
from sizao.rules.infected import infected_grounds
from sizao.rules.infected_duties import infected_duties
from sizao.rules.limits import limits_on_orders
from sizao.rules.office_duties import office_duties
from sizao.rules.safeguards import most_facts
from sizao.rules.standing import standings
from sizao.rules.timeline import Duty, Finding, GradeSpan, StandingSpan, Timeline
from sizao.rules.withdrawn import freed_duties
from sizao.when import Instant

PERSON, AREA = "person", "area"
make = tuple.__new__
_DUTY_ORDER = itemgetter(3)
"""By since; duties that begin together keep the order in which they are found, which is that of the facts, and steady.
"""


def conclude(dossier: Dossier, book: PolicyBook, *, known_at: Instant) -> Timeline:
    """What follows for one subject from the facts recorded by `known_at`, under the rules of the book.

    Refuses more facts than the safeguards allow (R101), a contested value nobody chose a reading for, and a book
    without safeguards. Reads the dossier's own facts and those of its upstream close contacts, nothing else.
    """
    read = Read(dossier, known_at, book)
    most = most_facts(book, dossier.area, dossier.zone, known_at)
    if len(dossier.facts) > most:
        raise RulesError("R101", subject=dossier.subject, facts=len(dossier.facts), most=most)
    kind = dossier.subject.partition(":")[0]
    if kind == AREA:
        return conclude_area(read)
    found = nothing_yet()
    if dossier.view is View.UNIT:
        return _timeline(read, found, office_duties(read, found.findings), ())
    _grounds(read, found)
    duties = _duties(read, found)
    return _timeline(read, found, duties, standings(read, found.spans, found.unsettled) if kind == PERSON else ())


def conclude_all(dossiers: Iterable[Dossier], book: PolicyBook, *, known_at: Instant) -> list[Timeline]:
    """One timeline per dossier, in the order given."""
    return [conclude(dossier, book, known_at=known_at) for dossier in dossiers]


def _grounds(read: Read, found: Grounds) -> None:
    """Each finder is asked only where there is a fact it reads: most dossiers are short."""
    by_kind = read.by_kind
    if CaseNotice in by_kind or Test in by_kind:
        infected_grounds(read, found)
    contact_grounds(read, found)
    if Order in by_kind or TestRefused in by_kind:
        extensions(read, found)
    if Order in by_kind or found.cares:
        found.findings.extend(limits_on_orders(read, found))


def _duties(read: Read, found: Grounds) -> list[Duty]:
    by_kind = read.by_kind
    duties = contact_duties(read, found) if found.matches or found.courses else []
    if found.follow_ups or Test in by_kind:
        duties += infected_duties(read, found)
    duties += case_duties(read)
    if found.unverified or not ASKING.isdisjoint(by_kind):
        duties += enquiries(read, found)
    duties += office_duties(read, found.findings)
    if Correction in by_kind:
        duties += freed_duties(read, found)
    if Reported in by_kind:
        duties += challenges(read, found.findings)
    return duties


def _timeline(read: Read, found: Grounds, duties: list[Duty], spans: tuple[StandingSpan, ...]) -> Timeline:
    duties.sort(key=_DUTY_ORDER)
    grades, findings = found.grades, found.findings
    if len(grades) > 1:
        grades.sort(key=_grade_order)
    if len(findings) > 1:
        findings.sort(key=_finding_order)
    subject, rules = read.subject, read.book.digest
    return make(Timeline, (subject, read.known_at, rules, tuple(grades), spans, tuple(duties), tuple(findings), ()))


def _grade_order(span: GradeSpan) -> tuple[int, int, str, str, bool, tuple[str, ...]]:
    return span.start, span.end, span.grade, span.case, span.preliminary, span.reason.facts


def _finding_order(finding: Finding) -> tuple[int, str, str]:
    return finding.at, finding.code, finding.about or ""


__all__ = ["conclude", "conclude_all"]
