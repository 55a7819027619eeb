"""What goes into the stays store, what is refused, and what can be read back."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from sizao.errors import ExposureError
from sizao.exposure.place_kinds import PlaceKind
from sizao.exposure.stays import VISIBLE_SCHEMA, Flag
from sizao.exposure.store import StayStore
from tests.exposure.stores import DAY, HOUR, T, batch, ids, refused, rows, store_of


def test_what_was_stored_reads_back_the_same_after_reopening(tmp_path: Path) -> None:
    table = rows((5, 70, 900, 0, 60), (6, 80, 901, 30, 90), zone=[2, -1], row=[3, -1], seat=[4, -1])
    store_of(tmp_path, table)
    back = StayStore.open(tmp_path / "stays").stays().sort_by("stay")
    assert back.schema == VISIBLE_SCHEMA
    assert back.column("person").to_pylist() == [70, 80]
    assert back.column("place").to_pylist() == [900, 901]
    assert back.column("start_s").to_pylist() == [T, T + 30]
    assert [back.column(name).to_pylist() for name in ("zone", "row", "seat")] == [[2, -1], [3, -1], [4, -1]]


def test_ids_far_apart_and_without_order_read_back(tmp_path: Path) -> None:
    wide = [2**62, 7, 2**40, 0]
    store = store_of(tmp_path, rows(*((stay, 2**61 - stay // 2, stay, 0, 9) for stay in wide)))
    assert ids(store) == sorted(wide)
    assert store.stay_rows([7, 2**40, 5]).column("stay").to_pylist() == [7, 2**40]
    assert store.itinerary(2**61 - 2**39).column("place").to_pylist() == [2**40]


def test_every_row_is_stored_or_refused_with_its_reason(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    table = rows(
        (1, 1, 1, 0, 10), (2, 1, 1, 10, 10), (3, 1, 1, 10, 5), (None, 1, 1, 0, 10), (5, -1, 1, 0, 10),
        (6, 1, 1, 0, None), (7, 1, 1, -(10**11), 10), (8, 1, 1, 0, 10**11), (9, 2, 1, 0, 10),
    )  # fmt: skip
    receipt = store.append(table, batch=batch("b"))
    assert refused(receipt) == [
        (1, "E103"), (2, "E103"), (3, "E102"), (4, "E106"), (5, "E108"), (6, "E104"), (7, "E104"),
    ]  # fmt: skip
    assert receipt.refused[2].stay is None
    assert receipt.rows == 2
    assert ids(store) == [1, 9]


def test_an_unknown_kind_of_place_is_refused(tmp_path: Path) -> None:
    given = rows((1, 1, 1, 0, 10), (2, 1, 2, 0, 10))
    given = given.set_column(given.column_names.index("kind"), "kind", pa.array([999, -1], pa.int16()))
    assert refused(store_of(tmp_path).append(given, batch=batch("b"))) == [(0, "E109"), (1, "E109")]


def test_a_place_keeps_its_first_kind(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 5, 0, 10), kind=PlaceKind.SHOP))
    receipt = store.append(rows((2, 2, 5, 0, 10), kind=PlaceKind.WARD), batch=batch("b"))
    assert refused(receipt) == [(0, "E105")]
    again = store.append(rows((3, 2, 5, 0, 10), kind=PlaceKind.SHOP), batch=batch("c"))
    assert again.rows == 1


def test_a_missing_column_refuses_the_batch_and_stores_nothing(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    with pytest.raises(ExposureError, match="E101"):
        store.append(rows((1, 1, 1, 0, 10)).drop_columns("person"), batch=batch("b"))
    assert store.batches() == ()


def test_a_batch_of_no_rows_is_on_record(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows())
    assert [known.info.batch_id for known in StayStore.open(store.path).batches()] == ["b0"]
    assert ids(store) == []


def test_a_batch_id_is_taken_once(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 10)))
    with pytest.raises(ExposureError, match="E134"):
        store.append(rows((2, 1, 1, 0, 10)), batch=batch("b0"))
    assert ids(store) == [1]


def test_an_open_stay_is_closed_by_the_cap_of_its_kind_and_says_so(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    receipt = store.append(rows((1, 1, 1, 0, None)), batch=batch("b"), caps={PlaceKind.SHOP: 4 * HOUR})
    assert receipt.closed_by_cap == 1
    row = store.stays().to_pylist()[0]
    assert (row["end_s"], row["flags"]) == (T + 4 * HOUR, Flag.OPEN_END)


def test_an_end_said_to_be_assumed_is_kept_with_its_flag(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 60), (2, 1, 1, 60, 90), open_end=[True, None]))
    assert store.stays().sort_by("stay").column("flags").to_pylist() == [Flag.OPEN_END, 0]


def test_a_stay_over_the_cap_is_kept_as_told_and_flagged(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    stays = rows((1, 1, 1, 0, 5 * DAY), (2, 1, 1, 0, 4 * HOUR))
    receipt = store.append(stays, batch=batch("b"), caps={PlaceKind.SHOP: 4 * HOUR})
    assert receipt.over_long == 1
    table = store.stays().sort_by("stay")
    assert table.column("flags").to_pylist() == [Flag.OVER_LONG, 0]
    assert table.column("end_s").to_pylist() == [T + 5 * DAY, T + 4 * HOUR]


def test_the_same_stay_again_is_harmless_within_a_batch_and_across(tmp_path: Path) -> None:
    first = rows((1, 1, 1, 0, 10), (1, 1, 1, 0, 10), (2, 1, 1, 20, 30))
    store = store_of(tmp_path)
    one = store.append(first, batch=batch("a"))
    two = store.append(rows((2, 1, 1, 20, 30), (3, 1, 1, 40, 50)), batch=batch("b"))
    assert (one.rows, one.duplicates, two.rows, two.duplicates) == (3, 1, 2, 1)
    assert ids(store) == [1, 2, 3]
    assert store.rows() == 3


def test_the_same_id_with_another_content_is_refused(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 10)))
    receipt = store.append(rows((1, 1, 1, 0, 11), (2, 1, 1, 0, 5), (2, 1, 1, 0, 6)), batch=batch("b"))
    assert refused(receipt) == [(0, "E107"), (2, "E107")]
    assert ids(store) == [1, 2]


def test_a_question_sees_only_what_was_recorded_by_then(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 10)), rows((2, 2, 1, 0, 10)), rows((3, 3, 1, 0, 10)))
    assert [ids(store, T + second) for second in (-1, 0, 1, 2)] == [[], [1], [1, 2], [1, 2, 3]]


def test_a_repeat_recorded_earlier_is_seen_from_then_on(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    store.append(rows((1, 1, 1, 0, 10)), batch=batch("late", recorded_at=T + 100))
    store.append(rows((1, 1, 1, 0, 10)), batch=batch("early", recorded_at=T + 50))
    assert [ids(store, T + second) for second in (49, 50, 100)] == [[], [1], [1]]


def test_an_itinerary_is_in_order_of_time_across_batches(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 7, 3, 50, 60), (2, 8, 3, 0, 60)), rows((3, 7, 1, 0, 40), (4, 7, 2, 70, 90)))
    assert store.itinerary(7).column("stay").to_pylist() == [3, 1, 4]
    assert store.itinerary(99).num_rows == 0


def test_two_handles_see_each_others_batches_and_only_one_may_write(tmp_path: Path) -> None:
    one = store_of(tmp_path, rows((1, 1, 1, 0, 10)))
    other = StayStore.open(one.path)
    one.append(rows((2, 500, 1, 0, 10)), batch=batch("c"))
    other.append(rows((3, 400, 9, 0, 10)), batch=batch("d"))
    one.refresh()
    assert ids(one) == ids(other) == [1, 2, 3]
    assert one.itinerary(400).column("place").to_pylist() == [9]
    with one._writing(), pytest.raises(ExposureError, match="E135"):
        other.append(rows((4, 1, 1, 0, 10)), batch=batch("e"))


def test_a_folder_that_is_no_store_is_refused_and_none_is_made_over_files(tmp_path: Path) -> None:
    with pytest.raises(ExposureError, match="E132"):
        StayStore.open(tmp_path / "nothing")
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(ExposureError, match="E133"):
        StayStore.create(tmp_path)
