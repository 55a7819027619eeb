"""The purpose wall: what a unit concludes does not depend on health, movement or control facts, but by disclosure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.kinds import CodeSeen, DataClass, Disclosure, Fact, FactId, Order, Setting
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier, View
from sizao.rules.purpose import ENDED_BY, HEALTH_ORDER, for_unit
from sizao.rules.timeline import Timeline, canonical
from tests.rules.dossiers import BOOKS, KNOWN, facts_about
from tests.rules.people import LUOYANG, ME, corrected, exposed, fact, order, registered, released, sampled, told, when
from tests.rules.test_office import AWAY, SHOWN, on_file

HIDDEN = frozenset({DataClass.HEALTH, DataClass.MOVEMENT, DataClass.CONTROL})
CODE = fact(CodeSeen, "s", "2021-07-29 09:00", colour="yellow", system="province")
BOOK = BOOKS["luoyang"]


def unit(*facts: Fact, known: str = "2023-01-01") -> Timeline:
    """The unit's side."""
    dossier = Dossier(ME, tuple(facts), LUOYANG)
    return conclude(for_unit(dossier, when(known)), BOOK, known_at=when(known))


def disclosed(name: str, *items: str, **values: Any) -> Disclosure:
    """A recorded disclosure of these facts."""
    given_: dict[str, Any] = {
        "items": tuple(FactId(item) for item in items), "article": "x", "necessity": "y", "requester": "discipline",
        "approver": "health", "data_class": DataClass.CONTROL,
    }  # fmt: skip
    made: Disclosure = fact(Disclosure, name, "2021-08-11", **(given_ | values))
    return made


@given(facts_about(), st.randoms(use_true_random=False))
def test_flipping_what_is_held_for_epidemic_control_changes_no_byte_of_the_units_side(
    facts: list[Fact], chance: Any
) -> None:
    kept = [each for each in facts if each.data_class not in HIDDEN or isinstance(each, Order)]
    kept = [each for each in kept if not isinstance(each, Disclosure)]
    others = [each for each in facts if each.data_class in HIDDEN and not isinstance(each, Order | Disclosure)]
    # A release ends the absence the order stands for, which a unit may know.
    chosen = [each for each in others if each.kind not in ("released", "correction") and chance.random() < 0.5]
    shared = [each for each in others if each.kind in ("released", "correction")]
    views = [
        conclude(for_unit(Dossier(ME, (*kept, *shared, *some), LUOYANG), KNOWN), BOOK, known_at=KNOWN)
        for some in ([], chosen)
    ]
    assert canonical(views[0]) == canonical(views[1])


def test_a_unit_never_sees_a_standing_or_a_grade_not_even_a_green_one() -> None:
    timeline = unit(registered(data_class=DataClass.GIVEN), exposed("e", "2021-07-22 19:00", "2021-07-26 10:00"))
    assert (timeline.standings, timeline.grades, timeline.duties, timeline.findings) == ((), (), (), ())


def test_an_undisclosed_code_is_not_there_and_a_disclosed_one_is_until_the_disclosure_ends() -> None:
    facts = (CODE, replace(SHOWN, data_class=DataClass.HEALTH), on_file("report-code", data_class=DataClass.WORK))
    assert unit(*facts).duties == ()
    seen = [duty.code for duty in unit(*facts, disclosed("d", "s", "t")).duties]
    assert seen == ["report-code-community", "report-code-unit"]
    assert unit(*facts, disclosed("d", "s", "t", until=when("2021-09-01"))).duties == ()
    assert len(unit(*facts, disclosed("d", "s", "t", until=when("2021-09-01")), known="2021-08-12").duties) == 2


def test_withdrawing_the_disclosure_takes_back_what_rested_on_it() -> None:
    facts = (CODE, replace(SHOWN, data_class=DataClass.HEALTH), on_file("report-code", data_class=DataClass.WORK))
    with_it = (*facts, disclosed("d", "s", "t"), corrected("x", "d", "2021-08-20", data_class=DataClass.CONTROL))
    assert canonical(unit(*with_it)) == canonical(unit(*facts))
    assert len(unit(*with_it, known="2021-08-15").duties) == 2


def test_a_disclosure_opens_the_named_facts_and_no_others() -> None:
    positive = sampled("h", "2021-07-30 09:00")
    facts = for_unit(Dossier(ME, (CODE, positive, disclosed("d", "s")), LUOYANG), KNOWN).facts
    assert [each.id for each in facts] == ["s"]


def test_a_unit_knows_absent_on_a_health_order_until_a_day_and_nothing_else_of_it() -> None:
    confined = order("o", "2021-07-26 12:00", "2021-08-06", data_class=DataClass.CONTROL)
    home = order("p", "2021-08-06", "2021-08-13", "health_monitoring", data_class=DataClass.CONTROL)
    (absence,) = for_unit(Dossier(ME, (confined, home), LUOYANG), KNOWN).facts
    assert (absence.id, absence.at) == (f"{HEALTH_ORDER}:{confined.start}", confined.start)
    assert getattr(absence, "end") == when("2021-08-13")  # noqa: B009 - a field of another kind of fact
    assert not {"o", "p", "负责人戊", "cdc"} & {
        str(getattr(absence, name)) for name in absence.__dataclass_fields__ if name != "kind"
    }
    assert unit(AWAY, on_file("leave", data_class=DataClass.WORK), confined).findings == ()


def test_an_early_release_ends_the_absence() -> None:
    confined = order("o", "2021-07-26 12:00", "2021-08-06")
    freed = released("r", "2021-07-30 12:00")
    (absence,) = for_unit(Dossier(ME, (confined, freed), LUOYANG), KNOWN).facts
    assert getattr(absence, "end") == when("2021-07-30 12:00")  # noqa: B009
    home = released("r", "2021-07-30 12:00", Setting.HOME)
    (absence,) = for_unit(Dossier(ME, (confined, home), LUOYANG), KNOWN).facts
    assert getattr(absence, "end") == when("2021-08-06")  # noqa: B009


def test_orders_that_confine_nobody_are_no_absence() -> None:
    assert set(ENDED_BY) == {"central_isolation", "home_isolation", "health_monitoring", "extension", "area_control"}
    warning = order("o", "2021-08-11", "2022-02-11", "warning")
    assert for_unit(Dossier(ME, (warning,), LUOYANG), KNOWN).facts == ()


def test_upstream_dossiers_never_pass() -> None:
    close = Dossier(ME, (exposed("k", "2021-07-21 19:00", "2021-07-23 08:00"),), LUOYANG)
    seen = for_unit(Dossier(ME, (AWAY,), LUOYANG, (close,)), KNOWN)
    assert (seen.upstream, seen.view) == ((), View.UNIT)


def test_what_the_traveller_gave_may_be_concluded_from() -> None:
    given_code = replace(CODE, data_class=DataClass.GIVEN)
    rule = on_file("report-code", data_class=DataClass.WORK)
    shown = told("t", "2021-07-29 09:05", "code", about="s", data_class=DataClass.GIVEN)
    assert len(unit(given_code, shown, rule).duties) == 2
