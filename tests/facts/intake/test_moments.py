"""A column of times read at once gives what its cells give one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.intake.dates import read_instant
from sizao.facts.intake.moments import PRECISIONS, read_moments
from sizao.when import Precision

ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "UTC"])
ISO = st.builds(
    lambda moment, mark, length: moment.isoformat(mark)[:length],
    st.datetimes().map(lambda moment: moment.replace(microsecond=0)),
    st.sampled_from("T "),
    st.sampled_from([10, 16, 19]),
)
ODD = st.sampled_from(
    ["", "  ", "2021-02-29", "2020-02-29", "2100-02-29 10:00", "2021-13-01", "2021-00-10", "2021-01-00", "0000-01-01",
     "2021-06-31 08:00:00", "2021-03-28 02:30", "2021-10-31 02:30:00", "2021-07-26T12:00:00+08:00", "2021-07-26 24:00",
     "2021-07-26 12:60:00", "2021/07/26", "二〇二一年七月", "2021-07-26 12:00 ", "２０２１-０７-２６", "2021-07-2x",
     "26.07.2021", "2021-07-26_12:00"]
)  # fmt: skip


@given(st.lists(ISO | ODD | st.text(max_size=19), max_size=8), ZONES, st.sampled_from([(), ("DD.MM.YYYY",)]))
def test_a_column_reads_as_its_cells_do(values: list[str], zone_name: str, formats: tuple[str, ...]) -> None:
    read = read_moments(values, formats, zone_name)
    for index, value in enumerate(values):
        expected = read_instant(value.strip(), formats, zone_name) if value.strip() else None
        assert bool(read.there[index]) == bool(value.strip())
        assert (index in read.bad) == (bool(value.strip()) and expected is None)
        if expected is not None:
            assert (int(read.seconds[index]), PRECISIONS[read.exact[index]]) == expected
            assert bool(read.day[index]) == (expected[1] is Precision.DAY)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_empty_column_is_read(count: int) -> None:
    read = read_moments([""] * count, (), "Asia/Shanghai")
    assert (len(read.seconds), read.bad, int(read.there.sum())) == (count, [], 0)
