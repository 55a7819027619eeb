"""Who can sign in to the demonstration, and the code each one's second factor shows this half minute."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from sizao.desk.access.factors import code_now, secret_of
from sizao.desk.access.models import User
from sizao.desk.demo.accounts import PASS_PHRASE, log_ins
from sizao.desk.deployment import Mode


def entrances(request: HttpRequest) -> HttpResponse:
    """The page. Answers 404 wherever anything is real."""
    if settings.SIZAO.mode is not Mode.DEMO:
        raise Http404
    users = {user.username: user for user in User.objects.all()}
    rows = []
    for each in log_ins():
        secret = secret_of(users[each.username]) if each.username in users else None
        rows.append({"login": each, "code": None if secret is None else code_now(secret)})
    return render(request, "demo/entrances.html", {"rows": rows, "pass_phrase": PASS_PHRASE})
