"""`sizao import`: every row is stored or refused with row, column, value, why and what to do."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.files import CASES, STAYS, written
from tests.cli.running import SOURCE, ran, spawned
from tests.outside import outside

BAD_STAYS = (
    STAYS
    + """p6,shop:1,shop,2021-07-27 11:00,2021-07-27 10:00
p7,shop:1,shop,yesterday,2021-07-27 10:00
,shop:1,shop,2021-07-27 09:00,2021-07-27 10:00
p8,shop:1,spaceport,2021-07-27 09:00,2021-07-27 10:00
"""
)


def test_the_answer_in_json_has_the_promised_shape(tmp_path: Path) -> None:
    paths = written(tmp_path, stays=BAD_STAYS)
    done = ran("import", paths["stays"], "--to", tmp_path / "facts", "--json")
    assert done.code == 1
    assert {name: done.data[name] for name in ("rows", "stored", "refused")} == {"rows": 10, "stored": 6, "refused": 4}
    assert [set(refusal) for refusal in done.data["refusals"]] == [{"row", "column", "value", "says", "do"}] * 4
    assert [(refusal["row"], refusal["column"]) for refusal in done.data["refusals"]] == [
        (8, "end"),
        (9, "start"),
        (10, "person"),
        (11, "place_kind"),
    ]
    assert done.data["refusals"][1]["value"] == "yesterday"


def test_a_file_without_fault_ends_well(tmp_path: Path) -> None:
    paths = written(tmp_path, cases=CASES)
    done = ran("import", paths["cases"], "--to", tmp_path / "facts")
    assert (done.code, done.err) == (0, "")
    assert "1 rows: 1 stored" in done.out


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    paths = written(tmp_path, cases=CASES, stays=STAYS)
    folder = tmp_path / "facts"
    first = ran("import", paths["cases"], paths["stays"], "--to", folder, "--json").data
    before = sorted((str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file())
    again = ran("import", paths["cases"], paths["stays"], "--to", folder, "--json").data
    after = sorted((str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file())
    assert (first["stored"], first["joined"]) == (7, 0)
    assert (again["stored"], again["joined"]) == (7, 7)
    assert before == after


def test_a_trial_stores_nothing(tmp_path: Path) -> None:
    paths = written(tmp_path, cases=CASES)
    done = ran("import", paths["cases"], "--trial")
    assert done.code == 0
    assert "nothing was stored" in done.out
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


def test_headings_and_dates_may_be_named(tmp_path: Path) -> None:
    text = "Passenger;Class;Reported;Ill since\np1;confirmed;29.07.2021 10:00;28.07.2021\n"
    path = written(tmp_path, odd=text)["odd"]
    named = ("--as", "cases", "--column", "person=Passenger", "--column", "case_class=Class", "--column")
    more = (
        "reported_at=Reported",
        "--column",
        "onset=Ill since",
        "--default",
        "disease=covid19",
        "--default",
        "area=411702",
    )
    refused = ran("import", path, "--trial", *named, *more)
    assert (refused.code, "F23" in refused.err) == (3, True)
    taken = ran("import", path, "--trial", *named, *more, "--dates", "DD.MM.YYYY", "--dates", "DD.MM.YYYY HH:mm")
    assert (taken.code, taken.err) == (0, "")


def test_the_refused_rows_can_be_written_to_a_file(tmp_path: Path) -> None:
    paths = written(tmp_path, stays=BAD_STAYS)
    ran("import", paths["stays"], "--trial", "--refusals", tmp_path / "refused.csv", "--lang", "zh")
    with (tmp_path / "refused.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["文件", "行", "列", "值", "原因", "怎么办"]
    assert [row[1] for row in rows[1:]] == ["8", "9", "10", "11"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "C123"),
        (("--to", "x", "--trial"), 2, "C124"),
        (("--trial", "--declared-rows", "7"), 3, "F226"),
        (("--trial", "--sha256", "00"), 3, "F234"),
        (("--trial", "--as", "hearsay"), 3, "F239"),
        (("--trial", "--encoding", "klingon"), 3, "F201"),
        (("--trial", "--declared-rows", "seven"), 2, "C105"),
    ],
)
def test_what_does_not_fit_is_refused(words: tuple[str, ...], code: int, said: str, tmp_path: Path) -> None:
    paths = written(tmp_path, cases=CASES)
    done = ran("import", paths["cases"], *words)
    assert (done.code, said in done.err) == (code, True), done.err


def test_a_declaration_belongs_to_one_file(tmp_path: Path) -> None:
    paths = written(tmp_path, cases=CASES, stays=STAYS)
    assert ran("import", *paths.values(), "--trial", "--declared-rows", "7").code == 2


def test_the_same_words_come_out_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, stays=BAD_STAYS)["stays"]
    done = spawned("import", path, "--trial", "--json", "--lang", "zh", env={"LC_ALL": "C"})
    assert done.code == 1
    assert json.loads(done.out)["refusals"][0]["do"]


@pytest.mark.outside
def test_the_mers_lists_give_the_published_numbers() -> None:
    expected = json.loads(outside("outbreaks/expected.json").read_text("utf-8"))
    done = ran(
        "import",
        outside("outbreaks/mers_korea_2015__linelist.csv"),
        outside("outbreaks/mers_korea_2015__contacts.csv"),
        "--trial",
        "--json",
    )
    assert done.code == 0
    summary = done.data["summary"]
    assert expected
    assert (summary["cases"], summary["deaths"], summary["onset_known"]) == (162, 19, 135)
    assert (summary["contact_rows"], summary["ids_in_contacts"]) == (98, 97)
    assert (summary["out_degree"]["max"], summary["top_infectors"]["SK_14"], summary["components"]) == (38, 38, 2)
    difference = summary["onset_difference"]
    assert (difference["median"], difference["min"], difference["max"]) == (14.0, 2.0, 27.0)
    assert difference["mean"] == pytest.approx(14.4694, abs=1e-4)
    assert difference["sd"] == pytest.approx(5.1995, abs=1e-4)
    assert summary["onset_to_report"]["mean"] == pytest.approx(5.600, abs=1e-4)


@pytest.mark.outside
@pytest.mark.parametrize(
    ("name", "words", "stored", "refused"),
    [
        ("sormas_import_test_line_listing.csv", (), 5, 0),
        ("sormas_contact_import_test.csv", (), 0, 3),
        ("sormas_contact_import_test.csv", ("--dates", "MM.DD.YYYY"), 3, 0),
        ("sormas_case_contact_import_test_success.csv", (), 5, 0),
        ("godata_followups_sample.csv", (), 6, 0),
    ],
)
def test_files_of_other_systems_behave_as_promised(
    name: str, words: tuple[str, ...], stored: int, refused: int
) -> None:
    done = ran("import", outside(f"import_templates/{name}"), "--trial", "--json", *words)
    assert (done.data["stored"], done.data["refused"]) == (stored, refused)
    assert done.code == (1 if refused else 0)


@pytest.mark.parametrize("after_s", [0.3, 0.5, 0.7, 0.9, 1.1])
def test_an_import_that_is_killed_leaves_all_or_nothing(after_s: float, tmp_path: Path) -> None:
    rows = "".join(f"x{number},home:{number},dwelling,2021-07-26 20:00,2021-07-27 07:00\n" for number in range(20_000))
    files = written(tmp_path, cases=CASES, stays=STAYS + rows)
    folder = tmp_path / "facts"
    command = [sys.executable, "-m", "sizao.cli.main", "import", *map(str, files.values()), "--to", str(folder)]
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env) as process:
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            process.kill()
    if folder.exists() and (folder / "manifest").exists():
        assert ran("verify", folder).code == 0
    again = ran("import", *files.values(), "--to", folder, "--json")
    assert (again.code, again.data["stored"]) == (0, 20_007)
    assert ran("verify", folder).code == 0
