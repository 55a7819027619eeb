"""What the people of the demonstration do: reports, confirmations, calls, admissions, tests, as acts at the hours they
happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sizao.desk.demo.cast import COUNTY, PLAYERS
from sizao.desk.store import proposals
from sizao.desk.store.acts import make, record
from sizao.desk.store.rights import Actor, Purpose, burdens
from sizao.drills.county import County, PlantedCase
from sizao.errors import DeskError
from sizao.facts.kinds import (
    Admitted,
    CaseClass,
    CaseNotice,
    Confirmed,
    DataClass,
    Exposure,
    Fact,
    FeedSeen,
    Grade,
    Reported,
    Result,
    Setting,
    Symptom,
    Test,
    Told,
)
from sizao.when import HOUR_S, Instant

FEEDS = ("tests", "cases", "exposures")
ISOLATED = (Grade.CLOSE, Grade.SECONDARY)
UNTOLD = 9
"""One contact in so many cannot be reached at first: worklists are never empty."""

WHY = "两人核对了行程和座位。 Two of us checked stays and seats."


class Actors:
    """The players as actors; their ids are those of the accounts, which are opened in the same order."""

    def __init__(self) -> None:
        self._by_name = {
            player.username: Actor(
                id=f"user:{number}", unit=player.unit, roles=frozenset(player.roles), areas=(COUNTY,)
            )
            for number, player in enumerate(PLAYERS, 1)
        }

    def __getattr__(self, name: str) -> Actor:
        return self._by_name[name]


class Story:
    """Tells the outbreak of a county through its actors."""

    def __init__(self, county: County, actors: Actors) -> None:
        self.county, self.actors = county, actors

    def feeds(self, now: Instant) -> None:
        """Every feed was complete when the day began."""
        by = self.actors.command
        facts = [
            make(
                FeedSeen,
                f"feed:{feed}",
                at=now,
                actor=by,
                now=now,
                data_class=DataClass.PUBLIC,
                feed=feed,
                complete_to=now,
            )
            for feed in FEEDS
        ]
        self._record(facts, by, Purpose.COMMAND, now, f"feeds-{now}")

    def reported(self, case: PlantedCase, now: Instant) -> None:
        """The hospital reports, takes in, and the CDC reviews."""
        name, hospital, cdc = self.county.person_name(case.person), self.actors.hospital, self.actors.cdc
        kind = CaseClass.ASYMPTOMATIC if case.asymptomatic else CaseClass.CONFIRMED
        sampled = case.anchor if case.asymptomatic else Instant(now - 9 * HOUR_S)
        notice = self._fact(
            CaseNotice, name, hospital, now, at=now, case_class=kind, disease="covid19", reporting_area=COUNTY,
            onset=None if case.asymptomatic else case.anchor, positive_sampled_at=sampled, reported_by=hospital.unit,
        )  # fmt: skip
        positive = {"result": Result.POSITIVE, "resulted_at": Instant(now - HOUR_S)}
        facts = [
            notice,
            self._fact(Test, name, hospital, now, at=sampled, sample=f"{name}-first", **positive),
            self._fact(Admitted, name, hospital, now, at=now, setting=Setting.HOSPITAL, place="ward:hospital-1-3"),
            self._fact(Reported, name, hospital, now, at=now, what="case_reported", to="network", about=notice.id),
        ]  # fmt: skip
        if not case.asymptomatic:
            facts.append(self._fact(Symptom, name, hospital, now, at=case.anchor, symptom="fever"))
        self._record(facts, hospital, Purpose.CARE, now, f"report-{name}")
        review = [self._fact(Reported, name, cdc, now, at=now, what="report_received", to="network", about=notice.id)]
        self._record(review, cdc, Purpose.CARE, now, f"review-{name}")

    def confirmed(self, contacts: Sequence[Exposure], now: Instant) -> None:
        """A tracer stands behind the matches; above the guard two others agree first."""
        tracer = self.actors.tracer
        facts: list[Fact] = [
            self._fact(Confirmed, fact.subject, tracer, now, at=now, exposure=fact.id, by=tracer.id)
            for fact in contacts
        ]
        self._record(facts, tracer, Purpose.TRACING, now, f"confirm-{_of(contacts)}")

    def told(self, contacts: Sequence[Exposure], now: Instant) -> None:
        """The community calls everybody; some do not pick up."""
        by = self.actors.community
        facts = [
            self._fact(
                Told, fact.subject, by, now, at=now, what="contact", about=fact.id, channel="phone", by=by.id, proof="call log"
            )
            for number, fact in enumerate(contacts) if number % UNTOLD
        ]  # fmt: skip
        self._record(facts, by, Purpose.FOLLOW_UP, now, f"tell-{_of(contacts)}")

    def isolated(self, contacts: Sequence[Exposure], now: Instant) -> None:
        """Close and secondary contacts who were told are received at the site."""
        by = self.actors.community
        facts = [
            self._fact(Admitted, fact.subject, by, now, at=now, setting=Setting.CENTRAL, place="site:1")
            for number, fact in enumerate(contacts) if number % UNTOLD and fact.grade in ISOLATED
        ]  # fmt: skip
        self._record(facts, by, Purpose.FOLLOW_UP, now, f"isolate-{_of(contacts)}")

    def tested(self, contacts: Sequence[Exposure], now: Instant) -> None:
        """A day's samples of those in isolation, all negative, resulted at once."""
        by = self.actors.community
        facts = [
            self._fact(
                Test, fact.subject, by, now, at=Instant(now - 6 * HOUR_S), sample=f"{fact.subject}-{now}", result=Result.NEGATIVE,
                resulted_at=now,
            )
            for number, fact in enumerate(contacts) if number % UNTOLD and fact.grade in ISOLATED
        ]  # fmt: skip
        self._record(facts, by, Purpose.FOLLOW_UP, now, f"test-{_of(contacts)}-{now}")

    def _fact(
        self, kind: type[Fact], subject: str, actor: Actor, now: Instant, /, *, at: Instant, **fields: Any
    ) -> Fact:
        return make(kind, subject, at=at, actor=actor, now=now, data_class=DataClass.HEALTH, **fields)

    def _record(self, facts: Sequence[Fact], by: Actor, purpose: Purpose, now: Instant, key: str) -> None:
        if not facts:
            return
        told: dict[str, Any] = {"purpose": purpose, "key": f"demo-{key}", "now": now, "name": key.partition("-")[0]}
        try:
            record(*facts, by=by, expect={}, **told)
        except DeskError as refused:
            if refused.code != "D114" or not any(burdens(fact) for fact in facts):
                raise
            proposal = proposals.propose(facts, by=by, **told)
            for minutes, who in ((7, self.actors.tracer2), (13, self.actors.command)):
                proposals.approve(proposal, by=who, agrees=True, reasons=WHY, now=Instant(now + minutes * 60))


def _of(contacts: Sequence[Exposure]) -> str:
    return contacts[0].case if contacts else "nobody"
