"""The page about the rules names tests that exist; functions and files are looked for by the tests of the documentation."""

from __future__ import annotations

import re

import pytest

from tests import house

PAGE = (house.ROOT / "docs" / "rules.md").read_text("utf-8")
PROOFS = sorted(set(re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "name"), PROOFS, ids=str)
def test_a_proof_that_the_page_names_exists(file: str, name: str) -> None:
    assert f"def {name}(" in (house.ROOT / "tests" / "rules" / file).read_text("utf-8")


def test_every_row_of_the_standing_names_a_function_and_a_proof() -> None:
    section = PAGE.split("## How a standing is reached")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) > 20
    assert [row for row in rows if "`sizao.rules." not in row or "`test_" not in row] == []


def test_every_duty_code_of_the_catalogue_stands_on_the_page_or_is_a_deadline_of_the_packs() -> None:
    words = (house.SOURCE / "words" / "said" / "rules.yaml").read_text("utf-8")
    codes = re.findall(r"^duty\.([a-z-]+):", words, re.MULTILINE)
    assert [
        code
        for code in codes
        if code not in PAGE and not code.startswith("report-code-") and code not in ("line", "no-hour")
    ] == []
