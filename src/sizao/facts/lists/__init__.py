"""Lists from elsewhere: line lists, contacts, SORMAS and Go.Data files, curves. Facts or refusals, and the numbers
of the whole.

`MAPPINGS` says by name how to recognise a header and how to read a table; `recognised` picks one; `read_outbreak`
reads a line list and its contacts together.
"""

from __future__ import annotations

from collections.abc import Sequence

from sizao.facts.intake.mapping import Column, Refusal
from sizao.facts.lists import contacts, curve, godata, linelist, sormas
from sizao.facts.lists.curve import Curve, curve_of
from sizao.facts.lists.outbreak import OutbreakRead, read_outbreak
from sizao.facts.lists.shapes import ListMapping, ListOptions, ListRead
from sizao.facts.lists.sheet import Fields


def _columns(fields: Fields) -> tuple[Column, ...]:
    return tuple(
        Column(name, tuple(headings), name in fields.needed, name in fields.dates)
        for name, headings in fields.headings.items()
    )


MAPPINGS: dict[str, ListMapping] = {
    name: ListMapping(name=name, recognises=recognises, reader=reader, columns=_columns(fields))
    for name, recognises, reader, fields in (
        (linelist.NAME, linelist.recognises, linelist.read, linelist.FIELDS),
        (contacts.NAME, contacts.recognises, contacts.read, contacts.FIELDS),
        (sormas.CASES, sormas.recognises_cases, sormas.read_cases, sormas.CASE_FIELDS),
        (sormas.CONTACTS, sormas.recognises_contacts, sormas.read_contacts, sormas.CONTACT_FIELDS),
        (godata.NAME, godata.recognises, godata.read, godata.FIELDS),
        (curve.NAME, curve.recognises, curve.read, curve.FIELDS),
    )
}


def recognised(columns: Sequence[str]) -> ListMapping | None:
    """The mapping that fits a header best, None when none does or two fit equally well."""
    scores = {name: mapping.recognises(columns) for name, mapping in MAPPINGS.items()}
    best = max(scores.values())
    fitting = [name for name, score in scores.items() if score == best]
    return MAPPINGS[fitting[0]] if best and len(fitting) == 1 else None


__all__ = [
    "MAPPINGS",
    "Curve",
    "ListMapping",
    "ListOptions",
    "ListRead",
    "OutbreakRead",
    "Refusal",
    "curve_of",
    "read_outbreak",
    "recognised",
]
