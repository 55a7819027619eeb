"""The policy cases of this room hold, and a case that is wrong is reported with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizao.policy import list_packs
from sizao.policy.cases import run_cases
from sizao.rules.cases import CASES, RUNNERS, run

FILES = sorted(CASES.glob("*.yaml"))
WRONG = """pack: safeguards
cases:
  - kind: standing
    given:
      packs: [cn-covid19-8, henan-2021-07, safeguards]
      area: "410302"
      facts:
        - {{kind: registered, at: 2021-01-01}}
        - {{kind: exposure, last: 2021-07-22 19:00, recorded: 2021-07-26 10:00}}
    expect: {expect}
    because: 写错
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_cases_hold(path: Path) -> None:
    outcome = run_cases(path, runners=RUNNERS)
    assert [f"{problem.where} {problem}" for problem in outcome.problems] == []
    assert outcome.not_run == []
    assert outcome.ran > 0


def test_every_pack_that_a_conclusion_can_rest_on_has_cases() -> None:
    assert {path.stem for path in FILES} == {pack.id for pack in list_packs()}


def test_all_cases_run_in_one_go_as_the_policy_check_does() -> None:
    outcome = run()
    assert outcome.problems == []
    assert outcome.ran == sum(run_cases(path, runners=RUNNERS).ran for path in FILES) > 60


@pytest.mark.parametrize(
    "expect",
    [
        "{at: {2021-07-26 12:00: {standing: yellow}}}",
        "{at: {2021-07-26 12:00: {preliminary: true}}}",
        "{at: {2021-07-26 12:00: {grades: [general]}}}",
        "{at: {2021-07-26 12:00: {duties: {isolate-contact: met}}}}",
        "{at: {2021-07-26 12:00: {duties: {no-such-duty: due}}}}",
        "{at: {2021-07-26 12:00: {no_duties: [isolate-contact]}}}",
        "{at: {2021-07-26 12:00: {clauses: [cn-covid19-9/close.course]}}}",
        "{at: {2021-07-26 12:00: {level: [high]}}}",
        "{at: {2021-07-26 12:00: {standnig: red}}}",
        "{findings: [order-without-ground]}",
        "{due: {isolate-contact: 2021-07-26 21:00}}",
        "{findigns: []}",
    ],
)
def test_a_case_that_is_wrong_fails_with_its_line_and_reason(tmp_path: Path, expect: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(WRONG.format(expect=expect), "utf-8")
    outcome = run_cases(path, runners=RUNNERS)
    assert [problem.code for problem in outcome.problems] == ["P301"]
    assert outcome.problems[0].where.line == 3
    assert outcome.problems[0].slots["because"] == "写错"


def test_a_fact_written_wrongly_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(WRONG.format(expect="{findings: []}").replace("kind: registered", "kind: registred"), "utf-8")
    assert [problem.code for problem in run_cases(path, runners=RUNNERS).problems] == ["P303"]


def test_a_folder_of_cases_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(WRONG.format(expect="{findings: []}"), "utf-8")
    assert (run(tmp_path).ran, run(tmp_path).problems) == (1, [])
