"""An identity has one spelling; a citizen's number that cannot be right is a problem, an unusual division is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.people.who import DocumentKind, Sex, Who, check, from_bytes, tidy, to_bytes
from tests.desk.people.invented import citizen_id, person

TODAY = date(2021, 7, 28)

whos = st.builds(
    Who,
    name=st.text(max_size=8),
    document_kind=st.sampled_from(DocumentKind),
    document=st.text(max_size=20),
    phone=st.text(max_size=15),
    address=st.text(max_size=30),
    born=st.none() | st.dates(),
    sex=st.sampled_from(Sex),
)


@given(whos)
def test_an_identity_comes_back_as_it_was_written(who: Who) -> None:
    assert from_bytes(to_bytes(who)) == who


@given(whos)
def test_tidying_an_identity_twice_is_tidying_it_once(who: Who) -> None:
    assert tidy(tidy(who)) == tidy(who)


def test_what_is_not_known_is_not_written() -> None:
    assert to_bytes(person("旅客甲")) == '{"document_kind":"none","name":"旅客甲","sex":"unknown"}'.encode()


def test_a_field_of_a_later_version_is_refused() -> None:
    with pytest.raises(TypeError, match="blood"):
        from_bytes(b'{"name":"A","blood":"0"}')


def test_a_citizens_number_gives_the_date_of_birth() -> None:
    assert tidy(person(document=citizen_id(born="18880203"))).born == date(1888, 2, 3)
    assert tidy(person(document=citizen_id(), born=date(1900, 1, 1))).born == date(1900, 1, 1)
    assert tidy(person(document="411702188802030010")).born is None


def test_a_kind_without_a_number_is_no_document() -> None:
    assert (
        tidy(Who(name="旅客甲", document_kind=DocumentKind.PASSPORT, document=" - ")).document_kind is DocumentKind.NONE
    )


@pytest.mark.parametrize(
    ("who", "problem"),
    [
        (person(""), "people.problem.no_name"),
        (Who(name="旅客甲", document="E0000001"), "people.problem.no_kind"),
        (person(born=date(2021, 7, 29)), "people.problem.not_born"),
        (person(document="411702188802030010"), "id.check"),
        (person(document="41170218880203001"), "id.shape"),
    ],
)
def test_what_cannot_be_is_a_problem(who: Who, problem: str) -> None:
    assert check(who, today=TODAY).problems == (problem,)


def test_whoever_is_born_today_is_born() -> None:
    assert check(person(born=TODAY), today=TODAY).problems == ()


def test_a_number_taken_as_told_is_no_problem() -> None:
    who = replace(person(document="411702188802030010"), document_kind=DocumentKind.UNCHECKED)
    assert check(tidy(who), today=TODAY).problems == ()


@pytest.mark.parametrize("area", ["410102", "411702", "810000", "820000", "830000", "419999"])
def test_a_division_younger_than_the_birth_or_off_the_map_is_no_problem(area: str) -> None:
    assert check(tidy(person(document=citizen_id(area=area))), today=TODAY).problems == ()


def test_what_the_number_contradicts_is_a_warning() -> None:
    told = replace(tidy(person(document=citizen_id(number=1))), sex=Sex.FEMALE, born=date(1890, 1, 1))
    assert check(told, today=TODAY).warnings == ("people.warning.born_differs", "people.warning.sex_differs")
    assert check(replace(told, sex=Sex.MALE, born=date(1888, 2, 3)), today=TODAY).warnings == ()
