"""From an engine's answer to exposure facts: named people and places, the rule, and the stays that are the evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from sizao.exposure.engine import Exposures
from sizao.exposure.names import NameTable
from sizao.exposure.stays import Flag
from sizao.facts.kinds import DataClass, Exposure, FactId, Grade, How, SubjectId
from sizao.tracing.compile import Compiled
from sizao.tracing.notices import Question
from sizao.when import Instant

MINUTE_S = 60
TOLD = -1
SOURCE = "match"
BASIS = "epidemic-tracing"


class Meetings(NamedTuple):
    """An answer with everything named: `pairs` rows and, pair by pair, the rows of evidence."""

    pairs: list[dict[str, Any]]
    evidence: dict[tuple[int, int], list[dict[str, Any]]]
    people: dict[int, str]
    places: dict[int, str]
    asked: Question
    compiled: Compiled
    digest: str

    @classmethod
    def of(
        cls, found: Exposures, asked: Question, compiled: Compiled, people: NameTable, places: NameTable
    ) -> Meetings:
        """The answer by name; evidence must have been asked for."""
        assert found.evidence is not None
        pairs, rows = found.pairs.to_pylist(), found.evidence.to_pylist()
        by_pair: dict[tuple[int, int], list[dict[str, Any]]] = {}
        for row in rows:
            by_pair.setdefault((row["case"], row["person"]), []).append(row)
        persons = sorted({pair["person"] for pair in pairs})
        sites = sorted({row["place"] for row in rows})
        return cls(
            pairs,
            by_pair,
            dict(zip(persons, people.names(persons), strict=True)),
            dict(zip(sites, places.names(sites), strict=True)),
            asked,
            compiled,
            found.rules_digest,
        )


def exposure_facts(found: Meetings, known_at: Instant, *, via: Sequence[SubjectId] | None = None) -> list[Exposure]:
    """One fact per pair. With `via`, the engine's cases are close contacts and `case` is filled in by the caller."""
    return [_fact(pair, found, known_at, via) for pair in found.pairs]


def _fact(pair: dict[str, Any], found: Meetings, known_at: Instant, via: Sequence[SubjectId] | None) -> Exposure:
    case, person = pair["case"], pair["person"]
    evidence = found.evidence[case, person]
    rule = found.compiled.rules[pair["rule"]]
    window = found.asked.windows[case] if via is None else None
    subject = SubjectId(found.people[person])
    flags = flag_names(pair["flags"])
    source = window.case if window is not None else SubjectId("") if via is None else via[case]
    stays = tuple((max(row["case_stay"], TOLD), row["stay"]) for row in evidence)
    told = tuple(dict.fromkeys(_told(row["case_stay"], found.asked) for row in evidence if row["case_stay"] < 0))
    return Exposure(
        id=exposure_id(
            source,
            subject,
            rule.rule_id,
            (pair["first_s"], pair["last_s"], pair["overlap_s"]),
            (*told, *map(str, stays), *flags),
        ),
        subject=subject,
        at=Instant(pair["first_s"]),
        recorded_at=known_at,
        source=SOURCE,
        recorder=SOURCE,
        basis=BASIS,
        data_class=DataClass.HEALTH,
        case=source,
        case_fact=window.notice.id if window is not None else None,
        how=How.MATCHED,
        grade=Grade(rule.grade),
        first=Instant(pair["first_s"]),
        last=Instant(pair["last_s"]),
        minutes=pair["overlap_s"] // MINUTE_S,
        place=found.places[evidence[0]["place"]],
        place_kind=str(rule.place_kind),
        rule=rule.rule_id,
        rule_digest=found.digest,
        stays=stays,
        case_told=told,
        flags=flags,
    )


def _told(case_stay: int, asked: Question) -> FactId:
    """The fact behind an explicit case stay: engines name row i of them −1−i."""
    fact = asked.told[-1 - case_stay]
    assert fact is not None
    return fact.id


def exposure_id(case: str, person: str, rule: str, times: tuple[int, int, int], evidence: tuple[str, ...]) -> FactId:
    """The same exposure gets the same id whenever it is matched, so that a re-match knows what is new.

    `times` are the first and last moment and the length together; `evidence` names the stays or facts behind it.
    """
    text = "|".join((case, person, rule, *map(str, times), *evidence))
    return FactId("x" + hashlib.blake2b(text.encode(), digest_size=12).hexdigest())


def flag_names(flags: int) -> tuple[str, ...]:
    """The names of the flags set, in lower case."""
    return tuple(str(flag.name).lower() for flag in Flag if flags & flag)
