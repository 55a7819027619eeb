"""The shell's own pages: language and type size, help, and what goes wrong, in plain words."""

from __future__ import annotations

import json
import logging
from collections import deque
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from sizao.desk.web.context import ELDER
from sizao.desk.web.reading import reader_lang
from sizao.errors import SizaoError
from sizao.words import say_error

log = logging.getLogger("sizao.desk.web")

YEAR_S = 365 * 86400
LARGEST_REPORT = 16 * 1024
VIOLATIONS: deque[dict[str, Any]] = deque(maxlen=100)
"""The latest reports of browsers that refused content, for tests and for whoever watches the log."""


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice of language (`language`: zh-hans, en) or of type (`type`: large, normal), and go back."""
    response = HttpResponseRedirect(_back(request))
    told: dict[str, Any] = {
        "max_age": YEAR_S,
        "samesite": "Lax",
        "httponly": True,
        "secure": settings.SESSION_COOKIE_SECURE,
    }
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **told)
    if request.POST.get("type") in ("large", "normal"):
        response.set_cookie(ELDER, "1" if request.POST["type"] == "large" else "0", **told)
    return response


def _back(request: HttpRequest) -> str:
    told = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(told, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return told if here else "/"


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """What Sizao is, how to challenge, how to check who is calling, how to do all of it without a screen."""
    return render(request, "web/help.html")


@csrf_exempt
@require_POST
def content_report(request: HttpRequest) -> HttpResponse:
    """A browser refused some content. What it says is written to the log; nothing of it is trusted or answered."""
    body = request.read(LARGEST_REPORT)
    try:
        told = json.loads(body)
    except ValueError:
        return HttpResponse(status=400)
    report = told.get("csp-report", told) if isinstance(told, dict) else {"reports": told}
    VIOLATIONS.append(report)
    log.warning("Content refused by a browser: %s", json.dumps(report, ensure_ascii=True)[:2000])
    return HttpResponse(status=204)


# --- what goes wrong --------------------------------------------------------------------------------------------------


def refusal(request: HttpRequest, error: SizaoError, status: int = 400) -> HttpResponse:
    """A page that says what an error says, and what to do."""
    says, do = say_error(error, reader_lang())
    context = {"status": status, "code": error.code, "says": says, "do": do}
    return render(request, "web/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - named by Django
    """400."""
    return _plain(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - named by Django
    """403."""
    return _plain(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - named by Django
    """404."""
    return _plain(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - named by Django
    """403 where a form came without its token: usually a page left open overnight, or cookies that are refused."""
    return _plain(request, 403, "form")


def server_error(_request: HttpRequest) -> HttpResponse:
    """500. Asks nothing of the database or of the reader's session: either may be what failed."""
    return HttpResponse(render_to_string("web/error.html", _told(500)), status=500)


def unavailable(_request: HttpRequest, retry_after_s: int = 60) -> HttpResponse:
    """503: too much at once, or an upgrade. Says when to come back, and that what holds still holds."""
    response = HttpResponse(render_to_string("web/error.html", _told(503)), status=503)
    response["Retry-After"] = str(retry_after_s)
    return response


def _plain(request: HttpRequest, status: int, kind: str = "") -> HttpResponse:
    return render(request, "web/error.html", _told(status, kind), status=status)


def _told(status: int, kind: str = "") -> dict[str, Any]:
    return {"status": status, "kind": kind or str(status)}
