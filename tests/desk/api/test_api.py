"""The API does what the pages do, for whoever a token stands for and no more; and nothing of it takes a colour."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from sizao.desk.access.models import Grant, ReadRow, User
from sizao.desk.api import tokens
from sizao.desk.api.models import ApiToken
from sizao.desk.api.tokens import Scope
from sizao.desk.ledger import sequencer, signing
from sizao.desk.store.models import Act, FactRow, SubjectRow, TimelineRow
from sizao.desk.store.rights import Actor, Purpose
from sizao.errors import DeskError
from sizao.ledger import bundle as bundles
from sizao.ledger.signing import holds
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import CAST, NOW
from tests.desk.store.facts_told import CASE, exposure, notice, registered, tell

pytestmark = pytest.mark.django_db(databases="__all__")

Cast = dict[str, Actor]
ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class System:
    """A system with a token."""

    client: Client
    token: str

    def get(self, path: str, lang: str = "en", **query: Any) -> Any:
        return self.client.get(
            f"{ROOT}{path}", query, headers={"authorization": f"Bearer {self.token}", "accept-language": lang}
        )

    def post(self, path: str, body: Any, key: str | None = "k1", **more: str) -> Any:
        headers = {"authorization": f"Bearer {self.token}", "accept-language": "en"} | more
        if key is not None:
            headers["idempotency-key"] = key
        return self.client.post(f"{ROOT}{path}", json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def system(db: None, now: Instant) -> Callable[..., System]:
    """A token of somebody of the cast, with every scope or those named."""

    def of(name: str, *scopes: Scope) -> System:
        actor = CAST[name]
        user = User.objects.filter(username=name).first()
        if user is None:
            pk = int(actor.id.partition(":")[2])
            user = User.objects.create(
                name, pk=pk, unit=actor.unit, person=actor.person or "", name_zh=name, name_en=name
            )
            for role in actor.roles:
                for area in actor.areas or ("",):
                    Grant.objects.create(user=user, role=role, area=area, since=NOW - DAY_S, by="test")
        asked = scopes or tuple(Scope)
        _, text = tokens.issue(user, name="test", scopes=asked, expires_at=Instant(NOW + DAY_S), by="user:11", now=NOW)
        return System(Client(), text)

    return of


def sample(subject: str = "person:a", **more: Any) -> dict[str, Any]:
    return {
        "kind": "test",
        "subject": subject,
        "at": NOW - HOUR_S,
        "data_class": "health",
        "sample": "s1",
        "result": "negative",
    } | more


def of_samples(*facts: dict[str, Any]) -> dict[str, Any]:
    return {"purpose": "testing", "facts": list(facts or (sample(),))}


@pytest.fixture
def county(cast: Cast) -> None:
    tell(registered("person:a"), registered("person:b"), by=cast["clerk"], purpose=Purpose.COUNTER)
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    tell(exposure("person:a", by=cast["tracer"]), by=cast["tracer"], purpose=Purpose.TRACING)


# --- who may come in --------------------------------------------------------------------------------------------------


def test_without_a_token_nothing_opens_and_a_signed_in_browser_is_no_token(sign_in: Callable[[str], Client]) -> None:
    for client in (Client(), sign_in("tracer")):
        for path in (
            "/subjects/person:a?purpose=tracing",
            "/contacts?purpose=tracing",
            "/cases?purpose=tracing",
            "/proposals",
            "/jobs/x",
            "/ledger/acts/1/proof",
        ):
            answer = client.get(ROOT + path, headers={"accept-language": "en"})
            assert answer.status_code == 401, path
            assert answer["Content-Type"].startswith("application/problem+json")
            assert answer.json()["code"] == "U140"
        assert client.post(f"{ROOT}/facts", "{}", content_type="application/json").status_code == 401


def test_a_token_ends_with_its_time_its_user_and_its_withdrawal(system: Callable[..., System]) -> None:
    lab = system("lab")
    held, user = ApiToken.objects.get(), User.objects.get(username="lab")
    assert lab.get("/proposals").status_code == 200
    for change, back in (
        ({"expires_at": NOW}, {"expires_at": NOW + DAY_S}),
        ({"revoked_at": NOW}, {"revoked_at": None}),
    ):
        ApiToken.objects.filter(pk=held.pk).update(**change)
        assert lab.get("/proposals").status_code == 401
        ApiToken.objects.filter(pk=held.pk).update(**back)
    Grant.objects.filter(user=user).update(until=NOW)
    assert lab.get("/proposals").status_code == 401


def test_the_token_itself_is_nowhere_in_the_database(system: Callable[..., System]) -> None:
    lab = system("lab")
    kept = ApiToken.objects.get()
    assert lab.token not in json.dumps([str(value) for value in vars(kept).values()])
    assert kept.digest == tokens.digest_of(lab.token)


@pytest.mark.parametrize("scope", list(Scope))
def test_a_scope_opens_its_own_calls_and_no_other(system: Callable[..., System], scope: Scope) -> None:
    tracer = system("tracer", scope)
    opens = {
        Scope.SUBJECTS_READ: tracer.get("/subjects/person:a", purpose="tracing"),
        Scope.LISTS_READ: tracer.get("/contacts", purpose="tracing"),
        Scope.PROPOSALS_DECIDE: tracer.get("/proposals"),
        Scope.JOBS_READ: tracer.get("/jobs/none"),
        Scope.LEDGER_READ: tracer.get("/ledger/acts/1/proof"),
        Scope.FACTS_WRITE: tracer.post("/facts", of_samples()),
    }
    assert {one for one, answer in opens.items() if b"U146" not in answer.content} == {scope}


def test_unknown_scopes_and_ends_are_refused(system: Callable[..., System]) -> None:
    system("lab")
    user = User.objects.get(username="lab")
    for scopes, days, code in (
        (["everything"], 1, "U144"),
        ([], 1, "U144"),
        (["jobs:read"], 0, "U145"),
        (["jobs:read"], 400, "U145"),
    ):
        with pytest.raises(DeskError, match=code):
            tokens.issue(user, name="t", scopes=scopes, expires_at=Instant(NOW + days * DAY_S), by="x", now=NOW)


# --- recording --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
def test_facts_are_recorded_as_one_act_and_a_repeat_is_harmless(system: Callable[..., System]) -> None:
    lab = system("lab")
    first = lab.post("/facts", of_samples(sample(), sample("person:b", sample="s2")))
    assert first.status_code == 200, first.content
    told = first.json()
    assert (told["stored"], told["known"], told["repeated"]) == (2, 0, False)
    again = lab.post("/facts", of_samples(sample(), sample("person:b", sample="s2"))).json()
    assert (again["act"], again["repeated"]) == (told["act"], True)
    assert lab.post("/facts", of_samples(sample(sample="s9"))).json()["code"] == "D112"
    row = FactRow.objects.get(fact_id=told["facts"][0])
    assert (row.recorded_at, json.loads(row.line or "")["recorder"]) == (NOW, CAST["lab"].id)
    assert "k1" not in Act.objects.get(pk=told["act"]).key


@pytest.mark.usefixtures("county")
def test_a_lost_update_is_refused_by_if_match(system: Callable[..., System]) -> None:
    lab = system("lab")
    version = SubjectRow.objects.get(pk="person:a").version
    assert lab.post("/facts", of_samples(), key="a", **{"if-match": f'"{version}"'}).status_code == 200
    refused = lab.post("/facts", of_samples(sample(sample="s2")), key="b", **{"if-match": f'"person:a={version}"'})
    assert (refused.status_code, refused.json()["code"]) == (412, "D113")
    assert lab.post("/facts", of_samples(sample(sample="s3")), key="c", **{"if-match": "soon"}).json()["code"] == "U152"


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (of_samples(sample(recorder="user:1")), 422, "U142"),
        (of_samples(sample(recorded_at=1)), 422, "U142"),
        (of_samples(sample(id="f1")), 422, "U142"),
        (of_samples(sample(standing="red")), 422, "F104"),
        (of_samples(sample(colour="red")), 422, "F104"),
        (of_samples(sample(kind="standing")), 422, "F101"),
        (of_samples(sample(kind="timeline")), 422, "F101"),
        (of_samples(sample(result="purple")), 422, "F102"),
        (of_samples({name: value for name, value in sample().items() if name != "sample"}), 422, "F103"),
        (of_samples(sample(at="yesterday")), 422, "U149"),
        ({"purpose": "testing", "facts": []}, 422, "U149"),
        ({"purpose": "testing", "facts": [sample()], "standing": "red"}, 422, "U149"),
        ({"purpose": "curiosity", "facts": [sample()]}, 422, "U153"),
        ({"purpose": "care", "facts": [sample()]}, 403, "D120"),
        (of_samples(sample("person:x", kind="case_notice")), 422, "F104"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_leaves_nothing(
    system: Callable[..., System], body: dict[str, Any], status: int, code: str
) -> None:
    before = FactRow.objects.count()
    answer = system("lab").post("/facts", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert answer.json()["says"]
    assert answer.json()["do"]
    assert FactRow.objects.count() == before


@pytest.mark.usefixtures("county")
def test_no_key_no_act(system: Callable[..., System]) -> None:
    answer = system("lab").post("/facts", of_samples(), key=None)
    assert (answer.status_code, answer.json()["code"]) == (428, "U148")


@pytest.mark.usefixtures("county")
def test_errors_speak_the_language_asked_for(system: Callable[..., System]) -> None:
    lab = system("lab")
    zh, en = lab.get("/jobs/none", lang="zh-CN,zh;q=0.9"), lab.get("/jobs/none", lang="en-GB")
    assert (zh.status_code, zh["Content-Language"], en["Content-Language"]) == (404, "zh-Hans", "en")
    assert "没有编号" in zh.json()["says"]
    assert "There is no job" in en.json()["says"]


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("who", ["employer", "inspector", "system", "security", "auditor", "traveller"])
def test_outsiders_record_nothing_about_anybody(system: Callable[..., System], who: str) -> None:
    before = FactRow.objects.count()
    for purpose in Purpose:
        answer = system(who).post("/facts", {"purpose": str(purpose), "facts": [sample()]}, key=f"k-{purpose}")
        assert answer.status_code == 403
    assert FactRow.objects.count() == before


# --- 1,317 people -----------------------------------------------------------------------------------------------------


def test_tr_04_1317_people_without_a_cause_are_not_coloured_through_the_api(system: Callable[..., System]) -> None:
    tracer = system("tracer")
    told = {
        "how": "judged",
        "grade": "close",
        "case": "person:no-case",
        "first": NOW - DAY_S,
        "last": NOW,
        "by": "user:1",
        "why": "asked",
    }
    facts = [
        {"kind": "exposure", "subject": f"person:d{n}", "at": NOW - DAY_S, "data_class": "health", **told}
        for n in range(1317)
    ]
    assert tracer.post("/facts", {"purpose": "tracing", "facts": facts}).json()["code"] == "U149"
    assert tracer.post("/facts", {"purpose": "tracing", "facts": facts[:1000]}).json()["code"] == "D114"
    assert tracer.post("/facts", {"purpose": "tracing", "facts": facts[:50]}).json()["code"] == "D115"
    listed = [
        {"kind": "listed", "subject": f"person:d{n}", "at": NOW, "data_class": "control", "list": "list:x", "why": "x"}
        for n in range(1000)
    ]
    assert tracer.post("/facts", {"purpose": "tracing", "facts": listed}, key="list").status_code == 200
    assert not TimelineRow.objects.filter(standing__in=("yellow", "red")).exists()


def test_tr_03_nothing_that_goes_in_has_a_field_for_a_standing() -> None:
    document = Client().get(f"{ROOT}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(bodies(document))))
    assert {"FactsIn", "DecisionIn"} <= named
    fields = {
        field for name in {*named, "FactIn"} for field in document["components"]["schemas"][name].get("properties", {})
    }
    assert fields & {"standing", "colour", "color", "grade", "status", "code"} == set()
    assert [path for path in document["paths"] if re.search("standing|colou?r", path)] == []
    assert {method for path in document["paths"].values() for method in path} == {"get", "post"}


def bodies(document: dict[str, Any]) -> list[Any]:
    return [
        call["requestBody"] for path in document["paths"].values() for call in path.values() if "requestBody" in call
    ]


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
def test_a_subject_reads_as_on_its_page_and_the_read_is_on_record(system: Callable[..., System]) -> None:
    answer = system("tracer").get("/subjects/person:a", purpose="tracing", case=CASE)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["standing"]["value"] == "red"
    assert told["standing"]["because"]["says"]
    assert told["standing"]["because"]["cites"]
    assert told["standing"]["until"] is not None
    assert told["grades"][0]["grade"] == "close"
    assert {duty["state"] for duty in told["duties"]}
    assert answer["ETag"] == f'"{told["version"]}"'
    read = ReadRow.objects.get(subject="person:a")
    assert (read.actor, read.purpose, read.case, read.page) == (CAST["tracer"].id, "tracing", CASE, "api:subject")


@pytest.mark.usefixtures("county")
def test_a_subject_as_known_before_it_was_exposed(system: Callable[..., System]) -> None:
    told = system("tracer").get("/subjects/person:a", purpose="tracing", known_at=NOW - 1).json()
    assert told["facts"] == []
    assert told["grades"] == []


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("who", ["far_tracer", "inspector", "system", "security", "auditor", "traveller"])
def test_outsiders_read_nobody_and_leave_no_read(system: Callable[..., System], who: str) -> None:
    caller = system(who)
    assert caller.get("/subjects/person:a", purpose="tracing").status_code == 403
    for path in ("/contacts", "/cases"):
        answer = caller.get(path, purpose="tracing")
        assert answer.status_code == 403 or answer.json()["rows"] == []
    assert not ReadRow.objects.exists()


@pytest.mark.usefixtures("county")
def test_somebody_reads_himself(system: Callable[..., System], cast: Cast) -> None:
    tell(registered("person:traveller"), by=cast["clerk"], purpose=Purpose.COUNTER)
    assert system("traveller").get("/subjects/person:traveller", purpose="self").status_code == 200


def test_contacts_come_page_by_page_without_gap_or_repeat(system: Callable[..., System], cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    names = [f"person:{number:02d}" for number in range(23)]
    tell(*(exposure(name, by=cast["tracer"]) for name in names), by=cast["tracer"], purpose=Purpose.TRACING)
    tracer, found, after = system("tracer"), list[str](), None
    while True:
        query: dict[str, Any] = {"purpose": "tracing", "size": 10} | ({"after": after} if after else {})
        page = tracer.get("/contacts", **query).json()
        found += [row["subject"] for row in page["rows"]]
        after = page["after"]
        if after is None:
            break
    assert sorted(found) == names
    assert set(ReadRow.objects.values_list("subject", flat=True)) == set(names)
    assert tracer.get("/contacts", purpose="tracing", after="1; DROP").json()["code"] == "U154"


def test_cases_come_the_latest_first(system: Callable[..., System], cast: Cast) -> None:
    for number in range(5):
        tell(notice(f"person:c{number}"), by=cast["doctor"], purpose=Purpose.CARE)
    tracer = system("tracer")
    first = tracer.get("/cases", purpose="tracing", size=3).json()
    rest = tracer.get("/cases", purpose="tracing", size=3, after=first["after"]).json()
    assert [row["subject"] for row in first["rows"] + rest["rows"]] == [f"person:c{n}" for n in (4, 3, 2, 1, 0)]
    assert rest["after"] is None


def test_tr_17_whoever_opens_too_many_strangers_is_stopped(system: Callable[..., System], cast: Cast) -> None:
    for number in range(80):
        tell(registered(f"person:{number}"), by=cast["clerk"], purpose=Purpose.COUNTER)
    tracer = system("tracer")
    statuses = [tracer.get(f"/subjects/person:{number}", purpose="tracing").status_code for number in range(80)]
    assert statuses.count(200) == 60
    assert set(statuses[60:]) == {429}


# --- proposals, jobs, the ledger --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
def test_a_proposal_is_decided_by_two_of_different_units(system: Callable[..., System]) -> None:
    told = {
        "how": "judged",
        "grade": "close",
        "case": CASE,
        "first": NOW - DAY_S,
        "last": NOW,
        "by": "user:1",
        "why": "same hall",
    }
    facts = [
        {"kind": "exposure", "subject": f"person:d{n}", "at": NOW - DAY_S, "data_class": "health", **told}
        for n in range(51)
    ]
    made = system("tracer").post("/proposals", {"purpose": "tracing", "facts": facts})
    assert made.status_code == 200, made.content
    number = made.json()["id"]
    yes = {"agrees": True, "reasons": "the seat plan shows it"}
    assert system("tracer").post(f"/proposals/{number}/decision", yes).json()["code"] == "D150"
    assert system("other_tracer").post(f"/proposals/{number}/decision", yes).json()["code"] == "D151"
    assert [one["id"] for one in system("reviewer").get("/proposals").json()] == [number]
    assert system("reviewer").post(f"/proposals/{number}/decision", yes).json()["outcome"] == ""
    assert system("lab").post(f"/proposals/{number}/decision", yes).json()["code"] == "D152"
    assert system("lab").post("/proposals/999/decision", yes).status_code == 404


@pytest.mark.usefixtures("county")
def test_a_job_is_shown_to_whoever_asked_for_it(system: Callable[..., System]) -> None:
    from sizao.desk.store import jobs

    jobs.ask("conclude", key="mine", given={}, by=CAST["lab"].id, now=NOW)
    assert system("lab").get("/jobs/mine").json()["kind"] == "conclude"
    assert system("tracer").get("/jobs/mine").status_code == 404


@pytest.mark.usefixtures("county")
def test_the_ledger_is_open_to_whoever_checks_and_proofs_to_whoever_acted(system: Callable[..., System]) -> None:
    anybody = Client()
    assert anybody.get(f"{ROOT}/ledger/checkpoint").status_code == 404
    sequencer.integrate(NOW, 1)
    sequencer.checkpoint(NOW, at_once=True)
    sequencer.caught_up(NOW)
    assert anybody.get(f"{ROOT}/ledger/checkpoint").json()["size"] == 3
    grown = anybody.get(f"{ROOT}/ledger/consistency", {"older": 1, "newer": 3}).json()
    trusted = {signing.origin(): signing.public_key()}
    bundles.grew(grown["older"], grown["newer"], [bytes.fromhex(each) for each in grown["proof"]], trusted, holds)
    own = Act.objects.get(actor=CAST["tracer"].id).seq
    for who in ("tracer", "auditor"):
        proof = system(who).get(f"/ledger/acts/{own}/proof").json()
        assert bundles.verify(bundles.bundle_of(proof), trusted, holds).header.actor == CAST["tracer"].id
    assert system("lab").get(f"/ledger/acts/{own}/proof").status_code == 404


def test_health_says_what_kind_of_deployment_it_is() -> None:
    told = Client().get(f"{ROOT}/health").json()
    assert (told["status"], told["mode"]) == ("ok", "local")


def test_there_is_no_page_with_outside_scripts() -> None:
    assert Client().get(f"{ROOT}/docs").status_code == 404
