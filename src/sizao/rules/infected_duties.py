"""Duties around an infected person besides the clocks of `deadlines`: what follows discharge, and a pooled positive."""

from __future__ import annotations

from sizao.policy.kinds import Holder
from sizao.rules.contact_duties import ANYWHERE, received
from sizao.rules.dossier import POSITIVE, Read
from sizao.rules.grounds import FollowUp, Grounds
from sizao.rules.owed import Ended, What, owed
from sizao.rules.reasons import Reason
from sizao.rules.samples import known_at, settled
from sizao.rules.sampling_duties import Held, release_duties, test_duties
from sizao.rules.timeline import Duty, State

DISCHARGE = "discharge"


def infected_duties(read: Read, found: Grounds) -> list[Duty]:
    """Telling, staying in, tests and the end of what follows discharge; a new sample for everybody in a positive pool."""
    duties: list[Duty] = []
    for follow_up in found.follow_ups:
        duties += _after_discharge(read, follow_up)
    return duties + _pooled_positives(read)


def _after_discharge(read: Read, follow_up: FollowUp) -> list[Duty]:
    released, plan = follow_up.released, follow_up.plan
    told = next((fact for fact in read.tellings if fact.what == DISCHARGE and fact.at >= released.at), None)
    slots = (("until", follow_up.end),)
    tell = Reason("duty.tell-discharge", slots, (plan.clause,), (released.id,), (plan.reason,))
    duties = [owed(What("tell-discharge", Holder.HOSPITAL, read.subject), follow_up.start, None, tell, told)]
    if told is not None and told.at < follow_up.end:
        phase = plan.phase_at(told.at)
        stay = Reason("duty.stay-after-discharge", slots, (plan.clause,), (released.id, told.id), (phase.reason,))
        what = What("stay-after-discharge", Holder.PERSON, read.subject)
        back = received(read, ANYWHERE, max(told.at, follow_up.start))
        duties.append(owed(what, told.at, None, stay, back, ended=Ended(follow_up.end, State.VOID)))
    held = Held(plan, follow_up.start, follow_up.end, None, (released.id,), ())
    return [*duties, *test_duties(read, held, "test-discharged"), *release_duties(read, held, "end-follow-up")]


def _pooled_positives(read: Read) -> list[Duty]:
    """A positive pool is nobody's diagnosis: each person of it is sampled singly. No source that was read gives the
    hours."""
    duties = []
    for test in settled(read.tests) if read.positives else ():
        if test.pooled and test.result is POSITIVE:
            since = known_at(test)
            again = next((one for one in read.tests if not one.pooled and one.at > test.at), None)
            reason = Reason("duty.sample-singly", (("on", test.at),), (), (test.id,))
            duties.append(owed(What("sample-singly", Holder.COMMUNITY, read.subject), since, None, reason, again))
    return duties
