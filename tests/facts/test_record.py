"""A fact goes to plain data and back unchanged, and nothing strange comes in."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.errors import FactsError, Where
from sizao.facts.kinds import KINDS, DataClass, Fact, SubjectId, Told
from sizao.facts.record import (
    canonical,
    content_digest,
    content_of,
    fact_from,
    fact_from_json,
    fact_id_of,
    named,
    plain,
)
from sizao.when import Instant
from tests.facts.invented import any_facts, facts_of_kind, told


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
@settings(max_examples=25)
@given(data=st.data())
def test_a_fact_of_every_kind_comes_back_from_its_line_as_it_was(kind: type[Fact], data: st.DataObject) -> None:
    fact = data.draw(facts_of_kind(kind))
    line = canonical(plain(fact))
    back = fact_from_json(line)
    assert back == fact
    assert canonical(plain(back)) == line
    assert b"\n" not in line


def test_defaults_are_left_out_so_that_a_new_field_changes_no_bytes() -> None:
    assert plain(told("a", 5)) == {
        "kind": "told", "id": "a", "subject": "person:旅客乙", "at": 0, "recorded_at": 5, "source": "测试", "recorder": "r",
        "basis": "b", "data_class": "health", "what": "grade", "channel": "phone", "by": "o",
    }  # fmt: skip


def test_the_canonical_line_sorts_its_keys_and_has_no_blanks() -> None:
    assert canonical({"b": 1, "a": ["甲"]}) == '{"a":["甲"],"b":1}'.encode()


def refused(change: dict[str, Any] | None = None, without: str = "", data: object = None) -> FactsError:
    good = plain(told("a", 5)) | (change or {})
    good.pop(without, None)
    with pytest.raises(FactsError) as raised:
        fact_from(good if data is None else data, Where(file="f.ndjson", line=3))
    return raised.value


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"kind": "rumour"}, "F101", "kind"),
        ({"kind": None}, "F101", "kind"),
        ({"at": "2021-07-26"}, "F102", "at"),
        ({"at": True}, "F102", "at"),
        ({"at": 1.0}, "F102", "at"),
        ({"subject": None}, "F102", "subject"),
        ({"data_class": "gossip"}, "F102", "data_class"),
        ({"colour": "red"}, "F104", "colour"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_place(change: dict[str, Any], code: str, column: str) -> None:
    error = refused(change)
    assert (error.code, error.where) == (code, Where(file="f.ndjson", line=3, column=column))


def test_a_missing_field_is_refused_and_named() -> None:
    error = refused(without="channel")
    assert (error.code, error.where.column, error.slots["field"]) == ("F103", "channel", "channel")


@pytest.mark.parametrize("data", [[1], "text", 7])
def test_what_is_no_record_is_refused(data: object) -> None:
    assert refused(data=data).code == "F105"


def test_a_broken_line_is_refused() -> None:
    with pytest.raises(FactsError) as raised:
        fact_from_json('{"kind":"told"', Where(file="f", line=1))
    assert raised.value.code == "F105"


def test_nested_values_are_checked_too() -> None:
    stay = {
        "kind": "stay", "id": "s", "subject": "person:a", "at": 0, "recorded_at": 0, "source": "s", "recorder": "r",
        "basis": "b", "data_class": "movement", "place": "p", "place_kind": "office",
    }  # fmt: skip
    assert fact_from(stay | {"spots": [["8", 2, 2, "C"]]}).spots[0].seat == "C"  # type: ignore[attr-defined]
    for spots in ([["8", 2, 2]], [["8", "2", 2, "C"]], "8"):
        with pytest.raises(FactsError):
            fact_from(stay | {"spots": spots})


@given(any_facts(), st.integers(0, 99), st.text("ab", min_size=1, max_size=3))
def test_the_id_does_not_depend_on_who_entered_it_when(fact: Fact, later: int, recorder: str) -> None:
    again = replace(fact, recorded_at=Instant(later), recorder=recorder)
    assert fact_id_of(content_of(again)) == fact_id_of(content_of(fact)) == fact_id_of(plain(fact) | {"recorder": "x"})
    assert content_digest(again) == content_digest(fact)


def test_the_id_depends_on_the_content_and_on_the_salt() -> None:
    content = content_of(told("a", 5))
    ids = {fact_id_of(content), fact_id_of(content | {"what": "order"}), fact_id_of(content, b"salt")}
    assert len(ids) == 3


def test_a_named_fact_carries_the_id_of_its_content() -> None:
    fact = named(
        Told, subject=SubjectId("person:a"), at=Instant(0), recorded_at=Instant(9), source="s", recorder="r", basis="b",
        data_class=DataClass.HEALTH, what="grade", channel="phone", by="o",
    )  # fmt: skip
    assert fact.id == fact_id_of(json.loads(canonical(plain(fact))))
