"""The matching itself, in a process of its own that may be killed: cases and rules in, exposures out, one JSON value a
line.

It knows the stays of a folder and nothing else of the deployment; what it needs to know of close contacts it asks for. It
writes nothing. Asked on one line, it answers for each case in turn:

    {"stays": …, "packs": […], "readings": {…}, "area": …, "zone": …, "known_at": …, "cases": […] or "why_not": {…}}
    {"of": […]}             it wants the facts of these people, and reads {"facts": {subject: […]}}
    {"exposure": {…}}       one fact
    {"ended": {…}}          the case is done: its window, and which of the stays it was asked about are there no more
    {"refused": {…}}        the case cannot be matched, and why
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from sizao.errors import SizaoError
from sizao.exposure.embedded import Embedded
from sizao.facts.kinds import Fact, Grade, SubjectId
from sizao.facts.record import fact_from, plain
from sizao.rules.reasons import Clause
from sizao.tracing.folder import StayFolder
from sizao.tracing.ground import Ground
from sizao.tracing.secondary import second_ring
from sizao.tracing.setup import Setup, open_book
from sizao.tracing.trace import ask, first_ring
from sizao.tracing.why_not import Answer, why_not
from sizao.when import Instant

Tell = Callable[[str, Any], None]
Hear = Callable[[], dict[str, Any]]


def main(heard: TextIO, told: TextIO) -> None:
    """Answer the one question on `heard`."""

    def tell(what: str, value: Any) -> None:
        told.write(json.dumps({what: value}, ensure_ascii=False) + "\n")
        told.flush()

    def hear() -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(heard.readline())
        return answer

    answer(hear(), tell, hear)


def answer(asked: Mapping[str, Any], tell: Tell, hear: Hear) -> None:
    """Match every case asked about, or say why somebody is no contact."""
    ground, known_at = ground_of(asked), Instant(asked["known_at"])
    for case in asked.get("cases", ()):
        _one(tell, lambda case=case: _match(case, ground, known_at, tell, hear))  # type: ignore[misc]  # a lambda's default
    if "why_not" in asked:
        _one(tell, lambda: tell("answer", _why_not(asked["why_not"], ground, known_at)))


def _one(tell: Tell, work: Callable[[], None]) -> None:
    try:
        work()
    except SizaoError as refused:
        slots = {name: value if isinstance(value, int) else str(value) for name, value in refused.slots.items()}
        tell("refused", {"code": refused.code, "slots": slots})


def ground_of(asked: Mapping[str, Any]) -> Ground:
    """What the match reads: the folder's stays, and the rules as they are on this machine."""
    stays = StayFolder.open(Path(asked["stays"]))
    setup = Setup(packs=tuple(asked["packs"]), readings=asked["readings"], area=asked["area"], zone=asked["zone"])
    return Ground(
        store=stays.store, people=stays.people, places=stays.places, book=open_book(setup), engine=Embedded(),
        area=setup.area, zone=setup.zone,
    )  # fmt: skip


def _match(case: Mapping[str, Any], ground: Ground, known_at: Instant, tell: Tell, hear: Hear) -> None:
    """The exposures of one case, alone: what is found never depends on which other cases are asked about beside it."""
    subject, facts = SubjectId(case["case"]), facts_of(case["facts"])
    asked, compiled = ask({subject: facts}, ground, known_at)
    found = first_ring(asked, compiled, ground, known_at=known_at)
    close = sorted({exposure.subject for exposure in found if exposure.grade is Grade.CLOSE})
    if close:
        tell("of", close)
        known = {name: facts_of(lines) for name, lines in hear()["facts"].items()}
        found += second_ring(found, (subject,), replace(ground, facts_of=lambda who: known.get(who, ())), known_at)
    for exposure in found:
        tell("exposure", plain(exposure))
    window = asked.windows[0]
    ended = {"case": subject, "window": list(window.interval), "notice": window.notice.id}
    tell("ended", ended | {"stays": ground.store.rows(known_at=known_at), "gone": _gone(case["stays"], ground)})


def _gone(stays: Sequence[int], ground: Ground) -> list[int]:
    """Of these stays those that the store does not hold any more, though nobody took them back: their time to be kept is
    over."""
    if not stays:
        return []
    held = set(ground.store.stay_rows(stays).column("stay").to_pylist())
    withdrawn = {stay for gone in ground.store.state.withdrawn for stay in gone.stays}
    return sorted(set(stays) - held - withdrawn)


def _why_not(pair: Mapping[str, Any], ground: Ground, known_at: Instant) -> dict[str, Any]:
    person, case = SubjectId(pair["person"]), SubjectId(pair["case"])
    return as_data(why_not(person, case, facts_of(pair["facts"]), ground, known_at=known_at))


def as_data(found: Answer) -> dict[str, Any]:
    """The answer as JSON holds it."""
    miss = found.miss
    return {
        "miss": str(miss.miss), "slots": {name: int(value) for name, value in miss.slots.items()}, "place": found.place,
        "case_stay": miss.case_stay, "stay": miss.stay, "window": list(found.window),
        "clause": None if found.clause is None else _plain(found.clause),
    }  # fmt: skip


def _plain(clause: Clause) -> dict[str, Any]:
    return clause._asdict() | {"valid_from": clause.valid_from.isoformat()}


def facts_of(lines: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """Facts out of plain data."""
    return tuple(fact_from(line) for line in lines)


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
