"""The search box finds by number, name, sound and initials, ranks what it found, and says when there is too much."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.desk.people.asking import read_question
from sizao.desk.people.merging import merge
from sizao.desk.people.models import Identity
from sizao.desk.people.readings import readings
from sizao.desk.people.search import UNREADABLE, Found, TooMany, find, likeness
from sizao.desk.people.search_keys import KeyKind
from sizao.desk.people.who import DocumentKind, Who
from tests.desk.people.invented import KEYS, LIMIT, NOW, citizen_id, person, put_in, rolled_back

pytestmark = pytest.mark.django_db
DOCUMENT = citizen_id()


def _found(text: str, limit: int = LIMIT) -> list[str]:
    answer = find(text, KEYS, limit)
    assert isinstance(answer, Found)
    return [candidate.subject for candidate in answer.candidates]


def _put(*names: str) -> None:
    put_in({f"person:{name}": person(name) for name in names})


@pytest.mark.parametrize("text", [DOCUMENT, DOCUMENT.lower(), f" {DOCUMENT[:6]} {DOCUMENT[6:]} ", f"旅客甲 {DOCUMENT}"])
def test_a_document_number_finds_its_holder_alone(text: str) -> None:
    put_in({"person:a": person("旅客甲", document=DOCUMENT), "person:b": person("旅客甲")})
    assert _found(text) == ["person:a"]


@pytest.mark.parametrize("text", ["13800001234", "+86 138 0000 1234", "138-0000-1234", "１３８００００１２３４"])
def test_a_telephone_number_finds_everyone_who_has_it(text: str) -> None:
    put_in({"person:a": person("旅客甲", phone="13800001234"), "person:b": person("旅客乙", phone="138 0000 1234")})
    assert _found(text) == ["person:a", "person:b"]


def test_a_number_with_a_name_puts_the_named_one_first() -> None:
    put_in({"person:a": person("旅客甲", phone="13800001234"), "person:b": person("王某", phone="13800001234")})
    assert _found("王某 13800001234") == ["person:b", "person:a"]


def test_other_documents_are_found_by_their_numbers() -> None:
    put_in({
        "person:a": Who(name="旅客甲", document_kind=DocumentKind.PASSPORT, document="E00000001"),
        "person:b": Who(name="旅客乙", document_kind=DocumentKind.OTHER, document="军字第0000001号"),
        "person:c": Who(name="旅客丙", document_kind=DocumentKind.OTHER, document="Z000000(1)"),
    })  # fmt: skip
    assert _found("e0000 0001") == ["person:a"]
    assert _found("军字第0000001号") == ["person:b"]
    assert _found("Z000000(1)") == ["person:c"]


def test_a_number_of_the_first_generation_and_that_of_the_second_find_each_other() -> None:
    put_in({"person:a": Who(name="旅客甲", document_kind=DocumentKind.OTHER, document="411702080203001")})
    second = citizen_id(born="19080203", number=1)
    assert _found(second) == ["person:a"]


@pytest.mark.parametrize(
    "text",
    ["张伟", "张 伟", "张玮", "zhangwei", "Zhang Wei", "ZHANG WEI", "zhāng wěi", "wei zhang", "zhangw", "zw", "张wei"],
)
def test_a_name_is_found_however_it_is_typed(text: str) -> None:
    _put("张伟", "李四")
    assert _found(text) == ["person:张伟"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("单某", "shanmou"), ("单某", "danmou"), ("仇某", "qiu mou"), ("曾某", "zengmou"), ("尉迟某", "yuchi mou"),
     ("查某", "zhamou"),
     ("吕某", "lvmou"), ("吕某", "lümou"), ("吕某", "lyu mou"), ("吕某", "LYUMOU"), ("单某", "善某")],
)  # fmt: skip
def test_a_surname_with_two_readings_is_found_by_either(name: str, text: str) -> None:
    _put(name)
    assert _found(text) == [f"person:{name}"]


def test_jin_yu_is_not_taken_for_a_passports_spelling() -> None:
    _put("金玉")
    assert _found("jinyu") == ["person:金玉"]


def test_a_foreign_name_is_found_by_its_words_in_any_order() -> None:
    put_in({"person:s": person("John Smith"), "person:m": person("Anna-Maria Müller")})
    for text in ("john smith", "Smith John", "SMITH, JOHN", "smith", "johns", "js"):
        assert _found(text) == ["person:s"]
    assert _found("muller") == ["person:m"]


def test_the_written_name_comes_before_one_that_only_sounds_like_it() -> None:
    _put("张玮", "张伟", "章薇")
    assert _found("张伟") == ["person:张伟", "person:张玮", "person:章薇"]


def test_initials_are_tried_only_when_nobody_is_called_so() -> None:
    _put("张三", "张四")
    assert _found("张三") == ["person:张三"]
    assert set(_found("张僧")) == {"person:张三", "person:张四"}


def test_a_date_of_birth_narrows_a_name() -> None:
    put_in({f"person:{year}": person("张伟", born=date(year, 1, 2)) for year in range(1900, 1910)})
    for text in ("张伟 1905-01-02", "张伟 1905年1月2日", "19050102 张玮", "zhangwei 1905/1/2"):
        assert _found(text) == ["person:1905"]
    assert len(_found("张伟 1920-01-02")) == 10, "nobody born then: everyone of the name"


def test_eight_digits_alone_are_a_number_whatever_day_they_look_like() -> None:
    put_in({"person:a": Who(name="旅客甲", document_kind=DocumentKind.OTHER, document="19050102")})
    assert _found("19050102") == ["person:a"]


def test_two_numbers_are_each_looked_for() -> None:
    put_in({"person:a": person("旅客甲", phone="13800001234"), "person:b": person("旅客乙", document=DOCUMENT)})
    assert _found(f"{DOCUMENT} 13800001234") == ["person:b", "person:a"]


def test_why_somebody_was_found_is_said_strongest_first() -> None:
    put_in({"person:a": person("张伟")})
    answer = find("张伟", KEYS, LIMIT)
    assert isinstance(answer, Found)
    assert answer.candidates[0].because == ("people.found.name", "people.found.pinyin")


@pytest.mark.parametrize("text", ["", "  ", "？", "12", "·", "1234"])
def test_a_text_that_asks_for_nothing_finds_nobody(text: str) -> None:
    _put("张伟")
    assert find(text, KEYS, LIMIT) == Found(())


# --- too many ---------------------------------------------------------------------------------------------------------


def test_at_the_limit_all_are_shown_and_one_more_shows_none() -> None:
    put_in({f"person:{number}": person("张伟") for number in range(6)})
    assert len(_found("张伟", limit=6)) == 6
    assert find("张伟", KEYS, 5) == TooMany(5, (KeyKind.NAME, KeyKind.PINYIN))


def test_too_many_who_only_sound_alike_are_left_out_by_name() -> None:
    put_in({f"person:{number}": person("张玮") for number in range(6)})
    put_in({"person:a": person("张伟")})
    answer = find("张伟", KEYS, 5)
    assert isinstance(answer, Found)
    assert [candidate.subject for candidate in answer.candidates] == ["person:a"]
    assert answer.left_out == (KeyKind.PINYIN,)


def test_no_more_than_the_limit_is_opened_in_all_ways_together() -> None:
    put_in({f"person:d{number}": person(document=DOCUMENT) for number in range(3)})
    put_in({f"person:p{number}": person(phone="13800001234") for number in range(3)})
    answer = find(f"{DOCUMENT} 13800001234", KEYS, 5)
    assert isinstance(answer, Found)
    assert {candidate.because for candidate in answer.candidates} == {("people.found.document",)}
    assert answer.left_out == (KeyKind.PHONE,)


def test_whoever_is_met_in_several_readings_counts_once() -> None:
    names = ("单某", "单某", "单某", "担某", "担某", "善某", "善某")
    put_in({f"person:{number}": person(name) for number, name in enumerate(names)})
    assert len(_found("掸某", limit=len(names))) == len(names)


def test_an_area_narrows_too() -> None:
    put_in({f"person:{number}": person("张伟") for number in range(6)}, area="999901001")
    put_in({"person:a": person("张伟")}, area="999901002")
    answer = find("张伟", KEYS, 5, areas=["999901002"])
    assert isinstance(answer, Found)
    assert [candidate.subject for candidate in answer.candidates] == ["person:a"]


# --- merged and damaged -----------------------------------------------------------------------------------------------


def test_a_merged_record_is_found_by_its_own_number_and_shown_as_the_one_that_stands_for_it() -> None:
    put_in({"person:a": person("旅客甲", phone="13800001234"), "person:b": person("旅客甲", phone="13900004321")})
    merge("person:a", "person:b", why="同一人", keys=KEYS, by="干部乙", now=NOW)
    assert _found("13900004321") == _found("旅客甲") == ["person:a"]


def test_somebody_whose_identity_does_not_open_is_still_on_the_list() -> None:
    put_in({"person:a": person("张伟"), "person:b": person("张伟")})
    Identity.objects.filter(person="person:a").update(ciphertext=b"forged")
    answer = find("张伟", KEYS, LIMIT)
    assert isinstance(answer, Found)
    assert [candidate.subject for candidate in answer.candidates] == ["person:b", "person:a"]
    assert UNREADABLE in answer.candidates[1].because


# --- against a slow, obvious reference --------------------------------------------------------------------------------

_NAMES = st.text(alphabet="单王张伟玮三四长", min_size=2, max_size=3)


@settings(max_examples=40)
@given(st.lists(_NAMES, min_size=1, max_size=6), _NAMES)
def test_the_index_finds_everyone_whom_reading_all_names_would_find(names: list[str], asked: str) -> None:
    with rolled_back():
        put_in({f"person:{number}": person(name) for number, name in enumerate(names)})
        alike = {f"person:{number}" for number, name in enumerate(names) if _shares_a_reading(name, asked)}
        found = set(_found(asked))
    if alike:
        assert found == alike


def _shares_a_reading(one: str, other: str) -> bool:
    return bool(set(readings(one).joined) & set(readings(other).joined))


@given(st.text(max_size=20))
def test_any_text_can_be_asked(text: str) -> None:
    question = read_question(text)
    assert all(sought.values for tier in question.tiers for sought in tier)


@given(_NAMES, _NAMES)
def test_likeness_is_a_hundred_for_the_same_name_and_less_for_another(one: str, other: str) -> None:
    assert likeness(one, one) == 100
    assert 0 <= likeness(one, other) <= 100
    assert one == other or likeness(one, other) < 100
