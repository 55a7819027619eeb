"""Who may have infected whom, by time: cases on the day they fell ill, and an arrow for every exposure of one to another.

Nothing is inferred. An arrow is an exposure on record; one that would have the later case infect the earlier is marked, not
hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sizao.desk.cases.links import confirmations, standing_to
from sizao.desk.cases.listing import notice_of
from sizao.desk.store.rows import facts_of_many
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import CaseNotice, Exposure, How
from sizao.when import Instant, local_day

COLUMN, LANE, LEFT, TOP, RADIUS = 88, 46, 24, 48, 11
"""The grid of the drawing, in its own units."""
MOST_COLUMNS = 60
"""Days drawn one beside the other; a longer span leaves out days on which nobody fell ill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A case: the day it is drawn on, by what it is dated (`onset`, `sample`, `notice`), and where."""

    subject: str
    notice: CaseNotice
    day: date
    dated_by: str
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An exposure of one case (`target`) to another (`source`). `sure`: judged by a person, or confirmed; `against` time:
    the source fell ill after the target; `days` from one to the other."""

    source: str
    target: str
    exposure: Exposure
    days: int
    sure: bool
    against: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A link as it is drawn."""

    link: Link
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Nodes by day, links in the order of the first contact, and the drawing: its size, the days along the top, the arrows."""

    nodes: Sequence[Node]
    links: Sequence[Link]
    width: int
    height: int
    days: Sequence[tuple[int, date]]
    arrows: Sequence[Arrow]


def chain_of(cases: Sequence[str], *, zone: str, known_at: Instant) -> Chain:
    """The chain of these cases as known then; who is no case (any more) is left out."""
    facts = {subject: standing_facts(told, known_at) for subject, told in facts_of_many(sorted(set(cases))).items()}
    nodes = {}
    for subject, stand in facts.items():
        notice = notice_of(stand)
        if notice is not None:
            day, dated_by = dated(notice, zone)
            nodes[subject] = Node(subject=subject, notice=notice, day=day, dated_by=dated_by)
    links = _links(nodes, known_at)
    placed, days = _placed(nodes, links)
    lanes = max((node.y for node in placed.values()), default=TOP)
    width = LEFT * 2 + COLUMN * max(1, len(days))
    return Chain(
        nodes=sorted(placed.values(), key=lambda node: (node.day, node.y, node.subject)),
        links=links,
        width=width,
        height=lanes + LANE,
        days=days,
        arrows=[Arrow(link=link, path=_path(placed[link.source], placed[link.target])) for link in links],
    )


def dated(notice: CaseNotice, zone: str) -> tuple[date, str]:
    """The day a case is drawn on: of onset, else of the first positive sample, else of the notice."""
    if notice.onset is not None:
        return local_day(notice.onset, zone), "onset"
    if notice.positive_sampled_at is not None:
        return local_day(notice.positive_sampled_at, zone), "sample"
    return local_day(notice.at, zone), "notice"


def _links(nodes: Mapping[str, Node], known_at: Instant) -> list[Link]:
    """One link for each pair, by its earliest exposure."""
    first: dict[tuple[str, str], Exposure] = {}
    for source, exposures in standing_to(nodes, known_at).items():
        for fact in exposures:
            pair = source, fact.subject
            if fact.subject in nodes and (pair not in first or _earlier(fact, first[pair])):
                first[pair] = fact
    sure = {fact.exposure for fact in confirmations([target for _, target in first], known_at)}
    found = [
        Link(
            source=source, target=target, exposure=fact, days=(nodes[target].day - nodes[source].day).days,
            sure=fact.how is How.JUDGED or fact.id in sure, against=nodes[target].day < nodes[source].day,
        )
        for (source, target), fact in first.items()
    ]  # fmt: skip
    return sorted(found, key=lambda link: (link.exposure.first, link.source, link.target))


def _earlier(one: Exposure, other: Exposure) -> bool:
    return (one.first, one.id) < (other.first, other.id)


def _placed(nodes: Mapping[str, Node], links: Sequence[Link]) -> tuple[dict[str, Node], list[tuple[int, date]]]:
    """Every node in the column of its day, below the others of that day; whoever is linked stands near who it is linked
    with."""
    days = _days({node.day for node in nodes.values()})
    column = {day: at for at, day in enumerate(days)}
    lane: dict[str, int] = {}
    taken: set[tuple[int, int]] = set()
    source = {link.target: link.source for link in reversed(links)}
    for node in sorted(nodes.values(), key=lambda node: (node.day, node.subject)):
        wanted = lane.get(source.get(node.subject, ""), 0)
        free = next(at for at in _around(wanted) if (column[node.day], at) not in taken)
        taken.add((column[node.day], free))
        lane[node.subject] = free
    placed = {
        subject: Node(
            subject=subject,
            notice=node.notice,
            day=node.day,
            dated_by=node.dated_by,
            x=LEFT + COLUMN * column[node.day] + COLUMN // 2,
            y=TOP + LANE * lane[subject] + LANE // 2,
        )
        for subject, node in nodes.items()
    }
    return placed, [(LEFT + COLUMN * at + COLUMN // 2, day) for day, at in column.items()]


def _around(wanted: int) -> Sequence[int]:
    """Lanes from the wanted one outward, downward first."""
    return [wanted, *(at for step in range(1, 10_000) for at in (wanted + step, wanted - step) if at >= 0)]


def _days(found: set[date]) -> list[date]:
    """Every day from the first to the last; of a long span only those on which somebody fell ill."""
    if not found:
        return []
    first, last = min(found), max(found)
    if (last - first).days >= MOST_COLUMNS:
        return sorted(found)
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def _path(source: Node, target: Node) -> str:
    """A curve from one node's edge to the other's."""
    if source.x == target.x:
        bulge = source.x + COLUMN // 2
        return (
            f"M {source.x + RADIUS} {source.y} C {bulge} {source.y} {bulge} {target.y} {target.x + RADIUS} {target.y}"
        )
    side = 1 if target.x > source.x else -1
    start, end = source.x + side * RADIUS, target.x - side * (RADIUS + 5)
    middle = (start + end) // 2
    return f"M {start} {source.y} C {middle} {source.y} {middle} {target.y} {end} {target.y}"
