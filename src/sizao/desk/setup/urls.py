"""The pages of this desk. None of them says what colour anybody has, and none changes a fact."""

from __future__ import annotations

from django.urls import path

from sizao.desk.setup import registry_views, users, views

app_name = "setup"
urlpatterns = [
    path("", views.home, name="home"),
    path("users/", users.users, name="users"),
    path("users/new/", users.new_user, name="new-user"),
    path("users/<int:number>/", users.user, name="user"),
    path("users/<int:number>/grant/", users.grant, name="grant"),
    path("users/<int:number>/grants/<int:grant_number>/end/", users.revoke, name="revoke"),
    path("users/<int:number>/leave/", users.leave, name="leave"),
    path("users/<int:number>/password/", users.password, name="password"),
    path("users/<int:number>/factors/", users.forget_factors, name="factors"),
    path("alerts/", views.alert_list, name="alerts"),
    path("alerts/<int:number>/", views.alert, name="alert"),
    path("areas/", registry_views.areas, name="areas"),
    path("areas/new/", registry_views.new_areas, name="new-areas"),
    path("units/", registry_views.units, name="units"),
    path("units/new/", registry_views.unit, name="new-unit"),
    path("units/<str:code>/", registry_views.unit, name="unit"),
    path("units/<str:code>/end/", registry_views.unit_end, name="unit-end"),
    path("places/", registry_views.places, name="places"),
    path("places/new/", registry_views.place, name="new-place"),
    path("places/<str:code>/", registry_views.place, name="place"),
    path("packs/", views.packs, name="packs"),
    path("feeds/", views.feeds, name="feeds"),
    path("jobs/", views.job_list, name="jobs"),
    path("outbox/", views.outbox, name="outbox"),
]
