"""What auditors take along and check on a machine of their own: the proof of an act, a checkpoint, the whole log."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from sizao.desk.access.entry import desk, refusal_page
from sizao.desk.audit import looking
from sizao.desk.ledger import signing
from sizao.desk.ledger.models import Checkpoint
from sizao.desk.store import proofs
from sizao.errors import DeskError
from sizao.ledger.whole import log_lines


@desk("audit")
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The proof of an act as a file, which `sizao ledger verify` takes."""
    try:
        bundle = proofs.proof_of_act(number)
    except DeskError as refused:
        return refusal_page(request, refused, status=404)
    return _file(bundle.text(), f"act-{number}.proof.json", "application/json")


@desk("audit")
def note(_request: HttpRequest, size: int) -> HttpResponse:
    """A checkpoint's note as a file, to be kept outside: `sizao verify --checkpoint` compares with it."""
    found = Checkpoint.objects.filter(size=size).first()
    if found is None:
        raise Http404
    return _file(found.note, f"checkpoint-{size}.txt", "text/plain; charset=utf-8")


@desk("audit")
def whole(_request: HttpRequest) -> HttpResponse:
    """A copy of the whole log: hashes and signed notes, and nothing of what they stand for."""

    def lines() -> Iterator[str]:
        for line in log_lines(looking.log_steps()):
            yield line + "\n"

    answer = StreamingHttpResponse(lines(), content_type="application/x-ndjson")
    answer["Content-Disposition"] = 'attachment; filename="log.jsonl"'
    return answer  # type: ignore[return-value]  # a streaming answer is one for every purpose of `desk`


@desk("audit")
def checkpoints(request: HttpRequest) -> HttpResponse:
    """The signed checkpoints, the latest first, the key they are signed with, and that each log begins with the one
    before."""
    rows = looking.checkpoints()
    context = {"rows": rows, "name": signing.origin(), "key": looking.public_key_text()}
    return render(request, "audit/checkpoints.html", context)


def _file(text: str, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
