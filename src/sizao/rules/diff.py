"""The shadow run: whose grades, standings, duties and findings would change under other rules, and why (TR-32).

Both books are run over the same facts; nothing is stored. The same conclusion by another clause is no change. Editions
that never hold on the same day are compared with books loaded as shadows (`PolicyBook.load(..., shadow=True)`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from sizao.facts.kinds import SubjectId
from sizao.policy.book import PolicyBook
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty, Finding, GradeSpan, LevelSpan, StandingSpan, Timeline
from sizao.when import Instant

Conclusion = GradeSpan | StandingSpan | Duty | Finding | LevelSpan


class Kind(StrEnum):
    """What kind of conclusion changes."""

    GRADE = "grade"
    STANDING = "standing"
    DUTY = "duty"
    FINDING = "finding"
    LEVEL = "level"


class Change(NamedTuple):
    """One conclusion that only one side draws, or that both draw for other times: `before` or `after` is None where
    there is none."""

    kind: Kind
    before: Conclusion | None
    after: Conclusion | None

    @property
    def how(self) -> str:
        """`added`, `removed` or `moved`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "moved"

    @property
    def reasons(self) -> tuple[Reason | None, Reason | None]:
        """Why it was so, and why it would be."""
        before = None if self.before is None else self.before.reason
        return before, None if self.after is None else self.after.reason


class SubjectChanges(NamedTuple):
    """Everything that changes for one subject, and the two timelines it is read from."""

    subject: SubjectId
    changes: tuple[Change, ...]
    before: Timeline
    after: Timeline


def policy_diff(
    dossiers: Iterable[Dossier], before: PolicyBook, after: PolicyBook, *, known_at: Instant
) -> list[SubjectChanges]:
    """For each subject for whom anything changes, in the order given: what. Refuses whatever either book refuses."""
    found = []
    for dossier in dossiers:
        old, new = (conclude(dossier, book, known_at=known_at) for book in (before, after))
        changes = timeline_diff(old, new)
        if changes:
            found.append(SubjectChanges(dossier.subject, changes, old, new))
    return found


def timeline_diff(before: Timeline, after: Timeline) -> tuple[Change, ...]:
    """What differs between two timelines, kind by kind and in order of time; clauses and reasons alone make no
    difference."""
    return tuple(
        change
        for kind, old, new in (
            (Kind.GRADE, before.grades, after.grades),
            (Kind.STANDING, before.standings, after.standings),
            (Kind.DUTY, before.duties, after.duties),
            (Kind.FINDING, before.findings, after.findings),
            (Kind.LEVEL, before.levels, after.levels),
        )
        for change in _changes(kind, old, new)
    )


class _Held(NamedTuple):
    """A conclusion in a form that can be compared: what must be the same for a change to be one and not two, and all it
    says."""

    group: Hashable
    says: Hashable
    conclusion: Conclusion


def _held(conclusion: Conclusion) -> _Held:
    if isinstance(conclusion, Duty):
        return _Held((conclusion.code, conclusion.holder, conclusion.owed_to), conclusion[:9], conclusion)
    if isinstance(conclusion, Finding):
        return _Held((conclusion.code, conclusion.about), conclusion[:3], conclusion)
    if isinstance(conclusion, GradeSpan):
        return _Held((conclusion.grade, conclusion.case), conclusion[:5], conclusion)
    return _Held(conclusion[2], conclusion[:-1], conclusion)


def _changes(kind: Kind, before: Sequence[Conclusion], after: Sequence[Conclusion]) -> Iterator[Change]:
    """Equal ones fall out pair by pair; of the rest the first of each group on one side is the first of it on the
    other."""
    old, new = [_held(one) for one in before], [_held(one) for one in after]
    for held in list(old):
        same = next((other for other in new if other.says == held.says), None)
        if same is not None:
            old.remove(held)
            new.remove(same)
    for held in old:
        moved = next((other for other in new if other.group == held.group), None)
        if moved is not None:
            new.remove(moved)
        yield Change(kind, held.conclusion, None if moved is None else moved.conclusion)
    for held in new:
        yield Change(kind, None, held.conclusion)
