"""The stays of a file go into a folder once, and one can ask which of them are there already, and which one batch alone tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizao.errors import ExposureError
from sizao.exposure.locking import locked
from sizao.exposure.stays import BatchInfo
from sizao.facts.intake.importing import import_file
from sizao.facts.stay_columns import StayColumns
from sizao.tracing.folder import StayFolder
from sizao.tracing.taking import LOCK, add_stays, known_stays
from tests.facts.intake.files import given, write
from tests.tracing.towns import batch

HEADER = ["person", "place", "place_kind", "start", "end"]
HOME = ["p1", "home:1", "dwelling", "2021-07-26 20:00", "2021-07-27 07:00"]
SHOP = ["p2", "shop:1", "shop", "2021-07-26 10:00", "2021-07-26 10:30"]
LATE = ["p2", "shop:1", "shop", "2021-07-27 10:00", "2021-07-27 10:20"]
ENDLESS = ["p3", "shop:1", "shop", "2021-07-27 10:00", ""]


def columns(path: Path, *rows: list[str]) -> StayColumns:
    """The stays of a file of these rows."""
    stays = import_file(write(path, [HEADER, *rows]), None, given()).stays
    assert stays is not None
    return stays


def add(folder: Path, told: StayColumns, name: str) -> None:
    """Put them into the folder as a batch of that name."""
    info: BatchInfo = batch(name)
    assert add_stays(folder, told, info) is not None


def test_a_batch_goes_in_once(tmp_path: Path) -> None:
    told = columns(tmp_path / "a.csv", HOME, SHOP)
    add(tmp_path / "stays", told, "one")
    assert add_stays(tmp_path / "stays", told, batch("one")) is None
    assert StayFolder.open(tmp_path / "stays").store.rows() == 2


def test_stays_that_are_there_already_are_known_and_others_are_not(tmp_path: Path) -> None:
    folder, first = tmp_path / "stays", columns(tmp_path / "a.csv", HOME, SHOP)
    assert known_stays(folder, first).tolist() == [False, False]
    add(folder, first, "one")
    assert known_stays(folder, columns(tmp_path / "b.csv", LATE, SHOP, ["p9", *SHOP[1:]])).tolist() == [
        False,
        True,
        False,
    ]


def test_asking_which_are_known_names_nobody_new(tmp_path: Path) -> None:
    folder = tmp_path / "stays"
    add(folder, columns(tmp_path / "a.csv", HOME), "one")
    known_stays(folder, columns(tmp_path / "b.csv", SHOP))
    assert len(StayFolder.open(folder).people) == 1


def test_a_stay_without_an_end_is_refused_and_says_so(tmp_path: Path) -> None:
    receipt = add_stays(tmp_path / "stays", columns(tmp_path / "a.csv", HOME, ENDLESS), batch("one"))
    assert receipt is not None
    assert [(row.row, row.code) for row in receipt.refused] == [(1, "E108")]
    assert receipt.rows == 1


def test_two_writers_never_number_the_same_folder_at_once(tmp_path: Path) -> None:
    folder, told = tmp_path / "stays", columns(tmp_path / "a.csv", HOME)
    add(folder, told, "one")
    with locked(folder / LOCK), pytest.raises(ExposureError, match="E135"):
        add_stays(folder, told, batch("two"))


def test_a_stay_that_two_batches_tell_belongs_to_neither_alone(tmp_path: Path) -> None:
    folder = tmp_path / "stays"
    add(folder, columns(tmp_path / "a.csv", HOME, SHOP), "one")
    add(folder, columns(tmp_path / "b.csv", SHOP, LATE), "two")
    store = StayFolder.open(folder).store
    alone = {name: store.told_only_by(name).tolist() for name in ("one", "two", "three")}
    assert [len(ids) for ids in alone.values()] == [1, 1, 0]
    store.withdraw(alone["one"], recorded_at=batch("x").recorded_at)
    assert known_stays(folder, columns(tmp_path / "c.csv", HOME, SHOP, LATE)).tolist() == [False, True, True]


def test_what_one_batch_alone_tells_survives_a_merge_of_files(tmp_path: Path) -> None:
    folder = tmp_path / "stays"
    add(folder, columns(tmp_path / "a.csv", HOME, SHOP), "one")
    add(folder, columns(tmp_path / "b.csv", SHOP, LATE), "two")
    store = StayFolder.open(folder).store
    before = store.told_only_by("one").tolist()
    store.merge()
    assert store.told_only_by("one").tolist() == before
