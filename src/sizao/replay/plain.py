"""A replay as plain data for files and programs: codes, ISO times, bounds as pairs. The same replay gives the same bytes."""

from __future__ import annotations

import json
from typing import Any

from sizao.facts.record import plain as plain_fact
from sizao.replay.moments import Hours, Span
from sizao.replay.tables import Cell, Found, Replay, Row, Telling
from sizao.replay.windows import WindowRow
from sizao.rules.reasons import Clause, Reason
from sizao.when import iso


def plain(replay: Replay) -> dict[str, Any]:
    """Everything a replay says, JSON-able."""
    return {
        "as_of": iso(replay.as_of.last),
        "baseline": _span(replay.baseline),
        "packs": list(replay.rules),
        "facts": [
            {
                "fact": plain_fact(row.fact),
                "provenance": str(row.provenance),
                "where": row.where,
                "branches": row.branches,
            }
            for row in replay.facts
        ],
        "windows": [_window(row) for row in replay.windows],
        "judgement": plain_fact(replay.judgement),
        "cause": {
            "known_at": iso(replay.cause.known_at),
            "cause": replay.cause.cause,
            "known": list(replay.cause.known),
            "grounds": list(replay.cause.grounds),
        },
        "provable": [row._asdict() for row in replay.provable],
        "cells": [_cell(cell) for cell in replay.cells],
    }


def canonical(replay: Replay) -> bytes:
    """The plain data as bytes that are the same wherever and whenever the replay runs."""
    return json.dumps(plain(replay), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "branch": str(cell.branch),
        "reading": str(cell.reading),
        "sampled": str(cell.switches.sampled),
        "in_theatre": cell.switches.in_theatre,
        "rules_on_file": cell.switches.rules_on_file,
        "duties": [_row(row) for row in cell.rows],
        "findings": [_found(found) for found in cell.findings],
        "asked": _telling(cell.asked),
        "contact": _telling(cell.contact),
        "ordered": cell.ordered,
        "facts": [plain_fact(fact) for fact in cell.facts],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "duty": row.code,
        "holder": row.holder,
        "rule": str(row.rule.kind),
        "clauses": [_clause(clause) for clause in row.rule.clauses],
        "made_known": list(row.rule.facts),
        "since": _span(row.since),
        "told": _span(row.told),
        "due": _span(row.due),
        "met": _span(row.met),
        "overdue_since": _span(row.overdue_since),
        "late_s": row.late_s,
        "states": [str(state) for state in row.states],
        "unit_sees": str(row.unit_sees),
        "certain": row.certain,
        "because": _reason(row.reason),
    }


def _found(found: Found) -> dict[str, Any]:
    return {
        "finding": found.code,
        "at": _span(found.at),
        "about": found.about,
        "unit_sees": str(found.unit_sees),
        "because": _reason(found.reason),
    }


def _telling(told: Telling) -> dict[str, Any]:
    return {
        "at": _span(told.at),
        "hours_earlier": _hours(told.earlier),
        "before_train": str(told.before_train),
    }


def _window(row: WindowRow) -> dict[str, Any]:
    return {
        "reading": str(row.reading),
        "sampled": str(row.sampled),
        "opens": row.opens.isoformat(),
        "person_outside": row.person_outside,
        "places": [
            {
                "fact": place.fact,
                "first_day": place.first_day.isoformat(),
                "last_day": place.last_day.isoformat(),
                "days_stated": place.days_stated,
                "inside": str(place.inside),
                "shared": str(place.shared),
            }
            for place in row.places
        ],
        "because": _reason(row.reason),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "slots": dict(reason.slots),
        "clauses": [_clause(clause) for clause in reason.clauses],
        "facts": list(reason.facts),
        "parts": [_reason(part) for part in reason.parts],
    }


def _clause(clause: Clause) -> dict[str, Any]:
    return clause._asdict() | {"valid_from": clause.valid_from.isoformat()}


def _span(span: Span | None) -> list[str] | None:
    return None if span is None else [iso(span.first), iso(span.last)]


def _hours(hours: Hours | None) -> list[int] | None:
    return None if hours is None else [hours.least, hours.most]
