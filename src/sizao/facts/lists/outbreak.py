"""A line list and its contacts together: the chains of one outbreak, with the numbers that need both files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sizao.facts.intake.tables import Table
from sizao.facts.lists.cases import onset_day
from sizao.facts.lists.contacts import Link, Links, links_of
from sizao.facts.lists.contacts import read_of as read_links
from sizao.facts.lists.linelist import Cases, cases_of
from sizao.facts.lists.linelist import read_of as read_cases
from sizao.facts.lists.numbers import spread
from sizao.facts.lists.shapes import ListOptions, ListRead, no_search_for_cycles


@dataclass(frozen=True, slots=True, kw_only=True)
class OutbreakRead:
    """Both lists, and one summary of them. `onset_difference` there is worked out from the onsets of the line list,
    in days, over each different pair once.
    """

    linelist: ListRead
    contacts: ListRead
    summary: dict[str, Any]


def read_outbreak(linelist: Table, contacts: Table, options: ListOptions) -> OutbreakRead:
    """Reads both lists of one outbreak. A link without times takes the infected person's window of exposure from the
    line list; an onset difference that the onsets contradict, and a person who is on no row of the line list, are
    noted.
    """
    with no_search_for_cycles():
        return _together(cases_of(linelist, options), links_of(contacts, options))


def _together(cases: Cases, links: Links) -> OutbreakRead:
    by_id = {case.id: case for case in cases.settled.records}
    case_read, link_read = read_cases(cases), read_links(links, by_id)
    onsets = {name: onset_day(case) for name, case in by_id.items()}
    differences = {
        (link.source, link.target): float((end - start).days)
        for link in links.settled.records
        if (start := onsets.get(link.source)) and (end := onsets.get(link.target))
    }
    linked = {end for link in links.settled.records for end in (link.source, link.target)}
    strangers = sum(not {link.source, link.target} <= by_id.keys() for link in links.settled.records)
    notes = link_read.notes | _against(links.settled.records, differences, strangers)
    summary = {
        **case_read.summary, **link_read.summary, "ids_in_both": len(linked & by_id.keys()),
        "onset_difference": spread(list(differences.values())),
        "identity_columns_kept_out": [
            *case_read.summary["identity_columns_kept_out"], *link_read.summary["identity_columns_kept_out"],
        ],
    }  # fmt: skip
    return OutbreakRead(linelist=case_read, contacts=replace(link_read, notes=notes), summary=summary)


def _against(links: list[Link], differences: dict[tuple[str, str], float], strangers: int) -> dict[str, int]:
    """What the two lists say against each other, by code."""
    against = sum(
        link.difference is not None and differences.get((link.source, link.target), link.difference) != link.difference
        for link in links
    )
    notes = {"list.difference_contradicts_onsets": against, "list.not_in_line_list": strangers}
    return {code: times for code, times in notes.items() if times}
