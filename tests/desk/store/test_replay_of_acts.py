"""TR-02, TR-05, TR-35: what anybody was told can be worked out again, by us at any past moment and by somebody else without us;
and it never depends on who reported first."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sizao.desk.ledger import sequencer, signing
from sizao.desk.store import concluding, proofs
from sizao.desk.store.book import book
from sizao.desk.store.models import FactRow, SubjectRow, TimelineRow
from sizao.desk.store.rights import Actor, Purpose
from sizao.errors import LedgerError
from sizao.facts.kinds import Fact, SubjectId
from sizao.facts.record import fact_from_json
from sizao.ledger import bundle as bundles
from sizao.ledger.signing import holds
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.timeline import at, digest
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import COUNTY, NOW
from tests.desk.store.facts_told import confirmed, exposure, negative, notice, registered, tell

pytestmark = pytest.mark.django_db

Cast = dict[str, Actor]
PEOPLE = [f"person:{number}" for number in range(2)]


def steps_of(cast: Cast, now: Instant) -> list[Callable[[], Any]]:
    """What may happen to two people at a moment, each as an act of whoever may."""
    told: list[Callable[[], Any]] = []
    for subject in PEOPLE:
        exposed = exposure(subject, by=cast["tracer"], now=now)
        sample = negative(subject, by=cast["lab"], sample=f"{subject}-{now}", at=Instant(now - HOUR_S), now=now)
        told += [
            partial(tell, registered(subject, now=now), by=cast["clerk"], purpose=Purpose.COUNTER, now=now),
            partial(tell, exposed, by=cast["tracer"], purpose=Purpose.TRACING, now=now),
            partial(stand_behind, exposed, cast["tracer"], now),
            partial(tell, sample, by=cast["lab"], purpose=Purpose.TESTING, now=now),
        ]
    return told


def stand_behind(exposed: Fact, by: Actor, now: Instant) -> None:
    """A tracer tells an exposure, or hears of one that was told, and confirms it."""
    tell(exposed, by=by, purpose=Purpose.TRACING, now=now)
    tell(confirmed(exposed, by=by, now=now), by=by, purpose=Purpose.TRACING, now=now)


def test_tr_02_every_past_moment_is_worked_out_again_to_the_same_bytes(cast: Cast) -> None:
    chance = random.Random(2)
    tell(notice(now=NOW), by=cast["doctor"], purpose=Purpose.CARE, now=NOW)
    shown: dict[tuple[str, int], tuple[str, str]] = {}
    for day in range(12):
        now = Instant(NOW + day * DAY_S)
        for step in chance.sample(steps_of(cast, now), 2):
            step()
        for row in TimelineRow.objects.filter(subject__in=PEOPLE):
            shown[row.subject, now] = (row.digest, row.standing if row.read_at == now else "")
    assert len(shown) > 15
    pairs = list(shown)
    chance.shuffle(pairs)
    for subject, moment in pairs:
        dossier = concluding.dossiers([subject], Instant(moment))[subject]
        timeline = concluding.timeline_of(dossier)
        told, standing = shown[subject, moment]
        assert concluding.digest_of(timeline)[1] == told
        if standing:
            span = at(timeline, Instant(moment)).standing
            assert span is not None
            assert span.standing == standing


@given(st.permutations(range(8)), st.sets(st.integers(0, 7), max_size=2))
@hypothesis_settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_tr_35_late_reordered_and_repeated_reports_come_to_the_same(
    cast: Cast, order: list[int], twice: set[int]
) -> None:
    def drawn(numbers: list[int]) -> dict[str, str]:
        with transaction.atomic():
            tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
            steps = steps_of(cast, NOW)
            for number in numbers:
                steps[number]()
            found = dict(TimelineRow.objects.filter(subject__in=PEOPLE).values_list("subject", "digest"))
            transaction.set_rollback(True)
        return found

    assert drawn([*order, *twice]) == drawn(list(range(8)))


# --- without us -------------------------------------------------------------------------------------------------------


@pytest.fixture
def evidence(cast: Cast, now: Instant) -> list[str]:
    """What a contact takes along: a proof of every fact about him."""
    tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    stand_behind(exposure("person:a", by=cast["tracer"]), cast["tracer"], NOW)
    sequencer.caught_up(NOW)
    ids = FactRow.objects.filter(subject="person:a").values_list("fact_id", flat=True)
    return [proofs.proof_of_fact(fact_id).text() for fact_id in ids]


def test_tr_05_the_standing_follows_from_the_proofs_alone_without_a_database(evidence: list[str]) -> None:
    row = TimelineRow.objects.get(pk="person:a")
    trusted = {signing.origin(): signing.public_key()}
    proved = [bundles.verify(bundles.read_bundle(text), trusted, holds) for text in evidence]
    facts = tuple(fact_from_json(each.line or "") for each in proved)
    area = SubjectRow.objects.get(pk="person:a").area
    assert area == COUNTY
    timeline = conclude(
        Dossier(SubjectId("person:a"), facts, area), book(), known_at=max(fact.recorded_at for fact in facts)
    )
    assert digest(timeline) == row.digest
    span = at(timeline, NOW).standing
    assert span is not None
    assert span.standing == row.standing
    assert span.reason.clauses or span.reason.parts


def test_tr_05_one_changed_bit_of_the_evidence_is_refused(evidence: list[str]) -> None:
    chance = random.Random(5)
    trusted = {signing.origin(): signing.public_key()}
    refused = tried = 0
    for text in evidence:
        whole = bundles.read_bundle(text)
        original = bundles.verify(whole, trusted, holds)
        for _ in range(40):
            data = bytearray(json.dumps(whole.plain(), ensure_ascii=False).encode())
            place = chance.randrange(len(data))
            data[place] ^= 1 << chance.randrange(8)
            tried += 1
            try:
                found = bundles.verify(bundles.read_bundle(data.decode()), trusted, holds)
            except (LedgerError, UnicodeDecodeError):
                refused += 1
                continue
            # Blanks, the case of hex digits and a witness nobody knows carry no meaning: what is proved is the same.
            assert (found.line, found.header, found.checkpoint) == (original.line, original.header, original.checkpoint)
    assert refused > tried * 0.9
