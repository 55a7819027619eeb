"""Where each desk lies."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("sizao.desk.public.urls")),
    path("sign/", include("sizao.desk.access.urls")),
    path("cases/", include("sizao.desk.cases.urls")),
    path("contacts/", include("sizao.desk.contacts.urls")),
    path("hospitals/", include("sizao.desk.hospitals.urls")),
    path("me/", include("sizao.desk.me.urls")),
    path("counter/", include("sizao.desk.counter.urls")),
    path("audit/", include("sizao.desk.audit.urls")),
    path("setup/", include("sizao.desk.setup.urls")),
]
