"""Accounts and grants: who may make whom what, each change in the ledger, and what leaving ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizao.desk.access import factors, roles
from sizao.desk.access.models import Grant, User
from sizao.desk.ledger.models import Pending
from sizao.desk.store import guards
from sizao.desk.store.acts import header_of, record_setup, setup_root
from sizao.desk.store.checking import check_acts
from sizao.desk.store.models import Act, SetupRow
from sizao.desk.store.rights import ADMINISTRATORS, EXCLUSIVE, OF_PEOPLE, Actor, Role, check_roles, machine
from sizao.errors import DeskError
from sizao.ledger.commitments import leaf_of_act
from sizao.when import Instant
from tests.desk.access.users import browser, come_in, user_of, with_app
from tests.desk.conftest import CAST, COUNTY, NOW

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("now")]
SYSTEM, SECURITY = replace(CAST["system"], id="user:900010"), replace(CAST["security"], id="user:900011")
"""Nobody whom a test makes."""
_KEYS = iter(range(10**9))


def by(actor: Actor, now: int = NOW) -> dict[str, Any]:
    """Who does it, under a key of its own."""
    return {"by": actor, "key": f"test-{next(_KEYS)}", "now": Instant(now)}


def code(act: Callable[[], object]) -> str:
    """The code an act is refused with; nothing where it is done."""
    try:
        with transaction.atomic():
            act()
    except DeskError as error:
        return error.code
    return ""


def made(name: str = "tracer") -> User:
    return roles.make_account(roles.Account(name, "流调员甲", "Tracer A", "cdc-tracing-3"), **by(SYSTEM))


def account(name: str = "tracer", unit: str = "cdc") -> roles.Account:
    return roles.Account(name, "甲", "A", unit)


# --- who may ----------------------------------------------------------------------------------------------------------


def test_the_system_administrator_makes_accounts_that_can_do_nothing() -> None:
    user = made()
    assert user.roles(NOW) == frozenset()
    assert not user.has_usable_password()


@pytest.mark.parametrize("who", sorted(set(CAST) - {"system"}))
def test_tr14_nobody_else_makes_an_account_or_hands_out_a_password(who: str) -> None:
    user = made()
    assert code(lambda: roles.make_account(account("other"), **by(CAST[who]))) == "A140"
    assert code(lambda: roles.new_password(user, **by(CAST[who]))) == "A140"


@pytest.mark.parametrize("who", sorted(set(CAST) - {"security"}))
def test_tr14_nobody_else_grants_or_takes_away(who: str) -> None:
    user = made()
    held = roles.grant(user, Role.TRACER, COUNTY, **by(SECURITY))
    assert code(lambda: roles.grant(user, Role.CDC, COUNTY, **by(CAST[who]))) == "A140"
    assert code(lambda: roles.revoke(held.pk, "because", **by(CAST[who]))) == "A140"
    assert code(lambda: roles.forget_factors(user, **by(CAST[who]))) == "A140"


def administrator(name: str, role: Role) -> tuple[User, Actor]:
    user = user_of(name, role, area="", unit="it")
    return user, user.actor(NOW)


def test_tr14_nobody_changes_his_own_rights() -> None:
    user, actor = administrator("sec", Role.SECURITY_ADMIN)
    administrator("sec2", Role.SECURITY_ADMIN)
    grant = Grant.objects.get(user=user)
    assert code(lambda: roles.grant(user, Role.TRACER, COUNTY, **by(actor))) == "A141"
    assert code(lambda: roles.revoke(grant.pk, "because", **by(actor))) == "A141"
    assert code(lambda: roles.leave(user, **by(actor))) == "A141"
    assert code(lambda: roles.forget_factors(user, **by(actor))) == "A141"
    system, acting = administrator("sys", Role.SYSTEM_ADMIN)
    assert code(lambda: roles.new_password(system, **by(acting))) == "A141"


# --- exclusive roles --------------------------------------------------------------------------------------------------


def area_of(role: Role) -> str:
    return "" if role in ADMINISTRATORS else COUNTY


EXCLUDED = sorted(
    {tuple(sorted(pair)) for group in EXCLUSIVE for pair in combinations(group, 2)}
    | {tuple(sorted((one, other))) for one in ADMINISTRATORS for other in OF_PEOPLE - {Role.RESIDENT}}
)


@pytest.mark.parametrize(("one", "other"), EXCLUDED)
def test_tr14_two_exclusive_roles_are_refused_and_put_in_by_hand_they_are_no_actor(one: str, other: str) -> None:
    user = made()
    roles.grant(user, Role(one), area_of(Role(one)), **by(SECURITY))
    assert code(lambda: roles.grant(user, Role(other), area_of(Role(other)), **by(SECURITY))) == "D130"
    Grant.objects.create(user=user, role=other, area=area_of(Role(other)), since=NOW, by="by hand")
    assert code(lambda: user.actor(NOW)) == "D130"


def test_tr14_an_exclusive_role_that_begins_later_is_refused_as_well() -> None:
    user = made()
    Grant.objects.create(user=user, role=Role.AUDIT_ADMIN, since=NOW + 100, by="by hand")
    assert code(lambda: roles.grant(user, Role.SYSTEM_ADMIN, **by(SECURITY))) == "D130"


STAFF = [role for role in Role if role not in (Role.MACHINE, Role.RESIDENT)]


@given(order=st.lists(st.sampled_from(STAFF), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tr14_whatever_is_granted_in_whatever_order_what_is_held_excludes_nothing(order: list[Role]) -> None:
    user = made(f"u{next(_KEYS)}")
    for role in order:
        code(lambda role=role: roles.grant(user, role, area_of(role), **by(SECURITY)))  # type: ignore[misc]
    held = user.roles(NOW)
    check_roles(held)
    assert order[0] in held
    for role in set(order) - held:
        assert code(lambda role=role: check_roles(held | {role})) == "D130"  # type: ignore[misc]


def test_a_role_that_was_taken_away_excludes_nothing_any_more() -> None:
    user = made()
    held = roles.grant(user, Role.INSPECTOR, COUNTY, **by(SECURITY))
    roles.revoke(held.pk, "moved to another post", **by(SECURITY))
    assert code(lambda: roles.grant(user, Role.DISCIPLINE, COUNTY, **by(SECURITY, NOW + 1))) == ""
    assert user.roles(Instant(NOW + 1)) == {Role.DISCIPLINE}


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "area", "refused"),
    [
        (Role.TRACER, "", "A145"), (Role.TRACER, "county", "A145"), (Role.SYSTEM_ADMIN, COUNTY, "A145"),
        (Role.MACHINE, "", "A150"), (Role.RESIDENT, "", "A150"),
    ],
)  # fmt: skip
def test_a_grant_that_does_not_fit_is_refused(role: Role, area: str, refused: str) -> None:
    user = made()
    assert code(lambda: roles.grant(user, role, area, **by(SECURITY))) == refused
    assert not Grant.objects.exists()


def test_staff_and_residents_have_accounts_of_their_own() -> None:
    user = roles.make_account(roles.Account("lv-ke", "旅客甲", "Traveller A", "", person="person:a"), **by(SYSTEM))
    assert code(lambda: roles.grant(user, Role.TRACER, COUNTY, **by(SECURITY))) == "A150"
    assert code(lambda: roles.grant(user, Role.RESIDENT, **by(SECURITY))) == ""


@pytest.mark.parametrize(
    ("name", "refused"), [("a", "A142"), ("a b", "A142"), ("<b>", "A142"), ("ＴＲＡＣＥＲ ", "A143"), ("other", "")]
)
def test_a_name_that_is_none_or_is_taken_is_refused(name: str, refused: str) -> None:
    made()
    assert code(lambda: roles.make_account(account(name), **by(SYSTEM))) == refused


def test_somebody_of_no_unit_is_refused() -> None:
    assert code(lambda: roles.make_account(account(unit=""), **by(SYSTEM))) == "A144"


def test_the_same_grant_again_is_refused_and_the_same_form_again_is_the_same_grant() -> None:
    user, given = made(), by(SECURITY)
    first = roles.grant(user, Role.TRACER, COUNTY, **given)
    assert roles.grant(user, Role.TRACER, COUNTY, **given).pk == first.pk
    assert code(lambda: roles.grant(user, Role.TRACER, COUNTY, **by(SECURITY))) == "A147"
    assert Act.objects.filter(name="role-granted").count() == 1


def test_the_last_who_can_grant_stays() -> None:
    user, _ = administrator("sec", Role.SECURITY_ADMIN)
    grant = Grant.objects.get(user=user)
    assert code(lambda: roles.revoke(grant.pk, "because", **by(SECURITY))) == "A146"
    assert code(lambda: roles.leave(user, **by(SYSTEM))) == "A146"
    administrator("sec2", Role.SECURITY_ADMIN)
    assert code(lambda: roles.leave(user, **by(SYSTEM))) == ""


def test_taking_a_role_away_takes_reasons_and_does_it_once() -> None:
    held = roles.grant(made(), Role.TRACER, COUNTY, **by(SECURITY))
    assert code(lambda: roles.revoke(held.pk, " ", **by(SECURITY))) == "D154"
    assert code(lambda: roles.revoke(10**6, "because", **by(SECURITY))) == "A148"
    roles.revoke(held.pk, "moved", **by(SECURITY, NOW + 5))
    roles.revoke(held.pk, "again", **by(SECURITY, NOW + 9))
    held.refresh_from_db()
    assert held.until == NOW + 5


# --- the ledger -------------------------------------------------------------------------------------------------------


def test_every_change_is_an_act_with_a_leaf_that_commits_to_what_it_said() -> None:
    user = made()
    held = roles.grant(user, Role.TRACER, COUNTY, **by(SECURITY))
    roles.new_password(user, **by(SYSTEM))
    roles.forget_factors(user, **by(SECURITY))
    roles.revoke(held.pk, "moved", **by(SECURITY))
    roles.leave(user, **by(SYSTEM))
    names = list(Act.objects.order_by("seq").values_list("name", flat=True))
    assert names == [
        "account-made", "role-granted", "password-forgotten", "factors-forgotten", "role-ended", "account-ended",
    ]  # fmt: skip
    assert set(Pending.objects.values_list("act", flat=True)) == set(Act.objects.values_list("seq", flat=True))
    for act in Act.objects.all():
        row = SetupRow.objects.get(act=act)
        assert bytes(act.root) == setup_root(row)
        assert bytes(act.leaf) == leaf_of_act(bytes(act.salt), header_of(act))
        assert json.loads(row.line)["user"] == user.pk
        forged = SetupRow(line=row.line.replace("tracer", "county"), salt=row.salt)
        assert forged.line == row.line or setup_root(forged) != bytes(act.root)


def test_the_check_of_the_ledger_names_a_grant_that_was_forged() -> None:
    roles.grant(made(), Role.TRACER, COUNTY, **by(SECURITY))
    assert check_acts(0).problems == ()
    with connection.cursor() as cursor:
        for statement in guards.drop(connection.vendor):
            cursor.execute(statement)
        cursor.execute('UPDATE desk_store_setuprow SET line = replace(line, \'"role":"tracer"\', \'"role":"command"\')')
        for statement in guards.create(connection.vendor):
            cursor.execute(statement)
    assert [problem.code for problem in check_acts(0).problems] == ["U104"]


def test_what_was_set_up_is_never_changed_or_deleted() -> None:
    made()
    for statement in ("UPDATE desk_store_setuprow SET line = '{}'", "DELETE FROM desk_store_setuprow"):
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            connection.cursor().execute(statement)


def test_an_act_that_sets_something_up_happens_once_and_says_one_thing() -> None:
    first = record_setup("x", {"a": 1}, by=SYSTEM, key="k", now=NOW)
    again = record_setup("x", {"a": 1}, by=SYSTEM, key="k", now=Instant(NOW + 1))
    assert (first.act, again.repeated) == (again.act, True)
    assert code(lambda: record_setup("x", {"a": 2}, by=SYSTEM, key="k", now=NOW)) == "D112"


@pytest.mark.parametrize("who", sorted(set(CAST) - {"system", "security"}))
def test_nobody_else_sets_anything_up(who: str) -> None:
    assert code(lambda: record_setup("x", {}, by=CAST[who], key="k", now=NOW)) == "D161"


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_tr19_who_has_left_is_signed_out_at_the_next_click_of_every_session() -> None:
    user = with_app(user_of("tracer", Role.TRACER))
    client = browser()
    come_in(client, "tracer")
    assert client.get("/sign/factors/").status_code == 200
    roles.leave(user, **by(SYSTEM))
    assert client.get("/sign/factors/")["Location"].startswith("/sign/in/")
    assert "_auth_user_id" not in client.session


def test_tr19_a_session_of_somebody_marked_as_left_by_hand_ends_as_well() -> None:
    user = with_app(user_of("tracer", Role.TRACER))
    client = browser()
    come_in(client, "tracer")
    User.objects.filter(pk=user.pk).update(left_at=NOW)
    assert client.get("/sign/factors/")["Location"].startswith("/sign/in/")


def test_tr19_leaving_ends_grants_password_and_second_factors_and_the_actor() -> None:
    user = with_app(user_of("tracer", Role.TRACER))
    roles.leave(user, **by(SYSTEM))
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not factors.has_any(user)
    assert user.roles(NOW) == frozenset()
    assert code(lambda: user.actor(NOW)) == "A104"
    assert code(lambda: roles.grant(user, Role.TRACER, COUNTY, **by(SECURITY))) == "A104"
    assert code(lambda: roles.new_password(user, **by(SYSTEM))) == "A104"


def test_a_new_password_ends_open_sessions_and_leaves_the_second_factor() -> None:
    user = with_app(user_of("tracer", Role.TRACER))
    client = browser()
    come_in(client, "tracer")
    who, token = roles.new_password(user, **by(SYSTEM))
    assert client.get("/sign/factors/")["Location"].startswith("/sign/in/")
    address = f"/sign/set/{who}/{token}/"
    fresh = browser()
    assert fresh.get(address).status_code == 200
    assert fresh.post(address, {"password": "short", "again": "short"}).status_code == 422
    assert fresh.post(address, {"password": "四只 纸船 过河 now", "again": "另一句 不一样 的话 x"}).status_code == 422
    assert fresh.post(address, {"password": "四只 纸船 过河 now", "again": "四只 纸船 过河 now"}).status_code == 200
    assert fresh.get(address).status_code == 403
    assert (
        fresh.post("/sign/in/", {"username": "tracer", "password": "四只 纸船 过河 now"})["Location"] == "/sign/second/"
    )


@pytest.mark.parametrize("who", ["x", "MQ", "OTk5OTk5", "////", "é"])
def test_an_address_somebody_made_up_sets_nothing(who: str) -> None:
    assert browser().get(f"/sign/set/{who}/abc-def/").status_code in (403, 404)


# --- founding ---------------------------------------------------------------------------------------------------------


def test_the_first_users_are_founded_by_a_machine_until_a_security_administrator_came_in() -> None:
    founder = machine("founding", COUNTY)
    user = roles.found(account("sec", "it"), Role.SECURITY_ADMIN, **by(founder))
    roles.found(account("tracer"), Role.TRACER, COUNTY, **by(founder))
    assert code(lambda: roles.found(account("x"), Role.TRACER, COUNTY, **by(SECURITY))) == "A149"
    assert code(lambda: roles.found(account("sec", "it"), Role.AUDIT_ADMIN, **by(founder))) == "D130"
    User.objects.filter(pk=user.pk).update(last_login="2021-07-27T12:00:00Z")
    assert code(lambda: roles.found(account("x"), Role.TRACER, COUNTY, **by(founder))) == "A149"
    said: list[Mapping[str, Any]] = [json.loads(row.line) for row in SetupRow.objects.order_by("pk")]
    assert [one["role"] for one in said] == ["security_admin", "tracer"]
