"""A fact as plain data and back: what files, digests and the ledger see.

`plain` leaves out every field that has its default, so that a field added to a kind later changes no bytes and no id.
`fact_from` takes nothing on trust: unknown fields, missing fields and values of the wrong type are refused with their
place.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from sizao.errors import FactsError, Where
from sizao.facts.kinds import KINDS, Fact, FactId

Read = Callable[[object], Any]

NOT_CONTENT = ("id", "recorded_at", "recorder")
"""What does not make a fact another fact: its name, and who entered it when. Two reports that differ only here are
one fact.
"""


class _Field(NamedTuple):
    name: str
    read: Read
    default: object
    required: bool


def _exactly(kind: type) -> Read:
    def read(value: object) -> Any:
        # A bool is an int to Python, not to us.
        if type(value) is not kind:
            raise TypeError(kind.__name__)
        return value

    return read


def _enum(kind: type[StrEnum]) -> Read:
    known = {member.value: member for member in kind}

    def read(value: object) -> Any:
        if not isinstance(value, str) or value not in known:
            raise TypeError(", ".join(known))
        return known[value]

    return read


def _optional(read_one: Read) -> Read:
    return lambda value: None if value is None else read_one(value)


def _tuple_of(read_one: Read) -> Read:
    def read(value: object) -> Any:
        if not isinstance(value, list | tuple):
            raise TypeError("list")
        return tuple(read_one(item) for item in value)

    return read


def _record_of(make: Callable[[tuple[Any, ...]], Any], reads: tuple[Read, ...]) -> Read:
    def read(value: object) -> Any:
        if not isinstance(value, list | tuple) or len(value) != len(reads):
            raise TypeError(f"list of {len(reads)}")
        return make(tuple(read_one(item) for read_one, item in zip(reads, value, strict=True)))

    return read


def _reader(hint: Any) -> Read:
    hint = getattr(hint, "__supertype__", hint)
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (arg for arg in args if arg is not type(None))
        return _optional(_reader(inner))
    if origin is tuple and args[-1] is Ellipsis:
        return _tuple_of(_reader(args[0]))
    if origin is tuple:
        return _record_of(tuple, tuple(_reader(arg) for arg in args))
    if issubclass(hint, StrEnum):
        return _enum(hint)
    if issubclass(hint, tuple):
        hints = get_type_hints(hint)
        return _record_of(lambda values: hint(*values), tuple(_reader(part) for part in hints.values()))
    return _exactly(hint)


_FIELDS: dict[str, tuple[_Field, ...]] = {}


def _fields(kind: type[Fact]) -> tuple[_Field, ...]:
    known = _FIELDS.get(kind.kind)
    if known is None:
        hints = get_type_hints(kind)
        known = _FIELDS[kind.kind] = tuple(
            _Field(field.name, _reader(hints[field.name]), field.default, field.default is MISSING)
            for field in fields(kind)
        )
    return known


def plain(fact: Fact) -> dict[str, Any]:
    """The fact as JSON-able data: `kind` and every field that differs from its default."""
    data: dict[str, Any] = {"kind": fact.kind}
    for name, _, default, required in _fields(type(fact)):
        value = getattr(fact, name)
        if required or value != default:
            data[name] = value
    return data


_SPELL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(data: Mapping[str, Any]) -> bytes:
    """The one spelling of plain data: UTF-8 JSON, keys sorted, no blanks."""
    return _SPELL(data).encode()


def content_of(fact: Fact) -> dict[str, Any]:
    """What was reported, without the fact's name and without who entered it when."""
    return _content(plain(fact))


def _content(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in NOT_CONTENT}


def content_digest(fact: Fact) -> str:
    """SHA-256 (hex) of the content; equal for two entries of one report."""
    return hashlib.sha256(canonical(content_of(fact))).hexdigest()


def line_and_digest(fact: Fact) -> tuple[str, str]:
    """The fact's canonical line and its content digest, for the price of little more than one."""
    data = plain(fact)
    return _SPELL(data), hashlib.sha256(canonical(_content(data))).hexdigest()


def digest_of_plain(data: Mapping[str, Any]) -> str:
    """The content digest of a fact given as plain data."""
    return hashlib.sha256(canonical(_content(data))).hexdigest()


def fact_id_of(content: Mapping[str, Any], salt: bytes = b"") -> FactId:
    """The id that belongs to a content: the same report gets the same id however often it is entered. With a secret
    `salt` the id says nothing to whoever only guesses at the content.
    """
    return FactId("f" + hashlib.sha256(salt + canonical(_content(content))).hexdigest()[:32])


def named(kind: type[Fact], *, salt: bytes = b"", **values: Any) -> Fact:
    """A fact of that kind whose id is that of its content."""
    content: dict[str, Any] = {"kind": kind.kind}
    for name, _, default, required in _fields(kind):
        if name in values and (required or values[name] != default):
            content[name] = values[name]
    return kind(id=fact_id_of(content, salt), **values)


def fact_from(data: object, where: Where | None = None) -> Fact:
    """The fact of plain data. Refuses an unknown kind (F101), a wrong value (F102), a missing field (F103), an unknown
    field (F104) and what is no record at all (F105)."""
    place = where if where is not None else Where()
    if not isinstance(data, Mapping):
        raise FactsError("F105", where=place, value=_short(data))
    kind = KINDS.get(str(data.get("kind")))
    if kind is None:
        raise FactsError("F101", where=_at(place, "kind"), value=_short(data.get("kind")), known=", ".join(KINDS))
    known = _fields(kind)
    if strange := sorted(str(name) for name in data.keys() - {field.name for field in known} - {"kind"}):
        raise FactsError("F104", where=_at(place, strange[0]), kind=kind.kind, field=strange[0])
    return kind(**{field.name: _value(field, data, kind, place) for field in known})


def _value(field: _Field, data: Mapping[str, Any], kind: type[Fact], place: Where) -> Any:
    if field.name not in data:
        if field.required:
            raise FactsError("F103", where=_at(place, field.name), kind=kind.kind, field=field.name)
        return field.default
    try:
        return field.read(data[field.name])
    except TypeError as wrong:
        value = _short(data[field.name])
        raise FactsError(
            "F102", where=_at(place, field.name), kind=kind.kind, value=value, wanted=str(wrong)
        ) from wrong


def fact_from_json(line: str | bytes, where: Where | None = None) -> Fact:
    """The fact of one JSON line; refuses what is not JSON (F105) and whatever `fact_from` refuses."""
    try:
        data = json.loads(line)
    except ValueError as broken:
        text = line if isinstance(line, str) else line.decode("utf-8", "replace")
        raise FactsError("F105", where=where, value=_short(text)) from broken
    return fact_from(data, where)


def _at(place: Where, column: str) -> Where:
    return Where(file=place.file, line=place.line, row=place.row, column=column, key=place.key)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
