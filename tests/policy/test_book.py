"""What a book answers: place and period, narrower and later rules, readings, templates, what was known, and what if."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.errors import PolicyError
from sizao.policy import (
    AbsentRule,
    ContestedRule,
    NoRuleInForce,
    PackError,
    PolicyBook,
    UnknownKey,
    area_chain,
    list_packs,
    with_readings,
)
from sizao.policy.kinds import Confidence
from sizao.policy.pack import Entry, Pack
from sizao.when import Instant, parse_instant

WINDOW = "case.window.days_before"
JULY = date(2021, 7, 26)
ALL = ["cn-covid19-8", "henan-2021-07", "cn-covid19-9", "cn-covid19-20", "cn-covid19-10"]


def test_a_contested_value_is_refused_until_a_reading_is_named() -> None:
    with pytest.raises(ContestedRule) as caught:
        PolicyBook.load(["cn-covid19-8"]).find(WINDOW, area="411702", on=JULY)
    assert caught.value.slots["readings"] == "four-days, two-days"
    read = PolicyBook.load(["cn-covid19-8"], readings={WINDOW: "two-days"})
    assert read.find(WINDOW, area="411702", on=JULY).value == 2
    assert with_readings(read, {WINDOW: "four-days"}).find(WINDOW, area="411702", on=JULY).value == 4


def test_maybe_is_none_for_what_is_absent_or_not_in_force_but_never_hides_a_contest() -> None:
    book = PolicyBook.load(["cn-covid19-8"])
    assert book.maybe("area_high_leaver.course", area="41", on=JULY) is None
    assert book.maybe("close.course", area="41", on=date(2020, 1, 1)) is None
    with pytest.raises(ContestedRule):
        book.maybe(WINDOW, area="41", on=JULY)


def test_a_reading_or_key_that_does_not_exist_is_refused_with_what_there_is() -> None:
    with pytest.raises(PackError) as caught:
        PolicyBook.load(["cn-covid19-8"], readings={WINDOW: "three-days"})
    assert (caught.value.code, caught.value.slots["allowed"]) == ("P129", "four-days, two-days")
    with pytest.raises(UnknownKey, match=r"case\.window\.days_before"):
        PolicyBook.load(["cn-covid19-8"], readings={"case.window.day_before": "two-days"})
    with pytest.raises(UnknownKey, match="P205"):
        PolicyBook.load(["cn-covid19-8"]).find("close.corse", area="41", on=JULY)


def test_what_a_pack_looked_for_and_did_not_find_refuses_by_name() -> None:
    book = PolicyBook.load(["cn-covid19-8"])
    with pytest.raises(AbsentRule, match="P204"):
        book.find("exposed_venue.course", area="41", on=JULY)
    ((pack, absence),) = book.absences("exposed_venue.course")
    assert pack == "cn-covid19-8"
    assert "eighth edition" in absence.looked_for


def test_an_absence_holds_no_longer_than_its_pack() -> None:
    book = PolicyBook.load(["cn-covid19-8"])
    with pytest.raises(NoRuleInForce):
        book.find("exposed_venue.course", area="41", on=date(2023, 1, 1))


def test_a_rule_ends_on_the_day_the_next_begins() -> None:
    book = PolicyBook.load(ALL)
    last, first = (book.find("close.course", area="CN", on=date(2022, 6, day)) for day in (27, 28))
    assert (last.pack, last.valid_until) == ("cn-covid19-8", date(2022, 6, 28))
    assert (first.pack, first.valid_from) == ("cn-covid19-9", date(2022, 6, 28))


def test_a_later_rule_abolishes_and_nothing_of_the_earlier_shows_through() -> None:
    book = PolicyBook.load(["cn-covid19-20"])
    assert book.find("secondary.course", area="CN", on=date(2022, 11, 10)).pack == "cn-covid19-9"
    with pytest.raises(NoRuleInForce, match="P202"):
        book.find("secondary.course", area="CN", on=date(2022, 11, 11))


def test_an_overlay_brings_its_base_and_each_base_its_own() -> None:
    assert [pack.id for pack in PolicyBook.load(["cn-covid19-10"]).packs] == [
        "cn-covid19-9",
        "cn-covid19-20",
        "cn-covid19-10",
    ]


def test_a_narrower_area_wins_inside_it_and_nowhere_else() -> None:
    book = PolicyBook.load(["henan-2021-07"])
    luoyang, zhengzhou = (book.find("standing.colours", area=area, on=JULY) for area in ("410302", "410105"))
    assert (luoyang.area, zhengzhou.area) == ("4103", "41")
    with pytest.raises(NoRuleInForce):
        book.find("standing.colours", area="430802", on=JULY)


def test_a_template_binds_nobody_until_it_is_adopted() -> None:
    with pytest.raises(NoRuleInForce):
        PolicyBook.load(["officials-cn"]).find("travel.request.ahead_h", area="999901", on=JULY + timedelta(days=9))
    adopted = PolicyBook.load(["demo-county"]).find("travel.request.ahead_h", area="999901", on=JULY)
    assert (adopted.value, adopted.pack, adopted.area) == (72, "demo-county", "999901")
    assert adopted.cite.id == "general-a"


def test_only_what_was_published_by_then_is_known() -> None:
    then = parse_instant("2021-07-28T12:00:00+08:00")
    book = PolicyBook.load(["cn-covid19-8", "cn-covid19-9"], known_at=then)
    assert [pack.id for pack in book.packs] == ["cn-covid19-8"]
    assert book.left_out == ("cn-covid19-9",)
    day_before = PolicyBook.load(["cn-covid19-9"], known_at=parse_instant("2022-06-27T23:59:59+08:00"))
    same_day = PolicyBook.load(["cn-covid19-9"], known_at=parse_instant("2022-06-28T00:00:00+08:00"))
    assert (day_before.packs, len(same_day.packs)) == ((), 1)


def test_of_two_versions_the_last_published_by_then_answers(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "src/sizao/policy/packs/safeguards.yaml").read_text("utf-8")
    newer = text.replace('version: "1"', 'version: "2"').replace("published_on: 2000-01-01", "published_on: 2027-01-01")
    newer = newer.replace("{value: 24, cite: design", "{value: 12, cite: design", 1)
    (tmp_path / "safeguards@2.yaml").write_text(newer, "utf-8")

    def hours(known: Instant | None, name: str = "safeguards") -> int:
        book = PolicyBook.load([name], folder=tmp_path, known_at=known)
        return int(book.find("safeguard.preliminary_h", area="41", on=JULY).value)

    assert hours(parse_instant("2026-12-31T00:00:00+08:00")) == 24
    assert hours(parse_instant("2027-01-01T00:00:00+08:00")) == 12
    assert hours(None) == 12
    assert hours(None, "safeguards@1") == 24


def test_what_if_asks_an_edition_about_a_day_it_never_held() -> None:
    ninth = PolicyBook.load(["cn-covid19-9"], shadow=True)
    assert ninth.find(WINDOW, area="CN", on=JULY).value == 2
    with pytest.raises(AbsentRule):
        ninth.find("general.course", area="CN", on=JULY)
    officials = PolicyBook.load(["officials-cn"], shadow=True)
    with pytest.raises(NoRuleInForce):
        officials.find("travel.leaving", area="411402", on=date(2021, 9, 2))


def test_every_day_on_which_an_answer_changes_is_named() -> None:
    book = PolicyBook.load(ALL, readings={WINDOW: "four-days"})
    days = book.changes("411702")
    assert days == sorted(set(days))
    assert {date(2021, 5, 1), date(2022, 6, 28), date(2022, 11, 11), date(2022, 12, 7), date(2023, 1, 8)} <= set(days)
    for key in list(book.keys()):
        for before, after in zip([date(2019, 1, 1), *days], days, strict=False):
            assert _answer(book, key, before) == _answer(book, key, after - timedelta(days=1))


def _answer(book: PolicyBook, key: str, on: date) -> object:
    try:
        return book.find(key, area="411702", on=on)
    except PolicyError as refused:
        return refused.code


def test_the_digest_names_packs_versions_and_readings_and_nothing_else() -> None:
    plain = PolicyBook.load(["cn-covid19-8"])
    assert plain.digest == PolicyBook.load(["cn-covid19-8"], known_at=parse_instant("2022-01-01T00:00:00Z")).digest
    others = [
        PolicyBook.load(["cn-covid19-8"], readings={WINDOW: "two-days"}),
        PolicyBook.load(["cn-covid19-8"], shadow=True),
        PolicyBook.load(["cn-covid19-8", "safeguards"]),
        PolicyBook.load(["safeguards", "cn-covid19-8"]),
    ]
    assert len({plain.digest, *(book.digest for book in others)}) == 5


def test_a_book_that_was_sent_elsewhere_gives_the_same_answers() -> None:
    book = PolicyBook.load(["demo-county"])
    sent = pickle.loads(pickle.dumps(book))
    assert sent.digest == book.digest
    assert sent.find("close.course", area="999901", on=JULY) == book.find("close.course", area="999901", on=JULY)


@pytest.mark.parametrize(
    ("area", "chain"),
    [
        ("411702", ("411702", "4117", "41", "CN", "WORLD")),
        ("41170200000", None),
        ("411702001", ("411702001", "411702", "4117", "41", "CN", "WORLD")),
        ("KR", ("KR", "WORLD")),
        ("CN", ("CN", "WORLD")),
        ("WORLD", ("WORLD",)),
        ("henan", None),
        ("", None),
    ],
)
def test_an_area_lies_in_those_that_hold_it(area: str, chain: tuple[str, ...] | None) -> None:
    if chain is None:
        with pytest.raises(PolicyError, match="P206"):
            area_chain(area)
    else:
        assert area_chain(area) == chain


# --- the compiled line against the obvious reading ---------------------------------------------------------------------

DAY0 = date(2021, 1, 1)
AREAS = ("CN", "41", "4117", "411702")


@st.composite
def _entries(draw: st.DrawFn) -> list[Entry]:
    model = next(
        each for pack in list_packs() if pack.id == "cn-covid19-8" for each in pack.entries if each.key == WINDOW
    )
    entries = []
    for area in draw(st.lists(st.sampled_from(AREAS), min_size=1, max_size=3, unique=True)):
        cuts = sorted(draw(st.sets(st.integers(0, 30), min_size=2, max_size=5)))
        for number, (start, end) in enumerate(pairwise(cuts)):
            if draw(st.booleans()):
                continue
            value, gone = draw(st.integers(0, 9)), draw(st.integers(0, 5)) == 0
            starts, ends = DAY0 + timedelta(days=start), DAY0 + timedelta(days=end)
            readings: Mapping[str | None, Confidence] = {None: Confidence.ONE}
            if draw(st.integers(0, 3)) == 0 and not gone:
                readings = {"two": Confidence.CONTESTED, "four": Confidence.CONTESTED}
            entries += [
                replace(
                    model, area=area, value=None if gone else value + len(reading or ""), abolished=gone, reading=reading,
                    confidence=confidence, note=f"{area}-{number}", starts=starts, ends=ends,
                )
                for reading, confidence in readings.items()
            ]  # fmt: skip
    return entries


def _pack(name: str, entries: list[Entry]) -> Pack:
    base = next(each for each in list_packs() if each.id == "cn-covid19-8")
    return replace(base, id=name, entries=tuple(entries), absences=(), adoptions=())


def _obvious(packs: list[Pack], readings: Mapping[str, str], area: str, on: date) -> object:
    for code in area_chain(area):
        for pack in reversed(packs):
            here = [each for each in pack.entries if each.area == code and each.covers(on)]
            if not here:
                continue
            if here[0].confidence is Confidence.CONTESTED:
                here = [each for each in here if each.reading == readings.get(WINDOW)]
            if not here:
                return "P203"
            return "P202" if here[0].abolished else here[0].value
    return "P201"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(_entries(), min_size=1, max_size=3),
    st.sampled_from([None, "two", "four"]),
    st.sampled_from([*AREAS, "430802"]),
)
def test_the_compiled_line_says_what_a_reader_of_the_packs_would_say(
    stacks: list[list[Entry]], reading: str | None, area: str
) -> None:
    packs = [_pack(f"p{number}", entries) for number, entries in enumerate(stacks)]
    readings = {} if reading is None else {WINDOW: reading}
    try:
        book = PolicyBook(packs, readings=readings, zone="Asia/Shanghai")
    except PackError:
        assert readings[WINDOW] not in {each.reading for entries in stacks for each in entries}
        return
    for offset in range(-1, 32):
        on = DAY0 + timedelta(days=offset)
        try:
            value = book.find(WINDOW, area=area, on=on)
            assert value.valid_from <= on
            assert value.valid_until is None or on < value.valid_until
            got: object = value.value
        except PolicyError as refused:
            got = refused.code
        assert got == _obvious(packs, readings, area, on)
