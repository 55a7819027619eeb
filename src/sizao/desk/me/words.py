"""What a person said, told back in words: for receipts, for deciders, for paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sizao.desk.me.models import Statement
from sizao.desk.store.book import book
from sizao.desk.web.parts import Row
from sizao.policy.offices import Route, RouteKind
from sizao.policy.terms import term
from sizao.when import OPEN, Instant, day_start, parse_day
from sizao.words import Lang, say, say_day, say_moment, terms

MOMENTS = frozenset({"start", "end", "at"})
CODED = {
    "wrong": "me.wrong",
    "symptoms": "me.symptom",
    "colour": "standing",
    "kind": "policy.place_kind",
    "vehicle": "me.vehicle",
}
"""Entries that hold codes, and the vocabulary of each."""


def statement_word(statement: Statement, lang: Lang) -> str:
    """What a statement is called."""
    return say(f"me.said.{statement.what}", lang)


def told_rows(statement: Statement, lang: Lang, zone: str) -> list[Row]:
    """What was said, entry by entry, in the order it was given; nothing where it was deleted."""
    told: Mapping[str, Any] = statement.told or {}
    rows = []
    for name, value in told.items():
        said = _value(name, value, lang, zone)
        if said and f"me.entry.{name}" in terms():
            rows.append(Row(label=say(f"me.entry.{name}", lang), value=said))
    return rows


def _value(name: str, value: Any, lang: Lang, zone: str) -> str:
    if value is None or value in ("", []):
        return ""
    if name in MOMENTS:
        return "" if value >= OPEN else say_moment(Instant(value), lang, zone)
    if name == "day":
        return say_day(day_start(parse_day(str(value)), zone), lang, zone)
    if isinstance(value, list):
        return ("、" if lang is Lang.ZH else ", ").join(_word(name, str(one), lang) for one in value)
    return _word(name, str(value), lang)


def _word(name: str, value: str, lang: Lang) -> str:
    code = f"{CODED[name]}.{value}" if name in CODED else ""
    return say(code, lang) if code in terms() else value


def helper_rows(statement: Statement, lang: Lang, zone: str) -> list[Row]:
    """Who helped: the relation to the person, how the person was known, over what; never a document's number."""
    told: Mapping[str, Any] = statement.helper
    rows = []
    for name, vocabulary in (("relation", "me.relation"), ("checked", "me.checked"), ("channel", "me.way")):
        if told.get(name):
            rows.append(Row(label=say(f"me.entry.{name}", lang), value=say(f"{vocabulary}.{told[name]}", lang)))
    if told.get("name"):
        rows.append(Row(label=say("me.entry.helper", lang), value=told["name"]))
    if told.get("received") is not None:
        rows.append(Row(label=say("me.entry.received", lang), value=say_moment(Instant(told["received"]), lang, zone)))
    return rows


def reason_word(reason: str, lang: Lang) -> str:
    """Why a standing changed, in a few words, by its reason's code."""
    code = f"me.history.{reason}"
    return say(code if code in terms() else "me.history.other", lang)


ROUTES = ("authority.confirm_grade", "authority.isolate_contact", "authority.isolate_infected")
"""The acts whose ways of objecting are told after a refusal; of the same way the first one counts."""


def routes(area: str, on: date, lang: Lang) -> list[str]:
    """What else a person may do, as the rules in force say it; nothing where no rule on file says anything."""
    found: dict[str, str] = {}
    for key in ROUTES:
        value = book().maybe(key, area=area, on=on)
        for route in () if value is None else value.value.routes:
            if route.kind is not RouteKind.CHALLENGE:
                found.setdefault(route.kind, _route(route, lang))
    return list(found.values())


def _route(route: Route, lang: Lang) -> str:
    told = {"kind": term(route.kind), "to": term(route.to)}
    if route.within_days is not None:
        return say("me.route.days", lang, number=route.within_days, **told)
    if route.within_months is not None:
        return say("me.route.months", lang, number=route.within_months, **told)
    return say("me.route", lang, **told)
