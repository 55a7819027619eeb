"""The API of version 1, its document at `openapi.json`, and how its errors are said. There is no page with outside
scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from sizao import __version__
from sizao.desk.access import alerts
from sizao.desk.api import calls, log_calls
from sizao.desk.api.problems import problem
from sizao.errors import DeskError, SizaoError

SAYS = (
    "The acts and readers of the desks. Facts go in, conclusions come out: there is no call that sets a standing. Times are "
    "seconds since 1970 UTC. Errors are application/problem+json with a stable code, in the language of Accept-Language (zh, en)."
)

api = NinjaAPI(title="Sizao", version=__version__, description=SAYS, docs_url=None, urls_namespace="api", auth=None)
api.add_router("", calls.router)
api.add_router("", log_calls.router)


@api.exception_handler(SizaoError)
def _refused(request: HttpRequest, error: SizaoError) -> JsonResponse:
    if isinstance(error, alerts.Throttled):
        alerts.see_to_it(error, request.now)  # type: ignore[attr-defined]  # set by access.middleware.Acting
    return problem(request, error)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, _error: AuthenticationError) -> JsonResponse:
    return problem(request, DeskError("U140"))


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> JsonResponse:
    first = error.errors[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    return problem(request, DeskError("U149", field=place, wanted=str(first["msg"])[:120]))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, DeskError("U149", field="", wanted=str(error)[:120]), error.status_code)


app_name = "api"
urlpatterns = api.urls[0]
