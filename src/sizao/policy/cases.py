"""Policy cases: given, expect, because. They stand in YAML beside each pack, and a lawyer can read them.

A case's `kind` says who runs it. This room runs `value` (what is in force), `refusal` (what must refuse, and how), `window`
(the day a contact window opens), `course` (when a course ends and its tests fall) and `due` (when a deadline is reached).
Other rooms run theirs by passing more runners; a case without a runner is counted, never silently dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sizao.errors import PolicyError, Where
from sizao.policy.book import PolicyBook
from sizao.policy.nodes import Node, Reader
from sizao.policy.plain import at_path, fits, plain
from sizao.policy.refusals import PackError, nearest
from sizao.policy.shelf import SHIPPED, check_files
from sizao.policy.values import Course, Deadline, Value
from sizao.when import HOUR_S, Instant, iso, parse_day, parse_instant

CASES = SHIPPED / "cases"

KINDS = ("value", "refusal", "window", "course", "due", "contact", "standing", "duty", "release", "limit")
"""Every kind a case may have; those after `due` are run by other rooms."""


class Case(NamedTuple):
    """One case, with the place it stands at. `given` and `expect` are plain values as written."""

    kind: str
    given: dict[str, Any]
    expect: dict[str, Any]
    because: str
    pack: str
    where: Where

    def fail(self, code: str, **slots: object) -> PackError:
        """The problem to report for this case."""
        return PackError(code, where=self.where, because=self.because, **slots)


Runner = Callable[[Case, PolicyBook], list[PackError]]


class Outcome(NamedTuple):
    """How many cases ran, what failed, and the cases nobody here can run."""

    ran: int
    problems: list[PackError]
    not_run: list[Case]


def read_cases(path: Path) -> list[Case]:
    """The cases of a file; refuses a case without given, expect or because, or of an unknown kind (P105, P304)."""
    reader = Reader(path.name)
    top = reader.entries(reader.compose(path))
    for needed in ("pack", "cases"):
        if needed not in top:
            raise PackError("P105", where=Where(file=path.name, line=1), missing=needed)
    pack = str(reader.plain(top["pack"][1]))
    return [_case(reader, node, pack) for node in reader.items(top["cases"][1])]


def _case(reader: Reader, node: Node, pack: str) -> Case:
    written = reader.entries(node)
    for name, (name_node, _) in written.items():
        if name not in ("kind", "given", "expect", "because"):
            raise reader.refuse("P104", name_node, entry=name, allowed="kind, given, expect, because")
    missing = [name for name in ("given", "expect", "because") if name not in written]
    if missing:
        raise reader.refuse("P105", node, missing=", ".join(missing))
    kind = str(reader.plain(written["kind"][1])) if "kind" in written else "value"
    if kind not in KINDS:
        raise reader.refuse("P304", written["kind"][1], kind=kind, allowed=nearest(kind, KINDS))
    given, expect, because = (reader.plain(written[name][1]) for name in ("given", "expect", "because"))
    return Case(kind, given, expect, str(because), pack, reader.where(node, given.get("key")))


def run_cases(path: Path, *, folder: Path | None = None, runners: Mapping[str, Runner] | None = None) -> Outcome:
    """Runs every case of a file against the pack it names, or the packs a case names itself."""
    able = {**RUNNERS, **(runners or {})}
    problems: list[PackError] = []
    not_run: list[Case] = []
    books: dict[str, PolicyBook] = {}
    cases = read_cases(path)
    for case in cases:
        if case.kind not in able:
            not_run.append(case)
            continue
        try:
            problems += able[case.kind](case, _book(case, folder, books))
        except PolicyError as refused:
            problems.append(case.fail("P303", got=f"{refused.code} {refused.slots}"))
    return Outcome(len(cases) - len(not_run), problems, not_run)


def check(paths: Iterable[Path] | None = None) -> list[PackError]:
    """Every problem of those pack files or folders (None: the shipped packs), and every case beside them that fails.

    Cases stand in the folder `cases` beside the packs, one file per pack; they run only where every pack was sound.
    """
    given = list(paths) if paths is not None else [SHIPPED]
    problems = check_files(given)
    if problems:
        return problems
    for place in given:
        folder = place if place.is_dir() else place.parent
        wanted = "*.yaml" if place.is_dir() else f"{place.name.split('@')[0].removesuffix('.yaml')}.yaml"
        for path in sorted((folder / "cases").glob(wanted)):
            try:
                problems += run_cases(path, folder=folder).problems
            except PackError as refused:
                problems.append(refused)
    return problems


def check_cases(folder: Path | None = None) -> Outcome:
    """Runs every shipped case, or those in `folder/cases`."""
    total = Outcome(0, [], [])
    for path in sorted((folder / "cases" if folder else CASES).glob("*.yaml")):
        one = run_cases(path, folder=folder)
        total = Outcome(total.ran + one.ran, total.problems + one.problems, total.not_run + one.not_run)
    return total


def _book(case: Case, folder: Path | None, books: dict[str, PolicyBook]) -> PolicyBook:
    packs, readings = case.given.get("packs", [case.pack]), case.given.get("readings", {})
    known = case.given.get("known_at")
    name = repr((packs, readings, known))
    if name not in books:
        known_at = None if known is None else parse_instant(known)
        books[name] = PolicyBook.load(packs, readings=readings, folder=folder, known_at=known_at)
    return books[name]


def _find(case: Case, book: PolicyBook, key: str | None = None) -> Value:
    area = case.given.get("area") or book.packs[-1].area
    return book.find(key or case.given["key"], area=str(area), on=parse_day(case.given["on"]))


def _run_value(case: Case, book: PolicyBook) -> list[PackError]:
    """`value` is the whole value, `row`/`no_row` a row a list must or must not hold, `pack`, `reading`, `confidence`, `cite`,
    `from`, `until` what stands beside it; every other entry is a path inside the value."""
    value = _find(case, book)
    inside = plain(value.value)
    beside = {
        "value": inside, "pack": value.pack, "reading": value.reading, "confidence": str(value.confidence),
        "cite": value.cite.id, "unit": value.unit, "from": value.valid_from.isoformat(),
        "until": value.valid_until.isoformat() if value.valid_until else None,
    }  # fmt: skip
    problems = []
    for name, wanted in case.expect.items():
        if name in ("row", "no_row"):
            found = any(fits(row, wanted) for row in inside)
            problems += _differs(case, f"{name} {wanted}", name == "row", found)
        else:
            got = beside[name] if name in beside else at_path(inside, name)
            problems += _differs(case, name, wanted, got)
    return problems


def _differs(case: Case, field: str, wanted: Any, got: Any) -> list[PackError]:
    return [] if wanted == got else [case.fail("P301", field=field, expected=wanted, got=got)]


REFUSALS = {"not_in_force": "P201", "abolished": "P202", "contested": "P203", "absent": "P204"}


def _run_refusal(case: Case, book: PolicyBook) -> list[PackError]:
    wanted = REFUSALS[case.expect["refused"]]
    try:
        value = _find(case, book)
    except PolicyError as refused:
        problems = _differs(case, "refused", wanted, refused.code)
        if "readings" in case.expect:
            problems += _differs(case, "readings", ", ".join(case.expect["readings"]), refused.slots.get("readings"))
        return problems
    return [case.fail("P302", expected=case.expect["refused"], got=plain(value.value))]


def _run_window(case: Case, book: PolicyBook) -> list[PackError]:
    """`given.day` is the day of onset, first positive sampling or rash; the window is whole local days before (and after) it."""
    day = parse_day(case.given["day"])
    asked = case._replace(given={**case.given, "on": case.given.get("on", case.given["day"])})
    before = _find(asked, book, "case.window.days_before").value
    problems = _differs(case, "opens", case.expect["opens"], (day - timedelta(days=before)).isoformat())
    if "closes" in case.expect:
        after = _find(asked, book, "case.window.days_after").value
        problems += _differs(case, "closes", case.expect["closes"], (day + timedelta(days=after)).isoformat())
    return problems


def course_days(course: Course, day0: date) -> tuple[date | None, list[date]]:
    """The last day of a course counted from `day0`, None when a phase is open, and the days its tests fall on."""
    first, tests = 1, []
    for phase in course.phases:
        tests += [day0 + timedelta(days=first + day - 1) for day in phase.test_days]
        if phase.days is None:
            return None, tests
        first += phase.days
    return day0 + timedelta(days=first - 1), tests


def _run_course(case: Case, book: PolicyBook) -> list[PackError]:
    """`given.day0` is the day the course counts from; `last_day` the last one it covers, `tests` the days of its tests."""
    asked = case._replace(given={**case.given, "on": case.given.get("on", case.given["day0"])})
    last, tests = course_days(_find(asked, book).value, parse_day(case.given["day0"]))
    got = {"last_day": last.isoformat() if last else None, "tests": [day.isoformat() for day in tests]}
    return [problem for name, wanted in case.expect.items() for problem in _differs(case, name, wanted, got.get(name))]


def _run_due(case: Case, book: PolicyBook) -> list[PackError]:
    """`given.starts` is the moment the clock starts; `due` the moment it runs out, both in UTC."""
    deadline: Deadline = _find(case, book).value
    due = Instant(parse_instant(case.given["starts"]) + deadline.hours * HOUR_S)
    return _differs(case, "due", iso(parse_instant(case.expect["due"])), iso(due))


RUNNERS: Mapping[str, Runner] = {
    "value": _run_value,
    "refusal": _run_refusal,
    "window": _run_window,
    "course": _run_course,
    "due": _run_due,
}
