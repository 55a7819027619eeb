"""The founding notice as facts: what the notice itself says, what other public reports say, what is assumed.

`founding.ndjson` is in the canonical form of `facts.record`. A fact's `source` is its provenance: `notice`,
`public-report:<where>`, `assumed`, or `assumed:<branches>` for what a branch supposes. Nobody is to be recognised: the person is
干部甲, the home city 甲市 (an area code that no place has), the train goes "to the provincial capital".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from sizao.errors import Where
from sizao.facts.kinds import Fact, FactId, SubjectId
from sizao.facts.record import fact_from_json
from sizao.replay.moments import AS_OF_DAY, ZONE
from sizao.when import Instant, day_span, parse_day

FILE = "founding.ndjson"
HOME_AREA = "4199"
PERSON = SubjectId("person:ganbu-jia")
CASE = SubjectId("person:dalian-1")
AUDIENCE = SubjectId("list:audience")
CODE = FactId("n06-yellow-code")
COMPANY_SAYS = FactId("n10-tour-company-says")
COMPANY_ADVISES = FactId("n11-tour-company-advises")
TRAIN = FactId("n09-train")
JUDGED = FactId("r05-audience-judged")
DISCLOSURE = FactId("a08-disclosure")

AS_OF = Instant(day_span(parse_day(AS_OF_DAY), ZONE).end - 1)
"""The end of the day on which the notice was printed: the moment of knowledge of every table."""


class Provenance(StrEnum):
    """Where a fact comes from (来自通报、来自其他公开报道、假定)."""

    NOTICE = "notice"
    PUBLIC_REPORT = "public-report"
    ASSUMED = "assumed"


@lru_cache(maxsize=1)
def founding_facts() -> tuple[Fact, ...]:
    """All facts of the replay, those of every branch and every switch, in the order of the file."""
    lines = files("sizao.replay").joinpath(FILE).read_text("utf-8").splitlines()
    return tuple(fact_from_json(line, Where(file=FILE, line=number)) for number, line in enumerate(lines, 1))


def provenance(fact: Fact) -> Provenance:
    """Where it comes from; what the replay itself adds is assumed."""
    head = fact.source.partition(":")[0]
    return Provenance(head) if head in {str(one) for one in Provenance} else Provenance.ASSUMED


def where_reported(fact: Fact) -> str | None:
    """The report a fact is taken from, when it is neither from the notice nor assumed."""
    return fact.source.partition(":")[2] if provenance(fact) is Provenance.PUBLIC_REPORT else None


def branches_of(fact: Fact) -> tuple[str, ...] | None:
    """The branches that suppose the fact; None for a fact of all branches."""
    head, _, tail = fact.source.partition(":")
    return tuple(tail.split("+")) if head == Provenance.ASSUMED and tail else None


def of_subject(facts: Iterable[Fact], subject: SubjectId) -> tuple[Fact, ...]:
    """The facts about one subject, ordered by id."""
    return tuple(sorted((fact for fact in facts if fact.subject == subject), key=lambda fact: fact.id))


def by_id(facts: Sequence[Fact], fact_id: FactId) -> Fact | None:
    """The fact of that name, if it is there."""
    return next((fact for fact in facts if fact.id == fact_id), None)
