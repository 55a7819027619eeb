"""A replay as tables in one language; drawing them is the caller's. What several cells share is shown once."""

from __future__ import annotations

from sizao.facts.kinds import Fact, Stay
from sizao.replay.choices import Branch
from sizao.replay.founding import Provenance
from sizao.replay.moments import ZONE
from sizao.replay.moments_said import say_days, say_fact_time, say_hours, say_span
from sizao.replay.show_duties import JUDGED_BY, JUDGED_WHY, cell_table, duty_tables
from sizao.replay.tables import Cell, FactRow, Replay, Telling
from sizao.replay.windows import UNDATED, PlaceRow, WindowRow
from sizao.replay.wording import Table, heads, say_reading, theatre_code, yes_no
from sizao.when import day_start, days_after
from sizao.words import Lang, say, say_moment


def head(replay: Replay, lang: Lang) -> tuple[str, ...]:
    """What is said before the tables: the title first, then what this is."""
    moment = say_moment(replay.as_of.last, lang)
    return (
        say("replay.title", lang),
        say("replay.about", lang),
        say("replay.as-of", lang, moment=moment, packs=", ".join(replay.rules)),
    )


def tables(replay: Replay, lang: Lang) -> tuple[Table, ...]:
    """Everything, in the order in which it is read: duties branch by branch, windows, how much earlier, what a unit can prove."""
    branches = list(dict.fromkeys(cell.branch for cell in replay.cells))
    duties = [table for branch in branches for table in duty_tables(replay, branch, lang)]
    return (*duties, windows_table(replay, lang), earlier_table(replay, lang), provable_table(replay, lang))


def windows_table(replay: Replay, lang: Lang) -> Table:
    """His places against each window, and whether he can be ruled out by it."""
    opens = [
        say(
            "replay.windows.opens",
            lang,
            reading=say_reading(row.reading, lang),
            sampled=f"replay.sampled.{row.sampled}",
            opens=say_fact_time(day_start(row.opens, ZONE), lang),
        )
        for row in replay.windows
    ]
    places = replay.windows[0].places
    rows = [_place_cells(number, replay.windows, lang) for number in range(len(places))]
    ruled_out = [
        say("replay.windows.person.yes" if row.person_outside else "replay.windows.person.no", lang)
        for row in replay.windows
    ]
    rows.append((say("replay.windows.person", lang), say("replay.none", lang), *ruled_out))
    on = say_fact_time(replay.judgement.at, lang)
    judged = say("replay.windows.judgement", lang, by=JUDGED_BY, on=on, why=JUDGED_WHY)
    return Table(
        name="windows",
        title=say("replay.windows.title", lang),
        columns=(*heads("windows", ("place", "days"), lang), *opens),
        rows=tuple(rows),
        notes=(say("replay.windows.note", lang), judged, cause_note(replay, lang)),
    )


def _place_cells(number: int, windows: tuple[WindowRow, ...], lang: Lang) -> tuple[str, ...]:
    place = windows[0].places[number]
    what = say("replay.windows.unplaced", lang) if place.fact is None else say(f"replay.fact.{place.fact}", lang)
    return (what, _days(place, lang), *(_verdict(row.places[number], lang) for row in windows))


def _days(place: PlaceRow, lang: Lang) -> str:
    first, last = day_start(place.first_day, ZONE), day_start(place.last_day, ZONE)
    if place.days_stated:
        return say_days(first, last, lang)
    return say("replay.windows.not-stated", lang, first=say_fact_time(first, lang), last=say_fact_time(last, lang))


def _verdict(place: PlaceRow, lang: Lang) -> str:
    return say(
        "replay.windows.cell", lang, inside=f"replay.inside.{place.inside}", shared=f"replay.shared.{place.shared}"
    )


def cause_note(replay: Replay, lang: Lang) -> str:
    """What was on record of the cause of the yellow code at the end of its day."""
    cause, moment = replay.cause, say_moment(replay.cause.known_at, lang)
    if cause.cause != "cause.unknown":
        return say("replay.cause.known", lang, moment=moment, cause=cause.cause)
    known = say("replay.and", lang).join(say(f"replay.fact.{fact}", lang) for fact in cause.known)
    return say("replay.cause.unknown", lang, moment=moment, cause=cause.cause, known=known or say("nothing", lang))


