"""An explanation names nobody but its reader, whatever a reason holds."""

from __future__ import annotations

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.me.why import OF_OTHERS, WITHHELD, Teller, explain, say_step
from sizao.rules.reasons import Reason
from sizao.words import Lang, say, terms

STEM = "because."
CODES = sorted(code.removeprefix(STEM) for code in terms() if code.startswith(STEM))
SECRET = "病例甲与邻居丙"


def slots_of(code: str) -> set[str]:
    return {name for text in terms()[code].values() for _, name, _, _ in Formatter().parse(text) if name}


def reason_with_secrets(code: str) -> Reason:
    """A reason of that code in which everything that may be another's is the secret."""
    values: dict[str, str | int] = dict.fromkeys(OF_OTHERS, SECRET)
    values |= {
        "place": "policy.place_kind.theatre",
        "grade": "grade.close",
        "standing": "standing.red",
        "to": "to.community",
    }
    values |= {"colour": "standing.red", "ground": "ground.close", "setting": "setting.home", "care": "care.isolation"}
    values |= {
        "class": "case_class.confirmed",
        "level": "level.high",
        "orders": "order.central_isolation",
        "rule": "rule.trip",
    }
    values |= {"what": "report.trip"}
    asked = slots_of(STEM + code)
    return Reason(code, tuple((name, values.get(name, 1_627_387_200)) for name in sorted(asked | OF_OTHERS)))


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("code", CODES)
def test_no_reason_of_the_catalogue_tells_what_may_be_anothers(code: str, lang: Lang) -> None:
    assert SECRET not in say_step(reason_with_secrets(code), lang, "Asia/Shanghai")


@pytest.mark.parametrize("code", CODES)
def test_every_reason_that_could_name_somebody_else_has_words_of_its_own(code: str) -> None:
    """A reason that is merely withheld explains nothing."""
    if slots_of(STEM + code) & OF_OTHERS:
        own = f"me.because.{code}"
        assert own in terms()
        assert not slots_of(own) & OF_OTHERS


def test_own_words_stand_for_reasons_that_exist() -> None:
    own = {code.removeprefix("me.because.") for code in terms() if code.startswith("me.because.")} - {"withheld"}
    assert own <= set(CODES)


def test_a_reason_nobody_foresaw_is_withheld_and_not_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sizao.desk.me.why.terms", lambda: {"because.exposure.matched": terms()["because.exposure.matched"]}
    )
    told = say_step(reason_with_secrets("exposure.matched"), Lang.EN, "Asia/Shanghai")
    assert told == say(WITHHELD, Lang.EN)


trees = st.recursive(
    st.sampled_from(CODES).map(reason_with_secrets),
    lambda parts: st.builds(
        lambda code, below: reason_with_secrets(code)._replace(parts=tuple(below)),
        st.sampled_from(CODES),
        st.lists(parts, max_size=3),
    ),
    max_leaves=8,
)


@given(trees, st.sampled_from(list(Lang)))
def test_no_tree_of_reasons_tells_what_may_be_anothers(reason: Reason, lang: Lang) -> None:
    to = Teller(own={}, acts={}, offices={}, lang=lang, zone="Asia/Shanghai")
    assert SECRET not in str(explain(reason, to))
