"""What a hospital must see of a patient: where care stands, whether a discharge fits the rule, positive again, infected here.

Nothing is decided by a number of ours: where no rule is on file the answer is "cannot say", with the facts beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sizao.desk.contacts.previews import after_facts
from sizao.desk.contacts.subject import standing
from sizao.desk.store.acts import make
from sizao.desk.store.book import book
from sizao.desk.store.readers import SubjectPage
from sizao.desk.store.rights import Actor
from sizao.desk.web.reading import reader_zone
from sizao.facts.kinds import (
    Admitted,
    CaseNotice,
    DataClass,
    Fact,
    FactId,
    Left,
    Released,
    Result,
    Setting,
    Symptom,
    Test,
)
from sizao.policy.values import Discharge
from sizao.rules.reasons import Reason, clause_of
from sizao.rules.samples import settled, shows_infection
from sizao.when import Instant, local_day

DISCHARGE = "discharge"
UNTESTED = "discharged-untested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A stay in hospital: received, and when it ended and how, if it did."""

    admitted: Admitted
    ended_at: Instant | None
    discharged: bool


def of_kind(page: SubjectPage, *kinds: type[Fact]) -> list[Fact]:
    """The standing facts of these kinds, the earliest first."""
    found = [fact for fact in standing(page) if isinstance(fact, kinds)]
    return sorted(found, key=lambda fact: (fact.at, fact.recorded_at, fact.id))


def stays_of(page: SubjectPage) -> list[Stay]:
    """The stays in hospital in their order; a transfer ends one and begins another."""
    found: list[Stay] = []
    for fact in of_kind(page, Admitted, Left, Released):
        here = found[-1] if found and found[-1].ended_at is None else None
        match fact:
            case Admitted(setting=Setting.HOSPITAL):
                if here is not None:
                    found[-1] = Stay(admitted=here.admitted, ended_at=fact.at, discharged=False)
                found.append(Stay(admitted=fact, ended_at=None, discharged=False))
            case Left() if here is not None and here.admitted.place == fact.place:
                found[-1] = Stay(admitted=here.admitted, ended_at=fact.at, discharged=False)
            case Released(setting=Setting.HOSPITAL) if here is not None:
                found[-1] = Stay(admitted=here.admitted, ended_at=fact.at, discharged=True)
    return found


def in_hospital(page: SubjectPage) -> Admitted | None:
    """Where the patient lies now; None for who lies in no hospital."""
    stays = stays_of(page)
    return stays[-1].admitted if stays and stays[-1].ended_at is None else None


def discharged_at(page: SubjectPage) -> Instant | None:
    """When the patient was last discharged; None while that never happened."""
    released = [
        fact for fact in of_kind(page, Released) if isinstance(fact, Released) and fact.setting is Setting.HOSPITAL
    ]
    return released[-1].at if released else None


def notices_of(page: SubjectPage) -> list[CaseNotice]:
    """The case notices that stand, the earliest first."""
    return [fact for fact in of_kind(page, CaseNotice) if isinstance(fact, CaseNotice)]


def tests_of(page: SubjectPage) -> list[Test]:
    """The patient's samples, one fact for each, the earliest first."""
    return settled(fact for fact in standing(page) if isinstance(fact, Test))


# --- discharge ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeRule:
    """Whether a discharge now would fit what the rule asks. `fits` is None where nobody can say: no rule is on file, or
    it goes by values that facts do not carry; then `rule` is None, or says what it asks."""

    fits: bool | None
    rule: Reason | None
    missing: Reason | None
    fever_free_days: int | None = None
    ct_at_least: int | None = None
    last_fever: Instant | None = None


def discharge_rule(page: SubjectPage, actor: Actor, now: Instant) -> DischargeRule:
    """The discharge rule of the day, and what the rules themselves would find in a discharge now."""
    value = book().maybe(DISCHARGE, area=page.area, on=local_day(now, reader_zone()))
    if value is None:
        return DischargeRule(fits=None, rule=None, missing=None)
    asked: Discharge = value.value
    rule = Reason(
        "discharge-rule", (("tests", asked.tests), ("apart", asked.apart_h)), (clause_of(value),), _negative(page)
    )
    fits, missing = None, None
    if asked.ct_at_least is None and notices_of(page):
        then = after_facts(page, [discharge_of(page, actor, now)], now)
        missing = next((one.reason for one in then.findings if one.code == UNTESTED and one.at == now), None)
        fits = missing is None
    return DischargeRule(
        fits=fits, rule=rule, missing=missing, fever_free_days=asked.fever_free_days, ct_at_least=asked.ct_at_least,
        last_fever=_last_fever(page),
    )  # fmt: skip


def discharge_of(page: SubjectPage, actor: Actor, at: Instant, now: Instant | None = None) -> Fact:
    """The discharge, by the hospital of whoever records it."""
    told = {"setting": Setting.HOSPITAL, "by": actor.unit}
    return make(Released, page.subject, at=at, actor=actor, now=now or at, data_class=DataClass.HEALTH, **told)


def _negative(page: SubjectPage) -> tuple[FactId, ...]:
    """The negative tests of the patient's own since the last notice."""
    since = max((notice.at for notice in notices_of(page)), default=None)
    return tuple(
        test.id
        for test in tests_of(page)
        if test.result is Result.NEGATIVE and not test.pooled and (since is None or test.at >= since)
    )


def _last_fever(page: SubjectPage) -> Instant | None:
    fever = [fact.at for fact in of_kind(page, Symptom) if isinstance(fact, Symptom) and fact.symptom == "fever"]
    return fever[-1] if fever else None


# --- signals ------------------------------------------------------------------------------------------------------------


def positive_again(page: SubjectPage) -> list[Test]:
    """The patient's own positive samples taken after the last discharge."""
    since = discharged_at(page)
    return [] if since is None else [test for test in tests_of(page) if shows_infection(test) and test.at > since]


@dataclass(frozen=True, slots=True, kw_only=True)
class InHospital:
    """The first positive sample was taken during a stay in hospital: when the patient was received, when it was taken,
    and how long after. Whether that makes it an infection in hospital nobody can say: no rule on file names the days."""

    admitted: Admitted
    test: Test
    after_s: int


def acquired_here(page: SubjectPage) -> InHospital | None:
    """The facts of a possible infection in hospital; None where the first positive sample was taken outside of any stay."""
    positive = next((test for test in tests_of(page) if shows_infection(test)), None)
    if positive is None:
        return None
    for stay in stays_of(page):
        if stay.admitted.at < positive.at and (stay.ended_at is None or positive.at <= stay.ended_at):
            return InHospital(admitted=stay.admitted, test=positive, after_s=positive.at - stay.admitted.at)
    return None


def course_of(page: SubjectPage) -> Sequence[Symptom]:
    """The symptoms on record, the earliest first."""
    return [fact for fact in of_kind(page, Symptom) if isinstance(fact, Symptom)]
