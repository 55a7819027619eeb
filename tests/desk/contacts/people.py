"""People of an invented outbreak, and how a browser of the cast talks to the desks' forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from django.test import Client

from sizao.desk.people.who import DocumentKind, Sex, Who
from sizao.desk.store.acts import make
from sizao.desk.store.assigning import assign
from sizao.desk.store.registering import Resident, register
from sizao.desk.store.rights import Purpose, machine
from sizao.desk.store.rows import facts_of
from sizao.facts.kinds import DataClass, Exposure, Fact, How
from sizao.when import Instant, local, parse_day
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.store.facts_told import exposure, notice, registered, tell

MATCHER = machine("match", COUNTY)
PERSON = "person:a"
NAME, PHONE = "旅客甲", "13900001111"
TEAM = CAST["follower"].unit

SignIn = Callable[[str], Client]
_keys = count()


def notice_of_case() -> str:
    """A case that the hospital reported."""
    tell(notice(), by=CAST["doctor"], purpose=Purpose.CARE)
    return "person:case"


def match_one(subject: str = PERSON) -> Exposure:
    """A resident with a name, matched with the case."""
    who = Who(name=NAME, phone=PHONE, born=parse_day("1986-05-04"), sex=Sex.MALE, document_kind=DocumentKind.NONE)
    register(
        [Resident(subject, who, COUNTY)], by=CAST["clerk"], purpose=Purpose.COUNTER, key=f"register-{subject}", now=NOW
    )
    found = exposure(subject, by=MATCHER, how=How.MATCHED)
    tell(found, by=MATCHER, purpose=Purpose.TRACING)
    return found


def match_many(number: int) -> list[Exposure]:
    """So many registered people, matched with the case."""
    names = [f"person:m{one:03d}" for one in range(number)]
    tell(*[registered(name) for name in names], by=CAST["clerk"], purpose=Purpose.COUNTER)
    found = [exposure(name, by=MATCHER, how=How.MATCHED) for name in names]
    for start in range(0, number, 50):
        tell(*found[start : start + 50], by=MATCHER, purpose=Purpose.TRACING)
    return found


def put(
    kind: type[Fact], subject: str, *, by: str, purpose: Purpose, at: int = NOW, now: Instant = NOW, **told: Any
) -> Fact:
    """One fact of one of the cast."""
    fact = make(kind, subject, at=at, actor=CAST[by], now=now, data_class=DataClass.HEALTH, **told)
    tell(fact, by=CAST[by], purpose=purpose, now=now)
    return fact


def hand_to_team(*subjects: str, team: str = TEAM) -> None:
    """Assign people to the community's team."""
    assign(
        subjects,
        desk="contacts",
        team=team,
        by=CAST["tracer"],
        purpose=Purpose.FOLLOW_UP,
        key=f"hand-{next(_keys)}",
        now=NOW,
    )


def enter(sign_in: SignIn, name: str, lang: str = "en") -> Client:
    """A browser in which somebody of the cast has signed in, speaking that language."""
    browser = sign_in(name)
    browser.cookies["sizao_language"] = "en" if lang == "en" else "zh-hans"
    return browser


def moment_of(name: str, at: int) -> dict[str, str]:
    """A moment as its four boxes post it."""
    shown = local(Instant(at), "Asia/Shanghai")
    return {
        f"{name}_year": str(shown.year), f"{name}_month": str(shown.month), f"{name}_day": str(shown.day),
        f"{name}_time": f"{shown:%H:%M}",
    }  # fmt: skip


HIDDEN = re.compile(r'<input type="hidden" name="(?P<name>[^"]+)"(?: value="(?P<value>[^"]*)")?')


def hidden_of(page: str) -> dict[str, list[str]]:
    """The hidden fields of the form on a page, but for the token."""
    found: dict[str, list[str]] = {}
    for one in HIDDEN.finditer(page):
        if one["name"] not in ("csrfmiddlewaretoken", "next"):
            found.setdefault(one["name"], []).append(one["value"] or "")
    return found


def form_at(browser: Client, url: str) -> dict[str, Any]:
    """The hidden fields a form begins with."""
    answer = browser.get(url)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return dict(hidden_of(answer.content.decode()))


def fill(browser: Client, url: str, told: Mapping[str, Any], *, sure: bool = True) -> Any:
    """Open a form, fill it in and send it; where it asks once more, say yes. The last answer is returned, not followed."""
    begun = form_at(browser, url)
    address = url.partition("?")[0]
    answer = browser.post(address, begun | dict(told))
    if sure and answer.status_code == 200:
        answer = browser.post(address, begun | dict(told) | {"sure": "1"})
    return answer


def text_of(answer: Any) -> str:
    """What a page says, without its markup."""
    page = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def facts_of_kind(subject: str, kind: str) -> Sequence[Fact]:
    """The recorded facts of one kind."""
    return [fact for fact in facts_of(subject) if fact.kind == kind]
