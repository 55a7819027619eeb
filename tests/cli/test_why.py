"""`sizao why`: every conclusion names its facts, its clause and the pack's version; and why somebody is not a contact."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.files import CASES, KNOWN, RULES, STAYS, written
from tests.cli.running import ran


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the facts and conclusions of one trace."""
    place = tmp_path_factory.mktemp("why")
    files = written(place, cases=CASES, stays=STAYS)
    done = ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, "--to", place / "kept")
    assert done.code == 0, done.err
    return place


def _asked(folder: Path, about: str, *words: str) -> tuple[str, ...]:
    return ("why", about, "--facts", str(folder / "kept"), *RULES, *KNOWN, "--at", "2021-07-30T12:00", *words)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_conclusion_names_facts_clause_and_pack_version(folder: Path, lang: str) -> None:
    done = ran(*_asked(folder, "person:p2", "--lang", lang))
    assert (done.code, done.err) == (0, "")
    said = " ".join(done.out.split())
    for word in ("#1", "person:p1", "cn-covid19-8", "safeguards", "·", "§"):
        assert word in said
    assert ("version 1" if lang == "en" else "第 1 版") in said


def test_every_conclusion_in_json_carries_sentences_tree_clauses_and_facts(folder: Path) -> None:
    data = ran(*_asked(folder, "p2", "--json")).data
    assert data["subject"] == "person:p2"
    assert data["next_change_at"]
    kinds = [one["kind"] for one in data["conclusions"]]
    assert {"grade", "duty"} <= set(kinds)
    for one in data["conclusions"]:
        assert one["because"]
        assert one["tree"][0]["text"]
        assert one["facts"] or one["clauses"]
    assert [one["number"] for one in data["conclusions"]] == list(range(1, len(kinds) + 1))


def test_one_conclusion_can_be_asked_about_by_its_number(folder: Path) -> None:
    every = ran(*_asked(folder, "p2", "--json")).data["conclusions"]
    second = ran(*_asked(folder, "p2#2", "--json")).data["conclusions"]
    assert second == [every[1]]


def test_what_is_not_there_is_refused(folder: Path) -> None:
    assert (ran(*_asked(folder, "p2#99")).code, ran(*_asked(folder, "p2#0")).code) == (2, 2)
    stranger = ran(*_asked(folder, "nobody"))
    assert (stranger.code, "C146" in stranger.err) == (3, True)
    assert "C142" in ran("why", "p2", "--facts", folder, *RULES).err


def test_before_anything_was_known_the_standing_is_unknown_and_nothing_is_owed(folder: Path) -> None:
    words = ("why", "p2", "--facts", folder / "kept", *RULES, "--known-at", "2021-07-01", "--at", "2021-07-01")
    done = ran(*words)
    assert ("unknown ◇" in done.out, "1970" in done.out, "#2" in done.out) == (True, False, False)


@pytest.mark.parametrize(
    ("person", "code", "said"),
    [
        ("p4", "why-not.other-time", "shop:1"),
        ("p5", "why-not.other-places", "person:p5"),
        ("p9", "why-not.no-stays", "person:p9"),
        ("p2", "why-not.is-a-contact", "person:p2"),
    ],
)
def test_why_not_names_what_was_missing(person: str, code: str, said: str, folder: Path) -> None:
    words = ("why", person, "--not", "p1", "--facts", folder / "cases.csv", "--stays", folder / "stays.csv", *RULES)
    data = ran(*words, *KNOWN, "--json").data
    assert (data["why_not"], data["contact"]) == (code, code.endswith("is-a-contact"))
    for lang in ("zh", "en"):
        done = ran(*words, *KNOWN, "--lang", lang)
        assert (done.code, said in done.out) == (0, True)


def test_why_not_of_somebody_who_is_no_case_is_refused(folder: Path) -> None:
    words = ("why", "p2", "--not", "p7", "--facts", folder / "cases.csv", "--stays", folder / "stays.csv", *RULES)
    assert "C154" in ran(*words, *KNOWN).err
    assert ran("why", "p2", "--facts", folder / "kept", "--stays", folder / "stays.csv", *RULES).code == 2
