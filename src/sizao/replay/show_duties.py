"""The tables of duties: for each branch what holds under every reading, and what a reading or an assumption adds."""

from __future__ import annotations

from collections.abc import Iterator

from sizao.replay.choices import Branch, Reading
from sizao.replay.grouping import Condition, Extra, Share, share
from sizao.replay.moments_said import say_fact_time, say_span
from sizao.replay.tables import Cell, Replay, Row, RuleKind
from sizao.replay.wording import Table, heads, say_conditions
from sizao.rules.explain import say_reason
from sizao.rules.timeline import State
from sizao.when import HOUR_S
from sizao.words import Lang, say

JUDGED_BY, JUDGED_WHY = "replay.judged.by", "replay.judged.why"
COLUMNS = ("holder", "duty", "rule", "told", "due", "overdue", "met", "unit")


def duty_tables(replay: Replay, branch: Branch, lang: Lang) -> tuple[Table, ...]:
    """The table all readings share, then one for each condition that adds duties."""
    shared = share(replay, branch)
    first = Table(
        name=f"{branch}",
        title=say("replay.duties.title", lang, branch=f"replay.branch.{branch}"),
        columns=heads("column", COLUMNS, lang),
        rows=tuple(_row(row, branch, lang) for row in shared.common),
        notes=tuple(_notes(shared, lang)),
    )
    return (first, *(_extra(extra, shared, replay, lang) for extra in shared.extras))


def _extra(extra: Extra, shared: Share, replay: Replay, lang: Lang) -> Table:
    conditions = say_conditions(extra.conditions, lang)
    readings = "+".join(dict.fromkeys(str(each.reading) for each in extra.conditions))
    return Table(
        name=f"{shared.branch}:{readings}",
        title=say("replay.duties.extra", lang, branch=f"replay.branch.{shared.branch}", conditions=conditions),
        columns=heads("column", COLUMNS, lang),
        rows=tuple(_row(row, shared.branch, lang) for row in extra.rows),
        notes=tuple(_extra_notes(extra, shared, replay, lang)),
    )


def _notes(shared: Share, lang: Lang) -> Iterator[str]:
    yield say(f"replay.says.{shared.branch}", lang)
    for finding in shared.cell.findings:
        yield say("replay.note.finding", lang, says=say_reason(finding.reason, lang))
    if shared.branch is Branch.AS_HAPPENED and not shared.cell.ordered:
        yield say("replay.note.advised", lang)
    if shared.by_rules_only:
        gone = say("replay.and", lang).join(say(f"duty.{code}", lang) for code in shared.by_rules_only)
        yield say("replay.note.without-rules", lang, duties=gone)


def _extra_notes(extra: Extra, shared: Share, replay: Replay, lang: Lang) -> Iterator[str]:
    if extra.cell.reading is Reading.JUDGEMENT:
        on = say_fact_time(replay.judgement.at, lang)
        yield say("replay.note.judged", lang, by=JUDGED_BY, on=on, why=JUDGED_WHY)
    if any(finding not in shared.cell.findings for finding in extra.cell.findings):
        for finding in extra.cell.findings:
            yield say("replay.note.finding", lang, says=say_reason(finding.reason, lang))
    if any(row.code == "confirm-match" for row in extra.rows):
        yield say("replay.note.general", lang)
    if shared.branch is Branch.AS_HAPPENED:
        yield say("replay.not-recorded", lang)


def _row(row: Row, branch: Branch, lang: Lang) -> tuple[str, ...]:
    due = say("duty.no-hour", lang) if row.due is None else say_span(row.due, lang, ends=True)
    return (
        say(f"holder.{row.holder}", lang),
        _duty(row, lang),
        say_rule(row, lang),
        _told(row, lang),
        due,
        _overdue(row, lang),
        _met(row, branch, lang),
        say(f"replay.unit.{row.unit_sees}", lang),
    )


def _duty(row: Row, lang: Lang) -> str:
    """The duty; one that exists only if things happened at certain hours of their day says so."""
    if row.certain:
        return say(f"duty.{row.code}", lang)
    return say("replay.duty.perhaps", lang, duty=f"duty.{row.code}")


def say_rule(row: Row, lang: Lang) -> str:
    """The rule on file: where a clause stands written, the unit's own rule, or that it is Sizao's own."""
    if row.rule.kind is not RuleKind.CLAUSE:
        return say(f"replay.rule.{row.rule.kind}", lang)
    clause = row.rule.clauses[0]
    return say("replay.rule.clause", lang, title=clause.title, pack=clause.pack, version=clause.version)


def _told(row: Row, lang: Lang) -> str:
    if row.told is not None:
        return say("replay.told.person", lang, moment=say_span(row.told, lang))
    return say("replay.told.since", lang, moment=say_span(row.since, lang))


def _overdue(row: Row, lang: Lang) -> str:
    if row.overdue_since is not None:
        return say("replay.overdue.since", lang, moment=say_span(row.overdue_since, lang, ends=True))
    if row.late_s is None or State.MET_LATE not in row.states:
        return say("replay.none", lang)
    least, most = row.late_s[0] // HOUR_S, -(-row.late_s[1] // HOUR_S)
    if least == most:
        return say("replay.overdue.late-exactly", lang, least=least)
    return say("replay.overdue.late", lang, least=least, most=most)


def _met(row: Row, branch: Branch, lang: Lang) -> str:
    if row.states[0] is not row.states[1]:
        return say("replay.met.depends", lang)
    if row.met is not None:
        return say_span(row.met, lang, ends=True)
    if row.code.startswith("report-code-"):
        return say("replay.met.notice-says-not", lang)
    return say("replay.met.no-record" if branch is Branch.AS_HAPPENED else "replay.met.not-supposed", lang)


def cell_table(cell: Cell, lang: Lang) -> Table:
    """All duties of one branch under one reading and one set of switches, with its findings."""
    condition = Condition(cell.reading, cell.switches.in_theatre, cell.switches.sampled)
    branch = f"replay.branch.{cell.branch}"
    return Table(
        name=f"{cell.branch}:{cell.reading}",
        title=say("replay.duties.cell", lang, branch=branch, conditions=say_conditions((condition,), lang)),
        columns=heads("column", COLUMNS, lang),
        rows=tuple(_row(row, cell.branch, lang) for row in cell.rows),
        notes=(
            say(f"replay.says.{cell.branch}", lang),
            *(say("replay.note.finding", lang, says=say_reason(found.reason, lang)) for found in cell.findings),
        ),
    )
