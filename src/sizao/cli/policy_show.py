"""`sizao policy show`: the packs there are, one pack, or one rule as in force on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from sizao.cli.moments import DAY
from sizao.cli.output import Column, Speaker
from sizao.cli.policy_values import as_data, cited, lines_of
from sizao.cli.providers import now
from sizao.cli.rules import area_option, reading_option, zone_option
from sizao.cli.shell import EXISTING, Exit, argument, command, json_option, option
from sizao.errors import CliError
from sizao.policy import Pack, PolicyBook, Value, list_packs
from sizao.policy.pack import Entry
from sizao.policy.shelf import Library
from sizao.when import day_start, local_day
from sizao.words.catalogue import Lang, say_day


@command("policy.show")
@argument("packs", meta="pack", nargs=-1)
@option("--key", meta="key")
@option("--on", type=DAY, meta="day")
@option("--folder", type=EXISTING, meta="folder")
@reading_option
@area_option
@zone_option
@json_option
@click.pass_obj
def show(
    speaker: Speaker,
    *,
    packs: tuple[str, ...],
    key: str | None,
    on: date | None,
    folder: Path | None,
    reading: tuple[tuple[str, str], ...],
    area: str,
    zone: str,
    as_json: bool,
) -> int:
    """See `cli.policy.show` in the word catalogue."""
    day = on or local_day(now(), zone)
    if key is not None and not packs:
        raise CliError("C120", value=key)
    if key is not None:
        book = PolicyBook.load(packs, readings=dict(reading), folder=folder, zone=zone)
        data = _show_value(speaker, book.find(key, area=area, on=day), as_json)
    elif packs:
        library = Library(folder)
        chosen, _ = library.expand(packs, known_on=None)
        data = {"packs": [_show_pack(speaker, pack, as_json) for pack in chosen if pack.id in _plain(packs)]}
    else:
        data = _list(speaker, list_packs(folder), as_json)
    if as_json:
        speaker.json(data)
    return Exit.OK


def _plain(packs: tuple[str, ...]) -> set[str]:
    return {name.partition("@")[0] for name in packs}


def _title(pack: Pack, speaker: Speaker) -> str:
    return pack.title.zh if speaker.lang is Lang.ZH else pack.title.en


def _list(speaker: Speaker, packs: list[Pack], as_json: bool) -> dict[str, Any]:
    if not as_json:
        names = ("pack", "version", "title", "area", "from", "until")
        rows = [(pack.id, pack.version, _title(pack, speaker), pack.area, *_period(pack)) for pack in packs]
        speaker.table([Column(f"cli.policy.column.{name}") for name in names], rows)
    return {"packs": [_head(pack) for pack in packs]}


def _period(pack: Pack) -> tuple[str, str]:
    return pack.in_force_from.isoformat(), pack.in_force_until.isoformat() if pack.in_force_until else "–"


def _head(pack: Pack) -> dict[str, Any]:
    data = {
        "pack": pack.id, "version": pack.version, "kind": pack.kind, "title": as_data(pack.title), "area": pack.area,
        "disease": pack.disease, "published_on": pack.published_on, "in_force_from": pack.in_force_from,
        "in_force_until": pack.in_force_until, "digest": pack.digest,
    }  # fmt: skip
    return {name: as_data(value) for name, value in data.items()}


def _show_pack(speaker: Speaker, pack: Pack, as_json: bool) -> dict[str, Any]:
    if not as_json:
        speaker.head("cli.policy.pack", pack=pack.id, version=pack.version, title=_title(pack, speaker))
        since, until = _period(pack)
        period = speaker.said("cli.policy.period", since=since, until=until)
        speaker.pairs([
            (speaker.said("cli.policy.column.area"), pack.area),
            (speaker.said("cli.policy.column.period"), period),
            (speaker.said("cli.policy.column.digest"), pack.digest),
            *([(speaker.said("cli.policy.column.note"), pack.note)] if pack.note else []),
        ])  # fmt: skip
        for key, info in pack.keys.items():
            speaker.write("")
            speaker.write(f"{key}: {info.says.zh if speaker.lang is Lang.ZH else info.says.en}")
            for entry in (each for each in pack.entries if each.key == key):
                _show_entry(speaker, entry)
        for absence in pack.absences:
            said = absence.says.zh if speaker.lang is Lang.ZH else absence.says.en
            speaker.write("")
            speaker.say("cli.policy.absent", key=absence.key, says=said, looked=absence.looked_for)
    entries = [_entry_data(entry) for entry in pack.entries]
    absent = [as_data(absence) for absence in pack.absences]
    return _head(pack) | {"values": entries, "absent": absent}


def _show_entry(speaker: Speaker, entry: Entry) -> None:
    until = entry.ends.isoformat() if entry.ends else "–"
    period = speaker.said("cli.policy.period", since=entry.starts.isoformat(), until=until)
    marks = [entry.area, period, entry.reading or "", entry.template or "", speaker.confidence(entry.confidence)]
    speaker.write(" · ".join(mark for mark in marks if mark), indent=2)
    told = [speaker.said("cli.policy.abolished")] if entry.abolished else lines_of(entry.value, speaker)
    for line in told:
        speaker.write(line if entry.abolished else f"{line}{_unit(entry.unit, line, speaker)}", indent=4)
    for cite in entry.cites:
        speaker.write(speaker.said("cli.policy.source", source=cited(cite)), indent=4)


def _unit(unit: str, line: str, speaker: Speaker) -> str:
    return " " + speaker.said(f"policy.unit.{unit}") if line.replace(".", "").isdigit() else ""


def _entry_data(entry: Entry) -> dict[str, Any]:
    names = (
        "key",
        "value",
        "unit",
        "area",
        "starts",
        "ends",
        "abolished",
        "reading",
        "template",
        "confidence",
        "cites",
    )
    return {name: as_data(getattr(entry, name)) for name in (*names, "checked_on", "note")}


def _show_value(speaker: Speaker, value: Value, as_json: bool) -> dict[str, Any]:
    if as_json:
        data: dict[str, Any] = as_data(value)
        return data
    for line in lines_of(value.value, speaker):
        speaker.write(f"{line}{_unit(value.unit, line, speaker)}")
    until = value.valid_until.isoformat() if value.valid_until else "–"
    checked = say_day(day_start(value.checked_on, speaker.zone), speaker.lang, speaker.zone)
    told = [
        ("pack", f"{value.pack}@{value.version}"),
        ("area", value.area),
        ("period", speaker.said("cli.policy.period", since=value.valid_from.isoformat(), until=until)),
        ("reading", value.reading or ""),
        ("confidence", speaker.confidence(value.confidence)),
        ("source", cited(value.cite)),
        *(("source", cited(cite)) for cite in value.also),
        ("checked", checked),
        ("note", value.note or ""),
    ]
    speaker.pairs([(speaker.said(f"cli.policy.column.{name}"), text) for name, text in told if text])
    return {}
