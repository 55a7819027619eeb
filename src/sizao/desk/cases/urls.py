"""The pages of this desk. A case is named by its subject, which has a colon in it, so no other word can be taken for one."""

from __future__ import annotations

from django.urls import URLPattern, path

from sizao.desk.cases import asking, case, chains, proposing, reporting, views, wizard

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("new/", reporting.new, name="new"),
    path("chain/", chains.chain, name="chain"),
    path("proposals/", proposing.listed, name="proposals"),
    path("proposals/<int:number>/", proposing.one, name="proposal"),
    path("import/", wizard.start, name="imports"),
    path("import/<int:number>/", wizard.one, name="import"),
    path("import/<int:number>/read/", wizard.read_it, name="import-read"),
    path("import/<int:number>/rows/", wizard.rows, name="import-rows"),
    path("import/<int:number>/store/", wizard.store, name="import-store"),
    path("import/<int:number>/discard/", wizard.discard, name="import-discard"),
    path("import/<int:number>/undo/", wizard.undo, name="import-undo"),
    path("<str:subject>/", case.person, name="person"),
    path("<str:subject>/read/", case.who_read, name="reads"),
    path("<str:subject>/trace/", views.trace, name="trace"),
    path("<str:subject>/contacts/", case.contacts, name="contacts"),
    path("<str:subject>/why-not/", asking.why_no_contact, name="why-not"),
    path("<str:subject>/<slug:code>/", case.act, name="act"),
]
