"""Files become tables of text, whole or refused; in = read + refused, at every size a spreadsheet can lose rows."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sizao.errors import FactsError, SizaoError
from sizao.facts.intake.tables import ReadOptions, read_table
from sizao.words import Lang, say_error


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def refusal(path: Path, options: ReadOptions | None = None) -> FactsError:
    with pytest.raises(FactsError) as refused:
        read_table(path, options)
    for lang in Lang:
        says, do = say_error(refused.value, lang)
        assert path.name in says
        assert do
    return refused.value


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_of_the_header_is_found(tmp_path: Path, mark: str) -> None:
    table = read_table(written(tmp_path, "f.csv", f'id{mark}"na{mark}me"\n1{mark}x\n'))
    assert table.columns == ("id", f"na{mark}me")
    assert table.rows == [("1", "x")]
    assert list(table.row_numbers) == [2]


def test_a_quoted_cell_may_hold_lines_and_separators(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "f.csv", 'a,b\n"1\n2","x,y"\n3,4\n'))
    assert table.rows == [("1\n2", "x,y"), ("3", "4")]
    assert list(table.row_numbers) == [2, 3]


def test_trailing_empty_cells_and_empty_lines_are_no_matter(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "f.csv", "a,b,,\n1,2,,\n\n3,4\n"))
    assert table.columns == ("a", "b")
    assert table.rows == [("1", "2"), ("3", "4")]
    assert list(table.row_numbers) == [2, 4]


def test_a_row_with_more_cells_than_columns_is_refused_and_counted(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "f.csv", "a,b\n1,2\n1,2,3\n4,5\n"))
    assert (len(table.rows), table.total, table.bad[0].row, table.bad[0].error.code) == (2, 3, 3, "F227")


def test_a_last_row_cut_short_is_refused_and_counted(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "f.csv", "a,b,c\n1,2,3\n4,5"))
    assert (len(table.rows), table.total, table.bad[0].error.code) == (1, 2, "F228")


def test_a_file_cut_off_inside_quotes_is_refused_whole(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "f.csv", 'a,b\n1,"2\n3,4\n')).code == "F224"


def test_another_number_of_rows_than_declared_is_refused_whole(tmp_path: Path) -> None:
    path = written(tmp_path, "f.csv", "a\n1\n2\n")
    assert refusal(path, ReadOptions(declared_rows=3)).code == "F226"
    assert read_table(path, ReadOptions(declared_rows=2)).total == 2


@pytest.mark.parametrize("rows", [65_535, 65_536, 65_537, 1_048_575, 1_048_576, 1_048_577])
def test_no_row_is_lost_at_the_sizes_where_spreadsheets_lose_them(tmp_path: Path, rows: int) -> None:
    path = written(tmp_path, "f.csv", "id\n" + "\n".join(map(str, range(rows))) + "\n")
    table = read_table(path)
    assert (table.total, table.rows[-1], table.row_numbers[-1]) == (rows, (str(rows - 1),), rows + 1)


def test_an_old_excel_file_is_refused_by_name_and_by_content(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "f.xls", "a\n1\n")).code == "F221"
    assert refusal(written(tmp_path, "f.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on")).code == "F221"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("f.docx", "x", "F222"),
        ("f.csv", "", "F225"),
        ("f.csv", "\n1,2\n", "F225"),
        ("f.xlsx", "not a workbook", "F229"),
        ("f.json", "[{]", "F232"),
        ("f.json", '{"a": 1}', "F233"),
        ("f.json", "[]", "F225"),
        ("f.ndjson", '{"a": 1}\n[2]\n', "F233"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: str, code: str) -> None:
    assert refusal(written(tmp_path, name, content)).code == code


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv").code == "F220"


def workbook(tmp_path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "f.xlsx"
    book.save(path)
    return path


def test_a_workbook_gives_the_cells_a_person_sees(tmp_path: Path) -> None:
    path = workbook(tmp_path, 名单=[["编号", "日期", "分钟"], ["00123", date(2021, 7, 22), 15], ["x", None, 2.5]])
    table = read_table(path)
    assert table.rows == [("00123", "2021-07-22", "15"), ("x", "", "2.5")]


def test_two_filled_sheets_are_asked_about_and_one_can_be_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, a=[["x"], [1]], b=[["y"], [2]], empty=[])
    assert refusal(path).code == "F230"
    assert read_table(path, ReadOptions(sheet="b")).columns == ("y",)
    assert refusal(path, ReadOptions(sheet="c")).code == "F231"


def test_json_and_ndjson_give_the_same_table(tmp_path: Path) -> None:
    objects = [{"id": 1, "who": "旅客乙", "ok": True}, {"id": 2, "extra": None}]
    listed = read_table(written(tmp_path, "f.json", json.dumps(objects, ensure_ascii=False)))
    lined = read_table(written(tmp_path, "f.ndjson", "\n".join(json.dumps(each) for each in objects)))
    assert listed.columns == lined.columns == ("id", "who", "ok", "extra")
    assert listed.rows == lined.rows == [("1", "旅客乙", "TRUE", ""), ("2", "", "", "")]


@pytest.mark.parametrize("content", [b"\x00\x80\x02", b"\xff\xfea", b'"', bytes(range(256))])
def test_any_bytes_end_in_a_refusal_that_names_the_file(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SizaoError) as refused:
        read_table(written(tmp_path, "f.csv", content))
    assert refused.value.where.file == "f.csv"
