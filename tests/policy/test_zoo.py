"""A zoo of broken packs: each is refused once, at the line it says, in words a person can act on, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sizao.policy import check
from sizao.words import Lang, say_error

ZOO = sorted((Path(__file__).parent / "zoo").glob("*.yaml"))


def _header(path: Path) -> dict[str, str]:
    """What the file's first three comment lines say of it: the code, the line and the words of its refusal."""
    header = {}
    for line in path.read_bytes().decode("utf-8", errors="replace").splitlines()[:3]:
        name, _, text = line.removeprefix("# ").partition(": ")
        header[name] = text
    return header


@pytest.mark.parametrize("path", ZOO, ids=lambda path: path.stem)
def test_a_broken_pack_is_refused_with_its_line_and_in_words(path: Path) -> None:
    header = _header(path)
    problems = check([path])
    assert [problem.code for problem in problems] == [header["refused"]]
    says, do = say_error(problems[0], Lang.EN)
    assert problems[0].where.file == path.name
    assert problems[0].where.line == (None if header["line"] == "-" else int(header["line"]))
    assert [word for word in header["words"].split("; ") if word not in says + " " + do] == []
    assert re.search("[\u4e00-\u9fff]", "".join(say_error(problems[0], Lang.ZH)))


def test_the_zoo_holds_every_way_a_pack_file_can_be_refused() -> None:
    kept = {_header(path)["refused"] for path in ZOO}
    between_files = {"P125", "P127", "P129"}  # tested where several files or a choice are needed
    assert {f"P{number}" for number in range(101, 132)} - kept - between_files == set()
