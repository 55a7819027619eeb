"""`sizao verify` of a deployment: the whole of it, as it was at one moment, while others go on working.

Conclusions are drawn again and compared with the rows lists use; facts, acts and leaves are hashed again up to the
signed roots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection

from sizao.desk.ledger.checking import check_against, check_log
from sizao.desk.ledger.models import Checkpoint, Leaf, Pending
from sizao.desk.store import agreeing, checking
from sizao.desk.store.models import Act, SubjectRow
from sizao.errors import SizaoError

Tick = Callable[[int, int], object]


class Verified(NamedTuple):
    """What a verification looked at, and what it found. `behind`: subjects that wait to be drawn again; `waiting`:
    acts that the log has not taken in yet."""

    acts: int
    facts: int
    leaves: int
    checkpoints: int
    subjects: int
    behind: int
    waiting: int
    problems: tuple[SizaoError, ...]


def verify(tick: Tick, *, witnessed: str | None = None) -> Verified:
    """Verify everything; `tick(done, total)` hears how far it is. `witnessed`: a checkpoint that somebody kept
    outside, whose log this one must begin with."""
    with snapshot():
        total = Act.objects.count() + SubjectRow.objects.count()
        problems: list[SizaoError] = [*check_log(), *checking.leaves_without_act()]
        if witnessed is not None:
            problems += check_against(witnessed)
        acts = facts = 0
        for part in _acts():
            acts, facts = acts + part.acts, facts + part.facts
            problems += part.problems
            tick(acts, total)
        problems += agreeing.strays()
        subjects = 0
        for compared in _subjects():
            subjects += compared.subjects
            problems += compared.problems
            tick(acts + subjects, total)
        return Verified(
            acts, facts, Leaf.objects.count(), Checkpoint.objects.count(), subjects, agreeing.behind(), Pending.objects.count(),
            tuple(problems),
        )  # fmt: skip


def _acts() -> Iterator[checking.Checked]:
    erased, after = checking.rows_erased(), 0
    while True:
        part = checking.check_acts(after, erased=erased)
        yield part
        if part.after is None:
            return
        after = part.after


def _subjects() -> Iterator[agreeing.Compared]:
    after = ""
    while True:
        compared = agreeing.compare(after)
        yield compared
        if compared.after is None:
            return
        after = compared.after


@contextmanager
def snapshot() -> Iterator[None]:
    """Every question inside sees the database as it was at the first one, and hinders nobody who writes."""
    if connection.in_atomic_block:
        yield
        return
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        # Django's own transactions would take SQLite's one writing place, and see every new commit on PostgreSQL.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if postgres else "BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
