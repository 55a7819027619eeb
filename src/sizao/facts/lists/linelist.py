"""Line lists: one row for each case, under the headings epidemiologists use (`id`, `dt_onset`, `date_of_report`,
发病日期, …).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from sizao.errors import FactsError
from sizao.facts.intake.mapping import Refusal
from sizao.facts.intake.tables import Table
from sizao.facts.kinds import CaseClass
from sizao.facts.lists.cases import Case, case_facts, case_summary
from sizao.facts.lists.columns import found_in, key_of
from sizao.facts.lists.days import Moment
from sizao.facts.lists.shapes import (
    Entry,
    ListOptions,
    ListRead,
    Settled,
    broken_rows,
    counted,
    in_order,
    refused,
    settle,
)
from sizao.facts.lists.sheet import Fields, Sheet, open_sheet
from sizao.facts.lists.words_used import ALIVE, CLASSES, DEAD, NO_CASE, SEXES, age_of, disease, is_citizen_number

NAME = "linelist"
HEADINGS = {
    "id": ("case_id", "case_no", "case_number", "patient_id", "unique_id", "病例编号", "病例号", "编号", "患者编号"),
    "age": ("age_years", "年龄"),
    "sex": ("gender", "性别"),
    "onset": (
        "dt_onset", "date_onset", "date_of_onset", "onset_date", "symptom_onset", "symptom_onset_date",
        "date_of_symptom_onset",
        "发病日期", "发病时间", "发病日", "症状出现日期",
    ),
    "report": (
        "dt_report", "date_report", "date_of_report", "report_date", "date_reported", "reported_at", "报告日期",
        "报告时间",
    ),
    "diagnosis": (
        "dt_diag", "dt_diagnosis", "date_of_diagnosis", "diagnosis_date", "date_diagnosis", "date_confirmed",
        "date_of_confirmation",
        "确诊日期", "确诊时间", "诊断日期", "诊断时间",
    ),
    "positive": (
        "positive_sampled_at", "date_positive_sample", "date_of_positive_sample", "dt_positive", "首次阳性采样日期",
        "首次阳性采样时间",
        "阳性采样日期", "阳性采样时间",
    ),
    "outcome": ("转归", "结局"),
    "death": ("dt_death", "date_of_death", "death_date", "date_death", "死亡日期", "死亡时间"),
    "exposed_from": (
        "dt_start_exp", "exposure_start", "exposure_from", "exposure_start_date", "date_first_exposure",
        "暴露开始日期", "首次暴露日期",
    ),
    "exposed_until": (
        "dt_end_exp", "exposure_end", "exposure_until", "exposure_end_date", "date_last_exposure", "暴露结束日期",
        "末次暴露日期",
    ),
    "case_class": ("classification", "case_classification", "case_status", "病例分类", "病例类型"),
    "disease": ("pathogen", "病种", "疾病", "疾病名称"),
    "area": (
        "reporting_area", "报告地区", "区县", "county", "district", "地区", "region", "province", "reporting_ctry",
        "country",
    ),
    "symptoms": ("症状",),
}  # fmt: skip
FIELDS = Fields(
    headings=HEADINGS, dates=("onset", "report", "diagnosis", "positive", "death", "exposed_from", "exposed_until"),
    needed=("id",),
    first_wins=("area",), marks=("age", "sex", "outcome", "death", "exposed_from", "exposed_until", "diagnosis"),
)  # fmt: skip
_DATED = {"onset", "report", "diagnosis", "positive"}
_BETWEEN = re.compile(r"[;,；，、|+]")


class Cases(NamedTuple):
    """The cases of a line list as read, before facts: what a list of contacts is joined with."""

    sheet: Sheet
    settled: Settled[Case]
    refusals: list[Refusal]


def recognises(columns: Sequence[str]) -> int:
    """How well a header fits a line list: it has an id, a date, and something only line lists say of a case."""
    found = found_in(columns, HEADINGS)
    marks = len(found & set(FIELDS.marks))
    return len(found) + 9 * marks if "id" in found and found & _DATED and marks else 0


def read(table: Table, options: ListOptions) -> ListRead:
    """A line list as facts, refusals and a summary. Refuses a file without a column of ids (F301)."""
    return read_of(cases_of(table, options))


def cases_of(table: Table, options: ListOptions) -> Cases:
    """The cases of a line list, row by row taken or refused."""
    sheet = open_sheet(table, FIELDS, options)
    entries: list[Entry[Case]] = []
    refusals = broken_rows(table)
    for row, cells in zip(table.row_numbers, table.rows, strict=True):
        try:
            case = _case(sheet, row, cells)
        except FactsError as error:
            refusals.append(refused(error))
        else:
            entries.append(Entry(row, sheet.heading("id"), case.id, case.id, case))
    settled = settle(entries, table.file)
    return Cases(sheet, settled, refusals + settled.refusals)


def read_of(cases: Cases) -> ListRead:
    """What became of a line list."""
    sheet, records = cases.sheet, cases.settled.records
    facts, notes = case_facts(records, sheet.options)
    notes += sheet.notes()
    return ListRead(
        mapping=NAME, facts=in_order(facts), rows=sheet.table.total, joined=cases.settled.joined,
        refusals=tuple(sorted(cases.refusals, key=lambda one: one.row)),
        summary=case_summary(records) | {"identity_columns_kept_out": list(sheet.identities)}, notes=counted(notes),
        unread=tuple(sheet.unread), first_rows=cases.settled.first_rows,
    )  # fmt: skip


def _case(sheet: Sheet, row: int, cells: Sequence[str]) -> Case:
    moments = {name: sheet.moment(name, row, cells) for name in sheet.dates}
    case = Case(
        id=case_id(sheet, "id", row, cells), sex=sex_of(sheet, "sex", row, cells), age=years_of(sheet, "age", row, cells),
        dead=_died(sheet, row, cells, moments.get("death")), told_class=class_of(sheet, "case_class", row, cells),
        disease=disease(text) if (text := sheet.text("disease", cells)) else None, area=sheet.text("area", cells) or None,
        symptoms=tuple(sorted({part.strip() for part in _BETWEEN.split(sheet.text("symptoms", cells)) if part.strip()})),
        **moments,
    )  # fmt: skip
    if case.known_at() is None:
        sheet.refuse("F313", "report", row, cells, wanted=", ".join(HEADINGS["report"][1:3] + HEADINGS["onset"][1:3]))
    if case.exposed_from and case.exposed_until and case.exposed_until.instant < case.exposed_from.instant:
        sheet.refuse("F314", "exposed_until", row, cells, begins=case.exposed_from.day.isoformat())
    return case


def case_id(sheet: Sheet, name: str, row: int, cells: Sequence[str]) -> str:
    """The id of a row. Refuses a row without one (F310) and one that says who somebody is (F311)."""
    text = sheet.text(name, cells)
    if not text:
        sheet.refuse("F310", name, row, cells)
    if is_citizen_number(text):
        at = sheet.where(name, row)
        raise FactsError("F311", where=at, value=text[:6] + "…")
    return text


def sex_of(sheet: Sheet, name: str, row: int, cells: Sequence[str]) -> str | None:
    """Female, male, or not known."""
    text = sheet.text(name, cells)
    found = SEXES.get(key_of(text)) if text else None
    if text and found is None and key_of(text) not in ("other", "其他"):
        sheet.leave(name, row, cells)
    return found


def years_of(sheet: Sheet, name: str, row: int, cells: Sequence[str]) -> float | None:
    """Years of age, or not known."""
    text = sheet.text(name, cells)
    found = age_of(text) if text else None
    if text and found is None:
        sheet.leave(name, row, cells)
    return found


def class_of(sheet: Sheet, name: str, row: int, cells: Sequence[str]) -> CaseClass | None:
    """The class of a case, None where it is not said. Refuses what was ruled out (F315) and a word that means none
    (F316).
    """
    text = sheet.text(name, cells)
    if not text:
        return None
    key = key_of(text)
    if key in NO_CASE:
        sheet.refuse("F315", name, row, cells)
    if key not in CLASSES:
        sheet.refuse("F316", name, row, cells, known=", ".join(CaseClass))
    return CLASSES[key]


def _died(sheet: Sheet, row: int, cells: Sequence[str], death: Moment | None) -> bool:
    text = sheet.text("outcome", cells)
    key = key_of(text) if text else ""
    if key and key not in DEAD and key not in ALIVE:
        sheet.leave("outcome", row, cells)
    return death is not None or key in DEAD
