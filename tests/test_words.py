"""Every code has its words, in both languages, with the slots its callers give; and no words stand unused."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from sizao import errors
from sizao.when import OPEN, Instant, parse_instant
from sizao.words import Lang, say, say_day, say_error, say_moment, terms
from sizao.words.catalogue import error_words
from tests import catalogue_checks as checks
from tests import house

WORDS = house.SOURCE / "words"
ERROR_NAMES = frozenset(
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.SizaoError)
)
SOURCES = {
    name: path.read_text("utf-8") for name, path in zip(house.relative(house.modules()), house.modules(), strict=True)
}
NOON = parse_instant("2021-07-26T12:00:00+08:00")


class _Strict(yaml.SafeLoader):
    """A loader that refuses a key written twice, where YAML itself keeps the last in silence."""


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise yaml.YAMLError(f"written twice: {twice}")
    return dict(loader.construct_pairs(node, deep=True))


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _load(path: Path) -> dict[str, Any]:
    loaded = yaml.load(path.read_text("utf-8"), Loader=_Strict)
    assert isinstance(loaded, dict), f"{path.name} is empty"
    return loaded


def _files(folder: str) -> list[Path]:
    return sorted((WORDS / folder).glob("*.yaml"))


def _room(path: Path) -> str:
    """The room of a catalogue file; a large room may have several: `exposure.yaml`, `exposure_sql.yaml`."""
    return path.stem.split("_")[0]


# --- the catalogues themselves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", _files("errors"), ids=lambda path: path.name)
def test_every_error_says_what_happened_and_what_to_do_in_both_languages(path: Path) -> None:
    assert {code: faults for code, text in _load(path).items() if (faults := checks.error_faults(text))} == {}


@pytest.mark.parametrize("path", _files("said"), ids=lambda path: path.name)
def test_every_sentence_stands_in_both_languages_with_the_same_slots(path: Path) -> None:
    assert {code: faults for code, text in _load(path).items() if (faults := checks.sentence_faults(text))} == {}


def test_the_catalogues_hold_nothing_but_yaml() -> None:
    assert [
        path.name for path in WORDS.rglob("*") if path.is_file() and path.suffix not in {".yaml", ".py", ".pyc"}
    ] == []


def test_each_room_has_one_letter_and_no_two_rooms_share_it() -> None:
    letters: dict[str, set[str]] = {}
    for path in _files("errors"):
        # Each desk has a letter of its own; the store, and who is who, share that of the desks.
        own = path.stem.startswith("desk_") and path.stem != "desk_people"
        letters.setdefault(path.stem if own else _room(path), set()).update(code[0] for code in _load(path))
    assert all(checks.CODE.match(code) for code in error_words())
    assert {room: found for room, found in letters.items() if len(found) != 1} == {}
    assert len(set().union(*letters.values())) == len(letters)


def test_each_error_class_has_a_room_and_each_room_of_errors_a_class() -> None:
    rooms = {vars(errors)[name].room for name in ERROR_NAMES}
    assert {_room(path) for path in _files("errors")} <= rooms


# --- what the source uses ---------------------------------------------------------------------------------------------


def test_every_error_raised_has_words() -> None:
    used = {
        (use.code, name, use.line) for name, source in SOURCES.items() for use in checks.raised(source, ERROR_NAMES)
    }
    assert {use for use in used if use[0] not in error_words()} == set()


def test_every_code_written_in_the_source_has_words() -> None:
    letters = {code[0] for code in error_words()}
    written = {(text, name) for name, source in SOURCES.items() for text in checks.literals(source)}
    assert {
        use for use in written if checks.CODE.match(use[0]) and use[0][0] in letters and use[0] not in error_words()
    } == set()


def test_every_error_in_the_catalogue_is_used() -> None:
    written = frozenset[str]().union(*(checks.literals(source) for source in SOURCES.values()))
    assert set(error_words()) - written == set()


def test_every_slot_of_an_error_is_given_where_it_is_raised() -> None:
    missing = []
    for name, source in SOURCES.items():
        for use in checks.raised(source, ERROR_NAMES):
            words = error_words().get(use.code)
            if words is None or use.slots is None:
                continue
            wanted = {slot for text in words.values() for part in text.values() for slot in checks.fields(part)}
            if wanted - use.slots:
                missing.append((name, use.line, use.code, sorted(wanted - use.slots)))
    assert missing == []


def test_every_sentence_asked_for_exists_and_is_given_its_slots() -> None:
    wrong = []
    for name, source in SOURCES.items():
        for use in checks.said(source):
            words = terms().get(use.code)
            if words is None:
                wrong.append((name, use.line, use.code, "no such sentence"))
            elif use.slots is not None and set(checks.fields(words["zh"])) - use.slots:
                wrong.append((name, use.line, use.code, "slots missing"))
    assert wrong == []


def test_every_sentence_in_the_catalogue_can_be_reached() -> None:
    written = frozenset[str]().union(*(checks.literals(source) for source in SOURCES.values()))
    made = [pattern for source in SOURCES.values() for pattern in checks.patterns(source)]
    packs = "\n".join(path.read_text("utf-8") for path in house.SOURCE.rglob("*.yaml") if path.parent.parent != WORDS)
    unused = [
        code
        for code in terms()
        if code not in written
        and not any(pattern.match(code) for pattern in made)
        and not re.search(rf"(?<![\w.-]){re.escape(code)}(?![\w.-])", packs)
    ]
    assert unused == []


# --- each check finds what it looks for -------------------------------------------------------------------------------

GOOD_ERROR = {"zh": {"says": "第 {row} 行。", "do": "请改。"}, "en": {"says": "Row {row}.", "do": "Mend it."}}


@pytest.mark.parametrize(
    "text",
    [
        {"zh": {"says": "行。", "do": "请改。"}},
        {"zh": {"says": "行。"}, "en": {"says": "Row.", "do": "Mend it."}},
        {"zh": {"says": "第 {row} 行。", "do": "请改。"}, "en": {"says": "Row.", "do": "Mend it."}},
        {"zh": {"says": "", "do": "请改。"}, "en": {"says": "Row.", "do": "Mend it."}},
        {"zh": {"says": "{", "do": "请改。"}, "en": {"says": "{", "do": "Mend it."}},
        {"zh": {"says": "{a:colour}", "do": "请改。"}, "en": {"says": "{a:colour}", "do": "Mend it."}},
        {"zh": {"says": "{}", "do": "请改。"}, "en": {"says": "{}", "do": "Mend it."}},
        {"zh": {"says": "行。", "do": "请改。"}, "en": {"says": "Row。", "do": "Mend it."}},
        {"zh": {"says": "the row was refused", "do": "请改。"}, "en": {"says": "Row.", "do": "Mend it."}},
    ],
)
def test_a_faulty_error_text_is_found(text: dict[str, Any]) -> None:
    assert checks.error_faults(GOOD_ERROR) == []
    assert checks.error_faults(text) != []


def test_a_sentence_whose_languages_render_a_slot_differently_is_found() -> None:
    assert checks.sentence_faults({"zh": "{due:moment} 前", "en": "by {due:moment}"}) == []
    assert checks.sentence_faults({"zh": "{due:moment} 前", "en": "by {due}"}) != []
    assert checks.sentence_faults({"zh": "到期"}) != []


def test_codes_and_slots_are_read_from_the_source() -> None:
    source = 'raise FactsError("F101", where=w, value=v)\nraise errors.FactsError("F102", **slots)\nFactsError(code)'
    uses = checks.raised(source, frozenset({"FactsError"}))
    assert [(use.code, use.slots) for use in uses] == [("F101", frozenset({"value"})), ("F102", None)]
    assert [use.code for use in checks.said('say("a.b", lang, value=1)\nsay(code, lang)')] == ["a.b"]


def test_the_codes_an_f_string_makes_are_recognised() -> None:
    (pattern,) = checks.patterns('x = f"grade.{grade}"\ny = f"{a}"')
    assert pattern.match("grade.close")
    assert not pattern.match("duty.close")


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text('a: {zh: "甲", en: "A"}\na: {zh: "乙", en: "B"}\n', "utf-8")
    with pytest.raises(yaml.YAMLError, match="written twice"):
        _load(path)


# --- rendering --------------------------------------------------------------------------------------------------------


def test_a_moment_is_written_as_each_language_writes_it() -> None:
    assert say_moment(NOON, Lang.ZH) == "2021年7月26日 12:00"
    assert say_moment(NOON, Lang.EN) == "26 July 2021, 12:00"
    assert say_day(NOON, Lang.ZH) == "2021年7月26日"
    assert say_moment(NOON, Lang.EN, "UTC") == "26 July 2021, 04:00"


def test_what_has_not_ended_says_so() -> None:
    assert say_moment(OPEN, Lang.ZH) == say_day(OPEN, Lang.ZH) == "未结束"


def test_an_error_says_its_place_first_and_then_what_to_do() -> None:
    error = errors.WhenError("T104", where=errors.Where(file="a.csv", row=3, column="onset"), value="3/4")
    zh, en = say_error(error, Lang.ZH), say_error(error, Lang.EN)
    assert zh[0] == "a.csv，第 3 行，“onset”列：“3/4”不是可以读懂的日期。"
    assert en[0] == "a.csv, row 3, column “onset”: “3/4” is not a date that can be read."
    assert "2021-07-26" in zh[1]
    assert "2021-07-26" in en[1]


def test_a_sentence_nobody_wrote_is_refused_by_name() -> None:
    with pytest.raises(errors.WordsError, match="W101"):
        say("no.such.code", Lang.ZH)


def test_a_sentence_whose_slot_is_not_given_is_refused_by_name() -> None:
    with pytest.raises(errors.WordsError, match="W103") as caught:
        say("where.row", Lang.EN)
    assert "value" in say_error(caught.value, Lang.EN)[0]


def test_an_error_without_words_still_shows_its_code_and_place() -> None:
    error = errors.SizaoError("Z999", where=errors.Where(line=Instant(4)))
    assert say_error(error, Lang.EN) == ("Z999 line 4", "")
