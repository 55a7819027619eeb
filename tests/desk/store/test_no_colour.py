"""TR-01, TR-03, TR-04: no colour without a cause, and no way to type one. The lists of Zhengzhou and the invented
infection of Mainz, tried through every door: the one writer, the API, the database as the application, and as its
superuser."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from sizao.desk.ledger import sequencer
from sizao.desk.store import guards, proposals, verifying
from sizao.desk.store.acts import make, record
from sizao.desk.store.models import FactRow, TimelineRow
from sizao.desk.store.rights import MAY_RECORD, Actor, Purpose, Role, machine
from sizao.errors import DeskError
from sizao.facts.kinds import KINDS, CodeSeen, DataClass, Fact, How, Listed, SubjectId, Tip
from sizao.when import DAY_S, Instant
from tests import house
from tests.desk.conftest import COUNTY, NOW
from tests.desk.store.facts_told import CASE, exposure, negative, notice, registered, tell

pytestmark = pytest.mark.django_db

Cast = dict[str, Actor]
DEPOSITORS = [f"person:d{number}" for number in range(1317)]
GRADED = re.compile(r"\b(yellow|red)\b")


def coloured() -> int:
    return TimelineRow.objects.filter(standing__in=("yellow", "red")).count()


def told(kind: type[Fact], subject: str, actor: Actor, **fields: Any) -> Fact:
    return make(kind, subject, at=NOW, actor=actor, now=NOW, data_class=DataClass.CONTROL, **fields)


# --- through the one writer -------------------------------------------------------------------------------------------


def test_tr_04_a_pushed_list_of_1317_people_colours_nobody(cast: Cast) -> None:
    by = cast["reviewer"]
    rows = [told(Listed, each, by, list="list:depositors", why="on the list") for each in DEPOSITORS]
    record(*rows, by=by, purpose=Purpose.TRACING, expect={}, key="list", now=NOW)
    assert FactRow.objects.filter(kind="listed").count() == 1317
    assert coloured() == 0


def test_tr_04_neither_do_1317_tips_nor_colours_seen_elsewhere(cast: Cast) -> None:
    by = cast["tracer"]
    rows = [told(Tip, each, by, says="was there", by=by.id) for each in DEPOSITORS[:200]]
    rows += [told(CodeSeen, each, by, colour="red", system="elsewhere") for each in DEPOSITORS[:200]]
    rows += [exposure(each, by=by, how=How.TOLD) for each in DEPOSITORS[:200]]
    record(*rows, by=by, purpose=Purpose.TRACING, expect={}, key="tips", now=NOW)
    assert coloured() == 0


def test_tr_04_1317_exposures_without_a_case_are_refused_whoever_asks(cast: Cast) -> None:
    for name in ("tracer", "officer", "reviewer"):
        by = cast[name]
        rows = [exposure(each, by=by, case="person:no-case") for each in DEPOSITORS]
        with pytest.raises(DeskError) as caught:
            record(
                *rows,
                by=by,
                purpose=Purpose.COMMAND if name == "officer" else Purpose.TRACING,
                expect={},
                key=name,
                now=NOW,
            )
        assert caught.value.code in {"D114", "D115", "D120"}
        with pytest.raises(DeskError):
            tell(*rows[:50], by=by, purpose=Purpose.COMMAND if name == "officer" else Purpose.TRACING)
    assert not FactRow.objects.exists()


def test_tr_04_two_approvers_of_different_units_cannot_make_up_the_missing_cause(cast: Cast) -> None:
    by = cast["tracer"]
    rows = [exposure(each, by=by, case="person:no-case") for each in DEPOSITORS]
    proposal = proposals.propose(rows, by=by, purpose=Purpose.TRACING, key="p", now=NOW, name="colour")
    assert proposal.subjects == 1317
    same_unit = cast["other_tracer"]
    with pytest.raises(DeskError, match="D151"):
        proposals.approve(proposal, by=same_unit, agrees=True, reasons="asked to do so", now=NOW)
    with pytest.raises(DeskError, match="D150"):
        proposals.approve(proposal, by=by, agrees=True, reasons="asked to do so", now=NOW)
    first, second = cast["reviewer"], replace(cast["tracer"], id="user:77", unit="cdc-tracing-5")
    assert proposals.approve(proposal, by=first, agrees=True, reasons="asked to do so", now=NOW) is None
    with pytest.raises(DeskError, match="D115"):
        proposals.approve(proposal, by=second, agrees=True, reasons="asked to do so", now=NOW)
    assert not FactRow.objects.exists()
    assert coloured() == 0


def test_tr_04_mainz_an_infection_invented_by_whoever_traces_gives_no_contacts(cast: Cast) -> None:
    tracer = cast["tracer"]
    tell(notice("person:invented", by=tracer), by=tracer, purpose=Purpose.TRACING)
    with pytest.raises(DeskError, match="D115"):
        tell(exposure("person:guest", by=tracer, case="person:invented"), by=tracer, purpose=Purpose.TRACING)
    matcher = machine("match", COUNTY)
    both = replace(tracer, id=matcher.id, roles=frozenset({Role.TRACER, Role.MACHINE}))
    tell(notice("person:matched", by=both), by=both, purpose=Purpose.TRACING)
    guest = exposure("person:guest", by=matcher, case="person:matched", how=How.MATCHED)
    with pytest.raises(DeskError, match="D115"):
        tell(guest, by=matcher, purpose=Purpose.TRACING)
    assert not TimelineRow.objects.filter(subject="person:guest").exists()


# --- no door that takes a colour --------------------------------------------------------------------------------------


def test_tr_03_no_kind_of_fact_is_a_standing_and_no_role_records_one() -> None:
    fields = {(kind, name) for kind, fact in KINDS.items() for name in fact.__dataclass_fields__}
    assert {kind for kind, name in fields if name in ("standing", "grade", "colour")} == {"exposure", "code_seen"}
    assert {kind for _, kinds in MAY_RECORD.values() for kind in kinds} <= set(KINDS)


def test_tr_03_one_module_writes_timelines() -> None:
    """`concluding` draws them; `rebuilding` drops them to have them drawn again. Nothing else names the table to
    change it."""
    ways = (
        r"TimelineRow\.objects\.(create|bulk_create|bulk_update|update_or_create|get_or_create)",
        r"TimelineRow\([a-z_]+=",
        r"(UPDATE|INTO) desk_store_timelinerow",
    )
    writes = re.compile("|".join(ways))
    writers = [path.name for path in house.modules() if writes.search(path.read_text("utf-8"))]
    assert writers == ["concluding.py"]


def test_tr_03_no_page_and_no_call_is_named_for_setting_a_colour() -> None:
    def walk(patterns: list[Any], prefix: str = "") -> list[str]:
        found: list[str] = []
        for each in patterns:
            path = prefix + str(each.pattern)
            found += walk(each.url_patterns, path) if hasattr(each, "url_patterns") else [f"{path} {each.name or ''}"]
        return found

    routes = walk(get_resolver().url_patterns)
    assert routes
    assert [route for route in routes if re.search(r"admin/|colou?r|green|yellow|\bred\b", route)] == []
    shown = [route.split()[0] for route in routes if "standing" in route]
    assert {Client().post(f"/{path}").status_code for path in shown} <= {302, 403, 404, 405}


# --- the database itself ----------------------------------------------------------------------------------------------


@pytest.fixture
def contact(cast: Cast, now: Instant) -> str:
    """A close contact with a cause, beside somebody nothing is known against."""
    tell(registered("person:a"), registered("person:b"), by=cast["clerk"], purpose=Purpose.COUNTER)
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    exposed = exposure("person:a", by=cast["tracer"])
    tell(exposed, by=cast["tracer"], purpose=Purpose.TRACING)
    tell(
        negative("person:b", by=cast["lab"], sample="b", at=Instant(NOW - DAY_S)),
        by=cast["lab"],
        purpose=Purpose.TESTING,
    )
    assert coloured() >= 1
    return exposed.id


def refused(**values: object) -> None:
    with (
        pytest.raises(
            Exception, match=r"sizao: no colour|no_colour_without_cause|every_colour_ends|CHECK|NOT NULL|null value"
        ),
        transaction.atomic(),
    ):
        TimelineRow.objects.filter(pk="person:b").update(**values)


def test_tr_01_the_database_refuses_a_colour_from_which_any_one_part_is_missing(contact: str, cast: Cast) -> None:
    whole = {"standing": "red", "cause": contact, "standing_until": NOW + DAY_S}
    refused(**whole)  # the cause is another person's
    refused(**whole | {"cause": ""})
    refused(**whole | {"cause": "f0"})
    refused(**whole | {"standing_until": None})
    refused(**whole | {"cause": FactRow.objects.get(subject="person:b", kind="registered").fact_id})
    for column in ("digest", "rules", "code", "body", "known_at", "version"):
        with pytest.raises(Exception, match=r"NOT NULL|null value"), transaction.atomic():
            TimelineRow.objects.filter(pk="person:a").update(**{column: None})
    assert TimelineRow.objects.get(pk="person:b").standing in ("unknown", "green")


def test_tr_01_the_database_refuses_a_new_coloured_row_by_plain_sql(contact: str) -> None:
    columns = "subject, kind, area, version, known_at, rules, code, digest, body, read_at, standing, preliminary, standing_until"
    values = "'person:x', 'person', '999901', 1, 0, '', '', '', '', 0, 'red', %s, 9999999999, %s, '', '', 0"
    sql = f'INSERT INTO desk_store_timelinerow ({columns}, cause, grade, "case", findings) VALUES ({values})'
    for cause in ("", "f0", contact):
        with pytest.raises(Exception, match=r"sizao: no colour|no_colour_without_cause|CHECK"), transaction.atomic():
            connection.cursor().execute(sql, [False, cause])


def test_tr_01_a_cause_that_was_erased_is_none(contact: str) -> None:
    row = FactRow.objects.get(subject="person:b", kind="test")
    FactRow.objects.filter(pk=row.pk).update(line=None, salt=None)
    refused(standing="red", cause=row.fact_id, standing_until=NOW + DAY_S)


def test_tr_03_forged_by_a_superuser_it_is_found_and_named(contact: str) -> None:
    sequencer.caught_up(NOW)
    with connection.cursor() as cursor:
        for statement in guards.drop(connection.vendor):
            cursor.execute(statement)
        cursor.execute(
            "UPDATE desk_store_timelinerow SET standing = 'red', cause = %s, standing_until = %s WHERE subject = 'person:b'",
            [contact, NOW + DAY_S],
        )
    problems = verifying.verify(lambda _d, _t: None).problems
    assert [(problem.code, problem.where.key) for problem in problems] == [("U120", "person:b")]
    assert "standing" in str(problems[0].slots["columns"])


def test_tr_01_whatever_happens_in_whatever_order_no_colour_is_without_cause_rule_and_time(cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    for number in range(30):
        subject = f"person:{number % 10}"
        steps = (
            lambda s=subject: tell(registered(s), by=cast["clerk"], purpose=Purpose.COUNTER),
            lambda s=subject: tell(exposure(s, by=cast["tracer"]), by=cast["tracer"], purpose=Purpose.TRACING),
            lambda s=subject, n=number: tell(
                negative(s, by=cast["lab"], sample=f"n{n}", at=Instant(NOW - n)),
                by=cast["lab"],
                purpose=Purpose.TESTING,
            ),
        )
        steps[(number * 7) % 3]()
    for row in TimelineRow.objects.filter(standing__in=("yellow", "red")):
        assert row.cause
        assert row.rules
        assert row.code
        assert row.digest
        assert row.standing_until is not None
        assert FactRow.objects.get(fact_id=row.cause).subject == SubjectId(row.subject)
    assert CASE in set(TimelineRow.objects.exclude(cause="").values_list("subject", flat=True))
