"""The pages of accounts and grants."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sizao.desk.access import factors, roles
from sizao.desk.access.entry import desk, recent_check, told
from sizao.desk.access.models import Grant, User, plain_name
from sizao.desk.setup.forms import AccountForm, FindForm, GrantForm, ReasonForm, SureForm
from sizao.desk.setup.pages import CHECK_MINUTES, acted, given, moment, one_screen, shown, who
from sizao.desk.store import readers
from sizao.desk.store.rights import Role
from sizao.desk.web.forms import GovForm
from sizao.desk.web.parts import Link, Row, paging_of
from sizao.desk.web.reading import reader_lang
from sizao.errors import SizaoError
from sizao.words import say


@desk("setup")
def users(request: HttpRequest) -> HttpResponse:
    """Accounts of staff and of residents, by user name; of a resident no name is shown."""
    form = FindForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = User.objects.all() if asked.get("ended") else User.objects.filter(is_active=True)
    text = asked.get("q", "")
    if text:
        staff = Q(name_zh__contains=text) | Q(name_en__icontains=text) | Q(unit__icontains=text)
        rows = rows.filter(Q(username__contains=plain_name(text)) | (staff & Q(person="")))
    found, after = one_screen(rows, "username", request.GET.get("after", ""))
    now = moment(request)
    context = {
        "form": form,
        "heading": _("Users"),
        "users": [(user, sorted(user.roles(now))) for user in found],
        "paging": paging_of(request, len(found), after, readers.count(rows)),
        "may_make": who(request).has(Role.SYSTEM_ADMIN),
    }
    return render(request, "setup/users.html", context)


@desk("setup")
def user(request: HttpRequest, number: int) -> HttpResponse:
    """One account: what it is, what it may do and since when, and what can be done with it."""
    asked, actor, now = _user(number), who(request), moment(request)
    context = {
        "account": asked,
        "rows": _details(asked),
        "grants": list(asked.grants.order_by("-since", "-pk")),
        "open": set(roles.open_grants(asked, now).values_list("pk", flat=True)),
        "actions": _actions(asked, request),
        "may_grant": actor.has(Role.SECURITY_ADMIN) and not _own(asked, request) and not asked.has_left(now),
        "left": asked.has_left(now),
        "now": now,
    }
    return render(request, "setup/user.html", context)


def _details(asked: User) -> tuple[Row, ...]:
    ways = factors.ways(asked)
    told_ways = ", ".join(str(_WAYS[way]()) for way in sorted(ways)) or _("none")
    named = () if asked.person else (
        Row(label=_("Name"), value=asked.name_zh if reader_lang() == "zh" else asked.name_en),
        Row(label=_("Unit"), value=asked.unit),
        Row(label=_("E-mail at work"), value=asked.email or "—"),
    )  # fmt: skip
    return (
        Row(label=_("User name"), value=asked.username),
        *named,
        Row(label=_("Second factors"), value=told_ways),
        Row(label=_("Password"), value=_("set") if asked.has_usable_password() else _("not set")),
    )


_WAYS: dict[str, Any] = {
    factors.Way.TOTP: lambda: _("Authenticator app"),
    factors.Way.PASSKEY: lambda: _("Passkey"),
    factors.Way.CODES: lambda: _("Recovery codes"),
}


def _own(asked: User, request: HttpRequest) -> bool:
    return who(request).id == f"user:{asked.pk}"


def _actions(asked: User, request: HttpRequest) -> tuple[Link, ...]:
    """What this administrator can do with the account: nothing with his own."""
    actor, now = who(request), moment(request)
    if _own(asked, request) or asked.has_left(now):
        return ()
    found = []
    if actor.has(Role.SYSTEM_ADMIN):
        found.append(Link(text=_("Forget the password"), url=reverse("setup:password", args=[asked.pk])))
    if actor.has(Role.SECURITY_ADMIN):
        found.append(Link(text=_("Grant a role"), url=reverse("setup:grant", args=[asked.pk])))
        found.append(Link(text=_("Take the second factors away"), url=reverse("setup:factors", args=[asked.pk])))
    return (*found, Link(text=_("End this account"), url=reverse("setup:leave", args=[asked.pk]), warning=True))


@desk("setup")
@recent_check(CHECK_MINUTES)
def new_user(request: HttpRequest) -> HttpResponse:
    """An account without a password and without a right."""
    form = AccountForm(request.POST or None)

    def make() -> None:
        fields = {name: form.cleaned_data[name] for name in ("username", "name_zh", "name_en", "unit", "email")}
        roles.make_account(roles.Account(**fields), **given(request))

    done = acted(request, form, make, reverse("setup:users"))
    cancel = Link(text=_("Cancel"), url=reverse("setup:users"))
    return done or shown(
        request, "web/form.html", form, heading=_("Make an account"), submit=_("Make it"), cancel=cancel
    )


@desk("setup")
@recent_check(CHECK_MINUTES)
def grant(request: HttpRequest, number: int) -> HttpResponse:
    """A role, in an area, from now on."""
    asked = _user(number)
    form = GrantForm(request.POST or None)

    def give() -> None:
        roles.grant(asked, Role(form.cleaned_data["role"]), form.cleaned_data["area"], **given(request))

    done = acted(request, form, give, _page(asked))
    lead = _("It goes into the ledger: who granted what to whom, and when.")
    return done or shown(
        request, "web/form.html", form, heading=_("Grant a role to %s") % asked.username, lead=lead,
        submit=_("Grant it"), cancel=_back(asked),
    )  # fmt: skip


@desk("setup")
@recent_check(CHECK_MINUTES)
def revoke(request: HttpRequest, number: int, grant_number: int) -> HttpResponse:
    """A grant ends now, with reasons."""
    asked = _user(number)
    held = Grant.objects.filter(pk=grant_number, user=asked).first()
    if held is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    done = acted(request, form, lambda: roles.revoke(held.pk, form.cleaned_data["why"], **given(request)), _page(asked))
    rows = (
        Row(label=_("User name"), value=asked.username),
        Row(label=_("Role"), value=say(f"role.{held.role}", reader_lang())),
        Row(label=_("Area"), value=held.area or "—"),
    )
    return done or _confirm(request, form, asked, heading=_("Take a role away"), rows=rows, submit=_("Take it away"))


@desk("setup")
@recent_check(CHECK_MINUTES)
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody has left."""
    asked = _user(number)
    form = SureForm(request.POST or None)
    done = acted(request, form, lambda: roles.leave(asked, **given(request)), _page(asked))
    warning = _(
        "Every role ends, the password and the second factors are gone, and open sessions end with the next click."
    )
    return done or _confirm(
        request, form, asked, heading=_("End this account"), rows=_details(asked), warning=warning, submit=_("End it")
    )


