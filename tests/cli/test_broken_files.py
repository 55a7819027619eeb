"""A zoo of broken files, each with the words its refusal must contain, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.cli.files import CASES
from tests.cli.running import ran

Make = Callable[[Path], Path]


def _text(name: str, text: str, encoding: str = "utf-8") -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(text.encode(encoding))
        return folder / name

    return make


def _bytes(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def _two_sheets(folder: Path) -> Path:
    book = Workbook()
    book.active.append(["person", "x"])
    book.create_sheet("other").append(["person", "y"])
    book.save(folder / "two.xlsx")
    return folder / "two.xlsx"


def _folder(folder: Path) -> Path:
    (folder / "some.csv").mkdir()
    return folder / "some.csv"


ZOO: dict[str, tuple[Make, str, list[str], list[str]]] = {
    "an old Excel file": (
        _bytes("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64),
        "F221",
        ["old.xls", "65,5"],
        ["old.xls", "xlsx"],
    ),
    "a picture": (_bytes("scan.png", b"\x89PNG"), "F222", ["scan.png", ".csv"], ["scan.png", ".csv"]),
    "a workbook that is none": (_bytes("bad.xlsx", b"PK\x03\x04nonsense"), "F229", ["bad.xlsx"], ["bad.xlsx"]),
    "a workbook with two full sheets": (_two_sheets, "F230", ["two.xlsx", "--sheet"], ["two.xlsx", "--sheet"]),
    "bytes of no encoding": (
        _bytes("odd.csv", b"person,\xff\xfe\xfd\n"),
        "F203",
        ["odd.csv", "--encoding"],
        ["odd.csv", "--encoding"],
    ),
    "an empty file": (_text("empty.csv", ""), "F225", ["empty.csv"], ["empty.csv"]),
    "a header nobody knows": (_text("what.csv", "a,b\n1,2\n"), "F237", ["what.csv", "--as"], ["what.csv", "--as"]),
    "a quote that never ends": (
        _text("cut.csv", CASES + 'p2,"confirmed,2021'),
        "F224",
        ["cut.csv"],
        ["cut.csv"],
    ),
    "JSON that is cut off": (_text("cut.json", '[{"person": "p1"'), "F232", ["cut.json"], ["cut.json"]),
    "JSON that is no list": (_text("one.json", '{"person": "p1"}'), "F233", ["one.json"], ["one.json"]),
    "dates of two minds": (
        _text("dates.csv", CASES.replace("2021-07-28", "05/06/2021").replace("2021-07-29 10:00", "2021-07-29")),
        "F236",
        ["dates.csv", "--dates"],
        ["dates.csv", "--dates"],
    ),
}


@pytest.mark.parametrize("name", ZOO)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_broken_file_is_refused_whole_with_its_words(name: str, lang: str, tmp_path: Path) -> None:
    make, code, english, chinese = ZOO[name]
    done = ran("import", make(tmp_path), "--trial", "--lang", lang)
    said = " ".join(done.err.split())
    assert (done.code, done.out) == (3, "")
    assert code in said
    assert [word for word in (english if lang == "en" else chinese) if word not in said] == []
    assert "Traceback" not in said


def test_a_folder_instead_of_a_file_is_refused(tmp_path: Path) -> None:
    done = ran("import", _folder(tmp_path), "--trial")
    assert done.code == 3
    assert "Traceback" not in done.err


def test_a_refused_file_leaves_nothing_behind(tmp_path: Path) -> None:
    path = _text("what.csv", "a,b\n1,2\n")(tmp_path)
    assert ran("import", path, "--to", tmp_path / "facts").code == 3
    assert not (tmp_path / "facts").exists()
