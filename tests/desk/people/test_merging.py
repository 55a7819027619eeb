"""A merge can be explained and undone exactly, in any order; "not the same" is remembered."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.desk.people.entering import erase
from sizao.desk.people.merging import (
    head_of,
    heads,
    members_of,
    merge,
    not_same_between,
    say_not_same,
    take_back_not_same,
    undo,
)
from sizao.desk.people.models import Merge, NotSame, Person
from sizao.errors import DeskError
from tests.desk.people.invented import KEYS, LATER, NOW, person, put_in, rolled_back

pytestmark = pytest.mark.django_db
SUBJECTS = tuple(f"person:{letter}" for letter in "abcdef")


@pytest.fixture
def six() -> None:
    """Six records that may be anybody."""
    put_in({subject: person("旅客甲", phone=f"1380000000{place}") for place, subject in enumerate(SUBJECTS)})


def _merge(kept: str, gone: str) -> Merge:
    return merge(f"person:{kept}", f"person:{gone}", why="同一人", keys=KEYS, by="干部乙", now=NOW)


def _undo(done: Merge) -> Merge:
    return undo(done.pk, why="看错了", by="干部丙", now=LATER)


def _records() -> dict[str, Any]:
    """Every table of persons and what they are found by, without the records of merging."""
    names = {"person", "identity", "searchkey"}
    models = [model for model in apps.get_app_config("desk_people").get_models() if model._meta.model_name in names]
    return {model.__name__: sorted(map(repr, model._default_manager.values_list())) for model in models}


def test_a_merged_record_is_read_as_the_kept_one(six: None) -> None:
    _merge("a", "b")
    assert heads(SUBJECTS[:3]) == {"person:a": "person:a", "person:b": "person:a", "person:c": "person:c"}
    assert members_of("person:b") == ("person:a", "person:b")
    assert members_of("person:c") == ("person:c",)


def test_merges_follow_one_another(six: None) -> None:
    _merge("b", "c")
    _merge("e", "d")
    _merge("b", "e")
    _merge("a", "b")
    assert set(heads(SUBJECTS[:5]).values()) == {"person:a"}
    assert members_of("person:d") == ("person:a", "person:b", "person:c", "person:d", "person:e")


def test_a_merge_says_who_why_when_and_which_fields_agreed(six: None) -> None:
    done = Merge.objects.get(pk=_merge("a", "b").pk)
    assert (done.by, done.at, done.why) == ("干部乙", NOW, "同一人")
    assert done.compared == {
        "same": ["name"],
        "close": [],
        "differs": ["phone"],
        "missing": ["document", "born", "sex", "address"],
    }


def test_undoing_a_merge_leaves_every_record_as_it_was(six: None) -> None:
    before = _records()
    done = _merge("a", "b")
    assert _records() != before
    undone = _undo(done)
    assert _records() == before
    assert (undone.undone_by, undone.undone_at, undone.undone_why) == ("干部丙", LATER, "看错了")


def test_undoing_the_first_of_a_chain_frees_what_went_with_it(six: None) -> None:
    _merge("b", "c")
    second = _merge("a", "b")
    _undo(second)
    assert members_of("person:c") == ("person:b", "person:c")
    assert members_of("person:a") == ("person:a",)


def test_a_merge_is_undone_once(six: None) -> None:
    done = _merge("a", "b")
    _undo(done)
    for merge_id in (done.pk, 999_999):
        with pytest.raises(DeskError, match="D510"):
            undo(merge_id, why="", by="干部乙", now=NOW)


def test_after_an_undo_the_two_can_be_merged_the_other_way_round(six: None) -> None:
    _undo(_merge("a", "b"))
    _merge("b", "a")
    assert head_of("person:a") == "person:b"


@pytest.mark.parametrize(
    ("kept", "gone", "code"),
    [("a", "a", "D507"), ("a", "none", "D501"), ("none", "a", "D501"), ("c", "b", "D508"), ("b", "c", "D508")],
)  # fmt: skip
def test_a_merge_that_cannot_be_meant_is_refused(six: None, kept: str, gone: str, code: str) -> None:
    _merge("a", "b")
    with pytest.raises(DeskError, match=code):
        _merge(kept, gone)


def test_an_erased_record_is_not_merged(six: None) -> None:
    erase("person:b", now=NOW)
    with pytest.raises(DeskError, match="D505"):
        _merge("a", "b")


def test_an_unknown_record_has_no_head(six: None) -> None:
    assert heads(["person:none"]) == {}
    with pytest.raises(DeskError, match="D501"):
        members_of("person:none")


def test_links_that_were_forged_into_a_ring_are_found(six: None) -> None:
    Person.objects.filter(subject="person:a").update(merged_into="person:b")
    Person.objects.filter(subject="person:b").update(merged_into="person:a")
    with pytest.raises(DeskError, match="D511"):
        heads(["person:a"])


def test_of_two_opposite_merges_at_one_moment_one_is_refused(committed: None) -> None:
    put_in({subject: person("旅客甲") for subject in SUBJECTS[:2]})
    start, outcomes = Barrier(2), []

    def try_to(kept: str, gone: str) -> None:
        start.wait()
        try:
            with transaction.atomic():
                merge(kept, gone, why="", keys=KEYS, by="干部乙", now=NOW)
            outcomes.append("merged")
        except DeskError as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    ways = (SUBJECTS[:2], SUBJECTS[1::-1])
    threads = [Thread(target=try_to, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["D508", "merged"]


# --- not the same -----------------------------------------------------------------------------------------------------


def _not_same(one: str, other: str) -> NotSame:
    return say_not_same(f"person:{one}", f"person:{other}", why="已核对", by="干部乙", now=NOW)


def test_two_who_are_not_the_same_are_not_merged_nor_through_others(six: None) -> None:
    _not_same("b", "a")
    for kept, gone in (("a", "b"), ("b", "a")):
        with pytest.raises(DeskError, match="D509"):
            _merge(kept, gone)
    _merge("c", "a")
    with pytest.raises(DeskError, match="D509"):
        _merge("c", "b")


def test_it_is_said_once_and_can_be_taken_back_by_name(six: None) -> None:
    first = _not_same("a", "b")
    assert _not_same("b", "a") == first
    take_back_not_same("person:b", "person:a", by="干部丙", now=LATER)
    assert not_same_between(["person:a"], ["person:b"]) is None
    assert NotSame.objects.get().taken_back_by == "干部丙"
    _merge("a", "b")


def test_what_nobody_said_is_not_taken_back(six: None) -> None:
    with pytest.raises(DeskError, match="D513"):
        take_back_not_same("person:a", "person:b", by="干部丙", now=NOW)


def test_two_that_are_merged_are_not_said_to_be_two(six: None) -> None:
    _merge("a", "b")
    with pytest.raises(DeskError, match="D512"):
        _not_same("a", "b")


@pytest.mark.parametrize(("one", "other", "code"), [("a", "a", "D507"), ("a", "none", "D501")])
def test_only_two_known_records_are_not_the_same(six: None, one: str, other: str, code: str) -> None:
    with pytest.raises(DeskError, match=code):
        _not_same(one, other)


# --- any order --------------------------------------------------------------------------------------------------------


class _Reference:
    """Merging as a list of those in force, walked from one to the next."""

    def __init__(self) -> None:
        self.in_force: dict[str, str] = {}

    def head(self, subject: str) -> str:
        while subject in self.in_force:
            subject = self.in_force[subject]
        return subject


_STEPS = st.lists(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(SUBJECTS), st.booleans()), max_size=14)


@settings(max_examples=60)
@given(_STEPS, st.randoms(use_true_random=False))
def test_any_merges_undone_in_any_order_leave_every_record_as_it_was(
    steps: list[tuple[str, str, bool]], luck: Any
) -> None:
    with rolled_back():
        put_in({subject: person("旅客甲") for subject in SUBJECTS})
        before, reference = _records(), _Reference()
        open_merges: list[Merge] = []
        for kept, gone, takes_back in steps:
            if takes_back and open_merges:
                done = open_merges.pop(luck.randrange(len(open_merges)))
                _undo(done)
                del reference.in_force[done.gone_id]
            elif (
                kept != gone
                and not {kept, gone} & reference.in_force.keys()
                and reference.head(kept) != reference.head(gone)
            ):
                open_merges.append(merge(kept, gone, why="", keys=KEYS, by="干部乙", now=NOW))
                reference.in_force[gone] = kept
            assert heads(SUBJECTS) == {subject: reference.head(subject) for subject in SUBJECTS}
        luck.shuffle(open_merges)
        for done in open_merges:
            _undo(done)
        assert _records() == before
        assert heads(SUBJECTS) == dict(zip(SUBJECTS, SUBJECTS, strict=True))
