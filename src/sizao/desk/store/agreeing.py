"""Whether the rows that lists and worklists use are what follows from the facts. Whatever differs is named; nothing
is mended here.

A row that waits to be drawn again is compared with what was known when it was drawn: that its facts have moved on is
no forgery.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sizao import __version__
from sizao.desk.store import concluding
from sizao.desk.store.book import book, deployment
from sizao.desk.store.models import DutyRow, FactRow, SubjectRow, TimelineRow, Upstream
from sizao.desk.store.rows import kind_of
from sizao.errors import DeskError, SizaoError, Where
from sizao.facts.kinds import Fact, FactId
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.timeline import Timeline
from sizao.when import Instant

CHUNK = 300
DUTY = ("number", "code", "holder", "since", "due", "met_at", "ended_at", "ended_as", "area")
JOINT = ", "


class Compared(NamedTuple):
    """How far a comparison came: what differs, how many subjects were looked at, and the last of them (None at the
    end)."""

    problems: tuple[SizaoError, ...]
    subjects: int
    after: str | None


class _Rows(NamedTuple):
    """What the database keeps of some subjects beside their facts."""

    subjects: Mapping[str, SubjectRow]
    timelines: Mapping[str, TimelineRow]
    duties: Mapping[str, tuple[tuple[object, ...], ...]]
    links: Mapping[str, frozenset[str]]
    acts: Mapping[str, tuple[tuple[int, str], ...]]
    """(act, fact) of each subject's facts, in the order of acts."""


def compare(after: str, limit: int = CHUNK) -> Compared:
    """Compare the next so many subjects after that one, in their order: `""` begins."""
    subjects = list(
        SubjectRow.objects.filter(subject__gt=after).order_by("subject").values_list("subject", flat=True)[:limit]
    )
    problems = tuple(differing(subjects))
    return Compared(problems, len(subjects), subjects[-1] if len(subjects) == limit else None)


def differing(subjects: Sequence[str]) -> Iterator[SizaoError]:
    """What differs of these subjects: their own rows (U125), timelines (U120, U121, U124), duties (U123), links (U126),
    or that nothing can be concluded (U128)."""
    rows = _rows(subjects)
    dossiers = _dossiers(subjects)
    for subject in subjects:
        dossier = dossiers.get(subject)
        try:
            if dossier is None:
                dossier = concluding.dossiers([subject])[subject]
            yield from _own(rows.subjects[subject], dossier, rows)
            yield from _drawn(subject, dossier, rows)
        except SizaoError as refused:
            yield DeskError("U128", where=Where(key=subject), subject=subject, why=refused.code)


def _dossiers(subjects: Sequence[str]) -> Mapping[str, Dossier]:
    """The dossiers, all at once; none where one of them holds a fact that cannot be read: then they are taken one by
    one."""
    try:
        return concluding.dossiers(subjects)
    except SizaoError:
        return {}


def strays() -> Iterator[SizaoError]:
    """Rows about subjects that have no facts: timelines and duties nobody can have drawn (U122)."""
    known = SubjectRow.objects.values("subject")
    found = set(TimelineRow.objects.exclude(subject__in=known).values_list("subject", flat=True))
    found |= set(DutyRow.objects.exclude(subject__in=known).values_list("subject", flat=True))
    missing = FactRow.objects.exclude(subject__in=known).values_list("subject", flat=True)
    yield from (DeskError("U122", where=Where(key=subject), subject=subject) for subject in sorted(found))
    yield from (DeskError("U127", where=Where(key=subject), subject=subject) for subject in sorted(set(missing)))


def _rows(subjects: Sequence[str]) -> _Rows:
    duties: dict[str, list[tuple[object, ...]]] = {subject: [] for subject in subjects}
    for subject, *values in (
        DutyRow.objects.filter(subject__in=subjects).order_by("subject", "number", "pk").values_list("subject", *DUTY)
    ):
        duties[str(subject)].append(tuple(values))
    links: dict[str, set[str]] = {subject: set() for subject in subjects}
    for subject, via in Upstream.objects.filter(subject__in=subjects).values_list("subject", "via"):
        links[subject].add(via)
    acts: dict[str, list[tuple[int, str]]] = {subject: [] for subject in subjects}
    facts = FactRow.objects.filter(subject__in=subjects).order_by("act_id", "seq")
    for subject, act, fact in facts.values_list("subject", "act_id", "fact_id"):
        acts[subject].append((act, fact))
    return _Rows(
        subjects=SubjectRow.objects.in_bulk(subjects), timelines=TimelineRow.objects.in_bulk(subjects),
        duties={subject: tuple(found) for subject, found in duties.items()},
        links={subject: frozenset(found) for subject, found in links.items()},
        acts={subject: tuple(found) for subject, found in acts.items()},
    )  # fmt: skip


