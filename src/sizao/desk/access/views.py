"""Coming in and going out."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from sizao.desk.access import attempts, demonstration, factors, signing
from sizao.desk.access.entry import SUSPENDED, recent_check, refusal_page, told
from sizao.desk.access.forms import CheckForm, CodeForm, NewPasswordForm, PasskeyForm, PlainForm, SignInForm
from sizao.desk.access.models import User
from sizao.desk.access.session import note_checked
from sizao.errors import DeskError, SizaoError

CHECK_MINUTES = 10
SECRETS = ("password", "again", "code", "credential")


@never_cache
@sensitive_post_parameters(*SECRETS)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password. A wrong name and a wrong password get the same answer."""
    onward = _next(request)
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(onward or signing.first_desk(request.actor))  # type: ignore[attr-defined]  # see middleware
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = authenticate(request, **form.cleaned_data)
            if isinstance(user, User):
                return signing.passed_first(request, user, onward)
            form.add_error(None, _say(DeskError("A102")))
        except SizaoError as refused:
            form.add_error(None, _say(refused))
    context = {"form": form, "next": onward, "office": settings.OIDC is not None, "demo": demonstration.page()}
    return render(request, "access/sign_in.html", context, status=_status(form))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends."""
    logout(request)
    return HttpResponseRedirect("/")


@never_cache
@sensitive_post_parameters(*SECRETS)
def second(request: HttpRequest) -> HttpResponse:
    """The second factor, after the first."""
    waiting = signing.pending(request)
    if waiting is None:
        return HttpResponseRedirect(reverse("access:sign-in"))
    user, onward = waiting
    form: PlainForm = PasskeyForm(request.POST) if "credential" in request.POST else CodeForm(request.POST or None)
    if form.is_valid():
        try:
            if proved(request, user, form.cleaned_data):
                actor = user.actor(signing.now_of(request))
                return signing.finish(request, user, actor, onward, factor=True)
            form = _wrong(form)
        except SizaoError as refused:
            form.add_error(None, _say(refused))
    return render(request, "access/second.html", _factor_context(user, form, next=onward), status=_status(form))


def proved(request: HttpRequest, user: User, given: dict[str, Any]) -> bool:
    """Whether what was given proves a second factor of the user. Refuses the try after too many (A101)."""
    tried = attempts.begin(f"{attempts.FACTOR}{user.username}", request, signing.now_of(request))
    right = (
        factors.check_passkey(user, given["credential"])
        if given.get("credential")
        else factors.check_code(user, given.get("code", ""))
    )
    if right:
        attempts.succeeded(tried)
    return right


@never_cache
@login_required
@sensitive_post_parameters(*SECRETS)
def check(request: HttpRequest) -> HttpResponse:
    """Who this is, once more, before a sensitive act; what was being sent waits and is sent on afterwards."""
    user = _user(request)
    onward = _next(request)
    form: PlainForm = PasskeyForm(request.POST) if "credential" in request.POST else CheckForm(request.POST or None)
    if form.is_valid():
        try:
            if _same_person(request, user, form.cleaned_data):
                return _go_on(request, onward)
            form = _wrong(form)
        except SizaoError as refused:
            form.add_error(None, _say(refused))
    return render(request, "access/check.html", _factor_context(user, form, next=onward), status=_status(form))


def _same_person(request: HttpRequest, user: User, given: dict[str, Any]) -> bool:
    now = signing.now_of(request)
    if given.get("credential") or given.get("code"):
        right = proved(request, user, given)
        if right:
            note_checked(request.session, now, factor=True)
        return right
    found = authenticate(request, username=user.username, password=given.get("password") or "")
    if found != user:
        return False
    note_checked(request.session, now, factor=False)
    return True


def _go_on(request: HttpRequest, onward: str) -> HttpResponse:
    """Back to where the check came in between; what was being sent there is offered to be sent on."""
    waiting = request.session.pop(SUSPENDED, None)
    if waiting is not None and waiting["path"] == onward:
        return render(request, "access/resume.html", {"path": onward, "fields": waiting["fields"]})
    return HttpResponseRedirect(onward or "/")


@never_cache
@login_required
@recent_check(CHECK_MINUTES)
@sensitive_post_parameters(*SECRETS)
def own_password(request: HttpRequest) -> HttpResponse:
    """A new password of one's own. Other sessions end."""
    user = _user(request)
    form = NewPasswordForm(user, request.POST or None)
    if form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        return render(request, "access/password_set.html", {})
    return render(request, "access/password.html", {"form": form}, status=_status(form))


@never_cache
@sensitive_post_parameters(*SECRETS)
def set_password(request: HttpRequest, who: str, token: str) -> HttpResponse:
    """A password for somebody who was handed this address by the system administrator. It signs nobody in."""
    user = _addressed(who, token)
    if user is None:
        return refusal_page(request, DeskError("A105"), status=403)
    form = NewPasswordForm(user, request.POST or None)
    if form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        return render(request, "access/password_set.html", {})
    return render(request, "access/password.html", {"form": form, "name": user.username}, status=_status(form))


def _addressed(who: str, token: str) -> User | None:
    try:
        number = int(urlsafe_base64_decode(who).decode())
    except (ValueError, OverflowError):
        return None
    user = User.objects.filter(pk=number, is_active=True).first()
    return user if user is not None and default_token_generator.check_token(user, token) else None


def _factor_context(user: User, form: PlainForm, **more: Any) -> dict[str, Any]:
    """What the pages that ask for a second factor show: which ways this user has, and the question for a passkey."""
    ways = factors.ways(user)
    return {
        "form": form if "code" in form.fields else CodeForm(),
        "errors": form.error_links if form.is_bound else [],
        "has_code": bool(ways & {factors.Way.TOTP, factors.Way.CODES}),
        "passkey": PasskeyForm() if factors.Way.PASSKEY in ways else None,
        "question": json.dumps(factors.begin_passkey_check(user)) if factors.Way.PASSKEY in ways else "",
        "demo_code": demonstration.code_of(user),
    } | more


def _wrong(form: PlainForm) -> PlainForm:
    form.add_error(None, _say(DeskError("A103")))
    return form


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise DeskError("A104")
    return user


def _next(request: HttpRequest) -> str:
    return signing.safe_next(request, request.POST.get("next", request.GET.get("next", "")))


def _status(form: PlainForm) -> int:
    return 422 if form.is_bound and form.errors else 200


def _say(error: SizaoError) -> str:
    return " ".join(told(error))
