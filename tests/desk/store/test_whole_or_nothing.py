"""An act is there whole or not at all, at whichever statement the database fails, and whoever writes at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from sizao.desk.ledger.models import Pending
from sizao.desk.people.models import Identity, Person, SearchKey
from sizao.desk.people.who import Who
from sizao.desk.store import proposals
from sizao.desk.store.models import Act, Approval, DutyRow, FactRow, SubjectRow, TimelineRow
from sizao.desk.store.registering import Resident, register
from sizao.desk.store.rights import Actor, Purpose, machine
from sizao.errors import DeskError
from sizao.facts.kinds import How
from sizao.when import HOUR_S, Instant
from tests.desk.conftest import COUNTY, NOW
from tests.desk.store.facts_told import exposure, negative, notice, registered, tell

pytestmark = pytest.mark.usefixtures("committed")

Cast = dict[str, Actor]
TABLES = (Act, FactRow, SubjectRow, TimelineRow, DutyRow, Pending, Person, Identity, SearchKey, Approval)


class Fails:
    """Lets so many statements of an act through and fails the next one."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            return execute(sql, params, many, context)
        self.left -= 1
        if self.left < 0:
            raise OperationalError("the disk is gone")
        return execute(sql, params, many, context)


def state() -> list[tuple[Any, ...]]:
    """All that an act could have left behind."""
    return [tuple(table.objects.order_by("pk").values_list()) for table in TABLES]


def at_every_statement(act: Callable[[], object]) -> int:
    """Fail the first, the second, … statement of an act until it goes through; each time nothing may be left."""
    before = state()
    for after in range(400):
        try:
            with connection.execute_wrapper(Fails(after)):
                act()
        except OperationalError:
            assert state() == before, f"something was left when statement {after + 1} failed"
        else:
            assert state() != before
            return after
    raise AssertionError("the act never went through")


def test_a_notice_with_its_contacts_is_whole_or_not_at_all(cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    matcher = machine("match", COUNTY)
    facts = [exposure(f"person:{n}", by=matcher, how=How.MATCHED) for n in range(3)]
    assert at_every_statement(lambda: tell(*facts, by=matcher, purpose=Purpose.TRACING, key="match")) > 5


def test_a_registration_with_its_identity_is_whole_or_not_at_all(cast: Cast) -> None:
    new = [Resident("person:a", Who(name="旅客甲", phone="10012345678"), COUNTY)]
    clerk = cast["clerk"]
    assert at_every_statement(lambda: register(new, by=clerk, purpose=Purpose.COUNTER, key="r", now=NOW)) > 5


def test_the_last_approval_with_what_it_records_is_whole_or_not_at_all(cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    matcher = machine("match", COUNTY)
    facts = [exposure(f"person:{n}", by=matcher, how=How.MATCHED) for n in range(51)]
    proposal = proposals.propose(facts, by=matcher, purpose=Purpose.TRACING, key="p", now=NOW, name="match")
    why = "both of us read the seat list"
    proposals.approve(proposal, by=cast["tracer"], agrees=True, reasons=why, now=NOW)
    officer = cast["officer"]
    assert at_every_statement(lambda: proposals.approve(proposal, by=officer, agrees=True, reasons=why, now=NOW)) > 5


def test_of_two_who_decide_on_the_same_page_one_is_told_that_the_other_was_first(cast: Cast) -> None:
    tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    seen = {"person:a": SubjectRow.objects.get(pk="person:a").version}
    start, outcomes = threading.Barrier(4), []

    def write(number: int) -> None:
        fact = negative("person:a", by=cast["lab"], sample=f"s{number}", at=Instant(NOW - HOUR_S))
        start.wait()
        try:
            tell(fact, by=cast["lab"], purpose=Purpose.TESTING, key=f"k{number}", expect=seen)
            outcomes.append("written")
        except DeskError as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    run_all(write, 4)
    assert sorted(outcomes) == ["D113", "D113", "D113", "written"]
    assert FactRow.objects.filter(kind="test").count() == 1


def test_many_who_write_at_once_lose_nothing_and_readers_never_fail(cast: Cast) -> None:
    tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    errors: list[BaseException] = []
    done = threading.Event()

    def read(_number: int) -> None:
        while not done.is_set():
            try:
                list(FactRow.objects.filter(subject="person:a").values_list("fact_id"))
            except BaseException as failed:  # noqa: BLE001 - whatever it is, the test must say so
                errors.append(failed)
        connections.close_all()

    def write(number: int) -> None:
        try:
            for step in range(5):
                fact = negative("person:a", by=cast["lab"], sample=f"s{number}-{step}", at=Instant(NOW - HOUR_S))
                tell(fact, by=cast["lab"], purpose=Purpose.TESTING, key=f"k{number}-{step}")
        except BaseException as failed:  # noqa: BLE001 - as above
            errors.append(failed)
        finally:
            connections.close_all()

    reader = threading.Thread(target=read, args=(0,))
    reader.start()
    run_all(write, 3)
    done.set()
    reader.join()
    assert errors == []
    assert FactRow.objects.filter(kind="test").count() == 15
    assert SubjectRow.objects.get(pk="person:a").version == 16
    assert Pending.objects.count() == Act.objects.count() == 16


def run_all(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
