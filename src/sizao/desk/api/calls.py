"""The calls of the API: each asks one reader or makes one act, exactly as a page does."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router

from sizao import __version__
from sizao.desk.access import reads
from sizao.desk.api import giving, shapes
from sizao.desk.api.calling import Bearer, Called, purpose_of
from sizao.desk.api.problems import lang_of
from sizao.desk.api.tokens import Scope
from sizao.desk.store import jobs, proposals, readers
from sizao.desk.store.acts import Receipt, record
from sizao.desk.store.book import deployment
from sizao.desk.store.models import FactRow, Proposal
from sizao.desk.store.rights import Purpose
from sizao.desk.store.rows import fact_of
from sizao.errors import DeskError
from sizao.facts.kinds import Fact
from sizao.when import Instant

router = Router()
LARGEST_PAGE = 200

Key = Annotated[str | None, Header(alias="Idempotency-Key", description="The same key again is the same act.")]
Match = Annotated[str | None, Header(alias="If-Match", description="The versions the caller had read.")]


@router.get("/health", response=dict[str, str], tags=["deployment"], auth=None)
def health(request: HttpRequest) -> dict[str, str]:
    """That the service answers, which version it is, and what kind of deployment: a drill says so here too."""
    del request
    return {"status": "ok", "version": __version__, "mode": str(deployment().mode)}


@router.post("/facts", response=shapes.ReceiptOut, tags=["facts"], auth=Bearer(Scope.FACTS_WRITE))
def give_facts(
    request: Called, told: shapes.FactsIn, idempotency_key: Key = None, if_match: Match = None
) -> shapes.ReceiptOut:
    """Record facts as one act. More people burdened at once than the guard allows need a proposal (D114)."""
    by, now = request.auth.actor, request.now
    purpose, key = purpose_of(told.purpose), giving.key_of(idempotency_key, by)
    facts = giving.facts_of(told.facts, by, now)
    expect = giving.versions_of(if_match, [fact.subject for fact in facts])
    receipt = record(*facts, by=by, purpose=purpose, expect=expect, key=key, now=now, name="api")
    return _receipt(receipt, facts)


def _receipt(receipt: Receipt, facts: list[Fact]) -> shapes.ReceiptOut:
    return shapes.ReceiptOut(
        act=receipt.act, leaf=receipt.leaf.hex(), recorded_at=receipt.recorded_at, stored=receipt.stored, known=receipt.known,
        repeated=receipt.repeated, facts=[fact.id for fact in facts],
    )  # fmt: skip


@router.get("/subjects/{subject}", response=shapes.SubjectOut, tags=["subjects"], auth=Bearer(Scope.SUBJECTS_READ))
def subject(
    request: Called, response: HttpResponse, subject: str, purpose: str, *, case: str = "", known_at: int | None = None
) -> shapes.SubjectOut:
    """One subject as it reads now: standing with its reasons, duties, facts. The read is written down first."""
    by = request.auth.actor
    page = readers.subject_page(subject, actor=by, now=request.now, known_at=_instant(known_at))
    _reading(request, [subject], purpose_of(purpose), "subject", case)
    response["ETag"] = f'"{page.version}"'
    return shapes.subject_out(page, lang_of(request))


@router.get("/contacts", response=shapes.ContactsOut, tags=["lists"], auth=Bearer(Scope.LISTS_READ))
def contacts(
    request: Called, purpose: str, grade: str = "", standing: str = "", case: str | None = None, *, team: str | None = None,
    overdue: bool = False, after: str | None = None, size: int = readers.PAGE,
) -> shapes.ContactsOut:  # fmt: skip
    """Contacts within the caller's areas, next due first."""
    narrowed = {
        "grades": _listed(grade),
        "standings": _listed(standing),
        "case": case,
        "team": team,
        "overdue": overdue,
    }
    asked = readers.contacts(request.auth.actor, now=request.now, **narrowed)  # type: ignore[arg-type]  # each is what it says
    found = readers.screen(asked, after=_onward(after), size=_size(size))
    _reading(request, [row.subject for row in found.rows], purpose_of(purpose), "contacts", case or "")
    return shapes.ContactsOut(rows=[shapes.contact_out(row) for row in found.rows], after=found.after)


