"""The set-up desk: what each administrator sees and can do there, and what nobody can."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sizao.desk.access.entry import new_key
from sizao.desk.access.models import Alert, Grant, User
from sizao.desk.people.areas import EXAMPLE
from sizao.desk.people.models import Area, Place, Unit
from sizao.desk.store import jobs, outbox
from sizao.desk.store.models import Act, Job, Notice
from sizao.desk.store.rights import Purpose, Role
from sizao.when import Instant
from tests.desk.access.users import user_of
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.store.facts_told import feed, tell

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("now")]
SignIn = Callable[[str], Client]
PAGES = ("", "users/", "alerts/", "areas/", "units/", "places/", "packs/", "feeds/", "jobs/", "outbox/")


def send(client: Client, path: str, **told: Any) -> Any:
    """A form of this desk, with a key."""
    return client.post(f"/setup/{path}", {"key": new_key()} | told)


@pytest.fixture
def tracer() -> User:
    return user_of("liu-diao-jia", Role.TRACER)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["system", "security"])
def test_every_page_is_shown_to_both_administrators_in_both_languages(sign_in: SignIn, who: str, page: str) -> None:
    client = sign_in(who)
    assert client.get(f"/setup/{page}").status_code == 200
    told = client.get(f"/setup/{page}", headers={"accept-language": "zh-hans"})
    assert 'lang="zh-Hans"' in told.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", sorted(set(CAST) - {"system", "security"}))
def test_tr14_nobody_else_sees_any_of_them(sign_in: SignIn, who: str, page: str) -> None:
    assert sign_in(who).get(f"/setup/{page}").status_code == 403


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_the_system_administrator_makes_an_account_and_the_security_administrator_grants(sign_in: SignIn) -> None:
    system, security = sign_in("system"), sign_in("security")
    made = send(system, "users/new/", username="Sui-Fang", name_zh="随访员戊", name_en="E", unit="community-east")
    assert made.status_code == 302
    user = User.objects.get(username="sui-fang")
    assert send(system, f"users/{user.pk}/grant/", role="follow_up", area=COUNTY).status_code == 422
    assert send(security, f"users/{user.pk}/grant/", role="follow_up", area=COUNTY).status_code == 302
    assert user.roles(NOW) == {Role.FOLLOW_UP}
    assert Grant.objects.get(user=user).by == "user:11"
    assert list(Act.objects.order_by("seq").values_list("name", "actor")) == [
        ("account-made", "user:10"), ("role-granted", "user:11"),
    ]  # fmt: skip
    page = security.get(f"/setup/users/{user.pk}/").content.decode()
    assert "follow-up worker" in page
    assert "Take away" in page


def test_tr14_two_exclusive_roles_are_refused_on_the_page_with_what_was_entered_kept(
    sign_in: SignIn, tracer: User
) -> None:
    answer = send(sign_in("security"), f"users/{tracer.pk}/grant/", role="audit_admin", area="")
    assert answer.status_code == 422
    assert b"may not hold these roles together" in answer.content
    assert b'value="audit_admin" selected' in answer.content
    assert tracer.roles(NOW) == {Role.TRACER}


def test_a_form_sent_twice_grants_once(sign_in: SignIn, tracer: User) -> None:
    client, told = sign_in("security"), {"key": new_key(), "role": "cdc", "area": COUNTY}
    for _ in range(2):
        assert client.post(f"/setup/users/{tracer.pk}/grant/", told).status_code == 302
    assert Act.objects.filter(name="role-granted").count() == 1


def test_a_role_is_taken_away_with_reasons(sign_in: SignIn, tracer: User) -> None:
    client, held = sign_in("security"), Grant.objects.get(user=tracer)
    path = f"users/{tracer.pk}/grants/{held.pk}/end/"
    assert client.get(f"/setup/{path}").status_code == 200
    assert send(client, path, why="").status_code == 422
    assert send(client, path, why="moved to another post").status_code == 302
    assert tracer.roles(NOW) == frozenset()


def test_who_left_is_ended_by_either_administrator(sign_in: SignIn, tracer: User) -> None:
    assert b"open sessions end" in sign_in("system").get(f"/setup/users/{tracer.pk}/leave/").content
    assert send(sign_in("security"), f"users/{tracer.pk}/leave/").status_code == 302
    tracer.refresh_from_db()
    assert (tracer.is_active, tracer.left_at) == (False, NOW)


def test_the_address_for_a_new_password_is_shown_once_and_works(sign_in: SignIn, tracer: User) -> None:
    client = sign_in("system")
    page = send(client, f"users/{tracer.pk}/password/").content.decode()
    address = re.search(r"<code>http://testserver(/sign/set/[^<]+)</code>", page)
    assert address is not None
    assert "/sign/set/" not in client.get(f"/setup/users/{tracer.pk}/").content.decode()
    assert Client().get(address[1]).status_code == 200
    assert send(sign_in("security"), f"users/{tracer.pk}/password/").status_code == 422


def test_nobody_is_offered_to_change_himself(sign_in: SignIn) -> None:
    for who, number in (("system", 10), ("security", 11)):
        page = sign_in(who).get(f"/setup/users/{number}/").content.decode()
        assert "End this account" not in page
        assert "Grant a role" not in page


def test_tr19_rights_are_changed_only_by_who_was_checked_lately(
    sign_in: SignIn, tracer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("security")
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(NOW + 601))
    for path in ("grant/", "leave/", "factors/", f"grants/{Grant.objects.get(user=tracer).pk}/end/"):
        answer = send(client, f"users/{tracer.pk}/{path}", role="cdc", area=COUNTY, why="moved")
        assert answer["Location"].startswith("/sign/check/"), path
    assert tracer.roles(Instant(NOW + 601)) == {Role.TRACER}


def test_users_are_found_and_of_residents_no_name_is_shown(sign_in: SignIn, tracer: User) -> None:
    User.objects.create("resident-1", name_zh="旅客甲某", name_en="Somebody", unit="", person="person:a")
    client = sign_in("system")
    assert "liu-diao-jia" in client.get("/setup/users/?q=liu-diao").content.decode()
    everybody = client.get("/setup/users/").content.decode()
    assert "resident-1" in everybody
    assert "旅客甲某" not in everybody
    assert "No user fits" in client.get("/setup/users/?q=旅客甲某").content.decode()
    number = User.objects.get(username="resident-1").pk
    assert "Somebody" not in client.get(f"/setup/users/{number}/").content.decode()


def test_a_long_list_of_users_goes_on_where_it_stopped(sign_in: SignIn) -> None:
    client = sign_in("system")
    for number in range(60):
        User.objects.create(f"user-{number:03}", name_zh="甲", name_en="A", unit="u")
    first = client.get("/setup/users/").content.decode()
    onward = re.search(r'href="(\?after=[^"]+)"', first)
    assert onward is not None
    second = client.get(f"/setup/users/{onward[1]}").content.decode()
    names = re.findall(r">(user-\d{3})<", first + second)
    assert names == [f"user-{number:03}" for number in range(60)]


def test_an_account_there_is_none_of_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("system").get("/setup/users/999999/").status_code == 404


# --- alerts -----------------------------------------------------------------------------------------------------------


def test_an_alert_is_settled_with_what_was_found(sign_in: SignIn) -> None:
    alert = Alert.objects.create(kind="unusual-reads", at=NOW, actor="user:6", unit="community-east", count=61)
    path = f"alerts/{alert.pk}/"
    assert b"unusual reading" in sign_in("system").get("/setup/alerts/").content
    assert b"Settle it" not in sign_in("system").get(f"/setup/{path}").content
    assert send(sign_in("system"), path, finding="nothing to it").status_code == 422
    client = sign_in("security")
    assert send(client, path, finding="was helping another team, agreed").status_code == 302
    assert b"was helping another team" in client.get("/setup/alerts/").content


# --- rules, feeds, jobs, outbox ---------------------------------------------------------------------------------------


def test_the_rules_in_force_are_listed_with_digest_and_sources(sign_in: SignIn) -> None:
    page = sign_in("system").get("/setup/packs/").content.decode()
    for told in ("cn-covid19-8", "safeguards", "demo-county", "four", "Digest"):
        assert told in page


def test_feeds_are_stale_until_one_reports(sign_in: SignIn) -> None:
    client = sign_in("system")
    assert client.get("/setup/feeds/").content.decode().count("▲") == 3
    tell(feed("tests", by=CAST["officer"]), by=CAST["officer"], purpose=Purpose.COMMAND)
    assert client.get("/setup/feeds/").content.decode().count("▲") == 2


def test_jobs_say_how_far_they_are_and_why_one_failed(sign_in: SignIn) -> None:
    jobs.ask("import", key="import-1", given={}, by="user:1", now=NOW)
    Job.objects.filter(key="import-1").update(done=300, total=1200, lease_until=NOW + 60)
    jobs.ask("conclude", key="conclude-1", given={"secret": "person:a"}, by="user:1", now=NOW)
    says = {"code": "D140", "slots": {"key": "import-9"}}
    Job.objects.filter(key="conclude-1").update(ended_at=NOW, outcome="failed", says=says)
    page = sign_in("system").get("/setup/jobs/").content.decode()
    for told in ("300 / 1200", "working", "failed", "There is no job “import-9”"):
        assert told in page
    assert "person:a" not in page


def test_the_outbox_says_what_was_not_sent_and_not_to_whom(sign_in: SignIn) -> None:
    outbox.post(to="person:a", code="x", slots={}, channel="mail", about="", key="n1", now=NOW)
    Notice.objects.update(failed="no address on file", next_try_at=None)
    page = sign_in("system").get("/setup/outbox/").content.decode()
    assert "no address on file" in page
    assert "person:a" not in page


# --- registries -------------------------------------------------------------------------------------------------------


def test_a_unit_is_put_in_changed_and_ended_each_in_the_ledger(sign_in: SignIn) -> None:
    client = sign_in("system")
    told = {
        "code": "hospital-1", "name_zh": "样例县医院", "kind": "hospital", "area": COUNTY, "since_year": "2021",
        "since_month": "1", "since_day": "1",
    }  # fmt: skip
    assert send(client, "units/new/", **told).status_code == 302
    assert send(client, "units/hospital-1/", **told | {"name_zh": "样例县人民医院"}).status_code == 302
    assert Unit.objects.get().name_zh == "样例县人民医院"
    assert "样例县人民医院" in client.get("/setup/units/", headers={"accept-language": "zh-hans"}).content.decode()
    day = {"on_year": "2021", "on_month": "8", "on_day": "1"}
    assert send(client, "units/hospital-1/end/", **day).status_code == 302
    assert list(Act.objects.order_by("seq").values_list("name", flat=True)) == [
        "unit-put-in",
        "unit-put-in",
        "unit-ended",
    ]


def test_once_there_are_units_an_account_belongs_to_one(sign_in: SignIn) -> None:
    Unit.objects.create(code="cdc", name_zh="疾控", kind="cdc", area=COUNTY, valid_from="2021-01-01")
    told = {"username": "somebody", "name_zh": "甲", "name_en": "A", "unit": "no-such-unit"}
    assert send(sign_in("system"), "users/new/", **told).status_code == 422
    assert send(sign_in("system"), "users/new/", **told | {"unit": "cdc"}).status_code == 302


def test_a_place_is_put_in_and_nobodys_home_is_shown_or_changed(sign_in: SignIn) -> None:
    client = sign_in("system")
    told = {"code": "restaurant-1", "name_zh": "样例饭店", "kind": "restaurant", "area": COUNTY}
    assert send(client, "places/new/", **told).status_code == 302
    Place.objects.create(code="home-1", name_zh="张某家", kind="dwelling", area=COUNTY, address="东街一号")
    page = client.get("/setup/places/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "样例饭店" in page
    assert "张某家" not in page
    assert client.get("/setup/places/home-1/").status_code == 404
    assert send(client, "places/new/", **told | {"code": "home-1"}).status_code == 422
    assert Place.objects.get(code="home-1").address == "东街一号"


def test_a_list_of_areas_is_taken_in_once(sign_in: SignIn) -> None:
    client = sign_in("system")
    files = {file.stem: SimpleUploadedFile(file.name, file.read_bytes()) for file in sorted(EXAMPLE.glob("*.csv"))}
    since = {"since_year": "2021", "since_month": "1", "since_day": "1"}
    answer = send(client, "areas/new/", **files, **since)
    assert answer.status_code == 302, answer.content.decode()
    assert Area.objects.filter(code=COUNTY).exists()
    assert Act.objects.get().name == "areas-taken-in"
    assert COUNTY in client.get("/setup/areas/?in=9999").content.decode()


def test_a_list_of_areas_that_cannot_be_read_is_refused_in_words(sign_in: SignIn) -> None:
    since = {"since_year": "2021", "since_month": "1", "since_day": "1"}
    broken = SimpleUploadedFile("provinces.csv", b"x,y\n1,2\n")
    assert send(sign_in("system"), "areas/new/", provinces=broken, **since).status_code == 422
    assert send(sign_in("system"), "areas/new/", **since).status_code == 422


@pytest.mark.parametrize("path", ["units/new/", "places/new/"])
def test_the_security_administrator_changes_no_register(sign_in: SignIn, path: str) -> None:
    told = {
        "code": "x-1", "name_zh": "甲", "kind": "hospital" if "units" in path else "restaurant", "area": COUNTY,
        "since_year": "2021", "since_month": "1", "since_day": "1",
    }  # fmt: skip
    assert send(sign_in("security"), path, **told).status_code == 422
    assert not Unit.objects.exists()
    assert not Place.objects.exists()
