"""The embedded engine says exactly what the slow reference says: on random towns one by one, and on many at once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.exposure.embedded import Embedded
from sizao.exposure.reference import Reference
from tests.exposure.towns import KNOWN_AT, Town, joined, many_towns, plain, towns


@settings(max_examples=250)
@given(town=towns(), top=st.sampled_from((None, None, 0, 1, 2)), threads=st.sampled_from((1, 2)))
def test_embedded_gives_the_pairs_and_evidence_of_the_reference(town: Town, top: int | None, threads: int) -> None:
    question = (town.question(), town.source(), town.contact_rules())
    expected = Reference().match(*question, known_at=KNOWN_AT, top=top)
    found = Embedded(threads).match(*question, known_at=KNOWN_AT, top=top)
    assert plain(found) == plain(expected)
    assert found.pairs.schema == expected.pairs.schema
    assert found.evidence is not None
    assert expected.evidence is not None
    assert found.evidence.schema == expected.evidence.schema
    assert found.rules_digest == expected.rules_digest


@settings(max_examples=50)
@given(town=towns())
def test_pairs_are_the_same_whether_evidence_is_asked_for_or_not(town: Town) -> None:
    question = (town.question(), town.source(), town.contact_rules())
    with_evidence = Embedded(1).match(*question, known_at=KNOWN_AT)
    without = Embedded(1).match(*question, known_at=KNOWN_AT, evidence=False)
    assert without.evidence is None
    assert without.pairs.equals(with_evidence.pairs)


def test_many_cases_on_two_threads_come_in_order() -> None:
    town = joined(many_towns(150))
    question = (town.question(), town.source(), town.contact_rules())
    expected = Reference().match(*question, known_at=KNOWN_AT)
    assert len(expected) > 100
    assert plain(Embedded(2).match(*question, known_at=KNOWN_AT)) == plain(expected)
    assert plain(Embedded(1).match(*question, known_at=KNOWN_AT, top=1)) == plain(
        Reference().match(*question, known_at=KNOWN_AT, top=1)
    )