@desk("setup")
@recent_check(CHECK_MINUTES)
def forget_factors(request: HttpRequest, number: int) -> HttpResponse:
    """Telephone and recovery codes are lost."""
    asked = _user(number)
    form = SureForm(request.POST or None)
    done = acted(request, form, lambda: roles.forget_factors(asked, **given(request)), _page(asked))
    warning = _("Make sure that it is the user who asks: call back on a number you know.")
    return done or _confirm(
        request, form, asked, heading=_("Take the second factors away"), rows=_details(asked), warning=warning,
        submit=_("Take them away"),
    )  # fmt: skip


@desk("setup")
@recent_check(CHECK_MINUTES)
def password(request: HttpRequest, number: int) -> HttpResponse:
    """Forget a password; the address for setting a new one is shown here and never again."""
    asked = _user(number)
    form = SureForm(request.POST or None)
    if form.is_valid():
        try:
            parts = roles.new_password(asked, **given(request))
            address = request.build_absolute_uri(reverse("access:set-password", args=parts))
            return render(request, "setup/password.html", {"account": asked, "address": address})
        except SizaoError as refused:
            form.add_error(None, " ".join(told(refused)))
    warning = _("The password the user has now ends. The second factor stays, and is asked for as before.")
    return _confirm(
        request, form, asked, heading=_("Forget the password"), rows=_details(asked), warning=warning,
        submit=_("Forget it and show the address"),
    )  # fmt: skip


def _confirm(request: HttpRequest, form: GovForm, asked: User, **context: Any) -> HttpResponse:
    return shown(request, "web/confirm.html", form, cancel=_back(asked), **context)


def _user(number: int) -> User:
    asked = User.objects.filter(pk=number).first()
    if asked is None:
        raise Http404
    return asked


def _page(asked: User) -> str:
    return reverse("setup:user", args=[asked.pk])


def _back(asked: User) -> Link:
    return Link(text=_("Cancel"), url=_page(asked))
