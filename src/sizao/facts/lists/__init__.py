"""Lists from elsewhere: line lists, contacts, SORMAS and Go.Data files, curves. Facts or refusals, and the numbers
of the whole.

`MAPPINGS` says by name how to recognise a header and how to read a table; `recognised` picks one; `read_outbreak`
reads a line list and its contacts together.
"""

from __future__ import annotations

from collections.abc import Sequence

from sizao.facts.intake.mapping import Refusal
from sizao.facts.lists import contacts, curve, godata, linelist, sormas
from sizao.facts.lists.curve import Curve, curve_of
from sizao.facts.lists.outbreak import OutbreakRead, read_outbreak
from sizao.facts.lists.shapes import ListMapping, ListOptions, ListRead

MAPPINGS: dict[str, ListMapping] = {
    mapping.name: mapping
    for mapping in (
        ListMapping(name=linelist.NAME, recognises=linelist.recognises, reader=linelist.read),
        ListMapping(name=contacts.NAME, recognises=contacts.recognises, reader=contacts.read),
        ListMapping(name=sormas.CASES, recognises=sormas.recognises_cases, reader=sormas.read_cases),
        ListMapping(name=sormas.CONTACTS, recognises=sormas.recognises_contacts, reader=sormas.read_contacts),
        ListMapping(name=godata.NAME, recognises=godata.recognises, reader=godata.read),
        ListMapping(name=curve.NAME, recognises=curve.recognises, reader=curve.read),
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
