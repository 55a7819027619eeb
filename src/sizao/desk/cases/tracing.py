"""From a case to everybody exposed, on record: who may set it off, what it adds and takes back, when it needs approvers.

A match makes no contact of a case that one tracer alone told of. A hospital or the CDC reported it, or somebody else than
whoever entered it asked for it to be traced (TR-04): until then nothing is matched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sizao.desk.cases.links import exposures_to, standing, taken_back_by, with_corrections
from sizao.desk.cases.matching import Asked, Matched, match
from sizao.desk.cases.models import MatchRow
from sizao.desk.store import acts, proposals
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.models import FactRow
from sizao.desk.store.rights import Actor, Purpose, machine, may_record, reaches
from sizao.desk.store.rows import areas_of, facts_of, facts_of_many
from sizao.errors import DeskError, SizaoError
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import CaseNotice, Correction, DataClass, Exposure, Fact, FactId, How, Reported, SubjectId
from sizao.facts.record import fact_from_json
from sizao.tracing.rematch import SOURCE, Changes, rematch
from sizao.when import OPEN, Instant

ASKED_FOR = "trace-asked"
"""What a person reports who asks for a case to be traced."""

REPORTING = (Purpose.CARE, Purpose.TESTING)
"""What an act is for that a hospital or the CDC does as such; a tracer records for neither."""

NOW_S = 20
"""How long a page waits for a match; what takes longer is a job."""
JOB_S = 45
"""How long a job's step waits: less than its lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a match came to on record."""

    added: int = 0
    withdrawn: int = 0
    restored: int = 0
    elsewhere: int = 0
    kept: int = 0
    act: int | None = None
    proposal: int | None = None


# --- whose word it is -------------------------------------------------------------------------------------------------


def notices_of(case: str) -> dict[FactId, tuple[str, str]]:
    """Each standing notice of a case: who recorded it, and for which purpose."""
    rows = FactRow.objects.filter(subject=case, kind=CaseNotice.kind, line__isnull=False)
    told = {
        FactId(fact): (actor, purpose)
        for fact, actor, purpose in rows.values_list("fact_id", "act__actor", "act__purpose")
    }
    stand = {fact.id for fact in standing_facts(facts_of(case), OPEN)}
    return {fact: by for fact, by in told.items() if fact in stand}


def asked_for_by(case: str) -> frozenset[str]:
    """Who asked for a case to be traced."""
    rows = FactRow.objects.filter(subject=case, kind=Reported.kind, line__isnull=False).values_list(
        "line", "act__actor"
    )
    return frozenset(actor for line, actor in rows if getattr(fact_from_json(line or ""), "what", "") == ASKED_FOR)


def vouched_for(case: str) -> bool:
    """Whether more than one tracer's word stands behind a case: only then is it matched. False where no notice stands."""
    notices = notices_of(case)
    if any(purpose in REPORTING for _, purpose in notices.values()):
        return True
    asked = asked_for_by(case)
    return any(asked - {actor} for actor, _ in notices.values())


def only_word(case: str, actor: Actor) -> bool:
    """Whether nobody but this actor told of the case."""
    notices = notices_of(case)
    return bool(notices) and all(by == actor.id for by, _ in notices.values())


def ask(case: str, *, by: Actor, key: str, now: Instant) -> int:
    """A person asks for a case to be traced, on record; returns the act. Refuses a case nobody reported (K101), and
    whoever alone reported it (K102): somebody else looks first."""
    if not notices_of(case):
        raise DeskError("K101", case=case)
    if only_word(case, by) and not vouched_for(case):
        raise DeskError("K102", case=case)
    fact = acts.make(
        Reported, case, at=now, actor=by, now=now, data_class=DataClass.CONTROL, what=ASKED_FOR, to="tracing_team"
    )
    purpose = Purpose.TRACING if may_record(by, Purpose.TRACING, fact.kind) else Purpose.COMMAND
    return acts.record(fact, by=by, purpose=purpose, expect={}, key=key, now=now, name="ask-trace").act


# --- matching ---------------------------------------------------------------------------------------------------------


def trace_case(case: str, *, now: Instant, actor: Actor, why: str, limit_s: float = NOW_S) -> MatchRow:
    """Match a case as known now and record what changed; the row says what came of it, also when the case cannot be
    matched.

    `actor` is whose act set it off. Refuses when the matcher gives no answer in time (K120) or fails (K121), and a case
    that only one tracer told of (K102).
    """
    return trace_cases([case], now=now, actor=actor, why=why, limit_s=limit_s)[0]


def trace_cases(cases: Sequence[str], *, now: Instant, actor: Actor, why: str, limit_s: float) -> list[MatchRow]:
    """As `trace_case`, each case by itself, with one matcher for all of them."""
    for case in cases:
        if notices_of(case) and not vouched_for(case):
            raise DeskError("K102", case=case)
    exposures = exposures_to(cases)
    matched = _match([case for case in cases if notices_of(case)], exposures, now, limit_s)
    rows = []
    for case in cases:
        # A case whose notices were all taken back has no contacts.
        one = matched.get(case, Matched(case=SubjectId(case)))
        rows.append(_note(one, exposures[case], now=now, actor=actor, why=why))
    return rows


