"""`sizao trace`: from files to everyone who was exposed, on the screen, as JSON, and as files that cannot trick a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from sizao.drills.manifest import passenger_manifest
from sizao.facts.intake.importing import import_file
from sizao.facts.intake.mapping import Given
from sizao.facts.kinds import Ride
from sizao.facts.store import MemoryStore
from sizao.when import Instant
from tests.cli.files import CASES, KNOWN, RULES, STAYS, written
from tests.cli.running import ran
from tests.outside import outside


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return written(tmp_path, cases=CASES, stays=STAYS)


def test_the_answer_in_json_has_the_promised_shape(files: dict[str, Path]) -> None:
    done = ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, "--json")
    assert (done.code, done.err) == (0, "")
    assert {name: done.data[name] for name in ("cases", "stays_read")} == {"cases": 1, "stays_read": 6}
    assert done.data["seconds"] > 0
    found = {row["person"]: (row["case"], row["grade"], row["minutes"]) for row in done.data["contacts"]}
    assert found == {"person:p2": ("person:p1", "close", 660), "person:p3": ("person:p1", "general", 20)}
    names = {"person", "case", "grade", "minutes", "first", "last", "because"}
    assert all(names <= set(row) for row in done.data["contacts"])
    assert done.data["contacts"][0]["first"] == "2021-07-26T12:00:00Z"


def test_every_contact_carries_its_reason_with_clause_pack_version_and_stays(files: dict[str, Path]) -> None:
    for lang in ("zh", "en"):
        done = ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, "--json", "--lang", lang)
        for row in done.data["contacts"]:
            assert "cn-covid19-8" in row["because"]
            assert ("version 1" if lang == "en" else "第 1 版") in row["because"]
            assert row["evidence"]["stays"]


def test_the_screen_shows_contacts_and_who_must_act(files: dict[str, Path]) -> None:
    done = ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, "--lang", "zh")
    assert done.code == 0
    for word in ("person:p2", "密切接触者", "谁该行动", "流调组"):
        assert word in done.out
    assert "person:p4" not in done.out


def test_the_number_of_rows_shown_can_be_chosen(files: dict[str, Path]) -> None:
    few = ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, "--rows", "1").out
    assert ("person:p2" in few, "person:p3" in few, "1 more rows" in few) == (True, False, True)
    assert "person:p3" in ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, "--rows", "all").out


def test_a_folder_of_imported_files_can_be_traced(files: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "facts"
    assert ran("import", files["cases"], files["stays"], "--to", folder).code == 0
    # What was imported today is known from today on.
    done = ran("trace", folder, *RULES, "--json")
    assert sorted(row["person"] for row in done.data["contacts"]) == ["person:p2", "person:p3"]


def test_the_answer_is_written_as_csv_xlsx_and_calendar(files: dict[str, Path], tmp_path: Path) -> None:
    names = {name: tmp_path / f"out.{name}" for name in ("csv", "xlsx", "ics")}
    words = [word for name, path in names.items() for word in (f"--{name}", str(path))]
    assert ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, *words).code == 0
    with names["csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Person"], row["Grade"], row["Minutes"]) for row in rows] == [
        ("person:p2", "close contact", "660"),
        ("person:p3", "general contact", "20"),
    ]
    sheet = load_workbook(names["xlsx"]).active
    assert [row[0].value for row in sheet.iter_rows()] == ["Person", "person:p2", "person:p3"]
    events = Calendar.from_ical(names["ics"].read_bytes()).walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == len(events) > 0
    starts = [line for line in names["ics"].read_text("utf-8").splitlines() if line.startswith("DTSTART")]
    assert all(line.endswith("Z") for line in starts)


def test_no_cell_of_an_answer_is_a_formula(tmp_path: Path) -> None:
    stays = STAYS.replace("p2,", '"=HYPERLINK(""http://x"")",').replace("p3,", "@SUM(1),")
    files = written(tmp_path, cases=CASES, stays=stays)
    names = {name: tmp_path / f"out.{name}" for name in ("csv", "xlsx")}
    words = [word for name, path in names.items() for word in (f"--{name}", str(path))]
    assert ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, *words).code == 0
    with names["csv"].open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    sheet = load_workbook(names["xlsx"]).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.parametrize(
    ("swap", "words", "code", "said"),
    [
        ({}, (), 2, "C126"),
        ({}, ("--packs", "cn-covid19-8"), 3, "P203"),
        ({}, ("--packs", "nopack"), 3, "P125"),
        ({"cases": "stays"}, RULES, 3, "C151"),
        ({"stays": "cases"}, RULES, 3, "C153"),
    ],
)
def test_what_cannot_be_traced_is_refused(
    swap: dict[str, str], words: tuple[str, ...], code: int, said: str, files: dict[str, Path]
) -> None:
    done = ran("trace", files[swap.get("cases", "cases")], files[swap.get("stays", "stays")], *words, *KNOWN)
    assert (done.code, said in done.err) == (code, True), done.err


def test_a_folder_without_stays_or_facts_is_refused(files: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "C142" in ran("trace", tmp_path / "empty", files["stays"], *RULES).err
    assert "C152" in ran("trace", files["cases"], tmp_path / "empty", *RULES, *KNOWN).err


def test_rules_of_another_time_find_nobody_silently_is_refused_and_what_if_answers(tmp_path: Path) -> None:
    files = written(tmp_path, cases=CASES.replace("2021-", "2020-"), stays=STAYS.replace("2021-", "2020-"))
    window = ("--packs", "cn-covid19-8", "--reading", "case.window.days_before=four-days")
    known = ("--known-at", "2020-07-30T12:00")
    refused = ran("trace", files["cases"], files["stays"], *window, *known)
    assert refused.code == 3
    answered = ran("trace", files["cases"], files["stays"], *window, *known, "--what-if", "--json")
    assert sorted(row["person"] for row in answered.data["contacts"]) == ["person:p2", "person:p3"]


def test_refused_rows_are_shown_and_change_the_exit_code(tmp_path: Path) -> None:
    files = written(tmp_path, cases=CASES, stays=STAYS + "p9,shop:1,shop,whenever,\n")
    done = ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, "--json")
    assert (done.code, done.data["refused"]) == (1, 1)
    assert done.data["refusals"][0]["file"] == "stays.csv"
    assert "whenever" in ran("trace", files["cases"], files["stays"], *RULES, *KNOWN).out


def test_moments_are_told_by_the_clock_of_the_zone_asked_for(files: dict[str, Path]) -> None:
    folder = files["cases"].parent / "facts"
    assert ran("import", *files.values(), "--to", folder).code == 0
    for zone, told in (("Asia/Shanghai", "27 July 2021, 10:10"), ("Asia/Tokyo", "27 July 2021, 11:10")):
        done = ran("trace", folder, *RULES, "--zone", zone, env={"COLUMNS": "160"})
        assert told in " ".join(done.out.split())


def test_conclusions_drawn_as_if_can_be_verified_too(tmp_path: Path) -> None:
    files = written(tmp_path, cases=CASES.replace("2021-", "2020-"), stays=STAYS.replace("2021-", "2020-"))
    words = ("--packs", "cn-covid19-8", "--reading", "case.window.days_before=four-days", "--what-if")
    done = ran("trace", *files.values(), *words, "--known-at", "2020-07-30T12:00", "--to", tmp_path / "kept")
    assert done.code == 0
    verified = ran("verify", tmp_path / "kept", "--json")
    assert (verified.code, verified.data["conclusions"]) == (0, 3)


@pytest.mark.outside
def test_the_published_rides_find_all_planted_passengers_and_nobody_else(tmp_path: Path) -> None:
    rides = outside("rides_2020/rides.csv")
    store = MemoryStore()
    given = Given(recorded_at=Instant(1_606_000_000), source="test", recorder="test", basis="test")
    import_file(rides, store, given)
    made = passenger_manifest([fact for fact in store.facts() if isinstance(fact, Ride)], seed=7, n=12_000)
    made.write_csv(tmp_path / "tickets.csv")
    done = ran("trace", rides, tmp_path / "tickets.csv", "--packs", "cn-covid19-8", "--what-if", "--json")
    expected = {
        (made.person_name(line.ticket), str(line.case)): (str(line.grade), line.overlap_s // 60)
        for line in made.expected
    }
    assert done.code == 1
    assert [refusal["row"] for refusal in done.data["refusals"]] == [94, 325, 352, 811]
    assert {(row["person"], row["case"]): (row["grade"], row["minutes"]) for row in done.data["contacts"]} == expected
    assert all(row["evidence"]["stays"] and row["evidence"]["rule"] for row in done.data["contacts"])
