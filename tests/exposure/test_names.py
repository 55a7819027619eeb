"""Names get numbers once and keep them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.errors import ExposureError
from sizao.exposure.names import NameTable


@given(st.lists(st.lists(st.text("甲乙丙ab", min_size=0, max_size=3), max_size=6), max_size=6))
def test_a_name_keeps_its_number_whatever_comes_after(batches: list[list[str]]) -> None:
    table, slow = NameTable(), dict[str, int]()
    for batch in batches:
        for name in batch:
            slow.setdefault(name, len(slow))
        assert table.add(batch).tolist() == [slow[name] for name in batch]
    assert table.ids(list(slow)).tolist() == list(slow.values())
    assert table.names(range(len(table))) == list(slow)


def test_finding_never_adds() -> None:
    table = NameTable()
    table.add(["person:甲"])
    assert table.ids(["person:乙", "person:甲"]).tolist() == [-1, 0]
    assert len(table) == 1


def test_a_saved_table_is_the_same_table(tmp_path: Path) -> None:
    table = NameTable()
    table.add(["person:甲", "train:G1:2021-07-27"])
    table.save(tmp_path / "names.arrow")
    assert NameTable.open(tmp_path / "names.arrow").names([1, 0]) == ["train:G1:2021-07-27", "person:甲"]
    assert len(NameTable.open(tmp_path / "nothing.arrow")) == 0


@pytest.mark.parametrize("number", [-1, 1])
def test_a_number_that_was_never_given_is_refused(number: int) -> None:
    table = NameTable()
    table.add(["person:甲"])
    with pytest.raises(ExposureError, match="E130"):
        table.names([number])
