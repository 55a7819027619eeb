"""Builds the demonstration: the invented county's stays, its residents, and two weeks of its outbreak, act by act at
their own hours.

Nothing is written past the acts: what the demonstration shows happened here the way it would happen in earnest, in
the past of the deployment's clock. The last case came an hour ago; nobody has confirmed its contacts yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from sizao.desk.cases.links import exposures_to, standing
from sizao.desk.cases.matching import stays_folder
from sizao.desk.cases.tracing import trace_cases
from sizao.desk.demo.accounts import open_accounts
from sizao.desk.demo.home import OPENS_AT
from sizao.desk.demo.invented import who_of
from sizao.desk.demo.story import Actors, Story
from sizao.desk.ledger import sequencer
from sizao.desk.people.areas import EXAMPLE, read_list, take_in
from sizao.desk.serving import prepare
from sizao.desk.store.models import Proposal
from sizao.desk.store.proposals import approve
from sizao.desk.store.registering import Resident, register
from sizao.desk.store.rights import Purpose
from sizao.drills.county import START, County, PlantedCase, planted_county
from sizao.drills.demo import stage
from sizao.when import DAY_S, HOUR_S, Instant, local_day

SEED = 7
PERSONS = 20_000
PER_ACT = 1_000
TOWNSHIPS = ("999901001", "999901002", "999901100", "999901101", "999901200")
MATCH_LIMIT_S = 120.0
STEPS = 12

Tick = Callable[[int, int], None]


def build(tick: Tick) -> None:
    """Build all of it into the deployment that this process serves."""
    done = _counter(tick)
    prepare()
    next(done)
    county = planted_county(SEED, persons=PERSONS)
    stage(county, stays_folder(settings.HOME))
    next(done)
    actors = Actors()
    with transaction.atomic():
        take_in(read_list(EXAMPLE), valid_from=local_day(Instant(START - 400 * DAY_S), settings.SIZAO.zone))
        _residents(county, actors)
    next(done)
    _outbreak(county, Story(county, actors), done)
    open_accounts(county, now=OPENS_AT)
    sequencer.integrate(OPENS_AT)
    sequencer.checkpoint(OPENS_AT)


def _counter(tick: Tick) -> Iterator[None]:
    for step in range(1, STEPS + 1):
        tick(step, STEPS)
        yield
    while True:
        yield


def home_of(person: int) -> str:
    """The township a person lives in."""
    return TOWNSHIPS[person * 7919 % len(TOWNSHIPS)]


def _residents(county: County, actors: Actors) -> None:
    """Everybody, registered a year before anything happened, a thousand an act."""
    for first in range(0, county.persons, PER_ACT):
        numbers = range(first, min(county.persons, first + PER_ACT))
        people = [Resident(county.person_name(n), who_of(n), home_of(n)) for n in numbers]
        register(
            people, by=actors.counter, purpose=Purpose.COUNTER, key=f"demo-residents-{first}", now=START,
            since=Instant(START - 400 * DAY_S),
        )  # fmt: skip


class _Event(NamedTuple):
    """Something that happens at an hour."""

    at: Instant
    order: int
    does: Callable[[Instant], Any]


def _outbreak(county: County, story: Story, done: Iterator[None]) -> None:
    """All cases with what followed, and the nightly look at whether late stays make more contacts; in the order of the
    hours."""
    events = [_Event(Instant(START + day * DAY_S), 0, story.feeds) for day in range(1, (OPENS_AT - START) // DAY_S + 1)]
    events.append(_Event(Instant(OPENS_AT - HOUR_S), 0, story.feeds))
    for number, case in enumerate(sorted(county.cases, key=lambda case: case.care_at)):
        last = number == len(county.cases) - 1
        events += _of_case(county, story, case, late=last)
    for event in sorted(events, key=lambda event: (event.at, event.order)):
        if event.at <= OPENS_AT:
            event.does(event.at)
            if event.order == TRACED:
                next(done)


TRACED = 2


def _of_case(county: County, story: Story, case: PlantedCase, *, late: bool) -> list[_Event]:
    """What happens because of one case. The last one is told of an hour before the demonstration opens, and waits."""
    name = county.person_name(case.person)
    came = Instant(OPENS_AT - HOUR_S) if late else case.care_at

    def traced(now: Instant) -> None:
        # At first because of the notice; later because stays came in.
        why = "notice" if now - came < HOUR_S else "stays"
        trace_cases([name], now=now, actor=story.actors.tracer, why=why, limit_s=MATCH_LIMIT_S)
        _agree(story, now)

    found = [_Event(came, 1, lambda now: story.reported(case, now)), _Event(Instant(came + 40), TRACED, traced)]
    if late:
        return found
    again = Instant(came - (came - START) % DAY_S + DAY_S + HOUR_S)
    found += [
        _Event(again, 3, traced),
        _Event(Instant(again + HOUR_S), 4, lambda now: story.confirmed(_contacts(name), now)),
        _Event(Instant(again + 3 * HOUR_S), 5, lambda now: story.told(_contacts(name), now)),
        _Event(Instant(again + 8 * HOUR_S), 6, lambda now: story.isolated(_contacts(name), now)),
    ]
    return found + [
        _Event(Instant(again + day * DAY_S + 10 * HOUR_S), 7, lambda now: story.tested(_contacts(name), now))
        for day in range(1, 8)
    ]


def _contacts(case: str) -> Sequence[Any]:
    return standing(exposures_to([case])[case])


def _agree(story: Story, now: Instant) -> None:
    """Two approvers of different units agree to what waits, a few minutes apart."""
    for proposal in Proposal.objects.filter(settled_at__isnull=True, lapses_at__gt=now).order_by("pk"):
        for minutes, who in ((6, story.actors.tracer2), (11, story.actors.command)):
            why = "行程与座位表已由两人核对。 The stays and seat lists were checked by two of us."
            approve(proposal, by=who, agrees=True, reasons=why, now=Instant(now + minutes * 60))
