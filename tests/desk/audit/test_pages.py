"""The auditors' pages: everything that was done can be found and proved, and nothing of it says whom it was about."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from sizao.cli.main import sizao
from sizao.desk.access.models import Alert, ReadRow
from sizao.desk.audit.housekeeping import CHUNKS, verify_step
from sizao.desk.ledger import guards as log_guards
from sizao.desk.ledger import sequencer, signing
from sizao.desk.store import agreeing, checking, guards, jobs, keeping
from sizao.desk.store.models import Act, FactRow, Job, TimelineRow
from sizao.desk.store.rights import Actor, Purpose
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import CAST, NOW
from tests.desk.store.facts_told import exposure, negative, notice, registered, tell

pytestmark = pytest.mark.django_db(databases="__all__")

Cast = dict[str, Actor]
SignIn = Callable[[str], Client]
PAGES = ("home", "acts", "checkpoints", "log", "reads", "kept", "jobs", "verification")


@pytest.fixture
def county(cast: Cast, now: Instant) -> None:
    tell(*(registered(f"person:secret-{n}") for n in range(3)), by=cast["clerk"], purpose=Purpose.COUNTER)
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    tell(exposure("person:secret-0", by=cast["tracer"]), by=cast["tracer"], purpose=Purpose.TRACING)
    sample = negative("person:secret-1", by=cast["lab"], sample="s", at=Instant(NOW - HOUR_S))
    tell(sample, by=cast["lab"], purpose=Purpose.TESTING)
    sequencer.caught_up(NOW)


@pytest.fixture
def auditor(county: None, sign_in: SignIn) -> Client:
    return sign_in("auditor")


def text_of(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


def everything(client: Client) -> dict[str, str]:
    """Every page of the desk with its text."""
    addresses = {name: reverse(f"audit:{name}") for name in PAGES}
    for act in Act.objects.all():
        addresses[f"act {act.seq}"] = reverse("audit:act", args=[act.seq])
        addresses[f"proof {act.seq}"] = reverse("audit:proof", args=[act.seq])
    addresses["note"] = reverse("audit:note", args=[4])
    addresses["reader"] = reverse("audit:reader", args=[CAST["tracer"].id])
    found = {}
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        found[name] = text_of(answer)
    return found


# --- who may come in --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("who", sorted(set(CAST) - {"auditor"}))
def test_nobody_but_an_auditor_opens_any_of_these_pages(sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    for name in PAGES:
        assert client.get(reverse(f"audit:{name}")).status_code == 403, name
    assert client.get(reverse("audit:proof", args=[Act.objects.first().pk])).status_code == 403  # type: ignore[union-attr]  # there are acts
    assert client.post(reverse("audit:verify")).status_code == 403
    assert not Job.objects.filter(kind="verify").exists()


@pytest.mark.usefixtures("county")
def test_a_visitor_is_led_to_the_sign_in_page() -> None:
    for name in PAGES:
        answer = Client().get(reverse(f"audit:{name}"))
        assert answer.status_code == 302
        assert reverse("access:sign-in") in answer["Location"]


# --- what they show ---------------------------------------------------------------------------------------------------


def test_tr_14_no_page_says_whom_an_act_was_about(auditor: Client) -> None:
    ReadRow.objects.create(
        at=NOW,
        actor=CAST["tracer"].id,
        unit="u",
        subject="person:secret-0",
        purpose="tracing",
        fields="x",
        page="subject",
    )
    keeping.hold(
        "person:secret-1", by=CAST["officer"], article="a. 85", assessment="needed as evidence", key="h", now=NOW
    )
    sequencer.caught_up(NOW)
    pages = everything(auditor)
    facts = FactRow.objects.exclude(subject__startswith="keeping:").values_list("fact_id", flat=True)
    for name, text in pages.items():
        assert "secret" not in text, name
        assert not [fact for fact in facts if fact in text], name


def test_acts_are_listed_with_who_what_for_how_many_and_where_in_the_log(auditor: Client, sign_in: SignIn) -> None:
    sign_in("tracer")
    text = text_of(auditor.get(reverse("audit:acts")))
    assert "tracer" in text
    assert "tracing" in text
    for leaf in range(4):
        assert f"#{leaf}<" in text
    tell(registered("person:late"), by=CAST["clerk"], purpose=Purpose.COUNTER)
    assert "waiting" in text_of(auditor.get(reverse("audit:acts")))


def test_acts_can_be_narrowed_by_who_and_what_for(auditor: Client) -> None:
    by_lab = text_of(auditor.get(reverse("audit:acts"), {"actor": CAST["lab"].id}))
    assert by_lab.count("<tr data-row>") == 1
    assert text_of(auditor.get(reverse("audit:acts"), {"purpose": "care"})).count("<tr data-row>") == 1
    assert "No act matches." in text_of(auditor.get(reverse("audit:acts"), {"unit": "nobody"}))


def test_acts_come_screen_by_screen_without_gap_or_repeat(auditor: Client) -> None:
    for number in range(60):
        tell(registered(f"person:{number}"), by=CAST["clerk"], purpose=Purpose.COUNTER)
    first = text_of(auditor.get(reverse("audit:acts")))
    assert first.count("<tr data-row>") == 50
    after = sorted(Act.objects.values_list("seq", flat=True), reverse=True)[49]
    rest = text_of(auditor.get(reverse("audit:acts"), {"after": after}))
    assert rest.count("<tr data-row>") == 14
    assert f"after={after}" in first


def test_an_act_counts_its_facts_and_shows_what_was_erased_as_erased(auditor: Client) -> None:
    act = FactRow.objects.get(subject="person:secret-1", kind="test").act_id
    keeping.erase_person(
        "person:secret-1", by=CAST["officer"], article="a. 47", reasons="asked for by the person", key="e", now=NOW
    )
    text = text_of(auditor.get(reverse("audit:act", args=[act])))
    assert "health data" in text
    assert "<td>1</td><td>1</td>" in text
    assert "(1 erased)" in text_of(auditor.get(reverse("audit:acts")))
    kept = text_of(auditor.get(reverse("audit:kept")))
    assert "health data 1" in kept


def test_an_act_nobody_made_is_not_found(auditor: Client) -> None:
    for name in ("act", "proof", "note"):
        assert auditor.get(reverse(f"audit:{name}", args=[999])).status_code == 404


# --- what they take along ---------------------------------------------------------------------------------------------


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    key = f"{signing.origin()}={base64.b64encode(signing.public_key()).decode()}"
    code = sizao.main(["ledger", "verify", str(path), "--key", key, "--json"], standalone_mode=False)
    return code, json.loads(capsys.readouterr().out)


def test_a_proof_taken_along_is_accepted_offline_and_one_that_was_touched_is_not(
    auditor: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    act = Act.objects.get(actor=CAST["tracer"].id)
    text = text_of(auditor.get(reverse("audit:proof", args=[act.seq])))
    path = tmp_path / "proof.json"
    path.write_text(text, "utf-8")
    code, told = checked(path, capsys)
    assert (code, told["holds"], told["act"]["actor"]) == (0, True, CAST["tracer"].id)
    path.write_text(text.replace('"tracing"', '"audit"'), "utf-8")
    code, told = checked(path, capsys)
    assert (code, told["holds"]) == (1, False)


def test_the_whole_log_taken_along_is_accepted_offline(
    auditor: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(registered("person:late"), by=CAST["clerk"], purpose=Purpose.COUNTER)
    sequencer.caught_up(Instant(NOW + 60))
    path = tmp_path / "log.jsonl"
    path.write_text(text_of(auditor.get(reverse("audit:log"))), "utf-8")
    code, told = checked(path, capsys)
    assert (code, told["holds"], told["size"], told["checkpoints"]) == (0, True, 5, 2)


def test_the_page_of_an_act_names_the_command_with_the_key(auditor: Client) -> None:
    act = Act.objects.get(actor=CAST["tracer"].id)
    text = text_of(auditor.get(reverse("audit:act", args=[act.seq])))
    assert f"sizao ledger verify act-{act.seq}.proof.json --key {signing.origin()}=" in text


# --- reading, keeping, jobs -------------------------------------------------------------------------------------------


def test_who_read_how_much_outside_the_own_work_comes_first(auditor: Client) -> None:
    def read(actor: str, subject: str, *, outside: bool, at: int = NOW) -> None:
        ReadRow.objects.create(
            at=at,
            actor=actor,
            unit="u",
            subject=subject,
            purpose="tracing",
            fields="x",
            page="subject",
            outside=outside,
        )

    for number in range(3):
        read("user:1", f"person:{number}", outside=False)
        read("user:2", f"person:{number}", outside=True)
        read("user:2", f"person:{number}", outside=True)
    read("user:3", "person:x", outside=True, at=NOW - 30 * DAY_S)
    Alert.objects.create(kind="unusual-reads", at=NOW, actor="user:2", unit="u", count=61)
    text = text_of(auditor.get(reverse("audit:reads")))
    assert text.index("user:2") < text.index("user:1")
    assert "<td>6</td><td>3</td><td>3</td><td>1</td>" in text
    assert "<td>3</td><td>3</td><td>0</td><td>0</td>" in text
    assert "user:3" not in text
    assert "user:3" in text_of(auditor.get(reverse("audit:reads"), {"days": 40}))
    one = text_of(auditor.get(reverse("audit:reader", args=["user:2"])))
    assert "<td>6</td><td>3</td><td>3</td>" in one


def test_what_is_kept_is_shown_with_purpose_period_and_deletion(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    text = text_of(auditor.get(reverse("audit:kept")))
    assert text.count("not set") == len(keeping.without_period())
    monkeypatch.setattr(settings, "SIZAO", replace(settings.SIZAO, keeping=dict.fromkeys(keeping.names(), 77)))
    text = text_of(auditor.get(reverse("audit:kept")))
    assert text.count("<td>77</td>") == len(keeping.names())
    assert "diagnosis, grading and release, for this response only" in text


def test_the_closure_is_shown_with_its_observers(auditor: Client) -> None:
    assert "The event is not closed." in text_of(auditor.get(reverse("audit:kept")))
    keeping.close_event(
        by=CAST["officer"],
        article="a. 85",
        reasons="the response has ended",
        observers=["公证员甲", "审计员乙"],
        key="c",
        now=NOW,
    )
    text = text_of(auditor.get(reverse("audit:kept")))
    assert "公证员甲" in text
    assert "the response has ended" in text


def test_a_verification_is_asked_for_once_and_its_result_shown(auditor: Client) -> None:
    assert "It has not been run yet." in text_of(auditor.get(reverse("audit:verification")))
    for _ in range(2):
        assert auditor.post(reverse("audit:verify")).status_code == 302
    assert Job.objects.filter(kind="verify").count() == 1
    jobs.work("worker", lambda: NOW, steps=20)
    text = text_of(auditor.get(reverse("audit:verification")))
    assert "Nothing was changed." in text
    assert "4 acts, 6 facts, 4 subjects" in text


def test_a_verification_names_what_was_forged(auditor: Client) -> None:
    from django.db import connection

    for statement in (*guards.drop(connection.vendor), *log_guards.drop(connection.vendor)):
        connection.cursor().execute(statement)
    TimelineRow.objects.filter(pk="person:secret-1").update(standing="red", cause="x", standing_until=9)
    Act.objects.filter(actor=CAST["lab"].id).update(purpose="care")
    auditor.post(reverse("audit:verify"))
    jobs.work("worker", lambda: NOW, steps=20)
    text = text_of(auditor.get(reverse("audit:verification")))
    assert "Problems found: 2" in text
    assert "U105" in text
    assert "U120" in text


def test_a_verification_in_steps_comes_to_the_same_as_one_at_once(
    county: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "CHUNK", 1)
    monkeypatch.setattr(agreeing, "CHUNK", 1)
    monkeypatch.setattr(checking.check_acts, "__defaults__", (1,))
    monkeypatch.setattr(agreeing.compare, "__defaults__", (1,))
    state: Any = {}
    steps = 0
    more = True
    while more:
        progress = verify_step({}, json.loads(json.dumps(state)), NOW)
        state, more, steps = progress.checkpoint, progress.more, steps + 1
    assert steps >= 1 + 5 // CHUNKS + 5 // CHUNKS
    assert (progress.says["acts"], progress.says["facts"], progress.says["subjects"], progress.says["found"]) == (
        4,
        6,
        4,
        0,
    )


def test_jobs_are_listed(auditor: Client) -> None:
    jobs.ask("conclude", key="j", given={}, by="user:1", now=NOW)
    assert "conclude" in text_of(auditor.get(reverse("audit:jobs")))


def test_the_first_page_counts_and_leads_on(auditor: Client) -> None:
    text = text_of(auditor.get(reverse("audit:home")))
    for name in PAGES[1:]:
        if name != "log":
            assert reverse(f"audit:{name}") in text
