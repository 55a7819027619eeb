"""The policy cases beside the packs pass, cover every value and every absence, and can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizao.policy import (
    Case,
    Pack,
    PackError,
    PolicyBook,
    area_chain,
    check,
    check_cases,
    list_packs,
    read_cases,
    run_cases,
)
from sizao.policy.cases import CASES, RUNNERS
from sizao.policy.pack import Entry
from sizao.when import parse_day

FILES = sorted(CASES.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_cases_beside_a_pack_hold(path: Path) -> None:
    outcome = run_cases(path)
    assert [str(problem) for problem in outcome.problems] == []
    assert outcome.not_run == []
    assert outcome.ran > 0


def test_every_value_in_force_and_every_absence_has_a_case() -> None:
    for pack in list_packs():
        cases = [*read_cases(CASES / f"{pack.id}.yaml")]
        asked = {case.given.get("key", "case.window.days_before") for case in cases}
        keys = {entry.key for entry in pack.entries if entry.template is None} | {each.key for each in pack.absences}
        assert keys - asked == set(), pack.id


def test_every_dated_value_has_a_case_in_its_own_area_days_and_reading() -> None:
    for pack in list_packs():
        cases = read_cases(CASES / f"{pack.id}.yaml")
        for entry in (each for each in pack.entries if each.template is None):
            assert any(_is_about(case, entry, pack) for case in cases), entry.where


def _is_about(case: Case, entry: Entry, pack: Pack) -> bool:
    given = case.given
    day = str(given.get("on") or given.get("day") or given.get("day0"))
    return (
        given.get("key", "case.window.days_before") == entry.key
        and entry.covers(parse_day(day))
        and entry.area in area_chain(str(given.get("area", pack.area)))
        and entry.reading in (None, given.get("readings", {}).get(entry.key))
    )


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "cases.yaml"
    path.write_text("pack: cn-covid19-9\ncases:\n" + "".join(f"  - {line}\n" for line in lines), "utf-8")
    return path


DUE_AN_HOUR_LATE = """{kind: due, given: {key: deadline.core_track, on: 2022-09-01, starts: '2022-09-01T00:00:00Z'},
    expect: {due: '2022-09-01T05:00:00Z'}, because: 写错}"""


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{given: {key: case.history.days, on: 2022-09-01}, expect: {value: 14}, because: 写错}", "P301"),
        ("{given: {key: close.course, on: 2022-09-01}, expect: {phases.0.days: 14}, because: 写错}", "P301"),
        ("{given: {key: close.course, on: 2022-09-01}, expect: {phases.9.days: 14}, because: 写错}", "P303"),
        ("{given: {key: contact.rules, on: 2022-09-01}, expect: {row: {place: outdoor}}, because: 写错}", "P301"),
        ("{given: {key: contact.rules, on: 2022-09-01}, expect: {no_row: {place: dwelling}}, because: 写错}", "P301"),
        ("{given: {key: close.course, on: 2020-09-01}, expect: {phases.0.days: 7}, because: 写错}", "P303"),
        ("{kind: refusal, given: {key: close.course, on: 2022-09-01}, expect: {refused: absent}, because: 写错}", "P302"),
        ("{kind: refusal, given: {key: general.course, on: 2022-09-01}, expect: {refused: contested}, because: 写错}", "P301"),
        ("{kind: window, given: {day: 2022-09-01}, expect: {opens: '2022-08-28'}, because: 写错}", "P301"),
        ("{kind: course, given: {key: close.course, day0: 2022-09-01}, expect: {last_day: '2022-09-10'}, because: 写错}", "P301"),
        (DUE_AN_HOUR_LATE, "P301"),
    ],
)  # fmt: skip
def test_a_case_that_is_wrong_fails_with_its_line_and_reason(tmp_path: Path, line: str, code: str) -> None:
    outcome = run_cases(_file(tmp_path, line))
    assert [problem.code for problem in outcome.problems] == [code]
    assert outcome.problems[0].where.line == 3
    assert outcome.problems[0].slots["because"] == "写错"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{given: {key: close.course}, expect: {}}", "P105"),
        ("{given: {key: close.course}, expect: {}, becuase: 写错}", "P104"),
        ("{kind: valeu, given: {}, expect: {}, because: 写错}", "P304"),
    ],
)
def test_a_case_written_wrongly_is_refused(tmp_path: Path, line: str, code: str) -> None:
    with pytest.raises(PackError, match=code):
        run_cases(_file(tmp_path, line))


def test_cases_for_another_room_wait_for_its_runner(tmp_path: Path) -> None:
    path = _file(tmp_path, "{kind: standing, given: {facts: []}, expect: {standing: green}, because: 无记录}")
    waiting = run_cases(path)
    assert (waiting.ran, len(waiting.not_run)) == (0, 1)

    def never(case: Case, book: PolicyBook) -> list[PackError]:
        return [case.fail("P301", field="standing", expected="green", got="unknown")]

    run = run_cases(path, runners={"standing": never})
    assert (run.ran, len(run.problems), run.not_run) == (1, 1, [])


def test_the_policy_check_runs_the_cases_beside_the_packs_it_is_given(tmp_path: Path) -> None:
    pack = tmp_path / "safeguards.yaml"
    pack.write_bytes((CASES.parent / "safeguards.yaml").read_bytes())
    (tmp_path / "cases").mkdir()
    cases = tmp_path / "cases" / "safeguards.yaml"
    cases.write_bytes((CASES / "safeguards.yaml").read_bytes())
    assert check([tmp_path]) == check([pack]) == []
    cases.write_text(cases.read_text("utf-8").replace("{value: 28}", "{value: 30}"), "utf-8")
    assert [problem.code for problem in check([tmp_path])] == [problem.code for problem in check([pack])] == ["P301"]
    cases.write_text("pack: safeguards\n", "utf-8")
    assert [problem.code for problem in check([tmp_path])] == ["P105"]


def test_all_cases_run_in_one_go_as_the_policy_check_does() -> None:
    outcome = check_cases()
    assert outcome.problems == []
    assert outcome.ran == sum(len(read_cases(path)) for path in FILES)
    assert set(RUNNERS) == {case.kind for path in FILES for case in read_cases(path)}
