"""Policy cases of this room: given facts, what must be concluded of them at some instants, and because of what.

They stand in `policy/packs/cases/conclude/`, in the form of `policy.cases`, and run as tests and with `sizao policy
check`. Given: `packs`, `readings`, `area`, `facts` (each with its `kind`; times are written as local days or minutes;
what is left out is filled in by `DEFAULTS`), `upstream`. Expected: `at`, by local time: `standing`, `preliminary`,
`grades`, `duties` (code → state of the last one, or the list of all states), `no_duties`, `level`, `clauses`
(`pack/key` behind the standing); `findings`; `due` (code → local time).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from sizao.errors import SizaoError
from sizao.facts.kinds import KINDS, Fact, SubjectId
from sizao.facts.record import fact_from
from sizao.policy.book import PolicyBook
from sizao.policy.cases import Case, Outcome, Runner, run_cases
from sizao.policy.refusals import PackError
from sizao.policy.shelf import SHIPPED
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.reasons import clauses_of
from sizao.rules.timeline import Moment, Timeline, at
from sizao.when import HOUR_S, OPEN, Instant, day_start, iso, local, parse_day

CASES = SHIPPED / "cases" / "conclude"
KINDS_RUN = ("standing", "duty", "release", "limit")

HEAD: Mapping[str, Any] = {"source": "case", "recorder": "case", "basis": "case", "data_class": "health"}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "exposure": {"case": "person:病例", "how": "judged", "by": "流调员乙", "grade": "close"},
    "confirmed": {"by": "流调员乙"},
    "told": {"what": "contact", "channel": "phone", "by": "流调员乙"},
    "order": {"body": "cdc", "officer": "负责人戊", "article": "40", "reasons": "contact"},
    "admitted": {"place": "site:1"},
    "left": {"place": "site:1"},
    "released": {"by": "area"},
    "test": {"result": "negative"},
    "test_refused": {"witness": "见证人丁"},
    "case_notice": {"case_class": "confirmed", "disease": "covid19", "reporting_area": "area"},
    "reported": {"to": "network"},
    "correction": {"why": "entered by mistake"},
    "rule_on_file": {"made_known": "signed-for"},
    "area_rated": {"by": "city"},
    "listed": {"why": "on it"},
    "tip": {"by": "旅客乙", "says": "…"},
    "code_seen": {"system": "province"},
}
"""What a case need not write, because nothing rests on it there."""


def run(folder: Path | None = None) -> Outcome:
    """Runs every case of this room, or those in a folder; cases of other rooms are counted as not run."""
    total = Outcome(0, [], [])
    for path in sorted((folder or CASES).glob("*.yaml")):
        one = run_cases(path, runners=RUNNERS)
        total = Outcome(total.ran + one.ran, total.problems + one.problems, total.not_run + one.not_run)
    return total


def run_case(case: Case, book: PolicyBook) -> list[PackError]:
    """Every expectation of one case that does not hold."""
    try:
        timeline = conclude(dossier_of(case, book), book, known_at=_known_at(case, book))
    except SizaoError as refused:
        return [case.fail("P303", got=str(refused))]
    return [
        case.fail("P301", field=field, expected=expected, got=got)
        for field, expected, got in _compared(case, timeline, book.zone)
        if expected != got
    ]


RUNNERS: Mapping[str, Runner] = dict.fromkeys(KINDS_RUN, run_case)


def dossier_of(case: Case, book: PolicyBook) -> Dossier:
    """The dossier a case gives."""
    given = case.given
    area = str(given.get("area") or book.packs[-1].area)
    upstream = tuple(
        Dossier(
            SubjectId(each["subject"]), _facts(each["facts"], each["subject"], area, book.zone), area, zone=book.zone
        )
        for each in given.get("upstream", [])
    )
    subject = str(given.get("subject", "person:旅客乙"))
    return Dossier(SubjectId(subject), _facts(given["facts"], subject, area, book.zone), area, upstream, book.zone)


def _known_at(case: Case, book: PolicyBook) -> Instant:
    written = case.given.get("as_of")
    return OPEN if written is None else _moment(written, book.zone)


def _facts(rows: list[dict[str, Any]], subject: str, area: str, zone: str) -> tuple[Fact, ...]:
    found: list[Fact] = []
    for number, row in enumerate(rows, start=1):
        found.append(_fact(row, f"f{number}", {"subject": subject, "area": area}, zone, found))
    return tuple(found)


def _fact(row: dict[str, Any], name: str, about: Mapping[str, str], zone: str, before: list[Fact]) -> Fact:
    kind = str(row["kind"])
    data: dict[str, Any] = {"id": name, "subject": about["subject"], **HEAD, **DEFAULTS.get(kind, {}), **row}
    if "recorded" in data:
        data["recorded_at"] = data.pop("recorded")
    for field in data.keys() & _instants(kind):
        data[field] = _moment(data[field], zone)
    _fill(kind, data, name, about, before)
    return fact_from(data)


def _fill(kind: str, data: dict[str, Any], name: str, about: Mapping[str, str], before: list[Fact]) -> None:
    """What follows from the rest of the row."""
    if kind == "exposure":
        data.setdefault("first", data["last"] - HOUR_S)
        data.setdefault("at", data["first"])
    data.setdefault("at", data.get("start", data.get("recorded_at")))
    data.setdefault("recorded_at", data["at"])
    if kind == "confirmed":
        data.setdefault("exposure", [fact.id for fact in before if fact.kind == "exposure"][-1])
    if kind == "test":
        data.setdefault("sample", name)
        if data["result"] != "pending":
            data.setdefault("resulted_at", data["recorded_at"])
    if kind in ("registered", "area_rated"):
        data.setdefault("area", about["area"])
    if kind == "case_notice" and data["reporting_area"] == "area":
        data["reporting_area"] = about["area"]


@lru_cache(maxsize=64)
def _instants(kind: str) -> frozenset[str]:
    """The fields of a kind that hold an instant."""
    hints = get_type_hints(KINDS[kind]) if kind in KINDS else {}
    return frozenset(name for name, hint in hints.items() if _is_instant(hint))


def _is_instant(hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType):
        return any(_is_instant(part) for part in get_args(hint))
    return hint is Instant


def _moment(written: Any, zone: str) -> Instant:
    """`YYYY-MM-DD`, or with ` HH:MM`, in the book's zone; `open` has no end."""
    if written == "open":
        return OPEN
    day, _, time = str(written).partition(" ")
    hours, _, minutes = (time or "00:00").partition(":")
    return Instant(day_start(parse_day(day), zone) + int(hours) * HOUR_S + int(minutes) * 60)


