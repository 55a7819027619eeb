"""What looks after a deployment by itself: verification as a job, destruction every day, and the check that every
class of data has its period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from sizao.desk.access.models import ReadRow
from sizao.desk.ledger.checking import check_log
from sizao.desk.store import agreeing, checking, jobs, keeping
from sizao.desk.store.jobs import Progress
from sizao.desk.store.models import Act, SubjectRow
from sizao.desk.store.verifying import snapshot
from sizao.errors import SizaoError
from sizao.when import Instant

VERIFY, DESTROY = "verify", keeping.JOB
CHUNKS = 4
"""So many chunks a step of a verification takes: a few seconds."""
MOST_NAMED = 200
"""So many problems a verification keeps by name; the rest it counts. The command names them all."""


def make_known() -> None:
    """Register the kinds of job, the log of reads as a class of data, and the check."""
    jobs.kind_of_job(VERIFY, verify_step)
    jobs.kind_of_job(DESTROY, destroy_step)
    keeping.also("reads", keeping.Kind(lambda until: _reads(until).count(), _end_reads))
    register(check_periods, Tags.security)


def check_periods(**_given: Any) -> Sequence[CheckMessage]:
    """Django's check: a class of data without a period is an error (sizao.E101)."""
    return [
        Error(
            f"No period of keeping is set for: {name}.",
            hint='Write the days for it into "keeping" of deployment.json; what has no period may not be kept.',
            id="sizao.E101",
        )
        for name in keeping.without_period()
    ]


def _reads(until: Instant) -> Any:
    return ReadRow.objects.filter(at__lt=until)


def _end_reads(until: Instant, limit: int, _now: Instant) -> int:
    keys = list(_reads(until).order_by("at").values_list("pk", flat=True)[:limit])
    return int(ReadRow.objects.filter(pk__in=keys).delete()[0])


def destroy_step(_given: Mapping[str, Any], done: Mapping[str, Any], now: Instant) -> Progress:
    """Destroy some of what is due; more as long as there is any."""
    gone = keeping.destroy_due(now)
    total = {name: done.get(name, 0) + gone.get(name, 0) for name in {*done, *gone}}
    count = sum(total.values())
    return Progress(total, count, count, bool(gone), total)


BEGINNING = {"stage": "log", "after": 0, "acts": 0, "facts": 0, "subjects": 0, "found": 0, "problems": ()}

# --- verification in steps --------------------------------------------------------------------------------------------


def verify_step(_given: Mapping[str, Any], so_far: Mapping[str, Any], now: Instant) -> Progress:
    """Verify some more: the log, then acts, then conclusions; what was found is told at the end."""
    state: dict[str, Any] = {**BEGINNING, **so_far}
    with snapshot():
        problems = STAGES[state["stage"]](state)
        total = Act.objects.count() + SubjectRow.objects.count()
    state["found"] += len(problems)
    state["problems"] = [*state["problems"], *(_plain(each) for each in problems)][:MOST_NAMED]
    more = state["stage"] != "done"
    told = {name: state[name] for name in ("acts", "facts", "subjects", "found", "problems")} | {"at": now}
    return Progress(state, state["acts"] + state["subjects"], total, more, {} if more else told)


def _log(state: dict[str, Any]) -> list[SizaoError]:
    state["stage"] = "acts"
    return [*check_log(), *checking.leaves_without_act(), *agreeing.strays()]


def _acts(state: dict[str, Any]) -> list[SizaoError]:
    problems: list[SizaoError] = []
    erased = checking.rows_erased()
    for _ in range(CHUNKS):
        part = checking.check_acts(state["after"], erased=erased)
        problems += part.problems
        state["acts"], state["facts"] = state["acts"] + part.acts, state["facts"] + part.facts
        if part.after is None:
            state["stage"], state["after"] = "subjects", ""
            break
        state["after"] = part.after
    return problems


def _subjects(state: dict[str, Any]) -> list[SizaoError]:
    problems: list[SizaoError] = []
    for _ in range(CHUNKS):
        part = agreeing.compare(state["after"])
        problems += part.problems
        state["subjects"] += part.subjects
        if part.after is None:
            state["stage"] = "done"
            break
        state["after"] = part.after
    return problems


STAGES = {"log": _log, "acts": _acts, "subjects": _subjects}


def _plain(problem: SizaoError) -> dict[str, Any]:
    return {
        "code": problem.code,
        "key": problem.where.key,
        "slots": {name: str(value) for name, value in problem.slots.items()},
    }


def said_again(told: Mapping[str, Any]) -> SizaoError:
    """A problem that a job kept, as the error it was."""
    return SizaoError(told["code"], **told["slots"])
