"""`sizao policy`: packs checked, shown and compared."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sizao.policy.shelf import SHIPPED
from tests.cli.files import CASES, KNOWN, RULES, STAYS, written
from tests.cli.running import ran

WINDOW = ("policy", "show", "cn-covid19-8", "--key", "case.window.days_before", "--on", "2021-07-27")


def test_the_shipped_packs_have_no_problem() -> None:
    done = ran("policy", "check", "--json")
    assert (done.code, done.data["problems"]) == (0, [])
    assert done.data["packs"] > 5


def test_a_broken_pack_is_told_with_file_and_line(tmp_path: Path) -> None:
    shutil.copy(SHIPPED / "measles.yaml", tmp_path / "mine.yaml")
    text = (tmp_path / "mine.yaml").read_text("utf-8").replace("pack: measles", "pack: mine\nsurprise: 1")
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    done = ran("policy", "check", tmp_path)
    assert done.code == 1
    assert "mine.yaml" in done.out
    assert "surprise" in done.out
    problems = ran("policy", "check", tmp_path / "mine.yaml", "--json").data["problems"]
    assert all({"code", "file", "line", "says", "do"} <= set(problem) for problem in problems[:1])


def test_all_packs_are_listed_with_their_periods() -> None:
    packs = ran("policy", "show", "--json").data["packs"]
    assert {"cn-covid19-8", "cn-covid19-9", "measles", "mers"} <= {pack["pack"] for pack in packs}
    assert "2021-05-01" in ran("policy", "show").out


@pytest.mark.parametrize("name", [path.stem for path in sorted(SHIPPED.glob("*.yaml"))])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_pack_can_be_shown_whole(name: str, lang: str) -> None:
    done = ran("policy", "show", name, "--lang", lang)
    assert (done.code, done.err) == (0, "")
    assert name in done.out


def test_a_contested_rule_is_refused_until_a_reading_is_named() -> None:
    refused = ran(*WINDOW)
    assert (refused.code, "P203" in refused.err, "four-days" in refused.err) == (3, True, True)
    shown = ran(*WINDOW, "--reading", "case.window.days_before=four-days", "--json").data
    assert (shown["value"], shown["unit"], shown["pack"], shown["reading"]) == (4, "d", "cn-covid19-8", "four-days")
    assert shown["cite"]


def test_a_rule_is_shown_with_its_source_and_the_day_it_was_checked() -> None:
    done = ran(*WINDOW, "--reading", "case.window.days_before=two-days", "--lang", "zh")
    for word in ("2 天", "读法", "出处", "核对于", "2026年11月23日"):
        assert word in done.out


def test_two_editions_are_compared_value_by_value() -> None:
    data = ran("policy", "diff", "cn-covid19-8", "cn-covid19-9", "--json").data
    changed = {value["key"] for value in data["values"]}
    assert {"close.course", "deadline.close_to_central"} <= changed
    assert ran("policy", "diff", "cn-covid19-8", "cn-covid19-8", "--json").data["values"] == []


def test_over_the_replay_exactly_who_changes_is_listed_with_the_reason() -> None:
    data = ran("policy", "diff", "cn-covid19-8", "cn-covid19-9", "--replay", "--json").data
    by_cell = {(one["branch"], one["reading"]): one["subjects"] for one in data["replay"]}
    assert len(by_cell) == 12
    as_happened = {change["subject"] for change in by_cell["as-happened", "judgement"]}
    assert as_happened == {"list:audience", "person:ganbu-jia"}
    assert {change["subject"] for change in by_cell["as-happened", "two-days"]} == {"list:audience"}
    for subjects in by_cell.values():
        assert all(change["before_because"] or change["after_because"] for change in subjects)
    for lang in ("zh", "en"):
        done = ran("policy", "diff", "cn-covid19-8", "cn-covid19-9", "--replay", "--lang", lang)
        assert (done.code, "person:ganbu-jia" in done.out) == (0, True)


def test_over_facts_whose_conclusions_change_is_listed_and_nothing_is_stored(tmp_path: Path) -> None:
    files = written(tmp_path, cases=CASES, stays=STAYS)
    kept = tmp_path / "kept"
    assert ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, "--to", kept).code == 0
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    words = ("policy", "diff", "cn-covid19-8", "cn-covid19-9", "--facts", kept, "--area", "411702", *KNOWN)
    subjects = ran(*words, "--json").data["subjects"]
    assert subjects
    assert (
        ran("policy", "diff", "cn-covid19-8", "cn-covid19-8", "--facts", kept, *KNOWN, "--json").data["subjects"] == []
    )
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before


def test_facts_without_a_folder_of_facts_are_refused(tmp_path: Path) -> None:
    assert "C142" in ran("policy", "diff", "measles", "mers", "--facts", tmp_path).err
