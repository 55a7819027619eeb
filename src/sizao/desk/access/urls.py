"""Signing in and out, second factors, the check before a sensitive act, one's own password."""

from __future__ import annotations

from django.urls import path

from sizao.desk.access import factor_views, views

app_name = "access"
urlpatterns = [
    path("in/", views.sign_in, name="sign-in"),
    path("out/", views.sign_out, name="sign-out"),
    path("second/", views.second, name="second"),
    path("check/", views.check, name="check"),
    path("password/", views.own_password, name="password"),
    path("set/<str:who>/<str:token>/", views.set_password, name="set-password"),
    path("factors/", factor_views.overview, name="factors"),
    path("factors/app/", factor_views.app, name="app"),
    path("factors/passkey/", factor_views.passkey, name="passkey"),
    path("factors/codes/", factor_views.codes, name="codes"),
    path("factors/<int:number>/remove/", factor_views.remove, name="remove-factor"),
]
