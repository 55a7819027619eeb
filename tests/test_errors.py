"""An error names its code and its place, carries its slots, and holds no sentence."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

from sizao import errors
from sizao.errors import FactsError, SizaoError, Where

KINDS = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, SizaoError)]


def test_the_place_is_written_from_the_file_inwards() -> None:
    assert str(Where(file="cases.csv", row=3, column="onset")) == "cases.csv, row 3, column onset"
    assert str(Where(file="pack.yaml", line=12, key="isolation")) == "pack.yaml, line 12, key isolation"


def test_a_place_without_a_file_begins_with_what_is_known() -> None:
    assert str(Where(row=1)) == "row 1"
    assert str(Where()) == ""


def test_an_error_shows_code_place_and_slots_to_those_who_debug() -> None:
    error = FactsError("F101", where=Where(file="a.csv", row=2), value="三月")
    assert str(error) == "F101 a.csv, row 2 (value='三月')"
    assert str(FactsError("F101")) == "F101"


def test_a_slot_may_have_the_name_of_any_word_even_code() -> None:
    error = SizaoError("W101", code="grade.close")
    assert error.code == "W101"
    assert error.slots == {"code": "grade.close"}


def test_every_error_is_caught_as_one_kind() -> None:
    assert all(issubclass(kind, SizaoError) for kind in KINDS)
    with pytest.raises(SizaoError):
        raise FactsError("F101")


def test_each_kind_has_a_room_of_its_own() -> None:
    rooms = [kind.room for kind in KINDS]
    assert len(set(rooms)) == len(rooms)


def test_an_error_keeps_its_cause() -> None:
    with pytest.raises(FactsError) as caught:
        _read("x")
    assert isinstance(caught.value.__cause__, ValueError)


def _read(text: str) -> int:
    try:
        return int(text)
    except ValueError as cause:
        raise FactsError("F101", value=text) from cause


@pytest.mark.parametrize("twin", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_survives_the_way_back_from_another_process(twin: object) -> None:
    error = FactsError("F101", where=Where(file="a.csv", row=2), value="三月")
    assert callable(twin)
    again = twin(error)
    assert (again.code, again.where, again.slots) == (error.code, error.where, error.slots)
