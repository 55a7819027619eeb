"""Invented people and moments for the tracing tests."""

from __future__ import annotations

from typing import Any

from sizao.facts.kinds import CaseClass, CaseNotice, DataClass, Fact, FactId, SubjectId
from sizao.policy.book import PolicyBook
from sizao.when import Instant, parse_instant

ZONE = "Asia/Shanghai"
AREA = "41"
CASE = SubjectId("person:病例一")


def moment(text: str) -> Instant:
    """A wall-clock moment in China, for example `2021-07-26T12:00`."""
    return parse_instant(text + "+08:00")


def fact(kind: type[Fact], name: str, at: str, **more: Any) -> Any:
    """A fact of that kind, recorded when it happened unless `recorded_at` says otherwise."""
    common: dict[str, Any] = {
        "subject": CASE,
        "source": "test",
        "recorder": "test",
        "basis": "test",
        "data_class": DataClass.HEALTH,
    }
    common |= {"at": moment(at), "recorded_at": moment(at)} | more
    return kind(id=FactId(name), **common)


def notice(at: str, **more: Any) -> CaseNotice:
    """A notice of an asymptomatic infection unless `more` says otherwise."""
    common: dict[str, Any] = {"case_class": CaseClass.ASYMPTOMATIC, "disease": "covid19", "reporting_area": "2102"}
    found: CaseNotice = fact(CaseNotice, f"notice-{at}", at, **(common | more))
    return found


def book(*packs: str, **readings: str) -> PolicyBook:
    """The eighth edition with the four-day reading, unless told otherwise."""
    named = packs or ("cn-covid19-8",)
    chosen = {"case.window.days_before": readings.get("window", "four-days")} if "cn-covid19-8" in named else {}
    return PolicyBook.load([*named, "safeguards"], readings=chosen)
