"""One's own second factors: which there are, one more, one fewer, recovery codes on paper."""

from __future__ import annotations

import json

from allauth.mfa.utils import decrypt, encrypt
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from sizao.desk.access import factors, signing
from sizao.desk.access.entry import recent_check, refusal_page, told
from sizao.desk.access.forms import NewAppForm, NewPasskeyForm
from sizao.desk.access.models import User
from sizao.desk.access.session import note_checked
from sizao.errors import DeskError, SizaoError

CHECK_MINUTES = 10
BEGUN = "sizao_factor_begun"
"""In the session, sealed: the secret of an authenticator app that is being set up."""


@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Which second factors one has, and what to do about it."""
    user = _user(request)
    context = {
        "rows": factors.of_user(user),
        "ways": factors.ways(user),
        "codes_left": factors.codes_left(user),
        "next": _next(request),
        "must": getattr(request, "half", False),
    }
    return render(request, "access/factors.html", context)


@never_cache
@login_required
@recent_check(CHECK_MINUTES)
@sensitive_post_parameters("code")
def app(request: HttpRequest) -> HttpResponse:
    """An authenticator app: its picture, its key to type in, and a code to prove that it was set up right."""
    user = _user(request)
    secret = _secret(request)
    form = NewAppForm(request.POST or None)
    if form.is_valid():
        if factors.shows(secret, form.cleaned_data["code"]):
            factors.enrol_totp(user, secret)
            request.session.pop(BEGUN, None)
            return _enrolled(request, user)
        form.add_error("code", " ".join(told(DeskError("A103"))))
    address = factors.address_of_app(user, secret)
    context = {
        "form": form,
        "picture": factors.picture_of(address),
        "address": address,
        "secret": _grouped(secret),
        "next": _next(request),
        "replaces": factors.Way.TOTP in factors.ways(user),
    }
    return render(request, "access/app.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@recent_check(CHECK_MINUTES)
def passkey(request: HttpRequest) -> HttpResponse:
    """A passkey: the browser makes it, and a script carries it here."""
    user = _user(request)
    form = NewPasskeyForm(request.POST or None)
    if form.is_valid():
        try:
            factors.add_passkey(user, form.cleaned_data["name"], form.cleaned_data["credential"])
            return _enrolled(request, user)
        except SizaoError as refused:
            form.add_error(None, " ".join(told(refused)))
    context = {"form": form, "question": json.dumps(factors.begin_passkey(user)), "next": _next(request)}
    return render(request, "access/passkey.html", context, status=422 if form.errors else 200)


@require_POST
@never_cache
@login_required
@recent_check(CHECK_MINUTES)
def codes(request: HttpRequest) -> HttpResponse:
    """Fresh recovery codes, shown once; those before are good no more."""
    user = _user(request)
    if not factors.has_any(user):
        return HttpResponseRedirect(reverse("access:factors"))
    return render(request, "access/codes.html", {"codes": factors.new_codes(user), "next": _onward(request)})


@require_POST
@never_cache
@login_required
@recent_check(CHECK_MINUTES)
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """One fewer, but not the last."""
    try:
        factors.remove(_user(request), number)
    except SizaoError as refused:
        return refusal_page(request, refused, status=409)
    return HttpResponseRedirect(reverse("access:factors"))


def _enrolled(request: HttpRequest, user: User) -> HttpResponse:
    """Setting one up proves it. The first time there are recovery codes to write down."""
    note_checked(request.session, signing.now_of(request), factor=True)
    if factors.codes_left(user):
        return HttpResponseRedirect(reverse("access:factors"))
    return render(request, "access/codes.html", {"codes": factors.new_codes(user), "next": _onward(request)})


def _onward(request: HttpRequest) -> str:
    return _next(request) or signing.first_desk(_user(request).actor(signing.now_of(request)))


def _secret(request: HttpRequest) -> str:
    sealed = request.session.get(BEGUN)
    if sealed is None:
        sealed = request.session[BEGUN] = encrypt(factors.new_secret())
    secret: str = decrypt(sealed)
    return secret


def _grouped(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _next(request: HttpRequest) -> str:
    return signing.safe_next(request, request.POST.get("next", request.GET.get("next", "")))


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise DeskError("A104")
    return user
