"""Deciding a challenge: by a named person of the right role who had no hand in it, with own reasons, and never by the
passing of time.

Granting takes back what was challenged, in the same act; whoever was held only by it is free at once, and is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from sizao.desk.me.challenges import Challenge, challenges_of, had_a_hand
from sizao.desk.me.models import Answer
from sizao.desk.me.own import contestable
from sizao.desk.me.saying import number_of
from sizao.desk.store import channels
from sizao.desk.store.acts import make, record
from sizao.desk.store.models import DutyRow
from sizao.desk.store.outbox import post
from sizao.desk.store.readers import SubjectPage, open_duties
from sizao.desk.store.rights import Actor, Purpose, Role
from sizao.errors import DeskError
from sizao.facts.kinds import CaseNotice, Correction, DataClass, Exposure, Fact, FactId, Order, Told
from sizao.rules.challenges import ANSWER
from sizao.when import Instant

DECIDERS = (Role.COMMAND, Role.COUNTY, Role.CDC)
DUTY = "answer-challenge"
SHORTEST = 10
"""Reasons shorter than this explain nothing to anybody."""

PURPOSE = {Role.COMMAND: Purpose.COMMAND, Role.COUNTY: Purpose.COMMAND, Role.CDC: Purpose.TRACING}
CORRECTS = {Exposure: DECIDERS, Order: (Role.COMMAND,)}
"""Who may take back what. A case notice is corrected where it was made, by the hospital or the CDC: others hang on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the decider says: granted or not, why, and what is taken back."""

    granted: bool
    reasons: str
    withdraw: tuple[str, ...] = ()


def purpose_of(actor: Actor) -> Purpose:
    """What this decider reads and records for; refuses whoever decides no challenges (M110)."""
    for role in DECIDERS:
        if actor.has(role):
            return PURPOSE[role]
    raise DeskError("M110")


def waiting(actor: Actor, now: Instant) -> QuerySet[DutyRow]:
    """Challenges that nobody has answered yet, within the actor's areas; none is ever dropped from it."""
    return open_duties(actor, now=now).filter(code=DUTY)


def challenge_at(page: SubjectPage, fact: str) -> Challenge:
    """One challenge of the person; refuses one there is none of (M111)."""
    for one in challenges_of(page):
        if one.fact == fact:
            return one
    raise DeskError("M111")


def may_decide(page: SubjectPage, actor: Actor, names: Sequence[str]) -> None:
    """Refuses, before anything is recorded, whoever decides no challenges (M110), whose own matter it is (M112), and
    who had a hand in what is challenged (M113)."""
    purpose_of(actor)
    if actor.person == page.subject:
        raise DeskError("M112")
    if had_a_hand(page, (actor.id, *names)):
        raise DeskError("M113")


def correctable(page: SubjectPage, actor: Actor) -> list[Fact]:
    """What this decider could take back: the person's standing exposures, and orders where the role carries it."""
    return [fact for fact in contestable(page) if _may_correct(fact, actor)]


def _may_correct(fact: Fact, actor: Actor) -> bool:
    return any(isinstance(fact, kind) and actor.has(*roles) for kind, roles in CORRECTS.items())


def decide(
    page: SubjectPage,
    fact: str,
    decision: Decision,
    *,
    by: Actor,
    names: Sequence[str],
    key: str,
    now: Instant,
    version: int,
) -> Answer:
    """Record the answer, and with a grant the corrections, as one act; tell the person.

    Refuses as `may_decide` does; a challenge that is answered already (M114), reasons that are none (M115), a grant
    that takes nothing back (M116), a refusal that does (M117), something that is not this decider's to take back
    (M118), and an update that came first (D113). The same key again gives the first answer.
    """
    earlier = Answer.objects.filter(fact=fact).first()
    if earlier is not None and earlier.number == number_of(page.subject, key, fact):
        return earlier
    may_decide(page, by, names)
    challenge = challenge_at(page, fact)
    if not challenge.open or earlier is not None:
        raise DeskError("M114")
    back = _withdrawn(page, challenge, decision, by)
    with transaction.atomic():
        return _record(page, fact, decision, back, by=by, key=key, now=now, version=version)


def _withdrawn(page: SubjectPage, challenge: Challenge, decision: Decision, by: Actor) -> list[Fact]:
    if len(decision.reasons.strip()) < SHORTEST:
        raise DeskError("M115", least=SHORTEST)
    chosen = set(decision.withdraw)
    if not decision.granted:
        if chosen:
            raise DeskError("M117")
        return []
    allowed = {fact.id: fact for fact in correctable(page, by)}
    if chosen - allowed.keys():
        raise DeskError("M118")
    if not chosen and not _gone_already(page, challenge):
        raise DeskError("M116")
    return [allowed[FactId(fact)] for fact in sorted(chosen)]


def _gone_already(page: SubjectPage, challenge: Challenge) -> bool:
    """Whether what was challenged has been taken back elsewhere since; then the grant only has to say so."""
    about = "" if challenge.statement is None else challenge.statement.about
    known = {fact.id for fact in page.dossier.facts}
    if about:
        return about in known and about not in {fact.id for fact in contestable(page)}
    return not contestable(page)


def _record(
    page: SubjectPage,
    fact: str,
    decision: Decision,
    back: Sequence[Fact],
    *,
    by: Actor,
    key: str,
    now: Instant,
    version: int,
) -> Answer:
    number, reasons = number_of(page.subject, key, fact), decision.reasons.strip()
    told: dict[str, Any] = {"what": ANSWER, "about": FactId(fact), "channel": "page", "by": by.id, "proof": number}
    facts = [_made(Told, page, by, now, **told)]
    facts += [_made(Correction, page, by, now, corrects=one.id, why=reasons) for one in back]
    receipt = record(
        *facts, by=by, purpose=purpose_of(by), expect={page.subject: version}, key=key, now=now, name="answer-challenge"
    )
    answer = Answer.objects.create(
        fact=fact, subject=page.subject, number=number, granted=decision.granted, reasons=reasons,
        withdrawn=[one.id for one in back], actor=by.id, unit=by.unit, at=now, act=receipt.act,
    )  # fmt: skip
    _tell(answer, freed=any(isinstance(one, Exposure | CaseNotice) for one in back), now=now)
    return answer


def _made(kind: type[Fact], page: SubjectPage, decider: Actor, now: Instant, /, **told: Any) -> Fact:
    return make(kind, page.subject, at=now, actor=decider, now=now, data_class=DataClass.CONTROL, **told)


def _tell(answer: Answer, *, freed: bool, now: Instant) -> None:
    """The answer goes to the person by the deployment's way of reaching people; its proof becomes a fact when it arrived."""
    channel = way_to_people()
    post(
        to=answer.subject, code=ANSWER, slots={"number": answer.number}, channel=channel, about=answer.fact,
        key=f"{ANSWER}-{answer.number}", now=now,
    )  # fmt: skip
    if freed:
        post(
            to=answer.subject, code="freed", slots={}, channel=channel, about="", key=f"freed-{answer.number}", now=now
        )


def way_to_people() -> str:
    """The channel by which people are told: the first one besides the console, the console where there is none."""
    names = [name for name in channels.known() if name != "console"]
    return names[0] if names else "console"