def _own(row: SubjectRow, dossier: Dossier, rows: _Rows) -> Iterator[SizaoError]:
    """A subject's row says whose rules govern: forged, it would give everybody another law."""
    wrong = []
    if row.kind != kind_of(row.subject):
        wrong.append("kind")
    if row.version != len({act for act, _ in rows.acts[row.subject]}):
        wrong.append("version")
    if row.area != _area(row, dossier, rows):
        wrong.append("area")
    if wrong:
        yield DeskError("U125", where=Where(key=row.subject), subject=row.subject, columns=JOINT.join(wrong))


def _area(row: SubjectRow, dossier: Dossier, rows: _Rows) -> str:
    """Where the last registration by these facts put the subject; as the row says where one of them was erased."""
    kind, _, name = row.subject.partition(":")
    if kind == "area":
        return name
    known: dict[FactId, Fact] = {fact.id: fact for fact in dossier.facts}
    area = deployment().area
    for _, fact_id in rows.acts[row.subject]:
        fact = known.get(FactId(fact_id))
        if fact is None:
            return row.area
        if fact.kind == "registered":
            area = str(getattr(fact, "area", area))
    return area


def _drawn(subject: str, dossier: Dossier, rows: _Rows) -> Iterator[SizaoError]:
    own, row = rows.subjects[subject], rows.timelines.get(subject)
    if row is None:
        if own.stale_since is None:
            yield DeskError("U121", where=Where(key=subject), subject=subject)
        return
    if row.code != __version__ or row.rules != book().digest:
        yield DeskError("U124", where=Where(key=subject), subject=subject, version=row.code)
        return
    then = dossier if own.stale_since is None else _as_drawn(row, dossier, rows)
    timeline = conclude(then, book(), known_at=concluding.last_known(then))
    columns = _columns(row, timeline, then)
    if columns and own.stale_since is not None and then.upstream:
        return  # what was known of a close contact in that very second cannot be told apart; the row is drawn again anyway
    if columns:
        yield DeskError("U120", where=Where(key=subject), subject=subject, columns=JOINT.join(columns))
    if rows.duties[subject] != duties_of(timeline, then):
        yield DeskError("U123", where=Where(key=subject), subject=subject)
    if own.stale_since is None and rows.links[subject] != {one.subject for one in dossier.upstream}:
        yield DeskError("U126", where=Where(key=subject), subject=subject)


def _as_drawn(row: TimelineRow, dossier: Dossier, rows: _Rows) -> Dossier:
    """The dossier at the row's version: the facts of the subject's first so many acts."""
    order: dict[int, int] = {}
    for act, _ in rows.acts[row.subject]:
        order.setdefault(act, len(order))
    first = {fact for act, fact in rows.acts[row.subject] if order[act] < row.version}
    facts = tuple(fact for fact in dossier.facts if fact.id in first)
    upstream = tuple(
        one._replace(facts=tuple(fact for fact in one.facts if fact.recorded_at <= row.known_at))
        for one in dossier.upstream
    )
    return dossier._replace(facts=facts, upstream=upstream)


def _columns(row: TimelineRow, timeline: Timeline, dossier: Dossier) -> list[str]:
    """The columns of a row that are not what follows, as read at the row's own moment."""
    drawn = concluding.row_of(timeline, dossier, row.version, Instant(row.read_at))
    return [name for name in concluding.REWRITTEN if getattr(row, name) != getattr(drawn, name)]


def duties_of(timeline: Timeline, dossier: Dossier) -> tuple[tuple[object, ...], ...]:
    """The duties of a timeline as rows would hold them, in their order."""
    return tuple(tuple(getattr(row, name) for name in DUTY) for row in concluding.duty_rows(timeline, dossier))


def behind() -> int:
    """How many subjects wait to be drawn again."""
    return SubjectRow.objects.filter(stale_since__isnull=False).count()