@router.get("/cases", response=shapes.CasesOut, tags=["lists"], auth=Bearer(Scope.LISTS_READ))
def cases(request: Called, purpose: str, after: str | None = None, size: int = readers.PAGE) -> shapes.CasesOut:
    """Case notices within the caller's areas, the latest first."""
    wanted = _size(size)
    asked = readers.cases(request.auth.actor).order_by("-seq")
    if after is not None:
        asked = asked.filter(seq__lt=_number(after))
    rows: list[FactRow] = list(asked[: wanted + 1])
    shown = rows[:wanted]
    _reading(request, [row.subject for row in shown], purpose_of(purpose), "cases", "")
    told = [shapes.case_out(row.subject, fact_of(row), row.fact_id, row.act_id, row.recorded_at) for row in shown]
    return shapes.CasesOut(rows=told, after=str(shown[-1].seq) if len(rows) > wanted else None)


@router.get("/proposals", response=list[shapes.ProposalOut], tags=["proposals"], auth=Bearer(Scope.PROPOSALS_DECIDE))
def waiting(request: Called) -> list[shapes.ProposalOut]:
    """Proposals that the caller's user could decide, oldest first."""
    return [shapes.proposal_out(one) for one in proposals.waiting(request.now, by=request.auth.actor)]


@router.post("/proposals", response=shapes.ProposalOut, tags=["proposals"], auth=Bearer(Scope.FACTS_WRITE))
def propose(request: Called, told: shapes.FactsIn, idempotency_key: Key = None) -> shapes.ProposalOut:
    """Put facts forward that need approvers. Nothing of them counts before they agreed."""
    by, now = request.auth.actor, request.now
    purpose, key = purpose_of(told.purpose), giving.key_of(idempotency_key, by)
    facts = giving.facts_of(told.facts, by, now)
    return shapes.proposal_out(proposals.propose(facts, by=by, purpose=purpose, key=key, now=now, name="api"))


@router.post(
    "/proposals/{number}/decision", response=shapes.ProposalOut, tags=["proposals"], auth=Bearer(Scope.PROPOSALS_DECIDE)
)
def decide(request: Called, number: int, told: shapes.DecisionIn) -> shapes.ProposalOut:
    """The caller's yes or no, with own reasons."""
    proposal = Proposal.objects.filter(pk=number).first()
    if proposal is None:
        raise DeskError("U147", number=number)
    proposals.approve(proposal, by=request.auth.actor, agrees=told.agrees, reasons=told.reasons, now=request.now)
    proposal.refresh_from_db()
    return shapes.proposal_out(proposal)


@router.get("/jobs/{key}", response=shapes.JobOut, tags=["jobs"], auth=Bearer(Scope.JOBS_READ))
def job(request: Called, key: str) -> shapes.JobOut:
    """A job the caller's user asked for."""
    held = jobs.job_of(key)
    if held.by != request.auth.actor.id:
        raise DeskError("D140", key=key)
    return shapes.job_out(held)


def _reading(request: Called, subjects: list[str], purpose: Purpose, page: str, case: str) -> None:
    fields = ("facts", "standing") if page == "subject" else ("standing",)
    reads.log(
        request.auth.actor, subjects, purpose=purpose, fields=fields, page=f"api:{page}", now=request.now, case=case
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)


def _size(asked: int) -> int:
    return max(1, min(asked, LARGEST_PAGE))


def _number(text: str) -> int:
    if not text.isdigit():
        raise DeskError("U154", value=text[:40])
    return int(text)


def _onward(text: str | None) -> str | None:
    """Where a list goes on, as a list of ours told it; refuses anything else (U154)."""
    moment, bar, _ = (text or "").partition("|")
    if text and not (bar and (moment == "-" or moment.lstrip("-").isdigit())):
        raise DeskError("U154", value=text[:40])
    return text


def _instant(known_at: int | None) -> Instant | None:
    return None if known_at is None else Instant(known_at)
