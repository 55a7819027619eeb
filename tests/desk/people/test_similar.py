"""Before somebody is put in again, the record that may be the same person is shown, with what speaks for it and against."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.people.likeness import FIELDS, compare, field_term
from sizao.desk.people.merging import merge, say_not_same
from sizao.desk.people.models import Identity
from sizao.desk.people.search import TooMany
from sizao.desk.people.search_keys import KeyKind
from sizao.desk.people.similar import Alike, Ground, Similar, explain, similar
from sizao.desk.people.who import Sex, Who
from sizao.words import Lang, say
from tests.desk.people.invented import KEYS, LIMIT, NOW, citizen_id, person, put_in
from tests.desk.people.test_who import whos

pytestmark = pytest.mark.django_db
BORN = date(1888, 2, 3)
KNOWN = person("张伟", document=citizen_id(), phone="13800001234", address="样例县西街街道和平路12号")
STRANGER = person("李四", document=citizen_id(number=77), phone="13900000000", born=date(1890, 1, 1))


def _similar(who: Who, *, subject: str | None = None, limit: int = LIMIT) -> tuple[Similar, ...]:
    answer = similar(who, KEYS, limit, subject=subject)
    assert isinstance(answer, Alike)
    return answer.similar


def _swapped(number: str) -> str:
    return number[:15] + number[16] + number[15] + number[17]


@pytest.mark.parametrize(
    ("who", "grounds"),
    [
        (person("王某", document=KNOWN.document), (Ground.DOCUMENT,)),
        (person("张玮", phone="+86 138 0000 1234"), (Ground.PHONE_AND_READING,)),
        (person("Zhang Wei", phone="13800001234"), (Ground.PHONE_AND_READING,)),
        (person("章薇", born=BORN), (Ground.READING_AND_BORN,)),
        (person("张伟", address="样例县 西街街道 和平路12号"), (Ground.NAME_AND_ADDRESS,)),
        (person("张伟", phone="13800001234", born=BORN), (Ground.PHONE_AND_READING, Ground.READING_AND_BORN)),
    ],
)
def test_a_record_that_may_be_the_same_is_shown_with_its_grounds(who: Who, grounds: tuple[Ground, ...]) -> None:
    put_in({"person:a": KNOWN, "person:b": STRANGER})
    assert [(one.subject, one.grounds) for one in _similar(who)] == [("person:a", grounds)]


def test_two_swapped_characters_in_a_document_number_are_noticed() -> None:
    put_in({"person:a": KNOWN})
    mistyped = replace(person("张伟", document=_swapped(citizen_id(number=12))), document_kind=STRANGER.document_kind)
    put_in({"person:b": person("张伟", document=citizen_id(number=12))})
    grounds = {one.subject: one.grounds for one in _similar(mistyped)}
    assert Ground.DOCUMENT_ALMOST in grounds["person:b"]


@pytest.mark.parametrize(
    "who",
    [
        person("李四", phone="13800001234"),
        person("张伟"),
        person("张伟", born=date(1899, 1, 1)),
        person("张伟", address="样例县西街街道和平路12号", born=date(1899, 1, 1)),
        person("王某", born=BORN),
    ],
    ids=[
        "the phone of a family",
        "a common name",
        "born another day",
        "of one house, born another day",
        "born that day",
    ],
)
def test_a_telephone_a_name_or_a_birthday_alone_is_no_ground(who: Who) -> None:
    put_in({"person:a": KNOWN})
    assert _similar(who) == ()


def test_the_strongest_ground_comes_first() -> None:
    put_in({
        "person:a": person("张伟", born=BORN), "person:b": person("张伟", document=citizen_id()),
        "person:c": person("张伟", phone="13800001234"),
    })  # fmt: skip
    assert [one.subject for one in _similar(KNOWN)] == ["person:b", "person:c", "person:a"]


def test_a_record_is_not_similar_to_itself() -> None:
    put_in({"person:a": KNOWN})
    assert _similar(KNOWN, subject="person:a") == ()


def test_whom_somebody_found_to_be_another_is_not_shown_again_nor_through_a_merge() -> None:
    put_in({"person:a": KNOWN, "person:b": KNOWN, "person:c": KNOWN})
    say_not_same("person:b", "person:a", why="双胞胎，已核对户口簿", by="干部乙", now=NOW)
    assert [one.subject for one in _similar(KNOWN, subject="person:a")] == ["person:c"]
    merge("person:c", "person:b", why="同一人", keys=KEYS, by="干部乙", now=NOW)
    assert _similar(KNOWN, subject="person:a") == ()


def test_a_merged_record_is_shown_as_the_one_that_stands_for_it() -> None:
    put_in({"person:a": person("张伟"), "person:b": KNOWN})
    merge("person:a", "person:b", why="同一人", keys=KEYS, by="干部乙", now=NOW)
    assert [(one.subject, one.grounds[0]) for one in _similar(KNOWN)] == [("person:a", Ground.DOCUMENT)]
    assert _similar(KNOWN, subject="person:b") == ()


def test_a_common_name_is_still_checked_by_number_and_birthday_and_says_what_was_left_out() -> None:
    put_in({f"person:{number}": person("张伟", phone=f"1390000000{number}") for number in range(6)})
    put_in({"person:a": KNOWN})
    answer = similar(person("张伟", phone="13800001234", born=BORN), KEYS, 5)
    assert isinstance(answer, Alike)
    assert [one.subject for one in answer.similar] == ["person:a"]
    assert answer.left_out == (KeyKind.NAME, KeyKind.PINYIN)


def test_where_every_way_meets_too_many_the_answer_is_a_refusal() -> None:
    put_in({f"person:{number}": person("张伟") for number in range(6)})
    assert similar(person("张伟"), KEYS, 5) == TooMany(5, (KeyKind.NAME, KeyKind.PINYIN))


def test_a_record_that_does_not_open_is_passed_over() -> None:
    put_in({"person:a": KNOWN})
    Identity.objects.update(ciphertext=b"forged")
    assert _similar(KNOWN) == ()


# --- side by side -----------------------------------------------------------------------------------------------------


def test_two_records_side_by_side_say_what_agrees_what_is_close_what_differs_and_what_is_missing() -> None:
    put_in(
        {
            "person:a": replace(KNOWN, sex=Sex.MALE),
            "person:b": person("张玮", phone="13800001234", born=date(1890, 1, 1)),
        }
    )
    seen = explain("person:a", "person:b", KEYS).compared
    assert seen.same == ("phone",)
    assert seen.close == ("name",)
    assert seen.differs == ("born",)
    assert set(seen.missing) == {"document", "sex", "address"}


@given(whos, whos)
def test_every_field_stands_in_one_group_and_the_order_of_the_two_makes_no_difference(one: Who, other: Who) -> None:
    seen = compare(one, other)
    assert sorted(field for group in seen for field in group) == sorted(FIELDS)
    assert compare(other, one) == seen


@given(whos)
def test_nothing_differs_from_itself(who: Who) -> None:
    seen = compare(who, who)
    assert seen.close == seen.differs == ()


def test_every_ground_and_field_has_its_words() -> None:
    assert all(say(ground.term, lang) for ground in Ground for lang in Lang)
    assert all(say(field_term(field), lang) for field in FIELDS for lang in Lang)


def test_a_comparison_tells_names_of_fields_never_their_values() -> None:
    assert compare(KNOWN, STRANGER).plain() == {
        "same": [], "close": [], "differs": ["name", "document", "phone"], "missing": ["born", "sex", "address"],
    }  # fmt: skip


@given(st.sampled_from([citizen_id(number=number) for number in (12, 34, 56)]))
def test_one_wrong_character_is_close_and_two_are_not(number: str) -> None:
    wrong = number[:10] + str((int(number[10]) + 1) % 10) + number[11:]
    worse = wrong[:4] + str((int(wrong[4]) + 1) % 10) + wrong[5:]
    right, near, far = (person(document=text) for text in (number, wrong, worse))
    assert "document" in compare(right, near).close
    assert "document" in compare(right, far).differs
