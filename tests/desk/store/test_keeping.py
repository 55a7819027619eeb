"""TR-38: every class of data has purpose, period and deletion; what is due goes and is shown to be
gone; closing, holding, erasing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.access.models import ReadRow
from sizao.desk.audit import housekeeping
from sizao.desk.ledger import sequencer, signing
from sizao.desk.people.models import Identity, Person
from sizao.desk.store import concluding, erasing, jobs, keeping, proofs, verifying
from sizao.desk.store.models import FactRow, Job, Notice, Proposal, TimelineRow
from sizao.desk.store.rights import Actor, Purpose
from sizao.errors import DeskError
from sizao.facts.kinds import FactId
from sizao.ledger import bundle as bundles
from sizao.ledger.signing import holds
from sizao.when import DAY_S, HOUR_S, Instant
from sizao.words import Lang, say
from tests.desk.conftest import NOW
from tests.desk.store.facts_told import CASE, confirmed, exposure, negative, notice, registered, tell

pytestmark = pytest.mark.django_db(databases="__all__")

Cast = dict[str, Actor]
DAYS = {
    "health": 60, "movement": 30, "control": 180, "work": 365, "given": 60, "public": 400, "identity": 60, "reads": 365,
    "notices": 60, "jobs": 30, "proposals": 60,
}  # fmt: skip
ARTICLE = "Emergency Response Law, article 85"
WHY = "the response has ended in this county"


@pytest.fixture(autouse=True)
def periods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SIZAO", replace(settings.SIZAO, keeping=DAYS))


@pytest.fixture
def county(cast: Cast, now: Instant) -> None:
    """One case, one contact, and one resident with a test."""
    tell(*(registered(f"person:{name}") for name in ("a", "b", "plain")), by=cast["clerk"], purpose=Purpose.COUNTER)
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    exposed = exposure("person:a", by=cast["tracer"])
    tell(exposed, by=cast["tracer"], purpose=Purpose.TRACING)
    tell(confirmed(exposed, by=cast["tracer"]), by=cast["tracer"], purpose=Purpose.TRACING)
    sample = negative("person:plain", by=cast["lab"], sample="p", at=Instant(NOW - HOUR_S))
    tell(sample, by=cast["lab"], purpose=Purpose.TESTING)


def later(days: int) -> Instant:
    """That many days on, with every row brought up to it, as a worker does."""
    moment = Instant(NOW + days * DAY_S)
    while concluding.catch_up(moment):
        pass
    return moment


def left(data_class: str) -> int:
    return FactRow.objects.filter(data_class=data_class, line__isnull=False).count()


def whole() -> list[str]:
    return [f"{problem.code} {problem.where.key}" for problem in verifying.verify(lambda _d, _t: None).problems]


def destroy_all(now: Instant) -> dict[str, int]:
    gone: dict[str, int] = {}
    while some := keeping.destroy_due(now):
        for name, many in some.items():
            gone[name] = gone.get(name, 0) + many
    return gone


# --- every class has its period ---------------------------------------------------------------------------------------


def test_a_class_without_a_period_stops_the_start_and_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    keeping.refuse_unset()
    assert [error for error in run_checks() if error.id == "sizao.E101"] == []
    for name in keeping.names():
        rest = {key: days for key, days in DAYS.items() if key != name}
        monkeypatch.setattr(settings, "SIZAO", replace(settings.SIZAO, keeping=rest))
        with pytest.raises(DeskError, match="U130") as caught:
            keeping.refuse_unset()
        assert caught.value.slots == {"classes": name}
        (found,) = [error for error in run_checks() if error.id == "sizao.E101"]
        assert name in found.msg
        assert found.hint


def test_a_period_of_no_days_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SIZAO", replace(settings.SIZAO, keeping=DAYS | {"health": 0}))
    assert keeping.without_period() == ["health"]


def test_every_class_says_its_purpose_and_how_it_is_deleted_in_both_languages() -> None:
    for name in keeping.names():
        for lang in Lang:
            assert say(f"keeping.{name}", lang)
            assert say(f"keeping.{name}.purpose", lang)
            assert say(f"keeping.{name}.deletion", lang)


# --- what is due goes -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
def test_tr_38_day_by_day_nothing_is_kept_a_day_too_long_and_nothing_goes_before_its_time(cast: Cast) -> None:
    health = left("health")
    for day in range(0, 70, 3):
        now = later(day)
        destroy_all(now)
        assert [each.overdue for each in keeping.overview(now)] == [0] * len(DAYS)
        assert left("health") == (health if day <= DAYS["health"] else 0), day
    assert left("public") > 0
    assert whole() == []


@pytest.mark.usefixtures("county")
def test_what_was_destroyed_is_shown_with_its_ground_and_the_ledger_stays_valid() -> None:
    sequencer.caught_up(NOW)
    row = FactRow.objects.get(subject="person:plain", kind="test")
    now = later(61)
    gone = destroy_all(now)
    assert gone["health"] == 4
    told = erasing.destructions()
    assert sum(classes.get("health", 0) for _, classes, _, _ in told) == 4
    assert {(at, ground) for at, _, ground, _ in told} == {(now, erasing.BY_PERIOD)}
    sequencer.caught_up(now)
    assert whole() == []
    proved = bundles.verify(proofs.proof_of_fact(row.fact_id), {signing.origin(): signing.public_key()}, holds)
    assert (proved.erased, proved.line) == (True, None)
    kept = FactRow.objects.get(pk=row.pk)
    assert (kept.line, kept.salt) == (None, None)


@pytest.mark.usefixtures("county")
def test_nothing_goes_that_a_restriction_in_force_rests_on() -> None:
    assert TimelineRow.objects.get(pk="person:a").standing in ("yellow", "red")
    held = set(FactRow.objects.filter(subject__in=("person:a", CASE)).values_list("seq", flat=True))
    assert not held & set(erasing.erasable(NOW).values_list("seq", flat=True))
    assert FactRow.objects.get(subject="person:plain", kind="test").seq in erasing.erasable(NOW).values_list(
        "seq", flat=True
    )


@pytest.mark.usefixtures("county")
def test_whoever_lost_every_fact_is_unknown_again_and_can_be_verified() -> None:
    now = later(500)
    destroy_all(now)
    assert set(FactRow.objects.filter(line__isnull=False).values_list("kind", flat=True)) == {"told"}  # of destruction
    assert {row.standing for row in TimelineRow.objects.all()} == {"unknown"}
    assert whole() == []


def test_notices_jobs_and_the_contents_of_settled_proposals_go_too(now: Instant) -> None:
    Notice.objects.create(to="person:a", code="x", channel="console", key="n", created_at=NOW, slots={"name": "旅客甲"})
    Notice.objects.create(to="person:a", code="x", channel="console", key="w", created_at=NOW, next_try_at=NOW)
    jobs.ask("conclude", key="j", given={"of": "person:a"}, by="user:1", now=NOW)
    Job.objects.update(ended_at=NOW, outcome="done")
    Proposal.objects.create(
        name="p", key="p", actor="user:1", unit="u", purpose="tracing", proposed_at=NOW, lapses_at=NOW, approvers=2, subjects=1,
        lines=json.dumps([{"subject": "person:a"}]), settled_at=NOW, outcome="approved",
    )  # fmt: skip
    ReadRow.objects.create(
        at=NOW, actor="user:1", unit="u", subject="person:a", purpose="tracing", fields="x", page="p"
    )
    assert destroy_all(Instant(NOW + 20 * DAY_S)) == {}
    gone = destroy_all(Instant(NOW + 400 * DAY_S))
    assert gone == {"notices": 1, "jobs": 1, "proposals": 1, "reads": 1}
    assert list(Notice.objects.values_list("key", flat=True)) == ["w"]
    assert not Job.objects.exists()
    assert Proposal.objects.get().lines == "[]"
    assert not ReadRow.objects.exists()


def test_a_day_asks_once_for_its_destruction_and_the_job_does_all_of_it(cast: Cast, now: Instant) -> None:
    tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    then = later(DAYS["public"] + 1)
    for _ in range(3):
        keeping.ask_daily(then)
    assert Job.objects.filter(kind="destroy").count() == 1
    jobs.work("worker", lambda: then, steps=50)
    job = Job.objects.get(kind="destroy")
    assert (job.outcome, job.says) == ("done", {"public": 1})
    assert left("public") == 1  # the record of the destruction


# --- holds ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("scope", ["health", "person:plain", "all"])
def test_a_hold_with_its_assessment_keeps_what_it_names_until_it_is_lifted(cast: Cast, scope: str) -> None:
    officer = cast["officer"]
    told: dict[str, Any] = {
        "by": officer,
        "article": ARTICLE,
        "assessment": "needed as evidence; lawful, necessary, secure",
    }
    keeping.hold(scope, **told, key="h", now=NOW)
    (held,) = keeping.holds()
    assert (held.scope, held.by) == (scope, officer.id)
    now = later(61)
    destroy_all(now)
    assert FactRow.objects.get(subject="person:plain", kind="test").line is not None
    assert left("health") == (1 if scope == "person:plain" else 4)
    keeping.lift(held.id, by=officer, why="the proceedings have ended", key="l", now=now)
    assert keeping.holds() == []
    destroy_all(now)
    assert left("health") == 0
    with pytest.raises(DeskError, match="U136"):
        keeping.lift(held.id, by=officer, why="again", key="l2", now=now)


def test_no_hold_without_article_and_assessment_and_none_by_whoever_may_not(cast: Cast, now: Instant) -> None:
    for article, assessment in (("", "needed as evidence"), (ARTICLE, "because")):
        with pytest.raises(DeskError, match="U131"):
            keeping.hold("all", by=cast["officer"], article=article, assessment=assessment, key="h", now=NOW)
    for name in ("tracer", "auditor", "system", "security", "clerk", "employer", "inspector"):
        with pytest.raises(DeskError, match="D120"):
            keeping.hold("all", by=cast[name], article=ARTICLE, assessment="needed as evidence", key=name, now=NOW)
    with pytest.raises(DeskError, match="U136"):
        keeping.lift(FactId("f0"), by=cast["officer"], why="x", key="l", now=NOW)


# --- the end of an event ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
def test_closing_the_event_before_two_observers_destroys_what_was_obtained_for_it(cast: Cast) -> None:
    now = later(40)  # nobody is restricted any more; no period of health data is over
    assert destroy_all(now) == {}
    Notice.objects.create(to="person:a", code="x", channel="console", key="n", created_at=NOW)
    keeping.close_event(
        by=cast["officer"], article=ARTICLE, reasons=WHY, observers=["公证员甲", "审计员乙"], key="c", now=now
    )
    order = keeping.closure()
    assert order is not None
    assert (order.officer, keeping.observers()) == (cast["officer"].id, ["公证员甲", "审计员乙"])
    gone = destroy_all(Instant(now + 60))
    assert (gone["health"], gone["notices"]) == (4, 1)
    assert left("health") == 0
    assert left("public") > 0
    assert {ground for _, _, ground, _ in erasing.destructions()} == {order.id}
    assert whole() == []


@pytest.mark.parametrize(
    "observers", [[], ["公证员甲"], ["公证员甲", "公证员甲"], ["公证员甲", " "], ["公证员甲", "user:7"]]
)
def test_without_two_observers_beside_the_officer_nothing_is_closed(
    cast: Cast, now: Instant, observers: list[str]
) -> None:
    with pytest.raises(DeskError, match="U132"):
        keeping.close_event(by=cast["officer"], article=ARTICLE, reasons=WHY, observers=observers, key="c", now=NOW)
    assert keeping.closure() is None


@pytest.mark.usefixtures("county")
def test_a_closure_that_was_taken_back_destroys_nothing(cast: Cast) -> None:
    from sizao.desk.store.acts import make, record
    from sizao.facts.kinds import Correction, DataClass

    now, officer = later(40), cast["officer"]
    keeping.close_event(by=officer, article=ARTICLE, reasons=WHY, observers=["甲", "乙"], key="c", now=now)
    order = keeping.closure()
    assert order is not None
    told = {"corrects": order.id, "why": "the event goes on"}
    back = make(Correction, keeping.CLOSURE, at=now, actor=officer, now=now, data_class=DataClass.PUBLIC, **told)
    record(back, by=officer, purpose=Purpose.COMMAND, expect={}, key="b", now=now)
    assert keeping.closure() is None
    assert destroy_all(Instant(now + 60)) == {}


# --- one person -------------------------------------------------------------------------------------------------------


@pytest.fixture
def known(county: None) -> Person:
    person = Person.objects.create(subject="person:plain", area="999901", created_at=NOW)
    Identity.objects.create(person=person, wrapped_by="x" * 16, wrapped_key=b"k", nonce=b"n", ciphertext=b"c")
    return person


def test_tr_22_a_person_is_erased_with_identity_and_the_log_stays_valid(cast: Cast, known: Person) -> None:
    sequencer.caught_up(NOW)
    before = [bytes(row.commitment) for row in FactRow.objects.filter(subject="person:plain")]
    count = keeping.erase_person(
        "person:plain", by=cast["officer"], article="PIPL, article 47", reasons=WHY, key="e", now=NOW
    )
    assert count == 2
    assert FactRow.objects.filter(subject="person:plain", line__isnull=False).count() == 0
    assert [bytes(row.commitment) for row in FactRow.objects.filter(subject="person:plain")] == before
    known.refresh_from_db()
    assert known.erased_at == NOW
    assert Identity.objects.get(person=known).ciphertext is None
    sequencer.caught_up(Instant(NOW + 60))
    assert whole() == []
    assert TimelineRow.objects.get(pk="person:plain").standing == "unknown"


def test_tr_22_what_is_left_of_an_erased_fact_tells_nothing_to_whoever_guesses(cast: Cast, known: Person) -> None:
    """The content is known to the guesser but for the salt: no value that is left can be made from it without the
    keys."""
    import hashlib

    row = FactRow.objects.get(subject="person:plain", kind="test")
    line = (row.line or "").encode()
    from sizao.facts.record import content_digest, fact_from_json

    plain = content_digest(fact_from_json(line))
    keeping.erase_person("person:plain", by=cast["officer"], article="PIPL, article 47", reasons=WHY, key="e", now=NOW)
    row.refresh_from_db()
    remains = {row.digest, row.fact_id, bytes(row.commitment).hex()}
    guesses = {plain, hashlib.sha256(line).hexdigest(), hashlib.sha256(plain.encode()).hexdigest(), "f" + plain[:32]}
    assert not remains & guesses


@pytest.mark.usefixtures("county")
def test_nobody_is_erased_while_restricted_or_held_or_by_whoever_may_not(cast: Cast) -> None:
    told: dict[str, Any] = {"article": "PIPL, article 47", "reasons": WHY, "now": NOW}
    with pytest.raises(DeskError, match="U134"):
        keeping.erase_person("person:a", by=cast["officer"], key="a", **told)
    keeping.hold("person:plain", by=cast["officer"], article=ARTICLE, assessment="needed as evidence", key="h", now=NOW)
    with pytest.raises(DeskError, match="U135"):
        keeping.erase_person("person:plain", by=cast["officer"], key="p", **told)
    for name in ("tracer", "auditor", "system", "clerk"):
        with pytest.raises(DeskError, match="D120"):
            keeping.erase_person("person:b", by=cast[name], key=name, **told)
    assert FactRow.objects.filter(line__isnull=True).count() == 0


# --- ranges -----------------------------------------------------------------------------------------------------------


@given(st.sets(st.integers(1, 200)))
def test_ranges_say_exactly_which_numbers(numbers: set[int]) -> None:
    assert erasing.numbers_of(erasing.ranges_of(sorted(numbers))) == numbers


def test_ranges_are_short() -> None:
    assert erasing.ranges_of([1, 2, 3, 7, 9, 10]) == "1-3,7,9-10"
    assert erasing.ranges_of([]) == ""


def test_the_check_is_made_known_once() -> None:
    assert housekeeping.check_periods() == []
