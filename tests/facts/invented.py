"""Invented facts of every kind, for Hypothesis."""

from __future__ import annotations

import types
from dataclasses import fields
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from sizao.facts.kinds import KINDS, Correction, DataClass, Fact, FactId, Spot, SubjectId, Told
from sizao.when import Instant

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
INSTANTS = st.integers(min_value=-(2**40), max_value=2**62)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    name = getattr(hint, "__name__", "")
    hint = getattr(hint, "__supertype__", hint)
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return st.none() | _values(next(arg for arg in args if arg is not type(None)))
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(_values(args[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(_values(arg) for arg in args))
    if hint is Spot:
        row = st.none() | st.integers(0, 99)
        return st.builds(Spot, st.none() | TEXTS, row, row, st.none() | TEXTS)
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    if hint is bool:
        return st.booleans()
    if hint is int:
        return INSTANTS if name == "Instant" else st.integers(0, 2**40)
    return TEXTS


def facts_of_kind(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    """Any fact of one kind."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: _values(hints[field.name]) for field in fields(kind)})


def any_facts() -> st.SearchStrategy[Fact]:
    """Any fact of any kind."""
    return st.one_of([facts_of_kind(kind) for kind in KINDS.values()])


def told(name: str, recorded_at: int, *, subject: str = "person:旅客乙", what: str = "grade") -> Told:
    """A small fact with a given name."""
    return Told(
        id=FactId(name), subject=SubjectId(subject), at=Instant(0), recorded_at=Instant(recorded_at), source="测试",
        recorder="r", basis="b", data_class=DataClass.HEALTH, what=what, channel="phone", by="o",
    )  # fmt: skip


def correction(name: str, corrects: str, recorded_at: int, *, subject: str = "person:旅客乙") -> Correction:
    """A correction of the fact with the given name."""
    return Correction(
        id=FactId(name), subject=SubjectId(subject), at=Instant(0), recorded_at=Instant(recorded_at), source="测试",
        recorder="r", basis="b", data_class=DataClass.HEALTH, corrects=FactId(corrects), why="entered twice",
    )  # fmt: skip
