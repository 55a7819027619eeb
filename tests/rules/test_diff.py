"""The shadow run names exactly whose grades, standings and duties change under other rules, and why (TR-32)."""

from __future__ import annotations

from hypothesis import given

from sizao.facts.kinds import Fact, Grade, SubjectId
from sizao.policy.book import PolicyBook, with_readings
from sizao.rules.diff import Change, Kind, policy_diff, timeline_diff
from sizao.rules.dossier import Dossier
from sizao.rules.reasons import Reason, clauses_of
from sizao.rules.timeline import Duty, GradeSpan, StandingSpan
from sizao.when import OPEN
from tests.rules.dossiers import BOOKS, KNOWN, facts_about
from tests.rules.people import LUOYANG, ME, ZHUMADIAN, concluded, exposed, registered, sampled, when

EIGHTH = PolicyBook.load(("cn-covid19-8", "safeguards"), shadow=True)
NINTH = PolicyBook.load(("cn-covid19-9", "safeguards"), shadow=True)
OTHER = SubjectId("person:居民丙")
CONTACT = Dossier(ME, (registered(), exposed("e", "2021-07-22 19:00", "2021-07-22 21:00")), ZHUMADIAN)
RESIDENT = Dossier(OTHER, (registered(), sampled("t", "2021-07-22 09:00")), ZHUMADIAN)


def changes(kind: Kind) -> list[Change]:
    """Those of the contact, of one kind."""
    (only,) = policy_diff([CONTACT, RESIDENT], EIGHTH, NINTH, known_at=KNOWN)
    assert only.subject == ME
    return [change for change in only.changes if change.kind is kind]


def test_only_whoever_changes_is_named() -> None:
    assert [one.subject for one in policy_diff([RESIDENT, CONTACT], EIGHTH, NINTH, known_at=KNOWN)] == [ME]
    assert policy_diff([RESIDENT], EIGHTH, NINTH, known_at=KNOWN) == []


def test_a_shorter_course_moves_the_end_of_the_grade_and_says_why_on_both_sides() -> None:
    (change,) = changes(Kind.GRADE)
    assert change.how == "moved"
    assert isinstance(change.before, GradeSpan)
    assert isinstance(change.after, GradeSpan)
    assert (change.before.end, change.after.end) == (when("2021-08-13"), when("2021-08-02"))
    moved = next(change for change in changes(Kind.STANDING))
    before, after = moved.reasons
    assert before is not None
    assert after is not None
    assert next(clause.pack for clause in clauses_of(before)) == "cn-covid19-8"
    assert next(clause.pack for clause in clauses_of(after)) == "cn-covid19-9"


def test_duties_are_added_removed_and_moved() -> None:
    found = [(change.how, _code(change)) for change in changes(Kind.DUTY)]
    assert ("moved", "release-contact") in found
    assert ("removed", "isolate-contact") in found
    assert found.count(("added", "test-contact")) + found.count(("removed", "test-contact")) <= 3


def _code(change: Change) -> str:
    one = change.before if change.before is not None else change.after
    assert isinstance(one, Duty)
    return one.code


def test_the_same_conclusion_by_another_clause_is_no_change() -> None:
    timeline = concluded(registered(), exposed("e", "2021-07-22 19:00", "2021-07-26 10:00"))
    cited = timeline._replace(standings=tuple(span._replace(reason=Reason("other")) for span in timeline.standings))
    assert timeline_diff(timeline, cited) == ()


def test_one_of_two_alike_that_goes_is_one_change() -> None:
    span = StandingSpan(when("2021-07-26"), OPEN, "green", False, Reason("a"))  # type: ignore[arg-type]
    timeline = concluded(registered())._replace(standings=(span, span))
    (change,) = timeline_diff(timeline, timeline._replace(standings=(span,)))
    assert (change.how, change.before) == ("removed", span)


def test_another_grade_is_one_grade_gone_and_one_come() -> None:
    before = concluded(exposed("e", "2021-07-22 19:00", "2021-07-26 10:00"))
    after = concluded(exposed("e", "2021-07-22 19:00", "2021-07-26 10:00", grade=Grade.GENERAL))
    found = [change.how for change in timeline_diff(before, after) if change.kind is Kind.GRADE]
    assert found == ["removed", "added"]


@given(facts_about())
def test_the_same_rules_change_nobody(facts: list[Fact]) -> None:
    dossier = Dossier(ME, tuple(facts), LUOYANG)
    assert policy_diff([dossier], BOOKS["luoyang"], with_readings(BOOKS["luoyang"], {}), known_at=KNOWN) == []


@given(facts_about())
def test_there_and_back_are_mirror_images(facts: list[Fact]) -> None:
    dossiers = [Dossier(ME, tuple(facts), LUOYANG)]
    there = policy_diff(dossiers, BOOKS["luoyang"], BOOKS["bare"], known_at=KNOWN)
    back = policy_diff(dossiers, BOOKS["bare"], BOOKS["luoyang"], known_at=KNOWN)
    assert [one.subject for one in there] == [one.subject for one in back]
    for one, other in zip(there, back, strict=True):
        count = [sum(change.how == how for change in one.changes) for how in ("added", "removed", "moved")]
        mirrored = [sum(change.how == how for change in other.changes) for how in ("removed", "added", "moved")]
        assert count == mirrored
