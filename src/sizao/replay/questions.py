"""Two questions the notice leaves open, put to the same rules: why the code was yellow, and what a unit can prove by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from sizao.facts.kinds import CodeSeen, Fact, FactId
from sizao.replay.choices import Branch, Reading, Sampled, Switches, book_of, chosen
from sizao.replay.founding import (
    AS_OF,
    CODE,
    DISCLOSURE,
    HOME_AREA,
    PERSON,
    Provenance,
    by_id,
    of_subject,
    provenance,
)
from sizao.replay.moments import ZONE, Bound, settled
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.purpose import for_unit
from sizao.rules.reasons import facts_of
from sizao.rules.timeline import Timeline
from sizao.when import Instant, day_span, local_day

LEAVE_RULE, REPORT_RULE = FactId("a04-leave-rule"), FactId("a05-report-rule")
WITH_BOTH = Switches(sampled=Sampled.JULY_25, in_theatre=True, rules_on_file=True)
VERIFY_CODE = "verify-code-seen"


class CodeCause(NamedTuple):
    """What was on record about the yellow code at `known_at`.

    `cause`: a code, `cause.unknown` where none was recorded. `known`: every fact recorded by then, about anybody, that is not
    assumed. `grounds`: facts behind a grade or a colour by then; empty, or the colour would have a ground.
    """

    known_at: Instant
    cause: str
    known: tuple[FactId, ...]
    grounds: tuple[FactId, ...]


class Provable(NamedTuple):
    """What the unit can conclude with these rules on file, and with or without a recorded disclosure of the code fact."""

    leave_rule: bool
    report_rule: bool
    disclosed: bool
    absence: bool
    unreported_code: bool


def code_cause(facts: Sequence[Fact]) -> CodeCause:
    """Put to whoever showed the colour, at the end of that day: the code fact itself is taken as recorded the same day."""
    taken = chosen(facts, Branch.AS_HAPPENED, WITH_BOTH)
    code = by_id(taken, CODE)
    assert isinstance(code, CodeSeen)
    known_at = Instant(day_span(local_day(code.at, ZONE), ZONE).end - 1)
    shown = replace(code, recorded_at=code.at)
    own = [shown if fact.id == CODE else fact for fact in of_subject(taken, PERSON)]
    timeline = conclude(
        Dossier(PERSON, tuple(own), HOME_AREA, zone=ZONE), book_of(Reading.JUDGEMENT), known_at=known_at
    )
    duty = next(duty for duty in timeline.duties if duty.code == VERIFY_CODE)
    known = [fact for fact in taken if provenance(fact) is not Provenance.ASSUMED and fact.recorded_at <= known_at]
    reasons = [span.reason for span in timeline.grades] + [span.reason for span in timeline.standings]
    grounds = {name for reason in reasons for name in facts_of(reason)}
    return CodeCause(
        known_at, str(dict(duty.reason.slots)["cause"]), tuple(fact.id for fact in known), tuple(sorted(grounds))
    )


def provable(facts: Sequence[Fact]) -> tuple[Provable, ...]:
    """Each combination of rules on file and disclosure, from the unit's side of the purpose wall, as it happened."""
    return tuple(_provable(facts, *choice) for choice in product((True, False), repeat=3))


def _provable(facts: Sequence[Fact], leave_rule: bool, report_rule: bool, disclosed: bool) -> Provable:
    seen = unit_view(facts, leave_rule=leave_rule, report_rule=report_rule, disclosed=disclosed)
    absence = any(finding.code == "absence-without-leave" for finding in seen.findings)
    unreported = any(duty.code.startswith("report-code-") and duty.met_at is None for duty in seen.duties)
    return Provable(leave_rule, report_rule, disclosed, absence, unreported)


def unit_view(facts: Sequence[Fact], *, leave_rule: bool, report_rule: bool, disclosed: bool) -> Timeline:
    """What the unit concludes: leave, attendance, what the traveller gave, public facts, and what a disclosure names."""
    dropped = {
        name
        for name, kept in ((LEAVE_RULE, leave_rule), (REPORT_RULE, report_rule), (DISCLOSURE, disclosed))
        if not kept
    }
    taken = [
        settled(fact, Bound.LATEST)
        for fact in of_subject(chosen(facts, Branch.AS_HAPPENED, WITH_BOTH), PERSON)
        if fact.id not in dropped
    ]
    dossier = Dossier(PERSON, tuple(taken), HOME_AREA, zone=ZONE)
    return conclude(for_unit(dossier, AS_OF), book_of(Reading.JUDGEMENT), known_at=AS_OF)
