"""Every code that is concluded can be said; every sentence belongs to a code that is concluded."""

from __future__ import annotations

import re

import pytest
import yaml

from sizao.facts.kinds import CaseClass, CodeSeen, FactId, Grade, How, Setting
from sizao.policy.kinds import Event, ReportTo
from sizao.rules.explain import Line, say_clause, say_duty, say_fact, say_reason, sentences, tree
from sizao.rules.prophylaxis import KEYS
from sizao.rules.reasons import Clause, Reason, Standing, clauses_of, facts_of
from sizao.rules.timeline import State
from sizao.when import parse_day
from sizao.words import Lang, terms
from tests import house
from tests.rules.people import concluded, duties, exposed, fact, registered, told, when

ROOM = house.SOURCE / "rules"
OURS = house.SOURCE / "words" / "said" / "rules.yaml"
SOURCE = {path.name: path.read_text("utf-8") for path in sorted(ROOM.glob("*.py"))}
ALL = "\n".join(SOURCE.values())


def _written(pattern: str) -> set[str]:
    return {found for text in SOURCE.values() for found in re.findall(pattern, text)}


def test_every_code_of_a_reason_in_the_source_has_words() -> None:
    codes = _written(r'Reason(?:\(|, \(|,\s*\(\s*)\s*"([a-z][a-z.-]+)"')
    assert len(codes) > 30
    assert {code for code in codes if f"because.{code}" not in terms()} == set()


def test_every_duty_and_finding_named_in_the_source_has_words() -> None:
    codes = _written(r'What(?:\(|, \()\s*"([a-z-]+)"') | _written(r'code = "([a-z-]+)"')
    said = {code for code in codes for head in ("duty", "because", "because.finding") if f"{head}.{code}" in terms()}
    assert codes - said == set()
    found = _written(r'Finding\(\s*"([a-z-]+)"') | _written(r'_finding\([a-z, ]*"([a-z-]+)"')
    assert len(found) > 5
    assert {code for code in found if f"because.finding.{code}" not in terms()} == set()


def test_no_sentence_of_this_room_stands_for_nothing() -> None:
    """Codes are written in the source whole or, where an f-string makes them, by their last part; deadlines in the schema."""
    said = yaml.safe_load(OURS.read_text("utf-8"))
    schema = (house.SOURCE / "policy" / "schema.py").read_text("utf-8")
    vocabularies = (*Event, *ReportTo, *How)
    composed = {f"offer-{what}" for what, _, _ in KEYS} | {"verify-code-seen-cause"}
    unused = []
    for code in said:
        head, _, tail = code.partition(".")
        if head not in ("because", "duty") or tail.rpartition(".")[2].rpartition("-")[2] in vocabularies:
            continue
        last = tail.removeprefix("duty.").removeprefix("finding.").removeprefix("secondary.")
        if last not in composed and not any(f'{mark}{last}"' in ALL for mark in '".') and f'"{last}"' not in schema:
            unused.append(code)
    assert unused == []


@pytest.mark.parametrize("name", [*Grade, *How, *CaseClass, *Standing, *State, *Setting])
def test_every_member_of_a_closed_vocabulary_has_a_term(name: str) -> None:
    kinds: dict[type, str] = {
        Grade: "grade", CaseClass: "case_class", Standing: "standing", State: "state", Setting: "setting",
    }  # fmt: skip
    kind = kinds.get(type(name))
    code = f"because.exposure.{name}" if isinstance(name, How) else f"{kind}.{name}"
    assert code in terms()


def test_a_tree_names_reason_clause_and_fact_with_two_times_and_source() -> None:
    facts = [registered(), exposed("e", "2021-07-22 19:00", "2021-07-26 10:00", why="同桌")]
    timeline = concluded(*facts)
    span = next(span for span in timeline.standings if span.standing is Standing.RED)
    lines = list(tree(span.reason, {one.id: one for one in facts}, Lang.ZH))
    assert {line.kind for line in lines} == {"reason", "clause", "fact"}
    assert lines[0] == Line(0, "reason", "红码，有以下依据")
    text = "\n".join(line.text for line in lines)
    assert "2021年7月26日 10:00 获知" in text
    assert "来源 test" in text
    assert "流调员乙 判定为病例 person:病例 的密切接触者" in text
    assert "cn-covid19-8 第 1 版 close.course" in text


def test_a_fact_that_is_not_yours_to_see_is_named_and_not_shown() -> None:
    assert say_fact(FactId("f9"), None, Lang.EN) == "fact f9 (held elsewhere, or not yours to see)"


def test_both_languages_say_who_owes_what_by_when_and_where_it_stands() -> None:
    timeline = concluded(exposed("e", "2021-07-22 19:00", "2021-07-26 10:00"))
    (isolate,) = duties(timeline, "isolate-contact")
    assert say_duty(isolate, State.DUE, Lang.EN) == (
        "area command: bring the contact into isolation; 26 July 2021, 22:00; due"
    )
    assert say_duty(isolate, State.DUE, Lang.ZH) == "属地指挥部：转运至隔离，2021年7月26日 22:00，待办"
    (tell,) = duties(timeline, "tell-contact")
    assert "规则未定时限" in say_duty(tell, State.DUE, Lang.ZH)


@pytest.mark.parametrize(
    ("code", "slot", "value", "says"),
    [
        ("duty.verify-code-seen", "colour", "standing.金", "其他颜色"),
        ("duty.relay", "what", "report.行程单", "其他事项"),
        ("area.rated", "level", "level.极高", "其他等级"),
        ("finding.no-rule-on-file", "rule", "rule.别的", "其他规定"),
    ],
)
def test_a_word_that_only_the_facts_know_is_said_as_other(code: str, slot: str, value: str, says: str) -> None:
    assert says in say_reason(Reason(code, (("by", "x"), ("system", "x"), (slot, value))), Lang.ZH)


def test_a_known_cause_of_a_colour_is_said_and_an_unknown_one_is_called_unknown() -> None:
    for cause, said in ((None, "原因未知"), ("同机", "同机")):
        timeline = concluded(fact(CodeSeen, "s", "2021-07-23", colour="yellow", system="p", cause=cause))
        assert said in sentences(duties(timeline, "verify-code-seen")[0].reason, Lang.ZH)[0]


def test_a_clause_says_its_reading_article_and_confidence() -> None:
    clause = Clause("p", "2", "k", parse_day("2021-05-01"), "CN", "two-days", "书", "第三条", "contested")
    assert (
        say_clause(clause, Lang.ZH)
        == "依据 p 第 2 版 k（读法：two-days），自 2021-05-01 起：《书》第三条（有争议的读法）"
    )
    plain = clause._replace(reading=None, article=None, confidence="V")
    assert say_clause(plain, Lang.EN) == "under p version 2, k, in force from 2021-05-01: “书” (several sources)"


def test_facts_and_clauses_of_a_reason_include_those_of_its_parts_once() -> None:
    inner = Reason("a", (), (), (FactId("f1"), FactId("f2")))
    outer = Reason("b", (), (), (FactId("f1"),), (inner, inner))
    assert facts_of(outer) == ("f1", "f2")
    assert clauses_of(outer) == ()


def test_a_person_told_of_something_reads_the_same_reason_in_another_zone() -> None:
    timeline = concluded(exposed("e", "2021-07-22 19:00", "2021-07-26 10:00"), told("t", "2021-07-26 12:00"))
    (stay,) = duties(timeline, "stay-in-isolation")
    assert stay.since == when("2021-07-26 12:00")
    assert "12 August 2021, 16:00" in sentences(stay.reason, Lang.EN, zone="UTC")[0]