def _compared(case: Case, timeline: Timeline, zone: str) -> Iterator[tuple[str, Any, Any]]:
    """(what, expected, got) for everything the case expects."""
    for name, wanted in case.expect.items():
        if name == "at":
            for written, expected in wanted.items():
                moment = at(timeline, _moment(written, zone))
                for field, value in expected.items():
                    yield f"{written} {field}", *_at(field, value, moment)
        elif name == "findings":
            yield name, sorted(wanted), sorted(finding.code for finding in timeline.findings)
        elif name == "due":
            for code, written in wanted.items():
                dues = [duty.due for duty in timeline.duties if duty.code == code and duty.due is not None]
                yield f"due {code}", str(written), _said(dues[-1], zone) if dues else None
        else:
            yield name, wanted, "?"


def _at(field: str, wanted: Any, moment: Moment) -> tuple[Any, Any]:
    """What one field expects of a moment, and what it is."""
    standing = moment.standing
    got: dict[str, Any] = {
        "standing": None if standing is None else str(standing.standing),
        "preliminary": standing is not None and standing.preliminary,
        "grades": sorted(str(span.grade) for span in moment.grades),
        "level": [span.level for span in moment.levels],
    }
    if field in got:
        return wanted, got[field]
    if field == "clauses":
        cited = [] if standing is None else [f"{one.pack}/{one.key}" for one in clauses_of(standing.reason)]
        return wanted, [one for one in wanted if one in cited]
    states: dict[str, list[str]] = {}
    for duty, state in moment.duties:
        states.setdefault(duty.code, []).append(str(state))
    if field == "no_duties":
        return [], [code for code in wanted if code in states]
    if field == "duties":
        found = {
            code: (states.get(code, []) if isinstance(value, list) else states.get(code, ["none"])[-1])
            for code, value in wanted.items()
        }
        return wanted, found
    return wanted, "?"


def _said(moment: Instant, zone: str) -> str:
    if moment >= OPEN:
        return iso(moment)
    return f"{local(moment, zone):%Y-%m-%d %H:%M}"
