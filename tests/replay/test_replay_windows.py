"""Which of his places fall inside each window, and what that does not say."""

from __future__ import annotations

import pytest

from sizao.facts.kinds import FactId, Grade
from sizao.replay import Branch, Reading, Sampled, Switches, founding_facts
from sizao.replay.choices import book_of, chosen
from sizao.replay.founding import AS_OF, CASE, PERSON, of_subject
from sizao.replay.matching import match
from sizao.replay.windows import Place, Shared, WindowRow, windows

ROWS = windows(founding_facts())
THEATRE, ZHANGJIAJIE = FactId("a03-in-the-theatre"), FactId("n05-zhangjiajie")
NANJING, HOME = FactId("n02-nanjing"), FactId("n07-home")


def row(reading: Reading, sampled: Sampled) -> WindowRow:
    return next(each for each in ROWS if (each.reading, each.sampled) == (reading, sampled))


@pytest.mark.parametrize(
    ("reading", "sampled", "opens", "theatre", "on_the_23rd"),
    [
        (Reading.TWO_DAYS, Sampled.JULY_25, "2021-07-23", Place.OUTSIDE, Place.INSIDE),
        (Reading.TWO_DAYS, Sampled.JULY_26, "2021-07-24", Place.OUTSIDE, Place.OUTSIDE),
        (Reading.FOUR_DAYS, Sampled.JULY_25, "2021-07-21", Place.INSIDE, Place.INSIDE),
        (Reading.FOUR_DAYS, Sampled.JULY_26, "2021-07-22", Place.INSIDE, Place.INSIDE),
    ],
)
def test_the_window_opens_whole_local_days_before_sampling(
    reading: Reading, sampled: Sampled, opens: str, theatre: Place, on_the_23rd: Place
) -> None:
    found = row(reading, sampled)
    assert str(found.opens) == opens
    assert found.place(THEATRE).inside is theatre
    assert found.place(ZHANGJIAJIE).inside is on_the_23rd


@pytest.mark.parametrize("found", ROWS, ids=lambda found: f"{found.reading}-{found.sampled}")
def test_theatre_outside_is_not_person_outside(found: WindowRow) -> None:
    assert found.person_outside is False
    on_the_24th = next(place for place in found.places if str(place.first_day) == "2021-07-24")
    assert (on_the_24th.fact, on_the_24th.inside) == (None, Place.INSIDE)


@pytest.mark.parametrize("found", ROWS, ids=lambda found: f"{found.reading}-{found.sampled}")
def test_nanjing_matters_in_no_window_for_the_case_was_there_on_the_17th(found: WindowRow) -> None:
    nanjing = found.place(NANJING)
    assert nanjing.days_stated is False
    assert (nanjing.inside, nanjing.shared) == (Place.NOT_KNOWN, Shared.NOT_IN_WINDOW)


def test_being_in_one_city_on_one_day_is_said_as_no_more_than_that() -> None:
    found = row(Reading.TWO_DAYS, Sampled.JULY_25)
    assert found.place(ZHANGJIAJIE).shared is Shared.SAME_CITY
    assert found.place(THEATRE).shared is Shared.NOT_IN_WINDOW
    assert row(Reading.FOUR_DAYS, Sampled.JULY_26).place(THEATRE).shared is Shared.SAME_SESSION
    assert found.place(HOME).shared is Shared.NOTHING_KNOWN


def test_each_window_names_its_clause_and_its_reading() -> None:
    for found in ROWS:
        (days,) = (each for each in found.reason.clauses if each.key == "case.window.days_before")
        assert days.reading == str(found.reading)
        assert days.confidence == "contested"


@pytest.mark.parametrize("sampled", list(Sampled))
def test_a_shared_session_matches_only_inside_the_window_and_makes_a_general_contact(sampled: Sampled) -> None:
    switches = Switches(sampled=sampled, in_theatre=True, rules_on_file=True)
    taken = chosen(founding_facts(), Branch.AS_HAPPENED, switches)
    case, own = of_subject(taken, CASE), of_subject(taken, PERSON)
    assert match(case, own, book_of(Reading.TWO_DAYS), known_at=AS_OF) is None
    found = match(case, own, book_of(Reading.FOUR_DAYS), known_at=AS_OF)
    assert found is not None
    assert (found.grade, found.minutes, found.place_kind) == (Grade.GENERAL, 60, "theatre")
    assert found.rule is not None
    assert found.rule.startswith("cn-covid19-8@")


def test_a_city_is_no_place_of_a_contact_rule() -> None:
    switches = Switches(sampled=Sampled.JULY_25, in_theatre=False, rules_on_file=True)
    taken = chosen(founding_facts(), Branch.AS_HAPPENED, switches)
    found = match(of_subject(taken, CASE), of_subject(taken, PERSON), book_of(Reading.FOUR_DAYS), known_at=AS_OF)
    assert found is None
