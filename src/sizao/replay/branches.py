"""Each branch as a list of facts: what the file says of it, what the offices then do, and what a match or a judgement adds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sizao.facts.kinds import DataClass, Exposure, Fact, FactId, Listed, Stay, Told
from sizao.policy.book import PolicyBook
from sizao.replay.answers import TRACER, answered, told
from sizao.replay.choices import WINDOWS, Branch, Reading, Switches, chosen
from sizao.replay.founding import CASE, JUDGED, PERSON, by_id, of_subject
from sizao.replay.matching import match
from sizao.replay.moments import Bound, settled
from sizao.when import Instant

OWN_THEATRE = FactId("a03-in-the-theatre")
CASE_THEATRE = FactId("r03-theatre")
JUDGED_HERE = FactId("j01-judged")


def facts_of(
    facts: Iterable[Fact], branch: Branch, reading: Reading, switches: Switches, *, bound: Bound, book: PolicyBook
) -> tuple[Fact, ...]:
    """The person's facts in that branch, under that reading and those switches, with coarse times at that bound."""
    taken = [settled(fact, bound) for fact in chosen(facts, branch, switches)]
    own = list(of_subject(taken, PERSON))
    if branch is not Branch.AS_HAPPENED:
        own = answered(own, book, bound)
        own = _with_match(own, taken, branch, reading, book)
    own = _with_judgement(own, taken, reading, switches)
    if branch is not Branch.AS_HAPPENED:
        own = answered(own, book, bound)
    return tuple(sorted(own, key=lambda fact: fact.id))


def _with_match(
    own: list[Fact], taken: Sequence[Fact], branch: Branch, reading: Reading, book: PolicyBook
) -> list[Fact]:
    """The match of the case's places with his, once both are known; it is explained to him at once, as preliminary."""
    theatre, asked_at = by_id(own, OWN_THEATRE), _places_known_at(own, branch)
    if reading not in WINDOWS or theatre is None or asked_at is None:
        return own
    case = _case_facts(taken, branch)
    their_places = [fact.recorded_at for fact in case if isinstance(fact, Stay) and fact.place_kind == "theatre"]
    known_at = Instant(max(asked_at, *their_places))
    found = match(case, [theatre], book, known_at=known_at)
    if found is None:
        return own
    return [*own, found, told("m02-told-at-once", known_at, "contact", found.id, TRACER)]


def _case_facts(taken: Sequence[Fact], branch: Branch) -> list[Fact]:
    """The case's facts; in the hypothetical the session is told a day earlier, by a fact that stands for the later one."""
    early = branch is Branch.ITINERARY
    return [fact for fact in of_subject(taken, CASE) if not (early and fact.id == CASE_THEATRE)]


def _places_known_at(own: Sequence[Fact], branch: Branch) -> Instant | None:
    """When the home side knows where he was: from the audience's list as it arrives, or from him as he is asked."""
    if branch is Branch.UNDECLARED:
        return next((fact.recorded_at for fact in own if isinstance(fact, Listed)), None)
    asked = [fact.at for fact in own if isinstance(fact, Told) and fact.what == "listed"]
    return min(asked, default=None)


def _with_judgement(own: list[Fact], taken: Sequence[Fact], reading: Reading, switches: Switches) -> list[Fact]:
    """The whole audience was judged; if he sat in it, the judgement is about him too, from the day it was made."""
    judged = by_id(taken, JUDGED)
    if reading is not Reading.JUDGEMENT or not switches.in_theatre or not isinstance(judged, Exposure):
        return own
    his = replace(
        judged, id=JUDGED_HERE, subject=PERSON, case_fact=judged.id, source="assumed", recorder="replay",
        basis="assumption", data_class=DataClass.HEALTH,
    )  # fmt: skip
    return [*own, his]
