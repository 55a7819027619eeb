"""A file is recognised, read, and accounted for row by row; the same file again changes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sizao.errors import FactsError
from sizao.facts.folder import FolderStore
from sizao.facts.intake.importing import ImportOptions, import_file
from sizao.facts.intake.tables import ReadOptions
from sizao.facts.kinds import CaseClass, CaseNotice, Result, SubjectId, Test
from sizao.facts.store import MemoryStore
from sizao.when import Instant, Precision, parse_instant
from sizao.words import Lang, say_error
from tests.facts.intake.files import given, imported, write

TESTS = [
    ["person", "sampled_at", "result", "sample"],
    ["旅客甲", "2021-07-26 09:00", "阴性", "S1"],
    ["旅客乙", "2021-07-26 09:05", "positive", "S2"],
]
CASES = [
    ["姓名编号", "病例分类", "报告时间", "发病日期", "首次阳性采样时间"],
    ["病例甲", "确诊", "2021-07-26 18:00", "2021-07-24", "2021-07-26 09:00"],
    ["病例乙", "无症状感染者", "2021-07-26 18:00", "", ""],
]


def refused(path: Path, **more: object) -> FactsError:
    with pytest.raises(FactsError) as raised:
        imported(path, **more)  # type: ignore[arg-type]
    return raised.value


def test_tests_become_facts_of_their_people(tmp_path: Path) -> None:
    store = MemoryStore()
    result = imported(write(tmp_path / "t.csv", TESTS), store)
    (fact,) = store.facts_of(SubjectId("person:旅客乙"))
    assert isinstance(fact, Test)
    assert (result.mapping, result.rows, result.stored, result.refused) == ("tests", 2, 2, 0)
    assert (fact.sample, fact.result, fact.at) == ("S2", Result.POSITIVE, parse_instant("2021-07-26T09:05:00+08:00"))
    assert (fact.precision, fact.source, fact.recorded_at) == (Precision.MINUTE, "测试来源", 1_700_000_000)


def test_case_notices_keep_what_is_not_known_unknown(tmp_path: Path) -> None:
    store = MemoryStore()
    options = ImportOptions(columns={"person": "姓名编号"})
    assert imported(write(tmp_path / "c.csv", CASES), store, options=options).mapping == "cases"
    first, second = (store.facts_of(SubjectId(f"person:病例{name}"))[0] for name in "甲乙")
    assert isinstance(first, CaseNotice)
    assert isinstance(second, CaseNotice)
    assert (first.case_class, first.onset) == (CaseClass.CONFIRMED, parse_instant("2021-07-24T00:00:00+08:00"))
    assert (second.case_class, second.onset, second.positive_sampled_at) == (CaseClass.ASYMPTOMATIC, None, None)
    assert (second.disease, second.reporting_area) == ("covid19", "4117")


def test_a_row_that_cannot_be_taken_is_refused_with_row_column_value_and_what_to_do(tmp_path: Path) -> None:
    rows = [
        *TESTS,
        ["", "2021-07-26 09:00", "阴性", "S3"],
        ["旅客丙", "soon", "阴性", "S4"],
        ["旅客丙", "2021-07-26 09:00", "maybe", "S5"],
        ["旅客丙", "2021-07-26 09:00", "阴性", "S6", "left over"],
    ]
    result = imported(write(tmp_path / "t.csv", rows))
    assert (result.rows, result.stored, result.refused) == (6, 2, 4)
    assert [(bad.row, bad.column, bad.value, bad.error.code) for bad in result.refusals] == [
        (4, "person", "", "F243"),
        (5, "sampled_at", "soon", "F148"),
        (6, "result", "maybe", "F240"),
        (7, "", "", "F227"),
    ]
    shown = result.as_data(Lang.EN)
    assert list(shown)[:6] == ["file", "mapping", "rows", "stored", "refused", "joined"]
    assert set(shown["refusals"][2]) == {"row", "column", "value", "says", "do"}
    assert "maybe" in shown["refusals"][2]["says"]
    assert all(bad["says"] and bad["do"] for bad in result.as_data(Lang.ZH)["refusals"])


def test_rows_that_repeat_are_joined_within_a_file_and_among_files(tmp_path: Path) -> None:
    store = MemoryStore()
    one = imported(write(tmp_path / "1.csv", [*TESTS, TESTS[1]]), store)
    two = imported(write(tmp_path / "2.csv", [TESTS[0], TESTS[2], ["旅客丁", "2021-07-26 10:00", "阴性", "S9"]]), store)
    assert (one.stored, one.joined) == (3, 1)
    assert (two.stored, two.joined) == (2, 1)
    assert len(list(store.facts())) == 3


def test_the_same_import_again_changes_nothing_also_on_another_day(tmp_path: Path) -> None:
    store, path = FolderStore(tmp_path / "store"), write(tmp_path / "t.csv", TESTS)
    first = imported(path, store)
    again = imported(path, store, told=given(recorded_at=Instant(1_800_000_000)))
    assert again.batch == first.batch
    assert (again.stored, again.joined) == (2, 2)
    assert len(store.batches()) == 1
    assert [fact.recorded_at for fact in store.facts()] == [1_700_000_000] * 2


def test_a_trial_run_keeps_nothing(tmp_path: Path) -> None:
    store = MemoryStore()
    result = import_file(write(tmp_path / "t.csv", TESTS), None, given())
    assert (result.stored, result.batch) == (2, None)
    assert list(store.facts()) == []


def test_the_order_of_rows_changes_no_fact(tmp_path: Path) -> None:
    one, other = MemoryStore(), MemoryStore()
    imported(write(tmp_path / "1.csv", TESTS), one)
    imported(write(tmp_path / "2.csv", [TESTS[0], *reversed(TESTS[1:])]), other)
    assert list(one.facts()) == list(other.facts())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_is_found_and_reported_and_changes_no_fact(tmp_path: Path, encoding: str) -> None:
    store, plain = MemoryStore(), MemoryStore()
    result = imported(write(tmp_path / "t.csv", TESTS, encoding), store)
    imported(write(tmp_path / "p.csv", TESTS), plain)
    assert result.encoding == encoding
    assert list(store.facts()) == list(plain.facts())


def test_a_file_that_is_not_what_its_sender_declared_is_refused_whole(tmp_path: Path) -> None:
    path, store = write(tmp_path / "t.csv", TESTS), MemoryStore()
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    assert imported(path, options=ImportOptions(declared_sha256=right.upper())).stored == 2
    other = ImportOptions(declared_sha256="0" * 64)
    few = ImportOptions(reading=ReadOptions(declared_rows=3))
    assert [refused(path, store=store, options=options).code for options in (other, few)] == ["F234", "F226"]
    assert list(store.facts()) == []


def dated(tmp_path: Path, *dates: str) -> Path:
    return write(tmp_path / "d.csv", [["person", "sampled_at", "result"], *(["p", date, "阴性"] for date in dates)])


def test_a_date_that_could_be_read_two_ways_is_refused_until_somebody_says_which(tmp_path: Path) -> None:
    path = dated(tmp_path, "03.04.2020", "05.06.2020")
    error = refused(path)
    assert (error.code, error.where.column) == ("F236", "sampled_at")
    assert error.slots["candidates"] == "DD.MM.YYYY, MM.DD.YYYY"
    march = imported(path, told=given(formats=("MM.DD.YYYY",)))
    april = imported(path, told=given(column_formats={"sampled_at": ("DD.MM.YYYY",)}))
    assert march.stored == april.stored == 2
    assert march.dates == {"sampled_at": ("MM.DD.YYYY",)}


def test_a_column_that_rules_one_order_out_gets_the_other_proposed_but_not_applied(tmp_path: Path) -> None:
    error = refused(dated(tmp_path, "03.04.2020", "03.14.2020"))
    assert (error.code, error.slots["proposed"]) == ("F235", "MM.DD.YYYY")
    says, do = say_error(error, Lang.EN)
    assert "d.csv" in says
    assert "--dates MM.DD.YYYY" in do


def test_a_day_month_reader_refuses_a_month_day_date_with_its_row(tmp_path: Path) -> None:
    result = imported(dated(tmp_path, "03.04.2020", "03.14.2020"), told=given(formats=("DD.MM.YYYY",)))
    assert [(bad.row, bad.value, bad.error.code) for bad in result.refusals] == [(3, "03.14.2020", "F148")]


def test_dates_that_begin_with_the_year_are_read_and_the_format_is_reported(tmp_path: Path) -> None:
    result = imported(dated(tmp_path, "2021/7/5", "2021/12/26"))
    assert (result.stored, result.dates) == (2, {"sampled_at": ("YYYY/M/D",)})


def test_a_file_nobody_recognises_says_what_it_has_and_what_it_could_be(tmp_path: Path) -> None:
    error = refused(write(tmp_path / "x.csv", [["colour", "size"], ["red", "3"]]))
    assert (error.code, error.slots["found"]) == ("F237", "colour, size")
    assert "tickets" in str(error.slots["known"])


@pytest.mark.parametrize(
    ("mapping", "columns", "code"),
    [
        ("rumours", {}, "F239"),
        ("tests", {"person": "who?"}, "F241"),
        ("tests", {"people": "person"}, "F242"),
        ("cases", {}, "F150"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_and_says_what_can(
    tmp_path: Path, mapping: str, columns: dict[str, str], code: str
) -> None:
    options = ImportOptions(columns=columns)
    assert refused(write(tmp_path / "t.csv", TESTS), mapping=mapping, options=options).code == code


def test_a_column_may_be_named_by_hand(tmp_path: Path) -> None:
    rows = [["工号", *TESTS[0][1:]], *TESTS[1:]]
    path = write(tmp_path / "t.csv", rows)
    assert refused(path).code == "F237"
    assert imported(path, options=ImportOptions(columns={"person": "工号"})).stored == 2


def test_a_header_under_a_row_of_group_names_is_found(tmp_path: Path) -> None:
    result = imported(write(tmp_path / "t.csv", [["TestData"] * 4, *TESTS]))
    assert (result.mapping, result.rows, result.stored) == ("tests", 2, 2)


def test_cells_that_begin_like_a_formula_are_kept_as_the_text_they_are(tmp_path: Path) -> None:
    store = MemoryStore()
    nasty = ["=1+1", "+86", "@sum", "-2+3", "a\tb", "\u202eevil", "＝1"]
    imported(write(tmp_path / "t.csv", [TESTS[0], *([name, *TESTS[1][1:]] for name in nasty)]), store)
    assert set(store.subjects()) == {f"person:{name}" for name in nasty}


def test_half_a_character_is_refused_and_a_whole_one_written_as_two_escapes_is_not(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    row = '[{"person":"%s","sampled_at":"2021-07-26 09:00","result":"阴性"}]'
    path.write_text(row % "\\ud83d\\ude00", "utf-8")
    assert imported(path).stored == 1
    path.write_text(row % "\\ud83d", "utf-8")
    assert refused(path).code == "F245"


def test_control_signs_in_a_cell_are_kept_as_text(tmp_path: Path) -> None:
    store = MemoryStore()
    imported(write(tmp_path / "t.csv", [TESTS[0], ["a\x00b\u2028c", *TESTS[1][1:]]]), store)
    assert list(store.subjects()) == ["person:a\x00b\u2028c"]
    kept = FolderStore(tmp_path / "store")
    imported(tmp_path / "t.csv", kept)
    assert list(FolderStore(tmp_path / "store").facts()) == list(store.facts())
