"""The matcher is a process of its own: it answers by itself for each case, and one that takes too long or dies is an error."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
from pathlib import Path

import pytest

from sizao.desk.cases.matching import Asked, match, why_not
from sizao.desk.deployment import Deployment
from sizao.errors import DeskError
from sizao.facts.kinds import SubjectId
from tests.desk.cases.conftest import Stay
from tests.desk.conftest import NOW
from tests.desk.store.facts_told import CASE, notice


def asked(case: str = CASE) -> Asked:
    return Asked(case=SubjectId(case), facts=[notice(case)])


def test_each_case_is_answered_by_itself(evening: Stay, home: Deployment) -> None:
    both = [asked(), asked("person:spouse")]
    together = match(both, home, known_at=NOW, facts_of=lambda _: {}, limit_s=60)
    alone = [match([one], home, known_at=NOW, facts_of=lambda _: {}, limit_s=60)[0] for one in both]
    assert [one.exposures for one in together] == [one.exposures for one in alone]
    assert {fact.subject for fact in together[1].exposures} == {CASE}


def test_a_case_that_is_refused_does_not_stop_the_others(evening: Stay, home: Deployment) -> None:
    nothing = Asked(case=SubjectId("person:nobody"), facts=[])
    first, second = match([nothing, asked()], home, known_at=NOW, facts_of=lambda _: {}, limit_s=60)
    assert first.refused is not None
    assert first.refused.code == "X102"
    assert len(second.exposures) == 2


def test_a_deployment_without_stays_finds_nobody(home: Deployment) -> None:
    (found,) = match([asked()], home, known_at=NOW, facts_of=lambda _: {}, limit_s=60)
    assert (found.exposures, found.stays_read, found.refused) == ([], 0, None)


def test_a_matcher_that_takes_too_long_is_killed(evening: Stay, home: Deployment) -> None:
    with pytest.raises(DeskError, match="K120"):
        match([asked()], home, known_at=NOW, facts_of=lambda _: {}, limit_s=0.05)


def test_a_matcher_that_dies_is_not_an_answer(
    home: Deployment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "dies"
    program.write_text(f"#!{sys.executable}\nimport sys; sys.stdin.readline(); sys.exit(3)\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(DeskError, match="K121"):
        match([asked()], home, known_at=NOW, facts_of=lambda _: {}, limit_s=60)


def test_a_matcher_that_is_killed_half_way_gives_nothing_half(
    evening: Stay, home: Deployment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "half"
    program.write_text(
        f"#!{sys.executable}\n"
        + textwrap.dedent("""
        import os, signal, sys
        sys.stdin.readline()
        sys.stdout.write('{"exposure": {"kind": "exposure", "id": "x1", "subj')
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
        """)
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(DeskError, match="K121") as caught:
        match([asked()], home, known_at=NOW, facts_of=lambda _: {}, limit_s=60)
    assert caught.value.slots["status"] == -signal.SIGKILL
    assert os.name == "posix"


@pytest.mark.parametrize(
    ("who", "miss"),
    [
        ("person:clerk", "why-not.is-a-contact"),
        ("person:passer", "why-not.other-time"),
        ("person:nobody", "why-not.no-stays"),
    ],
)
def test_why_somebody_is_no_contact(evening: Stay, home: Deployment, who: str, miss: str) -> None:
    found = why_not(SubjectId(who), asked(), home, known_at=NOW, limit_s=60)
    assert found["miss"] == miss


def test_why_not_of_a_case_that_cannot_be_matched_is_refused_as_the_match_is(home: Deployment) -> None:
    with pytest.raises(Exception, match="X102"):
        why_not(SubjectId("person:a"), Asked(case=SubjectId(CASE), facts=[]), home, known_at=NOW, limit_s=60)
