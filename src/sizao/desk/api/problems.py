"""Errors as `application/problem+json` (RFC 9457): the stable code, what it says and what to do, in the language
asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse

from sizao.errors import SizaoError
from sizao.words import Lang, say_error

CONTENT = "application/problem+json; charset=utf-8"
_BY_STATUS = {
    401: ("U140",),
    403: ("D120", "D121", "D122", "D123", "D150", "D151", "D152", "D161", "U146"),
    404: ("D140", "D160", "U147", "U150", "U151"),
    409: ("D111", "D112", "D153"),
    412: ("D113",),
    428: ("U148",),
    429: ("A130",),
}
STATUS = {code: status for status, codes in _BY_STATUS.items() for code in codes}
"""What a code is to HTTP; any other is 422: understood, and refused."""
REFUSED = 422


def lang_of(request: HttpRequest) -> Lang:
    """The first language of Accept-Language that we speak; Chinese where none is named."""
    for asked in request.headers.get("Accept-Language", "").lower().split(","):
        name = asked.partition(";")[0].strip()
        if name.startswith("en"):
            return Lang.EN
        if name.startswith("zh"):
            return Lang.ZH
    return Lang.ZH


def problem(request: HttpRequest, error: SizaoError, status: int | None = None) -> JsonResponse:
    """An error as the answer of the API."""
    lang = lang_of(request)
    says, do = say_error(error, lang)
    place = {name: getattr(error.where, name) for name in ("row", "column", "key")}
    number = status or STATUS.get(error.code, REFUSED)
    told: dict[str, Any] = {
        "type": f"urn:sizao:error:{error.code}", "title": says, "status": number, "code": error.code, "says": says, "do": do,
    }  # fmt: skip
    told |= {name: value for name, value in place.items() if value is not None}
    answer = JsonResponse(told, status=number, content_type=CONTENT, json_dumps_params={"ensure_ascii": False})
    answer["Content-Language"] = "zh-Hans" if lang is Lang.ZH else "en"
    answer["Cache-Control"] = "no-store"
    if number == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer
