"""Matching cases again, in the background: after stays, cases or tests came in or were taken back, and when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sizao.desk.cases.actors import actor_of
from sizao.desk.cases.matching import stays_folder
from sizao.desk.cases.models import MatchRow
from sizao.desk.cases.tracing import JOB_S, notices_of, plain_error, trace_cases, vouched_for
from sizao.desk.store import jobs
from sizao.desk.store.book import deployment
from sizao.desk.store.models import FactRow, Job
from sizao.desk.store.rights import Actor, machine
from sizao.errors import DeskError
from sizao.facts.kinds import CaseNotice, Fact
from sizao.when import Instant

JOB = "trace"
CHANGING = ("case_notice", "stay", "ride", "test", "admitted", "released", "correction")
"""Kinds of fact that may change whom a case met, or when."""
MATCHER = machine("match", "").id
TOGETHER = 10
"""Cases one matcher is asked about in one step; where that takes too long, one by one."""


def ask_to_retrace(cases: Sequence[str], *, why: str, by: str, act: int, now: Instant) -> Job | None:
    """Ask for these cases to be matched again, because of an act; None when there are none."""
    if not cases:
        return None
    return jobs.ask(JOB, key=key_of(act), given={"cases": sorted(cases), "why": why, "by": by}, by=by, now=now)


def key_of(act: int) -> str:
    """The key of the job that an act asked for."""
    return f"trace-act-{act}"


def after_act(act: int, facts: Sequence[Fact], by: Actor, now: Instant) -> None:
    """Whatever is recorded of a case — a notice, a stay, a test, its reception, a correction — has it matched again; but
    not what the matcher itself recorded, and nothing where there are no stays to match."""
    if by.id == MATCHER or not stays_folder(deployment().home).exists():
        return
    subjects = sorted({fact.subject for fact in facts})
    rows = FactRow.objects.filter(kind=CaseNotice.kind, subject__in=subjects)
    why = "notice" if any(isinstance(fact, CaseNotice) for fact in facts) else "changed"
    ask_to_retrace(sorted(set(rows.values_list("subject", flat=True))), why=why, by=by.id, act=act, now=now)


def all_cases() -> list[str]:
    """Everybody who was ever reported as a case."""
    return sorted(set(FactRow.objects.filter(kind=CaseNotice.kind).values_list("subject", flat=True)))


def cases_of_act(act: int) -> list[str]:
    """The cases among those an act recorded something about."""
    touched = FactRow.objects.filter(act=act).values("subject")
    rows = FactRow.objects.filter(kind=CaseNotice.kind, subject__in=touched)
    return sorted(set(rows.values_list("subject", flat=True)))


def step(given: Mapping[str, Any], checkpoint: Mapping[str, Any], now: Instant) -> jobs.Progress:
    """Match the next few cases; those that only one tracer told of wait until somebody else asks for them."""
    cases, at, size = given["cases"], int(checkpoint.get("at", 0)), int(checkpoint.get("size", TOGETHER))
    some = cases[at : at + size]
    by = _asker(given["by"], now)
    try:
        trace_cases(
            [case for case in some if _may_be_matched(case)], now=now, actor=by, why=given["why"], limit_s=JOB_S
        )
    except DeskError as late:
        if len(some) > 1:
            return jobs.Progress({"at": at, "size": 1}, at, len(cases), more=True)
        MatchRow.objects.create(case=some[0], at=now, by=by.id, why=given["why"], refused=plain_error(late))
    at += len(some)
    return jobs.Progress({"at": at, "size": size}, at, len(cases), more=at < len(cases))


def _may_be_matched(case: str) -> bool:
    """A case whose notices were all taken back is matched too: it has no contacts any more."""
    return not notices_of(case) or vouched_for(case)


def _asker(name: str, now: Instant) -> Actor:
    """Whoever set it off; where that was somebody who is no more, the matcher itself."""
    try:
        return actor_of(name, now)
    except DeskError:
        return machine("match", "")
