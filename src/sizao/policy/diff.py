"""What differs between the values of two books, key by key. Whose standing and duties change is computed from it by `rules`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sizao.errors import PolicyError
from sizao.policy.book import PolicyBook
from sizao.policy.plain import plain
from sizao.policy.values import Value


class ValueChange(NamedTuple):
    """One key whose answer differs. A side without a value carries the refusal's code (P201, P203, …) instead.

    `fields` are the dotted paths inside the value that differ, empty when a side has no value.
    """

    key: str
    before: Value | None
    after: Value | None
    before_refused: str | None
    after_refused: str | None
    fields: tuple[str, ...]


def value_diff(
    before: PolicyBook, after: PolicyBook, *, area: str, on: date, keys: Iterable[str] | None = None
) -> list[ValueChange]:
    """Every key whose value differs in that area on that day, by key.

    Two editions never hold on the same day: load both with `shadow=True` to compare what each would say on it.
    """
    changes = []
    for key in sorted(keys) if keys is not None else sorted({*before.keys(), *after.keys()}):
        old, old_refused = _ask(before, key, area, on)
        new, new_refused = _ask(after, key, area, on)
        if old is None and new is None:
            continue
        fields = _differing(plain(old.value), plain(new.value)) if old is not None and new is not None else ()
        if fields or (old is None) != (new is None):
            changes.append(ValueChange(key, old, new, old_refused, new_refused, fields))
    return changes


def _ask(book: PolicyBook, key: str, area: str, on: date) -> tuple[Value | None, str | None]:
    try:
        return book.find(key, area=area, on=on), None
    except PolicyError as refused:
        return None, refused.code


_SUPPORT = frozenset({"cite", "also", "confidence", "note"})


def _differing(old: object, new: object, path: str = "") -> tuple[str, ...]:
    """The paths at which two plain values differ; how they are supported is not a difference."""
    if isinstance(old, dict) and isinstance(new, dict):
        names = [name for name in {**old, **new} if name not in _SUPPORT]
        parts = [(f"{path}.{name}" if path else name, old.get(name), new.get(name)) for name in names]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        parts = [
            (f"{path}.{place}" if path else str(place), *pair) for place, pair in enumerate(zip(old, new, strict=True))
        ]
    else:
        return () if old == new else (path or "value",)
    return tuple(found for name, one, other in parts for found in _differing(one, other, name))
