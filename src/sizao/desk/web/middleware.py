"""What every answer says to the browser: which content it may load, that nobody keeps a copy, and in which language it speaks."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from sizao.desk.web.reading import TAGS, reader_lang

Answer = Callable[[HttpRequest], HttpResponse]

REPORTS = "/content-report"
"""Where a browser tells what it refused to load: `sizao.desk.web.views.content_report`."""

CONTENT = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        f"report-uri {REPORTS}",
    )
)
"""Nothing inline and nothing from elsewhere. `data:` is for pictures only: the QR code of a second factor is one."""

HEADERS = {
    "Content-Security-Policy": CONTENT,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What an answer says unless its view said otherwise. A page that names nobody may set `Cache-Control` itself."""


class ContentSecurity:
    """Sets `HEADERS`. Static files pass before it: they carry their own."""

    def __init__(self, get_response: Answer) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Django's call."""
        response = self._next(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        return response


class Language:
    """Speaks the language chosen on a page, else the first of the browser's that we speak, else Chinese."""

    def __init__(self, get_response: Answer) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Django's call."""
        code = translation.get_language_from_request(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self._next(request)
            response.headers.setdefault("Content-Language", TAGS[reader_lang()])
        if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            patch_vary_headers(response, ("Accept-Language",))
        return response
