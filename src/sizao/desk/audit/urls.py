"""The pages of this desk. None of them says whom an act was about."""

from __future__ import annotations

from django.urls import path

from sizao.desk.audit import taking_along, views

app_name = "audit"
urlpatterns = [
    path("", views.home, name="home"),
    path("acts/", views.acts, name="acts"),
    path("acts/<int:number>/", views.act, name="act"),
    path("acts/<int:number>/proof.json", taking_along.proof, name="proof"),
    path("checkpoints/", taking_along.checkpoints, name="checkpoints"),
    path("checkpoints/<int:size>/note.txt", taking_along.note, name="note"),
    path("log.jsonl", taking_along.whole, name="log"),
    path("reads/", views.reads, name="reads"),
    path("reads/<str:actor>/", views.reader, name="reader"),
    path("kept/", views.kept, name="kept"),
    path("jobs/", views.job_list, name="jobs"),
    path("verification/", views.verification, name="verification"),
    path("verification/start/", views.verify, name="verify"),
]
