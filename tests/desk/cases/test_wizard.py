"""The pages of the import: sent, looked at, tried, stored, taken back; and refused to whoever it is not for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sizao.desk.cases import wizard
from sizao.desk.cases.models import Import
from sizao.desk.store.models import FactRow
from tests.desk.cases.files import STAYS, TESTS, cases, text

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("matched_here", "home")]

SignIn = Callable[[str], Client]
SAID = {"mapping": "tests", "source": "县医院检验科", "basis": "传染病防治法"}


def send(client: Client, content: bytes, name: str = "lab.csv") -> str:
    """Send a file; the address of its page."""
    form = client.get("/cases/import/").content.decode()
    told = {"file": SimpleUploadedFile(name, content), "source": "县医院检验科", "key": _key(form)}
    response = client.post("/cases/import/", told)
    assert response.status_code == 302, response.content.decode()[:2000]
    return str(response["Location"])


def _key(page: str) -> str:
    return page.split('name="key" value="')[1].split('"')[0]


def body(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def tried(client: Client, content: bytes, **said: str) -> str:
    """Send a file and have it read."""
    path = send(client, content)
    told = SAID | {"key": _key(body(client, path))} | said
    assert client.post(f"{path}read/", told).status_code == 302
    return path


def test_the_kind_of_list_is_recognised_and_its_columns_are_shown(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    page = body(client, send(client, text(TESTS)))
    assert '<option value="tests" selected>' in page
    assert "as recognised: sampled_at" in page
    assert "4 rows, 4 columns" in page


def test_a_trial_says_row_by_row_what_would_become_of_it_and_stores_nothing(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    page = body(client, tried(client, text(TESTS)))
    for said in ("3 taken + 1 refused", "Nothing is stored yet", "Store 2 new", "好", "negative"):
        assert said in page, said
    assert not FactRow.objects.exists()


def test_what_was_tried_is_stored_and_taken_back_again(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    path = tried(client, text(TESTS))
    assert client.post(f"{path}store/").status_code == 302
    assert FactRow.objects.filter(kind="test").count() == 2
    assert "Stored" in body(client, path)
    form = body(client, f"{path}undo/")
    assert client.post(f"{path}undo/", {"key": _key(form), "why": "no"}).status_code == 400
    assert client.post(f"{path}undo/", {"key": _key(form), "why": "another laboratory's file"}).status_code == 302
    assert FactRow.objects.filter(kind="correction").count() == 2
    assert "another laboratory&#x27;s file" in body(client, path)


def test_rows_are_listed_by_outcome(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    path = tried(client, text(TESTS))
    assert "F240" not in body(client, f"{path}rows/?outcome=refused")
    assert body(client, f"{path}rows/?outcome=new").count("<tr>") == 3
    assert "No row" in body(client, f"{path}rows/?outcome=known")


def test_what_a_source_said_last_time_is_filled_in(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    rows = [["who", "when", "result", "sample"], *TESTS[1:3]]
    tried(client, text(rows), **{"column.sampled_at": "when", "basis": "第三十八条"})
    page = body(client, send(client, text(rows)))
    assert "was read on" in page
    assert "第三十八条" in page
    assert '<option value="when" selected>' in page


def test_a_file_that_was_not_taken_says_why_and_may_be_read_again(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    path = tried(client, text(TESTS), declared_rows="9")
    page = body(client, path)
    assert "The file was not taken" in page
    told = SAID | {"key": _key(page)}
    assert client.post(f"{path}read/", told).status_code == 302
    assert "3 taken + 1 refused" in body(client, path)


@pytest.mark.parametrize(
    "told", [{"basis": ""}, {"formats": "DD.MM"}, {"declared_sha256": "abc"}, {"mapping": "nonsense"}]
)
def test_a_form_that_cannot_be_taken_keeps_what_was_entered(sign_in: SignIn, told: dict[str, str]) -> None:
    client = sign_in("reviewer")
    path = send(client, text(TESTS))
    response = client.post(f"{path}read/", SAID | {"key": _key(body(client, path)), "source": "另一来源"} | told)
    assert response.status_code == 400
    assert "另一来源" in response.content.decode()


def test_an_old_excel_file_is_refused_on_the_page(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    form = body(client, "/cases/import/")
    told = {"file": SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0"), "source": "x", "key": _key(form)}
    response = client.post("/cases/import/", told)
    assert response.status_code == 400
    assert not Import.objects.exists()


def test_many_cases_become_a_proposal_and_the_page_says_so_before(sign_in: SignIn) -> None:
    client = sign_in("tracer")
    path = tried(client, text(cases(51)), mapping="cases")
    assert "51 people would become cases" in body(client, path)
    client.post(f"{path}store/")
    assert "Waiting for two approvers" in body(client, path)
    assert not FactRow.objects.exists()


def test_stays_are_stored_with_the_day_they_are_kept_until(sign_in: SignIn) -> None:
    client = sign_in("tracer")
    until = {"keep_until_year": "2021", "keep_until_month": "8", "keep_until_day": "31"}
    path = tried(client, text(STAYS), mapping="stays", **until)
    client.post(f"{path}store/")
    assert Import.objects.get().state == "stored"
    assert Import.objects.get().keep_until == 1_630_425_600


def test_a_large_file_is_left_to_the_worker_and_its_page_looks_again_by_itself(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wizard, "SMALL", 10)
    client = sign_in("reviewer")
    response = client.get(tried(client, text(TESTS)))
    assert response["Refresh"] == "2"
    assert "It waits for its turn" in response.content.decode()


@pytest.mark.parametrize("step", ["", "rows/", "undo/"])
def test_another_unit_sees_nothing_of_it(sign_in: SignIn, step: str) -> None:
    path = tried(sign_in("reviewer"), text(TESTS))
    assert sign_in("tracer").get(f"{path}{step}").status_code == 403


@pytest.mark.parametrize("step", ["read/", "store/", "discard/", "undo/"])
def test_another_unit_changes_nothing_of_it(sign_in: SignIn, step: str) -> None:
    path = tried(sign_in("reviewer"), text(TESTS))
    assert sign_in("tracer").post(f"{path}{step}", SAID).status_code == 403
    assert Import.objects.get().state == "read"


def test_a_tracer_who_may_not_record_tests_is_told_so(sign_in: SignIn) -> None:
    client = sign_in("tracer")
    path = tried(client, text(TESTS))
    assert client.post(f"{path}store/").status_code == 403
    assert not FactRow.objects.exists()


def test_what_is_not_wanted_is_discarded(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    path = tried(client, text(TESTS))
    assert client.post(f"{path}discard/").status_code == 302
    assert Import.objects.get().state == "discarded"
