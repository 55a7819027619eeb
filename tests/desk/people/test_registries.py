"""Units and places: what is on record of them, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.people.models import Place, Unit
from sizao.desk.people.registries import (
    NewPlace,
    NewUnit,
    UnitKind,
    end_unit,
    put_places,
    put_unit,
    units_in,
    uscc_valid,
)
from sizao.desk.people.who import DocumentKind, Sex
from sizao.errors import DeskError
from sizao.words import Lang, say
from tests.desk.people.invented import COUNTY

pytestmark = pytest.mark.django_db
DAY, LATER = date(2021, 7, 1), date(2021, 8, 1)
USCC = "91350100M000100Y43"
"""The worked example of GB 32100-2015."""


def _unit(code: str = "u1", *, kind: UnitKind = UnitKind.AGENCY, uscc: str = "", parent: str | None = None) -> NewUnit:
    return NewUnit(code=code, name_zh="某单位", kind=kind, area=COUNTY, uscc=uscc, parent=parent)


def test_the_example_of_the_standard_is_valid() -> None:
    assert uscc_valid(USCC)


@given(st.integers(0, 16), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_any_single_wrong_character_is_found(place: int, character: str) -> None:
    wrong = USCC[:place] + character + USCC[place + 1 :]
    assert wrong == USCC or not uscc_valid(wrong)


@pytest.mark.parametrize("code", ["", "9135", USCC.lower(), USCC[:-1] + "I"])
def test_what_has_not_the_shape_of_a_credit_code_is_none(code: str) -> None:
    assert not uscc_valid(code)


def test_a_unit_is_put_in_once_and_changed_in_place() -> None:
    put_unit(_unit(uscc=USCC), valid_from=DAY)
    put_unit(_unit(kind=UnitKind.HOSPITAL), valid_from=LATER)
    unit = Unit.objects.get()
    assert (unit.kind, unit.valid_from, unit.uscc) == ("hospital", DAY, "")


def test_units_are_listed_by_area_kind_and_day() -> None:
    put_unit(_unit("u1"), valid_from=DAY)
    put_unit(_unit("u2", kind=UnitKind.HOSPITAL), valid_from=LATER)
    end_unit("u1", on=LATER)
    assert [unit.code for unit in units_in("9999", DAY)] == ["u1"]
    assert [unit.code for unit in units_in(COUNTY, LATER)] == ["u2"]
    assert [unit.code for unit in units_in(COUNTY, LATER, kinds=[UnitKind.SCHOOL])] == []


@pytest.mark.parametrize(
    ("unit", "code"),
    [(_unit("u3", uscc=USCC[:-1] + "4"), "D525"), (_unit("u3", parent="none"), "D526"), (_unit("u1", parent="u2"), "D527"),
     (_unit("u1", parent="u1"), "D527")],
)  # fmt: skip
def test_a_unit_that_cannot_be_is_refused(unit: NewUnit, code: str) -> None:
    put_unit(_unit("u1"), valid_from=DAY)
    put_unit(_unit("u2", parent="u1"), valid_from=DAY)
    with pytest.raises(DeskError, match=code):
        put_unit(unit, valid_from=DAY)


def test_a_unit_nobody_knows_does_not_end() -> None:
    with pytest.raises(DeskError, match="D526"):
        end_unit("none", on=DAY)


def test_places_are_put_in_and_changed_by_their_code() -> None:
    venue = NewPlace(code="place:v1", name_zh="某餐馆", kind="restaurant", area=COUNTY)
    put_places([venue, venue])
    put_places([NewPlace(code="place:v1", name_zh="某饭店", kind="restaurant", area=COUNTY, address="和平路1号")])
    assert [(place.name_zh, place.address) for place in Place.objects.all()] == [("某饭店", "和平路1号")]


def test_every_kind_has_its_words() -> None:
    assert all(say(kind.term, lang) for kind in (*UnitKind, *DocumentKind, *Sex) for lang in Lang)
