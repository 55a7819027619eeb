"""An invented outbreak for the desk of contacts: a case the hospital reported, and people matched with it."""

from __future__ import annotations

import pytest

from sizao.desk.people.who import DocumentKind, Sex, Who
from sizao.desk.store.registering import Resident, register
from sizao.desk.store.rights import Purpose, machine
from sizao.facts.kinds import Exposure, How
from sizao.when import parse_day
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.store.facts_told import exposure, notice, registered, tell

MATCHER = machine("match", COUNTY)
ALIEN = "person:a"
NAME, PHONE = "旅客甲", "13900001111"


@pytest.fixture
def case(db: None) -> str:
    """A case that the hospital reported."""
    tell(notice(), by=CAST["doctor"], purpose=Purpose.CARE)
    return "person:case"


@pytest.fixture
def matched(case: str) -> Exposure:
    """A resident with a name, matched with the case."""
    who = Who(name=NAME, phone=PHONE, born=parse_day("1986-05-04"), sex=Sex.MALE, document_kind=DocumentKind.NONE)
    register([Resident(ALIEN, who, COUNTY)], by=CAST["clerk"], purpose=Purpose.COUNTER, key="register-a", now=NOW)
    found = exposure(ALIEN, by=MATCHER, how=How.MATCHED)
    tell(found, by=MATCHER, purpose=Purpose.TRACING)
    return found


def match_many(count: int) -> list[Exposure]:
    """So many registered people, matched with the case."""
    names = [f"person:m{number:03d}" for number in range(count)]
    tell(*[registered(name) for name in names], by=CAST["clerk"], purpose=Purpose.COUNTER)
    found = [exposure(name, by=MATCHER, how=How.MATCHED) for name in names]
    for start in range(0, count, 50):
        tell(*found[start : start + 50], by=MATCHER, purpose=Purpose.TRACING)
    return found
