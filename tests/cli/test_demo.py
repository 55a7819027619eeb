"""`sizao demo` and `sizao replay`: the two things a newcomer sees first."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizao.cli.layout import width_of
from tests.cli.running import ran

SMALL = ("demo", "--persons", "6000", "--seed", "3")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_demo_finds_all_that_was_planted_and_says_who_must_act(lang: str) -> None:
    done = ran(*SMALL, "--lang", lang)
    assert (done.code, done.err) == (0, "")
    said = " ".join(done.out.split())
    words = {
        "zh": ("全部找到", "遗漏 0，多出 0，不符 0", "谁该行动", "流调组"),
        "en": ("0 missing, 0 extra, 0 differing", "Who must act", "tracing team"),
    }
    assert [word for word in words[lang] if word not in said] == []


def test_the_demo_in_json_counts_what_it_shows() -> None:
    data = ran(*SMALL, "--json").data
    assert (data["persons"], data["missing"], data["extra"], data["differing"]) == (6000, [], [], [])
    assert data["planted"] == data["found"] > 300
    assert {"holder", "duty", "open", "overdue"} <= set(data["acting"][0])


def test_what_the_demo_keeps_can_be_asked_and_verified(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    done = ran(*SMALL, "--to", folder, env={"COLUMNS": "1000"})
    command = done.out.split("Ask why: sizao ")[1].split()
    asked = ran(*command)
    assert (asked.code, asked.err) == (0, "")
    assert "demo-county" in asked.out
    assert ran("verify", folder).code == 0


def test_a_county_too_small_is_refused() -> None:
    assert "C122" in ran("demo", "--persons", "10").err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_replay_is_told_in_both_languages_in_every_branch(lang: str) -> None:
    whole = ran("replay", "--lang", lang)
    assert (whole.code, whole.err) == (0, "")
    assert "干部甲" in whole.out
    for branch in ("as-happened", "declared", "undeclared", "itinerary"):
        one = ran("replay", branch, "--reading", "four-days", "--lang", lang)
        assert (one.code, one.err) == (0, "")


def test_the_replay_in_json_holds_every_branch_reading_and_supposition() -> None:
    data = ran("replay", "--json").data
    cells = {(c["branch"], c["reading"], c["sampled"], c["in_theatre"], c["rules_on_file"]) for c in data["cells"]}
    assert len(cells) == 4 * 3 * 2 * 2 * 2
    assert {row["provenance"] for row in data["facts"]} == {"notice", "public-report", "assumed"}


def test_the_facts_of_the_replay_are_listed_when_asked_for() -> None:
    assert "Fenghuang" not in ran("replay", "as-happened").out.split("places")[0]
    assert "public reports" in ran("replay", "--facts").out


def test_a_branch_nobody_knows_is_refused_with_those_there_are() -> None:
    done = ran("replay", "what-if-not")
    assert (done.code, "C104" in done.err, "undeclared" in done.err) == (2, True, True)


@pytest.mark.parametrize("columns", ["60", "80"])
def test_the_replay_and_the_demo_fit_a_narrow_terminal(columns: str) -> None:
    for words in (("replay",), SMALL):
        for lang in ("zh", "en"):
            done = ran(*words, "--lang", lang, env={"COLUMNS": columns})
            assert [line for line in done.out.splitlines() if width_of(line) > int(columns)] == []
