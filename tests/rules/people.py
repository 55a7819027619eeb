"""Facts about invented people, written short: local times of Shanghai, and everything that does not matter filled in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from sizao.facts.kinds import (
    Admitted,
    CaseClass,
    CaseNotice,
    Confirmed,
    Correction,
    DataClass,
    Exposure,
    Fact,
    FactId,
    Grade,
    How,
    Order,
    Registered,
    Released,
    Result,
    Setting,
    SubjectId,
    Test,
    Told,
)
from sizao.policy.book import PolicyBook
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.reasons import Reason, facts_of
from sizao.rules.timeline import Duty, State, Timeline, at
from sizao.when import HOUR_S, Instant, parse_instant

ME = SubjectId("person:旅客乙")
CASE = SubjectId("person:病例")
LUOYANG = "410302"
ZHUMADIAN = "411702"
TRACER = "流调员乙"


def when(text: str) -> Instant:
    """`2021-07-26` or `2021-07-26 10:00`, in Shanghai."""
    day, _, time = text.partition(" ")
    return parse_instant(f"{day}T{time or '00:00'}:00+08:00")


def fact(kind: type[Fact], name: str, moment: str, **values: Any) -> Any:
    """A fact of `ME` at a local time; `recorded` is when it became known, the same moment unless given."""
    recorded = values.pop("recorded", moment)
    values.setdefault("data_class", DataClass.HEALTH)
    head: dict[str, Any] = {
        "id": FactId(name), "subject": ME, "at": when(moment), "recorded_at": when(recorded), "source": "test",
        "recorder": "test", "basis": "test",
    }  # fmt: skip
    return kind(**(head | values))


def exposed(name: str, last: str, recorded: str, **values: Any) -> Exposure:
    """Judged a close contact by a named tracer, unless said otherwise; the contact lasted an hour."""
    end = when(last)
    given: dict[str, Any] = {
        "case": CASE, "how": How.JUDGED, "by": TRACER, "grade": Grade.CLOSE, "first": Instant(end - HOUR_S), "last": end,
        "minutes": 60,
    }  # fmt: skip
    made: Exposure = fact(Exposure, name, last, recorded=recorded, **(given | values))
    return made


def matched(name: str, last: str, recorded: str, **values: Any) -> Exposure:
    """Found by the engine, confirmed by nobody."""
    return exposed(name, last, recorded, how=How.MATCHED, by=None, rule="r", **values)


def confirmed(name: str, exposure: str, moment: str, **values: Any) -> Confirmed:
    """Confirmed by a named tracer."""
    made: Confirmed = fact(Confirmed, name, moment, exposure=FactId(exposure), **({"by": TRACER} | values))
    return made


def told(name: str, moment: str, what: str = "contact", **values: Any) -> Told:
    """Told by telephone."""
    made: Told = fact(Told, name, moment, what=what, **({"channel": "phone", "by": TRACER} | values))
    return made


def sampled(name: str, moment: str, result: Result = Result.NEGATIVE, **values: Any) -> Test:
    """A sample with its result the same moment, unless said otherwise."""
    given: dict[str, Any] = {"sample": name, "result": result, "resulted_at": when(values.get("recorded", moment))}
    made: Test = fact(Test, name, moment, **(given | values))
    return made


def notice(name: str, moment: str, **values: Any) -> CaseNotice:
    """A confirmed case of covid19, reported here."""
    given: dict[str, Any] = {"case_class": CaseClass.CONFIRMED, "disease": "covid19", "reporting_area": LUOYANG}
    made: CaseNotice = fact(CaseNotice, name, moment, **(given | values))
    return made


def admitted(name: str, moment: str, setting: Setting = Setting.CENTRAL, **values: Any) -> Admitted:
    """Received at a site."""
    made: Admitted = fact(Admitted, name, moment, setting=setting, **({"place": "site:1"} | values))
    return made


def released(name: str, moment: str, setting: Setting = Setting.CENTRAL, **values: Any) -> Released:
    """Released by the area."""
    made: Released = fact(Released, name, moment, setting=setting, **({"by": "area"} | values))
    return made


def order(name: str, start: str, until: str, orders: str = "central_isolation", **values: Any) -> Order:
    """Ordered by a named officer of the CDC."""
    given: dict[str, Any] = {"body": "cdc", "officer": "负责人戊", "article": "40", "reasons": "contact"}
    made: Order = fact(Order, name, start, orders=orders, start=when(start), until=when(until), **(given | values))
    return made


def registered(name: str = "reg", moment: str = "2021-01-01", **values: Any) -> Registered:
    """A resident."""
    made: Registered = fact(Registered, name, moment, **({"area": LUOYANG} | values))
    return made


def corrected(name: str, corrects: str, moment: str, **values: Any) -> Correction:
    """Takes back a fact."""
    given: dict[str, Any] = {"corrects": FactId(corrects), "why": "entered by mistake"}
    made: Correction = fact(Correction, name, moment, **(given | values))
    return made


@lru_cache(maxsize=16)
def book(*packs: str, folder: Path | None = None) -> PolicyBook:
    """The book of those packs; Luoyang in July 2021 when none is named."""
    return PolicyBook.load(packs or ("cn-covid19-8", "henan-2021-07", "authority-cn", "safeguards"), folder=folder)


def concluded(
    *facts: Fact, rules: PolicyBook | None = None, area: str = LUOYANG, known: str = "2023-01-01", **more: Any
) -> Timeline:
    """What follows for `ME` in Luoyang."""
    dossier = Dossier(ME, tuple(facts), area, **more)
    return conclude(dossier, rules if rules is not None else book(), known_at=when(known))


def standing(timeline: Timeline, moment: str) -> str:
    """The standing at a local time; with `?` when it is preliminary."""
    span = at(timeline, when(moment)).standing
    assert span is not None
    return str(span.standing) + ("?" if span.preliminary else "")


def grades(timeline: Timeline, moment: str) -> list[str]:
    """The grades at a local time; with `?` when preliminary."""
    return sorted(span.grade + ("?" if span.preliminary else "") for span in at(timeline, when(moment)).grades)


def duties(timeline: Timeline, code: str) -> list[Duty]:
    """All duties of that code."""
    return [duty for duty in timeline.duties if duty.code == code]


def states(timeline: Timeline, code: str, moment: str) -> list[State]:
    """The states of all duties of that code that have begun by then."""
    now = when(moment)
    return [duty.state(now) for duty in duties(timeline, code) if duty.since <= now]


def findings(timeline: Timeline) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in timeline.findings]


def reasons(timeline: Timeline) -> list[Reason]:
    """Every reason of every conclusion."""
    found = [span.reason for span in timeline.grades] + [span.reason for span in timeline.standings]
    found += [duty.reason for duty in timeline.duties] + [finding.reason for finding in timeline.findings]
    return found + [span.reason for span in timeline.levels]


def rests_on(reason: Reason, name: str) -> bool:
    """True when the fact stands somewhere in the reason."""
    return name in facts_of(reason)