def earlier_table(replay: Replay, lang: Lang) -> Table:
    """How many hours earlier, per branch, reading and presence; the assumed day of sampling makes no difference to it."""
    columns = ("branch", "condition", "asked", "contact", "train")
    rows = dict.fromkeys(_earlier_row(cell, lang) for cell in replay.cells if cell.branch is not Branch.AS_HAPPENED)
    baseline = say("replay.earlier.baseline", lang, moment=say_span(replay.baseline, lang))
    return Table(
        name="earlier",
        title=say("replay.earlier.title", lang),
        columns=heads("earlier", columns, lang),
        rows=tuple(rows),
        notes=(baseline, say("replay.earlier.note", lang)),
    )


def _earlier_row(cell: Cell, lang: Lang) -> tuple[str, ...]:
    theatre = theatre_code(cell.switches.in_theatre)
    return (
        say(f"replay.branch.{cell.branch}", lang),
        say("replay.condition", lang, reading=say_reading(cell.reading, lang), theatre=theatre),
        _telling(cell.asked, "replay.earlier.nobody", lang),
        _telling(cell.contact, "replay.earlier.no-contact", lang),
        say(f"replay.before.{cell.asked.before_train}", lang),
    )


def _telling(told: Telling, otherwise: str, lang: Lang) -> str:
    if told.at is None or told.earlier is None:
        return say(otherwise, lang)
    return say("replay.earlier.cell", lang, moment=say_span(told.at, lang), hours=say_hours(told.earlier, lang))


def provable_table(replay: Replay, lang: Lang) -> Table:
    """What the unit can prove, with which rules on file, with and without a recorded disclosure."""
    rows = [
        (
            yes_no(row.leave_rule, lang),
            yes_no(row.report_rule, lang),
            yes_no(row.disclosed, lang),
            say("replay.can" if row.absence else "replay.cannot", lang),
            say("replay.can" if row.unreported_code else "replay.cannot", lang),
        )
        for row in replay.provable
    ]
    return Table(
        name="provable",
        title=say("replay.provable.title", lang),
        columns=heads("provable", ("leave", "report", "disclosed", "absence", "code"), lang),
        rows=tuple(rows),
        notes=(say("replay.provable.note", lang),),
    )


def facts_table(replay: Replay, lang: Lang) -> Table:
    """Every fact of the replay with its two times and where it comes from."""
    rows = [
        (
            say(f"replay.fact.{row.fact.id}", lang),
            _true_at(row.fact, lang),
            say_fact_time(row.fact.recorded_at, lang),
            say_provenance(row, lang),
        )
        for row in replay.facts
    ]
    return Table(
        name="facts",
        title=say("replay.facts.title", lang),
        columns=heads("facts", ("what", "at", "recorded", "provenance"), lang),
        rows=tuple(rows),
    )


def _true_at(fact: Fact, lang: Lang) -> str:
    """When a fact was true; a stay whose days no source states says so."""
    if isinstance(fact, Stay) and fact.place_kind == UNDATED:
        return say(
            "replay.windows.not-stated",
            lang,
            first=say_fact_time(fact.at, lang),
            last=say_fact_time(days_after(fact.end, -1, ZONE), lang),
        )
    return say_fact_time(fact.at, lang)


def say_provenance(row: FactRow, lang: Lang) -> str:
    """From the notice, from which other public report, or assumed, and in which branches."""
    term = f"replay.provenance.{row.provenance}"
    if row.provenance is Provenance.PUBLIC_REPORT:
        return say("replay.provenance.where", lang, provenance=term, where=row.where or "")
    if row.branches is None:
        return say(term, lang)
    names = say("replay.or", lang).join(say(f"replay.branch.{branch}", lang) for branch in row.branches)
    return say("replay.provenance.of-branches", lang, provenance=term, branches=names)


__all__ = ["Table", "cell_table", "earlier_table", "facts_table", "head", "provable_table", "tables", "windows_table"]
