"""Mappings of what laboratories and hospitals report: case notices and tests."""

from __future__ import annotations

from collections.abc import Sequence

from sizao.facts.intake.mapping import (
    CASE_CLASSES,
    Cells,
    Given,
    Mapping,
    Reading,
    column,
    person,
    read_rows,
    words_of,
)
from sizao.facts.intake.movement import PERSON
from sizao.facts.kinds import CaseNotice, DataClass, Fact, Result, Test

RESULTS = words_of(
    {
        Result.NEGATIVE: "negative neg - 阴性 阴 未检出",
        Result.POSITIVE: "positive pos + 阳性 阳 检出",
        Result.INDETERMINATE: "indeterminate inconclusive 可疑 单靶标阳性 灰区",
        Result.PENDING: "pending 待出 检测中 待检",
    }
)
METHODS = words_of(
    {
        "pcr": "pcr rt-pcr naat 核酸 核酸检测 核酸检验",
        "antigen": "antigen rat 抗原 抗原检测",
        "serology": "serology igm igg 血清 抗体",
    }
)
YES_NO = words_of({True: "true yes y 1 是 混采 混检", False: "false no n 0 否 单采 单检 单管"})

PATIENT = PERSON._replace(
    headings=(*PERSON.headings, "case", "case_id", "patient", "病例编号", "病例", "患者编号", "编号")
)

CASES = (
    PATIENT,
    column("case_class", "class classification 病例分类 诊断分类 诊断类型 分类", needed=True),
    column("reported_at", "notice_at report_time reported 报告时间 通报时间 报告日期", needed=True, dates=True),
    column("disease", "病种 疾病 疾病名称"),
    column("onset", "onset_date date_onset 发病日期 发病时间 症状出现时间", dates=True),
    column(
        "positive_sampled_at",
        "first_positive_sample sampled_at 首次阳性采样时间 阳性采样时间 阳性标本采集时间 采样时间",
        dates=True,
    ),
    column("area", "reporting_area 报告地区 区划 报告区县"),
    column("reported_by", "reporter hospital 报告单位 报告医院"),
)
TESTS = (
    PATIENT,
    column("sampled_at", "sample_time sampled collected_at 采样时间 采样日期 采集时间", needed=True, dates=True),
    column("result", "test_result 检测结果 结果", needed=True),
    column("sample", "sample_id tube barcode 样本编号 标本编号 试管码 条码"),
    column("resulted_at", "result_time 出结果时间 结果时间 检测时间 报告时间", dates=True),
    column("method", "检测方法 方法"),
    column("pooled", "pool 混采 采样方式"),
    column("specimen", "标本类型 标本"),
)


def read_cases(cells: Cells, given: Given) -> Reading:
    """Case notices. What is not told — onset, first positive sample — stays unknown."""

    def facts_of(index: int) -> Sequence[Fact]:
        at, precision = cells.at("reported_at", index)
        onset, positive = cells.moment("onset", index), cells.moment("positive_sampled_at", index)
        return [
            given.fact(
                CaseNotice, DataClass.HEALTH, subject=person(cells.needed("person", index)), at=at, precision=precision,
                case_class=cells.word("case_class", index, CASE_CLASSES), disease=cells.needed("disease", index),
                onset=onset and onset[0], positive_sampled_at=positive and positive[0],
                reporting_area=cells.needed("area", index), reported_by=cells.text("reported_by", index) or None,
            )
        ]  # fmt: skip

    return read_rows(cells, facts_of)


def read_tests(cells: Cells, given: Given) -> Reading:
    """Tests. A sample without a number of its own is named by its person and moment."""

    def facts_of(index: int) -> Sequence[Fact]:
        who = person(cells.needed("person", index))
        at, precision = cells.at("sampled_at", index)
        resulted = cells.moment("resulted_at", index)
        return [
            given.fact(
                Test, DataClass.HEALTH, subject=who, at=at, precision=precision,
                sample=cells.text("sample", index) or f"{who}@{at}", result=cells.word("result", index, RESULTS),
                resulted_at=resulted and resulted[0], method=cells.word("method", index, METHODS, "pcr"),
                pooled=cells.word("pooled", index, YES_NO, False), specimen=cells.text("specimen", index) or None,
            )
        ]  # fmt: skip

    return read_rows(cells, facts_of)


MAPPINGS = (
    Mapping(name="cases", columns=CASES, read=read_cases, marks=("case_class",)),
    Mapping(name="tests", columns=TESTS, read=read_tests, marks=("result",)),
)
