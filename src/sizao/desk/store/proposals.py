"""Acts that need more than one person: above the number the guard allows, two approvers of different units, each with
own reasons.

Nothing of a proposal counts before they agreed. It shows whom it would burden. The proposer is not an approver;
neither are two people of one unit. One refusal ends it; so does time, which never approves anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from sizao.desk.store.acts import Receipt, record_approved
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.models import Approval, Proposal
from sizao.desk.store.rights import MAY_RECORD, Actor, Purpose, Role, burdens, check
from sizao.desk.store.rows import areas_of
from sizao.errors import DeskError
from sizao.facts.kinds import Confirmed, Fact
from sizao.facts.record import fact_from, plain
from sizao.when import HOUR_S, Instant

APPROVERS = frozenset({Role.TRACER, Role.COMMAND, Role.CDC})
APPROVED, REFUSED, LAPSED, SUPERSEDED = "approved", "refused", "lapsed", "replaced"
SHORTEST = 10
"""Reasons shorter than this are none."""


def propose(facts: Sequence[Fact], *, by: Actor, purpose: Purpose, key: str, now: Instant, name: str) -> Proposal:
    """Put facts forward that need approvers. Refuses what the actor might not record at all; the same key is the same
    proposal."""
    check(by, purpose, facts, areas_of(facts, deployment().area))
    bulk, lapses = (guard(f"safeguard.{rail}", deployment().area, now) for rail in ("bulk", "preliminary_h"))
    told = {
        "name": name, "actor": by.id, "unit": by.unit, "purpose": str(purpose), "proposed_at": now,
        "lapses_at": now + lapses * HOUR_S, "approvers": bulk.approvers,
        "subjects": len({fact.subject for fact in facts if burdens(fact)}),
        "lines": json.dumps([plain(fact) for fact in facts], ensure_ascii=False),
    }  # fmt: skip
    proposal, _ = Proposal.objects.get_or_create(key=key, defaults=told)
    return proposal


def facts_of(proposal: Proposal) -> list[Fact]:
    """The facts a proposal puts forward."""
    return [fact_from(line) for line in json.loads(proposal.lines)]


def approve(proposal: Proposal, *, by: Actor, agrees: bool, reasons: str, now: Instant) -> Receipt | None:
    """One person's yes or no. Returns the receipt when this was the last yes that was needed.

    Refuses the proposer (D150), a second voice of one unit (D151), somebody without the role (D152), what is settled
    or lapsed (D153), and a decision without reasons (D154).
    """
    if not by.has(*APPROVERS):
        raise DeskError("D152")
    if len(reasons.strip()) < SHORTEST:
        raise DeskError("D154")
    with transaction.atomic():
        held = Proposal.objects.select_for_update().get(pk=proposal.pk)
        _open(held, now)
        units = set(held.approvals.filter(agrees=True).values_list("unit", flat=True))
        if by.id == held.actor:
            raise DeskError("D150")
        if agrees and by.unit in units | {held.unit}:
            raise DeskError("D151")
        Approval.objects.create(
            proposal=held, actor=by.id, unit=by.unit, at=now, agrees=agrees, reasons=reasons.strip()
        )
        if not agrees:
            _settle(held, REFUSED, now)
            return None
        if held.approvals.filter(agrees=True).count() < held.approvers:
            return None
        return _carry_out(held, by, now)


def _open(proposal: Proposal, now: Instant) -> None:
    if proposal.settled_at is not None or now >= proposal.lapses_at:
        raise DeskError("D153")


def _settle(proposal: Proposal, outcome: str, now: Instant) -> None:
    proposal.settled_at, proposal.outcome = now, outcome
    proposal.save(update_fields=["settled_at", "outcome"])


def _carry_out(proposal: Proposal, last: Actor, now: Instant) -> Receipt:
    """Record the facts in the last approver's act: entered now, and where somebody confirms, with both names."""
    facts = [_restated(fact, last, now) for fact in facts_of(proposal)]
    by = replace(last, roles=last.roles | _recording(proposal, facts))
    receipt = record_approved(
        facts, by=by, purpose=Purpose(proposal.purpose), key=f"proposal-{proposal.pk}", now=now, name=proposal.name
    )
    _settle(proposal, APPROVED, now)
    return receipt


def _restated(fact: Fact, last: Actor, now: Instant) -> Fact:
    restated = replace(fact, recorded_at=now, recorder=last.id)
    if isinstance(restated, Confirmed):
        return replace(restated, second_by=last.id)
    return restated


def _recording(proposal: Proposal, facts: Sequence[Fact]) -> frozenset[Role]:
    """The roles in which such facts are recorded. Whoever proposed held one of them; an approver need not, to agree."""
    kinds, purpose = {fact.kind for fact in facts}, Purpose(proposal.purpose)
    roles = frozenset(role for role, (purposes, may) in MAY_RECORD.items() if purpose in purposes and kinds <= may)
    # Software records matches only, so its role is lent where nobody else's fits.
    return roles - {Role.MACHINE} or roles


def lapse(now: Instant) -> int:
    """Settle what nobody decided in time; returns how many."""
    late = Proposal.objects.filter(settled_at__isnull=True, lapses_at__lte=now)
    return late.update(settled_at=now, outcome=LAPSED)


def supersede(prefix: str, *, keep: str, now: Instant) -> int:
    """Settle what was put forward under keys that begin so, other than `keep`, and nobody decided yet: a later finding stands in
    its place. Returns how many."""
    older = Proposal.objects.filter(key__startswith=prefix, settled_at__isnull=True).exclude(key=keep)
    return older.update(settled_at=now, outcome=SUPERSEDED)


def waiting(now: Instant, *, by: Actor) -> list[Proposal]:
    """Proposals that this actor could decide, oldest first."""
    if not by.has(*APPROVERS):
        return []
    found = Proposal.objects.filter(settled_at__isnull=True, lapses_at__gt=now).exclude(actor=by.id)
    return list(found.exclude(approvals__actor=by.id).order_by("proposed_at"))
