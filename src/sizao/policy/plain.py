"""Typed values as plain ones, and back from a written path: for comparing, for printing and for policy cases."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sizao.policy.refusals import PackError


def plain(value: Any) -> Any:
    """The value as dicts, lists, strings, numbers, booleans and None; days as YYYY-MM-DD, citations by their id."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if hasattr(value, "_fields"):
        return value.id if "article" in value._fields else {name: plain(part) for name, part in value._asdict().items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, StrEnum):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def at_path(value: Any, path: str) -> Any:
    """The part of a plain value at a dotted path such as `phases.0.days`; refuses a path that leads nowhere (P305)."""
    found = value
    for step in path.split("."):
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            raise PackError("P305", field=path)
    return found


def fits(row: Any, wanted: dict[str, Any]) -> bool:
    """True when a plain row has every wanted entry; a wanted word fits a list that holds it."""
    return isinstance(row, dict) and all(_holds(row.get(name), part) for name, part in wanted.items())


def _holds(got: Any, wanted: Any) -> bool:
    if isinstance(got, list) and not isinstance(wanted, list):
        return wanted in got
    return bool(got == wanted)