def _match(
    cases: Sequence[str], exposures: Mapping[str, Sequence[Exposure]], now: Instant, limit_s: float
) -> dict[str, Matched]:
    asked = [
        Asked(case=SubjectId(case), facts=facts_of(case), stays=sorted(_evidence(exposures[case]))) for case in cases
    ]
    if not asked:
        return {}
    found = match(asked, deployment(), known_at=now, facts_of=facts_of_many, limit_s=limit_s)
    return {one.case: one for one in found}


def _evidence(exposures: Iterable[Exposure]) -> set[int]:
    return {stay for fact in exposures if fact.how is How.MATCHED for pair in fact.stays for stay in pair if stay >= 0}


def _note(one: Matched, known: Sequence[Exposure], *, now: Instant, actor: Actor, why: str) -> MatchRow:
    told = {"case": one.case, "at": now, "by": actor.id, "why": why}
    if one.refused is not None:
        return MatchRow.objects.create(**told, refused=plain_error(one.refused))
    done = record_match(one, known, now=now, why=why)
    opens, closes = one.window if one.window is not None else (None, None)
    return MatchRow.objects.create(
        **told, opens=opens, closes=closes, stays_read=one.stays_read, found=len(one.exposures), added=done.added,
        withdrawn=done.withdrawn, restored=done.restored, elsewhere=done.elsewhere, kept=done.kept, act=done.act,
        proposal=done.proposal,
    )  # fmt: skip


def plain_error(error: SizaoError) -> dict[str, object]:
    """An error as a row keeps it."""
    return {
        "code": error.code,
        "slots": {name: value if isinstance(value, int) else str(value) for name, value in error.slots.items()},
    }


# --- putting it on record ---------------------------------------------------------------------------------------------


def record_match(found: Matched, known: Sequence[Exposure], *, now: Instant, why: str) -> Recorded:
    """Record what a match changes among the exposures known of its case, in the matcher's name, as one act.

    What it takes back takes effect at once. When it would burden more people than one may at once, what it adds waits for
    two approvers, who see whom (see `proposals`). What a person took back stays taken back; an exposure whose stays are
    kept no more stays as it is.
    """
    by = machine("match", deployment().area)
    fresh, elsewhere = _ours(found.exposures, by)
    expired = [fact for fact in standing(known) if fact.how is How.MATCHED and found.gone & _evidence([fact])]
    rejected = _rejected(known)
    wanted = {fact.id: fact for fact in (*expired, *fresh) if fact.id not in rejected}
    changes = rematch(with_corrections(known), wanted.values(), now=now, recorder=by.id, why=why)
    entered = changes._replace(added=tuple(replace(fact, recorded_at=now, recorder=by.id) for fact in changes.added))
    act, proposal = _record(found.case, entered, by=by, now=now)
    return Recorded(
        added=len(changes.added), withdrawn=len(changes.withdrawn), restored=len(changes.restored), elsewhere=elsewhere,
        kept=len({fact.id for fact in expired} - {fact.id for fact in fresh}), act=act, proposal=proposal,
    )  # fmt: skip


def _ours(exposures: Sequence[Exposure], by: Actor) -> tuple[list[Exposure], int]:
    """The exposures of people of our areas, and how many people there are of others: those are for their own areas to
    record."""
    areas = areas_of(exposures, deployment().area)
    ours = [fact for fact in exposures if reaches(by, areas[fact.subject])]
    return ours, len({fact.subject for fact in exposures} - {fact.subject for fact in ours})


def _rejected(known: Sequence[Exposure]) -> frozenset[FactId]:
    """Exposures that a person took back: the matcher does not bring them in again."""
    return frozenset(fact for fact, by in taken_back_by(known).items() if by.source != SOURCE)


def _record(case: str, changes: Changes, *, by: Actor, now: Instant) -> tuple[int | None, int | None]:
    """One act, or for many people one act of relief and one proposal; the numbers of both."""
    burdened = {fact.subject for fact in (*changes.added, *changes.restored)}
    above = guard("safeguard.bulk", deployment().area, now).above_persons
    if len(burdened) <= above:
        proposals.supersede(_of(case), keep="", now=now)
        return _act(case, changes.facts, by=by, now=now), None
    put = (*changes.added, *changes.restored)
    key = _key(case, put)
    # What an earlier match put forward and nobody decided is no longer asked.
    proposals.supersede(_of(case), keep=key, now=now)
    act = _act(case, changes.withdrawn, by=by, now=now)
    return act, proposals.propose(put, by=by, purpose=Purpose.TRACING, key=key, now=now, name="match").pk


def _act(case: str, facts: Sequence[Fact], *, by: Actor, now: Instant) -> int | None:
    if not facts:
        return None
    receipt = acts.record(
        *facts, by=by, purpose=Purpose.TRACING, expect={}, key=_key(case, facts), now=now, name="match"
    )
    return receipt.act


def _key(case: str, facts: Sequence[Fact]) -> str:
    """The same changes of the same case are the same act, or the same proposal, however often they are found."""
    told = "|".join(sorted(fact.corrects if isinstance(fact, Correction) else fact.id for fact in facts))
    moment = "|".join(sorted(fact.id for fact in facts if isinstance(fact, Correction)))
    return f"{_of(case)}{hashlib.blake2b(f'{told}|{moment}'.encode(), digest_size=16).hexdigest()}"


def _of(case: str) -> str:
    return f"match-{hashlib.blake2b(case.encode(), digest_size=8).hexdigest()}-"
