"""An invented outbreak for the desk of contacts: a case the hospital reported, and people matched with it."""

from __future__ import annotations

import pytest

from sizao.facts.kinds import Exposure
from tests.desk.contacts.people import match_one, notice_of_case


@pytest.fixture
def case(db: None) -> str:
    """A case that the hospital reported."""
    return notice_of_case()


@pytest.fixture
def matched(case: str) -> Exposure:
    """A resident with a name, matched with the case."""
    return match_one()
