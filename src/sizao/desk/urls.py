"""Where each desk lies."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from sizao.desk.deployment import Mode

handler400 = "sizao.desk.web.views.bad_request"
handler403 = "sizao.desk.web.views.forbidden"
handler404 = "sizao.desk.web.views.not_found"
handler500 = "sizao.desk.web.views.server_error"

urlpatterns = [
    path("", include("sizao.desk.web.urls")),
    path("", include("sizao.desk.public.urls")),
    path("sign/", include("sizao.desk.access.urls")),
    path("cases/", include("sizao.desk.cases.urls")),
    path("contacts/", include("sizao.desk.contacts.urls")),
    path("hospitals/", include("sizao.desk.hospitals.urls")),
    path("me/", include("sizao.desk.me.urls")),
    path("counter/", include("sizao.desk.counter.urls")),
    path("challenges/", include("sizao.desk.counter.challenge_urls")),
    path("audit/", include("sizao.desk.audit.urls")),
    path("setup/", include("sizao.desk.setup.urls")),
    path("api/v1/", include("sizao.desk.api.urls")),
]
if settings.OIDC is not None:
    urlpatterns.append(path("sign/", include("allauth.socialaccount.providers.openid_connect.urls")))
if settings.SIZAO.mode is Mode.DEMO:
    urlpatterns.append(path("demo/", include("sizao.desk.demo.urls")))
