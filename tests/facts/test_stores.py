"""What every store promises, held against both of them; and what the folder promises when it is cut off."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizao.errors import FactsError
from sizao.facts.corrections import standing_facts
from sizao.facts.folder import FolderStore
from sizao.facts.kinds import Fact, SubjectId
from sizao.facts.record import canonical, plain
from sizao.facts.store import BatchHead, FactStore, MemoryStore, batch_digest, digests_of
from sizao.when import OPEN, Instant
from tests.facts.invented import any_facts, correction, told
from tests.facts.killing import kill_once

Make = Callable[[], FactStore]


def head(batch: str, recorded_at: int = 0, **more: object) -> BatchHead:
    return BatchHead(batch=batch, source="s", basis="b", recorded_at=Instant(recorded_at), **more)  # type: ignore[arg-type]


@pytest.fixture(params=["memory", "lines", "parquet"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    counter = itertools.count()
    if request.param == "memory":
        return MemoryStore
    rows = 10_000 if request.param == "lines" else 1
    return lambda: FolderStore(tmp_path / str(next(counter)), parquet_from=rows)


def shown(store: FactStore) -> list[bytes]:
    return [canonical(plain(fact)) for fact in store.facts()]


def test_facts_are_found_by_subject_and_by_when_they_were_known(make: Make) -> None:
    store = make()
    store.append(
        [told("b", 5, subject="person:乙"), told("a", 3, subject="person:甲"), told("c", 9, subject="person:甲")],
        head("1"),
    )
    assert [fact.id for fact in store.facts_of(SubjectId("person:甲"))] == ["a", "c"]
    assert [fact.id for fact in store.facts_of(SubjectId("person:甲"), Instant(8))] == ["a"]
    assert store.facts_of(SubjectId("person:nobody")) == ()
    assert list(store.subjects()) == ["person:乙", "person:甲"]
    assert [fact.id for fact in store.facts(Instant(5))] == ["b", "a"]


def test_a_batch_that_is_not_what_it_declares_is_refused_whole(make: Make) -> None:
    store, facts = make(), [told("a", 1), told("b", 1)]
    with pytest.raises(FactsError) as few:
        store.append(facts, head("1", declared_rows=3))
    with pytest.raises(FactsError) as other:
        store.append(facts, head("1", declared_sha256="0" * 64))
    assert (few.value.code, other.value.code) == ("F107", "F108")
    assert list(store.facts()) == []
    entry = store.append(facts, head("1", declared_rows=2, declared_sha256=batch_digest(digests_of(facts))))
    assert (entry.rows, entry.stored) == (2, 2)


def test_the_same_batch_again_is_answered_with_its_entry(make: Make) -> None:
    store = make()
    first = store.append([told("a", 1)], head("1", 1))
    assert store.append([replace(told("a", 1), recorded_at=Instant(7))], head("1", 7)) == first
    assert [batch.batch for batch in store.batches()] == ["1"]
    with pytest.raises(FactsError) as other:
        store.append([told("z", 1)], head("1"))
    assert other.value.code == "F110"


def test_a_fact_that_comes_again_changes_nothing_and_is_counted(make: Make) -> None:
    store = make()
    store.append([told("a", 4)], head("1"))
    entry = store.append([told("a", 6), told("b", 6)], head("2"))
    assert (entry.rows, entry.stored) == (2, 1)
    assert [(fact.id, fact.recorded_at) for fact in store.facts()] == [("a", 4), ("b", 6)]


def test_an_earlier_entry_of_a_fact_that_arrives_late_counts(make: Make) -> None:
    store = make()
    store.append([told("a", 6)], head("1"))
    store.append([told("a", 4)], head("2"))
    assert [fact.recorded_at for fact in store.facts()] == [4]


@pytest.mark.parametrize("together", [True, False])
def test_an_id_with_other_content_is_refused_and_the_batch_with_it(make: Make, together: bool) -> None:
    store = make()
    one, other = told("a", 1), told("a", 1, what="order")
    batches = [[told("x", 1), one, other]] if together else [[one], [told("x", 1), other]]
    for batch in batches[:-1]:
        store.append(batch, head("first"))
    with pytest.raises(FactsError) as refused:
        store.append(batches[-1], head("last"))
    assert refused.value.code == "F106"
    assert [fact.id for fact in store.facts()] == ([] if together else ["a"])


def test_an_empty_batch_is_a_batch(make: Make) -> None:
    store = make()
    assert store.append([], head("none")).rows == 0
    assert len(store.batches()) == 1
    assert list(store.facts()) == []


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(any_facts(), max_size=6, unique_by=lambda fact: fact.id))
def test_every_kind_of_fact_comes_back_from_every_store(make: Make, facts: list[Fact]) -> None:
    store = make()
    store.append(facts, head("1"))
    assert sorted(shown(store)) == sorted(canonical(plain(fact)) for fact in facts)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 12), st.randoms(use_true_random=False))
def test_order_repetition_and_lateness_of_batches_change_nothing(make: Make, count: int, chance: random.Random) -> None:
    facts: list[Fact] = [told(f"f{i}", chance.randrange(9), subject=f"person:{i % 3}") for i in range(count)]
    facts += [correction(f"c{i}", f"f{i}", 9, subject=f"person:{i % 3}") for i in range(0, count, 4)]

    def stored(events: Sequence[Fact]) -> list[bytes]:
        store, rest, number = make(), list(events), itertools.count()
        while rest:
            cut = chance.randint(1, len(rest))
            store.append(rest[:cut], head(f"b{next(number)}"))
            rest = rest[cut:]
        return [
            canonical(plain(fact))
            for subject in store.subjects()
            for fact in standing_facts(store.facts_of(subject), OPEN)
        ]

    again = [replace(fact, recorded_at=Instant(fact.recorded_at + 3)) for fact in facts if chance.random() < 0.5]
    events = facts + again
    straight = stored(facts)
    chance.shuffle(events)
    assert stored(events) == straight


# --- the folder ----------------------------------------------------------------------------------------------------------------


def test_another_reader_sees_a_batch_once_it_is_committed(tmp_path: Path) -> None:
    writer, reader = FolderStore(tmp_path), FolderStore(tmp_path)
    assert list(reader.facts()) == []
    writer.append([told("a", 1)], head("1"))
    assert [fact.id for fact in reader.facts()] == ["a"]


def test_a_batch_past_its_keeping_is_dropped_whole(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.append([told("a", 1)], head("short", keep_until=Instant(50)))
    store.append([told("a", 2), told("b", 2)], head("long", keep_until=Instant(99)))
    assert [batch.batch for batch in store.drop_expired(Instant(49))] == []
    assert [batch.batch for batch in store.drop_expired(Instant(50))] == ["short"]
    assert [(fact.id, fact.recorded_at) for fact in store.facts()] == [("a", 2), ("b", 2)]
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["long.ndjson"]


def test_a_changed_data_file_is_noticed(tmp_path: Path) -> None:
    FolderStore(tmp_path).append([told("a", 1)], head("1"))
    file = tmp_path / "data" / "1.ndjson"
    file.write_text(file.read_text("utf-8").replace("grade", "order"), "utf-8")
    with pytest.raises(FactsError) as noticed:
        list(FolderStore(tmp_path).facts())
    file.unlink()
    with pytest.raises(FactsError) as missed:
        list(FolderStore(tmp_path).facts())
    assert (noticed.value.code, missed.value.code, missed.value.slots["found"]) == ("F109", "F109", "absent")


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x", "批次", "x" * 101])
def test_a_batch_id_that_names_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FactsError) as refused:
        FolderStore(tmp_path).append([], head(name))
    assert refused.value.code == "F112"


def test_a_second_writer_is_refused_while_the_first_writes(tmp_path: Path) -> None:
    codes: list[str] = []

    def meanwhile(step: str) -> None:
        with pytest.raises(FactsError) as refused:
            FolderStore(tmp_path).append([], head("2"))
        codes.append(refused.value.code)

    FolderStore(tmp_path, before=meanwhile).append([told("a", 1)], head("1"))
    assert set(codes) == {"F111"}


class _DiskFull(Exception):
    pass


def _failing_at(step: int) -> Callable[[str], None]:
    steps = itertools.count(1)

    def fail(_: str) -> None:
        if next(steps) == step:
            raise _DiskFull

    return fail


@pytest.mark.parametrize("parquet_from", [1, 10_000])
def test_whichever_step_of_a_write_fails_the_batch_is_there_whole_or_not_at_all(
    tmp_path: Path, parquet_from: int
) -> None:
    batch: list[Fact] = [told(f"f{i}", 1) for i in range(20)]
    outcomes = set()
    for step in itertools.count(1):
        root = tmp_path / str(step)
        FolderStore(root).append([told("before", 0)], head("0"))
        try:
            FolderStore(root, before=_failing_at(step), parquet_from=parquet_from).append(batch, head("1"))
        except _DiskFull:
            seen = len(list(FolderStore(root).facts()))
            assert seen in (1, 21)
            outcomes.add(seen)
            entry = FolderStore(root).append(batch, head("1"))
            assert (entry.rows, entry.stored) == (20, 20)
            assert len(list(FolderStore(root).facts())) == 21
            assert len(list((root / "data").iterdir())) == 2
        else:
            break
    assert step > 4
    assert outcomes == {1, 21}


@pytest.mark.parametrize("parquet_from", [1, 10_000])
def test_a_killed_import_leaves_all_of_a_batch_or_nothing(tmp_path: Path, parquet_from: int) -> None:
    chance = random.Random(7)
    for attempt in range(4):
        kill_once(tmp_path / str(attempt), chance, parquet_from)
