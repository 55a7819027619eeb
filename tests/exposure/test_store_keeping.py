"""Ending, forgetting, withdrawing and merging: what is gone is gone from every question, and what is kept is not touched."""

from __future__ import annotations

from pathlib import Path

from sizao.exposure.cases import Cases
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.embedded import Embedded
from sizao.exposure.store import StayStore
from sizao.when import Instant
from tests.exposure.stores import DAY, HOUR, LATER, T, batch, ids, refused, rows, rule, store_of


def files(store: StayStore) -> list[str]:
    """The names of the segment files on disk."""
    return sorted(file.name for file in (store.path / "segments").iterdir())


def everything_on_disk(store: StayStore) -> bytes:
    """All bytes of the store."""
    return b"".join(file.read_bytes() for file in sorted(store.path.rglob("*")) if file.is_file())


def test_a_batch_goes_with_its_file_when_its_time_has_come(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    store.append(rows((1, 1, 1, 0, 10)), batch=batch("short", keep_until=T + DAY))
    store.append(rows((2, 2, 1, 0, 10)), batch=batch("long", keep_until=T + 2 * DAY))
    assert store.drop_expired(Instant(T + DAY - 1)) == ()
    assert store.drop_expired(Instant(T + DAY)) == ("short",)
    assert ids(store) == ids(StayStore.open(store.path)) == [2]
    assert len(files(store)) == 1


def test_a_repeat_outlives_the_batch_it_repeats(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    for number, days in enumerate((1, 3, 2)):
        store.append(rows((1, 1, 1, 0, 10)), batch=batch(f"b{number}", keep_until=T + days * DAY))
    for day in (1, 2):
        store.drop_expired(Instant(T + day * DAY))
        assert ids(store) == [1]
    store.drop_expired(Instant(T + 3 * DAY))
    assert ids(store) == []


def test_a_forgotten_person_is_gone_at_once_from_every_moment_of_knowledge(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 7, 1, 0, 60), (2, 8, 1, 0, 60)))
    store.forget(7)
    assert ids(store) == ids(store, T) == ids(StayStore.open(store.path)) == [2]
    found = Embedded(1).match(Cases.of([8], [T], [LATER]), store, ContactRules.of([rule()]), known_at=LATER)
    assert len(found) == 0


def test_rewriting_erases_a_forgotten_person_from_every_file(tmp_path: Path) -> None:
    person = 0x1122334455667788
    store = store_of(tmp_path, rows((1, person, 1, 0, 60), (2, 8, 1, 0, 60)), rows((3, person, 2, 0, 60)))
    store.forget(person)
    assert person.to_bytes(8, "little") in everything_on_disk(store)
    assert store.rewrite_forgotten() == 2
    assert person.to_bytes(8, "little") not in everything_on_disk(store)
    assert str(person).encode() not in everything_on_disk(store)
    assert ids(store) == ids(StayStore.open(store.path)) == [2]
    assert store.verify() == []
    assert store.rewrite_forgotten() == 0


def test_what_is_told_of_a_person_after_forgetting_is_kept(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 7, 1, 0, 60)))
    store.forget(7)
    store.append(rows((1, 7, 1, 5, 60)), batch=batch("new basis"))
    assert store.itinerary(7).column("start_s").to_pylist() == [T + 5]
    store.rewrite_forgotten()
    assert StayStore.open(store.path).itinerary(7).column("start_s").to_pylist() == [T + 5]


def test_numbers_of_the_others_hold_after_an_erasure(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 5, 1, 0, 60), (2, 6, 1, 0, 60), (3, 9, 1, 0, 60)))
    store.forget(6)
    store.rewrite_forgotten()
    store.append(rows((4, 7, 1, 0, 60)), batch=batch("more"))
    found = Embedded(1).match(Cases.of([9], [T], [LATER]), store, ContactRules.of([rule()]), known_at=LATER)
    assert found.pairs.column("person").to_pylist() == [5, 7]


def test_a_withdrawn_stay_is_gone_from_when_it_was_withdrawn(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 60), (2, 2, 1, 0, 60)))
    store.withdraw([1, 77], recorded_at=Instant(T + 10))
    assert (ids(store, T + 9), ids(store, T + 10), ids(store)) == ([1, 2], [2], [2])
    again = store.append(rows((1, 1, 1, 0, 50)), batch=batch("right", recorded_at=T + 10))
    assert again.refused == ()
    assert store.stay_rows([1]).column("end_s").to_pylist() == [T + 50]
    assert store.stay_rows([1], known_at=Instant(T + 9)).column("end_s").to_pylist() == [T + 60]


def test_a_stay_told_again_after_its_withdrawal_but_known_before_it_counts_once(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 60)))
    store.withdraw([1], recorded_at=Instant(T + 20))
    store.append(rows((1, 1, 1, 0, 50)), batch=batch("again", recorded_at=T + 10))
    for _ in range(2):
        ends = [store.stays(Instant(T + known)).column("end_s").to_pylist() for known in (0, 10, 20)]
        assert ends == [[T + 60], [T + 60], [T + 50]]
        store.merge()


def test_merging_joins_only_one_day_of_one_basis_and_one_period(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    told = [
        ("a", 0, {}), ("b", HOUR, {}), ("other day", DAY, {}),
        ("other basis", 0, {"basis": "consent"}), ("other period", 0, {"keep_until": T + 40 * DAY}),
    ]  # fmt: skip
    for number, (name, start, more) in enumerate(told):
        row = (number, number, 1, start, start + 60)
        store.append(rows(row), batch=batch(name, recorded_at=T + number, **more))  # type: ignore[arg-type]
    before = [store.stays(Instant(T + known)).sort_by("stay") for known in range(5)]
    assert store.merge() == 2
    assert len(files(store)) == 4
    assert [store.stays(Instant(T + known)).sort_by("stay") for known in range(5)] == before
    assert store.merge() == 0


def test_merging_crosses_no_local_midnight(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, -HOUR, HOUR)), rows((2, 2, 1, 0, HOUR)))
    assert store.merge() == 0
    crossing = store_of(tmp_path / "b", rows((1, 1, 1, -HOUR, 0), (2, 1, 1, 0, HOUR)), rows((3, 2, 1, 0, HOUR)))
    assert crossing.merge() == 0


def test_a_merged_segment_still_forgets_withdraws_repeats_and_ends(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 60), (2, 2, 1, 0, 60)), rows((2, 2, 1, 0, 60), (3, 3, 1, 0, 60)))
    store.append(rows((4, 4, 1, 0, 60)), batch=batch("c", recorded_at=T + 5))
    assert store.merge() == 3
    assert (ids(store), ids(store, T)) == ([1, 2, 3, 4], [1, 2])
    store.withdraw([3], recorded_at=Instant(T + 9))
    store.forget(1)
    assert ids(store) == [2, 4]
    store.rewrite_forgotten()
    assert (ids(store), ids(store, T + 1)) == ([2, 4], [2, 3])
    assert refused(store.append(rows((4, 4, 1, 0, 61)), batch=batch("d"))) == [(0, "E107")]
    assert len(store.drop_expired(Instant(T + 30 * DAY))) == 4
    assert (ids(store), files(store)) == ([], [])


def test_damage_to_a_segment_is_found_by_its_name(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 60)), rows((2, 1, 1, 0, 60)))
    name = files(store)[1]
    target = store.path / "segments" / name
    target.write_bytes(target.read_bytes()[:-1] + b"\x01")
    assert store.verify() == [name]
