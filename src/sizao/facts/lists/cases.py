"""Cases of a list, whichever system wrote it: one shape, one way to facts, one summary.

A row becomes a `CaseNotice`; symptoms become facts where the list names them and says when the person fell ill. Age,
sex, outcome and death are counted in the summary and kept in no fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sizao.facts.kinds import CaseClass, CaseNotice, Fact, Symptom
from sizao.facts.lists.days import Moment
from sizao.facts.lists.numbers import by_count, peak, span, spread
from sizao.facts.lists.shapes import ListOptions
from sizao.facts.lists.words_used import FEMALE, MALE

NOT_SAID = "unspecified"
"""A disease or area of which neither the list nor the person who imports it says which it is."""


class Case(NamedTuple):
    """One case as its list tells it. `told_class` is None where the list does not say."""

    id: str
    sex: str | None = None
    age: float | None = None
    onset: Moment | None = None
    report: Moment | None = None
    diagnosis: Moment | None = None
    positive: Moment | None = None
    death: Moment | None = None
    dead: bool = False
    told_class: CaseClass | None = None
    exposed_from: Moment | None = None
    exposed_until: Moment | None = None
    disease: str | None = None
    area: str | None = None
    symptoms: tuple[str, ...] = ()

    def known_at(self) -> Moment | None:
        """What dates the notice: the report, else the diagnosis, the positive sample, the onset."""
        return self.report or self.diagnosis or self.positive or self.onset


def case_facts(cases: Sequence[Case], options: ListOptions) -> tuple[list[Fact], Counter[str]]:
    """The facts of cases, each of which has a date, and what had to be assumed for them, by code."""
    facts: list[Fact] = []
    notes: Counter[str] = Counter()
    for case in cases:
        facts.append(_notice(case, options, notes))
        if case.symptoms and case.onset is None:
            notes["list.symptoms_without_onset"] += 1
        elif case.onset is not None:
            facts += [_symptom(case, case.onset, symptom, options) for symptom in case.symptoms]
    return facts, notes


def _notice(case: Case, options: ListOptions, notes: Counter[str]) -> Fact:
    told = case.known_at()
    assert told is not None
    disease, area = case.disease or options.disease, case.area or options.area
    if disease is None:
        notes["list.disease_not_said"] += 1
    if area is None:
        notes["list.area_not_said"] += 1
    return options.fact(
        CaseNotice, subject=options.person(case.id), at=told.instant, precision=told.precision,
        case_class=_class_of(case, options, notes), disease=disease or NOT_SAID, reporting_area=area or NOT_SAID,
        onset=case.onset.instant if case.onset else None,
        positive_sampled_at=case.positive.instant if case.positive else None,
        reported_by=options.source,
    )  # fmt: skip


def _class_of(case: Case, options: ListOptions, notes: Counter[str]) -> CaseClass:
    """As the list says, else as the importing person does, else confirmed by a diagnosis or a positive sample, else
    suspected.
    """
    said = case.told_class or options.case_class
    if said is not None:
        return said
    if case.diagnosis is not None or case.positive is not None:
        notes["list.class_by_diagnosis"] += 1
        return CaseClass.CONFIRMED
    notes["list.class_not_said"] += 1
    return CaseClass.SUSPECTED


def _symptom(case: Case, onset: Moment, symptom: str, options: ListOptions) -> Fact:
    return options.fact(
        Symptom, subject=options.person(case.id), at=onset.instant, precision=onset.precision, symptom=symptom
    )


def case_summary(cases: Sequence[Case]) -> dict[str, Any]:
    """The numbers of a list of cases. Delays count whole local days; `exposure_window_known` counts cases with onset
    and a window.
    """
    onsets = [case.onset.day for case in cases if case.onset]
    reports = [case.report.day for case in cases if case.report]
    return {
        "cases": len(cases), "deaths": sum(case.dead for case in cases), **sexes(case.sex for case in cases),
        "age": spread([case.age for case in cases if case.age is not None]), "onset_known": len(onsets),
        **span("onset", onsets),
        **span("report", reports), "onset_to_report": spread(_delays([(case.onset, case.report) for case in cases])),
        "onset_to_diagnosis": spread(_delays([(case.onset, case.diagnosis) for case in cases])),
        "peak_onset_day": peak(onsets),
        "exposure_window_known": sum(bool(case.onset and case.exposed_from and case.exposed_until) for case in cases),
        "diseases": by_count(Counter(case.disease for case in cases if case.disease)),
    }  # fmt: skip


def sexes(said: Any) -> dict[str, int]:
    """How many female, male and not known."""
    counts = Counter(said)
    return {FEMALE: counts[FEMALE], MALE: counts[MALE], "sex_unknown": counts[None]}


def onset_day(case: Case) -> date | None:
    """The day a case fell ill, where it is known."""
    return case.onset.day if case.onset else None


def _delays(pairs: Sequence[tuple[Moment | None, Moment | None]]) -> list[float]:
    return [float((end.day - start.day).days) for start, end in pairs if start and end]
