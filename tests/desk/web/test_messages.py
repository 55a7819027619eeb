"""Every string a desk says stands in Chinese and in English; one that is missing fails the build."""

from __future__ import annotations

import gettext
import io
from pathlib import Path
from typing import Any

import pytest

from sizao.desk.locale import messages
from tests.catalogue_checks import fields

LOCALES = messages.LOCALES


@pytest.fixture(scope="module")
def strings() -> dict[messages.Message, list[str]]:
    return messages.used()


def _catalogue(locale: str) -> dict[Any, Any]:
    return {(one.id, one.context): one for one in messages.catalogue(locale) if one.id}


@pytest.mark.parametrize("locale", LOCALES)
def test_no_string_of_any_desk_is_missing(locale: str, strings: dict[messages.Message, list[str]]) -> None:
    known = _catalogue(locale)
    assert {str(text): places for text, places in strings.items() if text not in known} == {}, "run `make messages`"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_string_is_without_its_text(locale: str) -> None:
    assert messages.lacking(messages.catalogue(locale)) == [], "write its Chinese in django.po, then `make messages`"


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_stands_in_a_catalogue_that_no_desk_says(
    locale: str, strings: dict[messages.Message, list[str]]
) -> None:
    assert sorted(str(text) for text in _catalogue(locale) if text not in strings) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_compiled_catalogue_is_the_written_one(locale: str) -> None:
    compiled = messages.po_path(locale).with_suffix(".mo").read_bytes()
    here = gettext.GNUTranslations(io.BytesIO(compiled))
    made = gettext.GNUTranslations(io.BytesIO(messages.as_mo(messages.catalogue(locale))))
    shown = {key: text for key, text in vars(here)["_catalog"].items() if key}
    assert shown == {key: text for key, text in vars(made)["_catalog"].items() if key}, "run `make messages`"


def _slots(text: Any) -> set[str]:
    texts = text if isinstance(text, list | tuple) else (text,)
    found: set[str] = set()
    for one in texts:
        found |= {part.partition(")")[0] for part in one.split("%(")[1:]}
        found |= set(fields(one)) if "%(" not in one else set()
    return found


def test_chinese_and_english_fill_the_same_slots() -> None:
    told = [one for one in messages.catalogue("zh_Hans") if one.id and all(messages.texts(one.string))]
    assert [one.id for one in told if _slots(one.id) != _slots(one.string)] == []


def test_chinese_texts_are_chinese() -> None:
    told = {one.id: one.string for one in messages.catalogue("zh_Hans") if one.id and one.string}
    alike = {text for text, zh in told.items() if text == zh and len(str(text).split()) > 2}
    assert alike == set()


def test_english_texts_hold_no_chinese_punctuation() -> None:
    marks = set("，。；：？！（）、")
    assert [one.id for one in messages.catalogue("en") if one.id and marks & set(str(one.id))] == []


# --- the tool itself ---------------------------------------------------------------------------------------------------


def _written(folder: Path, files: dict[str, str]) -> dict[messages.Message, list[str]]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return messages.used(folder)


def test_strings_are_found_in_templates_and_modules(tmp_path: Path) -> None:
    template = (
        '{% load i18n %}<p>\n  {% translate "One" %}\n      </p>{% blocktranslate with a=b %}Two {{ a }}{% endblocktranslate %}\n'
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}{{ _('Three') }}'\"("
    )
    module = 'x = gettext("Four")\ny = gettext_lazy("Five")\nz = pgettext("where", "Six")\nf = _("Seven " "and")\n'
    found = _written(tmp_path, {"a/templates/a/x.html": template, "a/views.py": module, "a/notes.md": '_("No")'})
    assert set(found) == {
        ("One", None), ("Two %(a)s", None), (("%(n)s day", "%(n)s days"), None), ("Three", None), ("Four", None), ("Five", None),
        ("Six", "where"), ("Seven and", None),
    }  # fmt: skip
    assert found[("Four", None)] == ["a/views.py"]


def test_what_was_translated_stays_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "HERE", tmp_path)
    one: dict[messages.Message, list[str]] = {("One", None): ["a.py"]}
    both: dict[messages.Message, list[str]] = {**one, ("Two", None): ["a.py"]}

    def write(strings: dict[messages.Message, list[str]], told: dict[str, str] | None = None) -> dict[str, str]:
        known = messages.renewed("zh_Hans", strings, told)
        path = messages.po_path("zh_Hans")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(messages.as_po(known))
        return {str(each.id): str(each.string) for each in known if each.id}

    assert write(both, {"One": "一", "Two": "二"}) == {"One": "一", "Two": "二"}
    assert write(one) == {"One": "一"}
    assert write(one) == {"One": "一"}
    assert write(both) == {"One": "一", "Two": "二"}
    assert write(both, {"Two": "贰"}) == {"One": "一", "Two": "贰"}


def test_what_lacks_its_chinese_is_named_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "HERE", tmp_path)
    known = messages.renewed("zh_Hans", {("One", None): ["cases/views.py"]})
    assert messages.lacking(known) == ["cases/views.py: One"]
    assert messages.lacking(messages.renewed("en", {("One", None): ["cases/views.py"]})) == []


def test_writing_twice_gives_the_same_bytes(strings: dict[messages.Message, list[str]]) -> None:
    one, other = (messages.renewed("zh_Hans", strings) for _ in range(2))
    assert messages.as_po(one) == messages.as_po(other)
    assert messages.as_mo(one) == messages.as_mo(other)
