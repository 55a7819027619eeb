"""An identity opens with its keys only, for its person only, in its version only; and ends with its key (TR-22, TR-38)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.people import vault
from sizao.desk.people.entering import Entry, change, enter, erase, reindex, version_of
from sizao.desk.people.merging import merge, say_not_same
from sizao.desk.people.models import Identity, Person, SearchKey
from sizao.desk.people.search import Found, find
from sizao.desk.people.search_keys import KeyKind, keyed
from sizao.desk.people.who import DocumentKind, Who
from sizao.errors import DeskError
from tests.desk.people.invented import COUNTY, KEYS, LATER, LIMIT, NOW, Dice, TestKeys, citizen_id, person, put_in

pytestmark = pytest.mark.django_db
A = person("旅客甲", document=citizen_id(), phone="13800001234", address="样例县西街街道和平路12号")
B = person("旅客乙", phone="13900004321")
OTHER = TestKeys(master=b"n" * 32, search=b"t" * 32)


def _stored() -> bytes:
    """Everything the tables of this room hold, as one heap of bytes."""
    heap = []
    for model in apps.get_app_config("desk_people").get_models():
        for row in model._default_manager.values_list():
            heap += [bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row]
    return b"\n".join(heap)


def test_who_was_put_in_comes_out() -> None:
    put_in({"person:a": A, "person:b": B})
    assert vault.who_is("person:a", KEYS).name == "旅客甲"
    assert vault.who_is("person:a", KEYS).born == date(1888, 2, 3)
    assert set(vault.open_many(["person:a", "person:b", "person:none"], KEYS)) == {"person:a", "person:b"}


def test_nothing_that_says_who_it_is_lies_in_the_tables() -> None:
    put_in({"person:a": A})
    heap = _stored()
    for told in (A.name, A.document, A.phone, "和平路", "lukejia", "1888"):
        assert told.encode() not in heap


def test_another_master_key_opens_nothing() -> None:
    put_in({"person:a": A})
    with pytest.raises(DeskError, match="D504"):
        vault.who_is("person:a", OTHER)
    assert vault.open_many(["person:a"], OTHER) == {"person:a": None}


def test_a_sealed_identity_moved_to_another_person_does_not_open() -> None:
    put_in({"person:a": A, "person:b": B})
    row = Identity.objects.get(person="person:a")
    Identity.objects.filter(person="person:b").update(
        wrapped_key=row.wrapped_key, nonce=row.nonce, ciphertext=row.ciphertext
    )
    with pytest.raises(DeskError, match="D504"):
        vault.who_is("person:b", KEYS)


def test_a_key_moved_to_another_person_seals_nothing_there() -> None:
    put_in({"person:a": A, "person:b": B})
    row = Identity.objects.get(person="person:b")
    row.wrapped_key = Identity.objects.get(person="person:a").wrapped_key
    with pytest.raises(DeskError, match="D504"):
        vault.reseal(row, A, keys=KEYS, chance=Dice())


def test_even_where_two_persons_were_dealt_one_key_the_text_of_one_does_not_open_for_the_other() -> None:
    one, other = (vault.seal(subject, A, keys=KEYS, chance=Dice()) for subject in ("person:a", "person:b"))
    other.nonce, other.ciphertext = one.nonce, one.ciphertext
    with pytest.raises(DeskError, match="D504"):
        vault.open_row(other, KEYS)


def test_an_old_version_put_back_does_not_open() -> None:
    put_in({"person:a": A})
    old = Identity.objects.get(person="person:a")
    change("person:a", B, expect=1, keys=KEYS, chance=Dice(), now=NOW)
    Identity.objects.filter(person="person:a").update(nonce=old.nonce, ciphertext=old.ciphertext)
    with pytest.raises(DeskError, match="D504"):
        vault.who_is("person:a", KEYS)


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    row = vault.seal("person:a", A, keys=KEYS, chance=Dice())
    field = data.draw(st.sampled_from(["wrapped_key", "nonce", "ciphertext"]))
    content = bytearray(getattr(row, field))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    setattr(row, field, bytes(content))
    with pytest.raises(DeskError, match="D504"):
        vault.open_row(row, KEYS)


def test_two_persons_with_one_identity_have_nothing_in_common_but_their_search_keys() -> None:
    put_in({"person:a": A, "person:b": A})
    one, other = Identity.objects.order_by("person_id")
    assert bytes(one.wrapped_key or b"") != bytes(other.wrapped_key or b"")
    assert bytes(one.ciphertext or b"") != bytes(other.ciphertext or b"")


# --- TR-22, TR-38: what was erased is gone ----------------------------------------------------------------------------


def test_tr22_an_erased_identity_is_gone_and_the_row_says_when() -> None:
    put_in({"person:a": A, "person:b": B}, area="999901001002")
    row = Identity.objects.get(person="person:a")
    sealed, wrapped = bytes(row.ciphertext or b""), bytes(row.wrapped_key or b"")
    assert erase("person:a", now=LATER) == ("person:a",)
    assert sealed not in _stored()
    assert wrapped not in _stored()
    assert not SearchKey.objects.filter(person="person:a").exists()
    left = Person.objects.get(subject="person:a")
    assert (left.erased_at, left.area, left.unit) == (LATER, COUNTY, "")
    with pytest.raises(DeskError, match="D505"):
        vault.who_is("person:a", KEYS)
    assert vault.who_is("person:b", KEYS).name == B.name


def test_tr22_who_kept_a_copy_of_the_sealed_text_cannot_open_it_once_the_key_is_gone() -> None:
    put_in({"person:a": A})
    row = Identity.objects.get(person="person:a")
    erase("person:a", now=LATER)
    row.wrapped_key = None
    with pytest.raises(DeskError, match="D505"):
        vault.open_row(row, KEYS)


def test_tr22_trying_all_numbers_finds_nobody_without_the_search_key() -> None:
    put_in({"person:a": A})
    stored = {bytes(value) for value in SearchKey.objects.values_list("hash", flat=True)}
    for number in range(1000):
        document = citizen_id(number=number)
        tried = {hashlib.sha256(document.encode()).digest(), keyed(b"x" * 32, KeyKind.DOCUMENT, document)}
        tried.add(hmac.digest(b"", document.encode(), "sha256"))
        assert not tried & stored
    assert keyed(KEYS.search, KeyKind.DOCUMENT, A.document) in stored


def test_a_search_key_of_one_kind_is_never_one_of_another() -> None:
    assert len({keyed(KEYS.search, kind, "13800001234") for kind in KeyKind}) == len(KeyKind)


def test_tr38_every_record_of_the_person_is_erased_and_every_word_written_about_it() -> None:
    put_in({"person:a": A, "person:b": B, "person:c": person("旅客丙")})
    say_not_same("person:b", "person:c", why="两人同住，旅客丙是弟弟", by="干部乙", now=NOW)
    merge("person:a", "person:b", why="旅客甲曾用名旅客乙", keys=KEYS, by="干部乙", now=NOW)
    assert erase("person:b", now=LATER) == ("person:a", "person:b")
    assert "旅客".encode() not in _stored()
    assert vault.who_is("person:c", KEYS).name == "旅客丙"


def test_erasing_twice_keeps_the_first_moment() -> None:
    put_in({"person:a": A})
    erase("person:a", now=NOW)
    erase("person:a", now=LATER)
    assert Person.objects.get(subject="person:a").erased_at == NOW


def test_nobody_unknown_is_erased() -> None:
    with pytest.raises(DeskError, match="D501"):
        erase("person:none", now=NOW)


# --- another master key, another search key ---------------------------------------------------------------------------


def test_a_new_master_key_takes_over_in_steps_and_the_old_one_opens_nothing_more() -> None:
    put_in({f"person:{number}": person(f"旅客{number}") for number in range(5)})
    erase("person:4", now=NOW)
    new = TestKeys(master=b"n" * 32)
    steps = [vault.rewrap(KEYS, new, chance=Dice(), most=3) for _ in range(3)]
    assert steps == [3, 1, 0]
    assert vault.who_is("person:0", new).name == "旅客0"
    with pytest.raises(DeskError, match="D504"):
        vault.who_is("person:0", KEYS)


def test_a_wrong_old_master_key_is_refused_and_changes_nothing() -> None:
    put_in({"person:a": A})
    with pytest.raises(DeskError, match="D504"):
        vault.rewrap(OTHER, TestKeys(master=b"p" * 32), chance=Dice(), most=10)
    assert vault.who_is("person:a", KEYS).name == A.name


def test_the_name_of_a_key_does_not_tell_it() -> None:
    assert vault.key_name(KEYS.master) != vault.key_name(OTHER.master)
    assert KEYS.master.hex()[:16] != vault.key_name(KEYS.master)


def test_a_new_search_key_finds_whom_the_old_one_found() -> None:
    put_in({"person:a": A, "person:b": B})
    new = TestKeys(search=b"t" * 32)
    assert find("旅客甲", new, LIMIT) == Found(())
    assert reindex(["person:a", "person:b"], keys=new) == 2
    found = find("旅客甲", new, LIMIT)
    assert isinstance(found, Found)
    assert [candidate.subject for candidate in found.candidates] == ["person:a"]


# --- putting in and changing ------------------------------------------------------------------------------------------


def test_a_subject_is_put_in_once() -> None:
    put_in({"person:a": A})
    with pytest.raises(DeskError, match="D502"):
        put_in({"person:b": B, "person:a": A})
    assert not Person.objects.filter(subject="person:b").exists()
    twice = [Entry(subject="person:c", who=B, area=COUNTY)] * 2
    with pytest.raises(DeskError, match="D502"):
        enter(twice, keys=KEYS, chance=Dice(), now=NOW)


def test_a_number_that_cannot_be_right_is_refused_and_taken_when_marked_so() -> None:
    wrong = "411702188802030010"
    with pytest.raises(DeskError, match="D503") as refused:
        put_in({"person:a": person(document=wrong)})
    assert refused.value.slots["problem"] == "id.check"
    put_in({"person:a": Who(name="旅客甲", document_kind=DocumentKind.UNCHECKED, document=wrong)})
    found = find(wrong, KEYS, LIMIT)
    assert isinstance(found, Found)
    assert len(found.candidates) == 1


def test_warnings_come_back_and_stop_nobody() -> None:
    odd = person(document=citizen_id(), born=date(1890, 1, 1))
    warned = enter([Entry(subject="person:a", who=odd, area=COUNTY)], keys=KEYS, chance=Dice(), now=NOW)
    assert warned == {"person:a": ("people.warning.born_differs",)}


def test_of_two_changes_made_on_one_version_the_second_is_refused() -> None:
    put_in({"person:a": A})
    change("person:a", B, expect=1, keys=KEYS, chance=Dice(), now=NOW)
    change("person:a", B, expect=2, keys=KEYS, chance=Dice(), now=NOW)
    with pytest.raises(DeskError, match="D506") as refused:
        change("person:a", A, expect=1, keys=KEYS, chance=Dice(), now=NOW)
    assert (refused.value.slots["expected"], refused.value.slots["found"]) == (1, 3)
    assert version_of("person:a") == 3
    assert vault.who_is("person:a", KEYS).name == B.name


def test_after_a_change_nobody_is_found_by_what_was() -> None:
    put_in({"person:a": A})
    change("person:a", B, expect=1, keys=KEYS, chance=Dice(), now=NOW)
    assert find(A.document, KEYS, LIMIT) == Found(())
    found = find(B.phone, KEYS, LIMIT)
    assert isinstance(found, Found)
    assert [candidate.subject for candidate in found.candidates] == ["person:a"]


def test_an_erased_or_unknown_person_cannot_be_changed() -> None:
    put_in({"person:a": A})
    erase("person:a", now=NOW)
    with pytest.raises(DeskError, match="D505"):
        change("person:a", B, expect=1, keys=KEYS, chance=Dice(), now=NOW)
    with pytest.raises(DeskError, match="D501"):
        change("person:none", B, expect=1, keys=KEYS, chance=Dice(), now=NOW)
