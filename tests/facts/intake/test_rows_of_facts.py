"""Every fact of a file can be led back to the first row that told it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizao.facts.intake.importing import import_file
from sizao.facts.store import MemoryStore
from tests.facts.intake.files import given, write

TESTS = [
    ["person", "sampled_at", "result", "sample"],
    ["甲", "2021-07-26 09:00", "阴性", "S1"],
    ["甲", "2021-07-26 09:00", "阴性", "S1"],
    ["乙", "2021-07-26 09:05", "positive", "S2"],
]
LINES = [["id", "age", "dt_onset", "symptoms"], ["c1", "30", "2021-07-20", "咳嗽;发热"], ["c2", "40", "2021-07-21", ""]]
LINKS = [["from", "to", "exposure"], ["c1", "c2", "家庭"], ["c1", "c3", "聚餐"], ["c1", "c3", "聚餐"]]
FOLLOW_UPS = [
    ["contact_id", "followup_status", "date_of_followup", "uuid"],
    ["c1", "LNG_REFERENCE_DATA_CONTACT_DAILY_FOLLOW_UP_STATUS_TYPE_SEEN_OK", "2021-07-20", "u1"],
]


@pytest.mark.parametrize(
    ("rows", "mapping", "expected"),
    [
        (TESTS, "tests", {"person:甲": {2}, "person:乙": {4}}),
        (LINES, "linelist", {"person:X-c1": {2}, "person:X-c2": {3}}),
        (LINKS, "contacts", {"person:X-c2": {2}, "person:X-c3": {3}}),
        (FOLLOW_UPS, "godata-followups", {"person:X-c1": {2}}),
    ],
)
def test_facts_know_their_rows(
    tmp_path: Path, rows: list[list[str]], mapping: str, expected: dict[str, set[int]]
) -> None:
    defaults = {"disease": "covid19", "area": "4117", "prefix": "X-"}
    store = MemoryStore()
    done = import_file(write(tmp_path / "a.csv", rows), store, given(defaults=defaults), mapping=mapping)
    found: dict[str, set[int]] = {}
    for fact in store.facts():
        found.setdefault(fact.subject, set()).add(done.row_of[fact.id])
    assert found == expected
