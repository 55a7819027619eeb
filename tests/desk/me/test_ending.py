"""TR-38: words end with the facts they belong to, on every way a fact can end; that something was said stays provable."""

from __future__ import annotations

import pytest

from sizao.desk.counter import deciding
from sizao.desk.me import own, papers, saying
from sizao.desk.me.models import Answer, Paper, Statement
from sizao.desk.store import erasing
from sizao.desk.store.models import FactRow
from sizao.when import Instant
from tests.desk.conftest import CAST, NOW
from tests.desk.me.told import ME, resident

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("now")]


def said(key: str = "challenge-1") -> Statement:
    who = saying.own(CAST["traveller"])
    return saying.challenge(who, wrong=["time"], words="我那天在外地", evidence="车票", about="", key=key, now=NOW)


def erase(*facts: str) -> None:
    erasing.erase(list(FactRow.objects.filter(fact_id__in=facts)), ground=erasing.BY_PERIOD, now=Instant(NOW + 1))


def test_the_words_end_with_their_fact_and_the_receipt_stays() -> None:
    resident()
    first, second = said(), said("challenge-2")
    erase(first.fact)
    gone, kept = Statement.objects.get(pk=first.pk), Statement.objects.get(pk=second.pk)
    assert (gone.told, gone.helper, gone.digest, gone.number) == (None, {}, "", first.number)
    assert kept.told == second.told


def test_the_reasons_of_an_answer_end_with_the_challenge() -> None:
    resident()
    statement = said()
    page = own.page_of(ME, CAST["officer"], NOW)
    decision = deciding.Decision(granted=False, reasons="核对了监控，本人在场。")
    deciding.decide(
        page, statement.fact, decision, by=CAST["officer"], names=(), key="answer-1", now=NOW, version=page.version
    )
    erase(statement.fact)
    assert Answer.objects.get().reasons is None


def test_a_paper_ends_when_nothing_is_held_of_the_person_any_more() -> None:
    resident()
    page = own.page_of(ME, CAST["traveller"], NOW)
    papers.issue(page, saying.own(CAST["traveller"]), key="paper-1", now=NOW)
    facts = list(FactRow.objects.filter(subject=ME).values_list("fact_id", flat=True))
    erase(*facts[:1])
    assert Paper.objects.count() == 1
    erase(*facts[1:])
    assert Paper.objects.count() == 0
