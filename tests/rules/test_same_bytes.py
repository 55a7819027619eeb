"""The same facts give the same bytes: in any order, twice, in batches, late, in another zone and locale (TR-02, TR-35)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.kinds import Fact, Grade, SubjectId
from sizao.rules.conclude import conclude, conclude_all
from sizao.rules.dossier import Dossier
from sizao.rules.timeline import canonical, digest
from tests.rules.dossiers import AREAS, BOOKS, KNOWN, facts_about
from tests.rules.people import LUOYANG, ME, exposed, registered, sampled

ROOT = Path(__file__).resolve().parents[2]
books = st.sampled_from(sorted(BOOKS))


def bytes_of(facts: list[Fact], name: str = "luoyang", known: int = KNOWN, **more: Any) -> bytes:
    """The canonical timeline."""
    dossier = Dossier(ME, tuple(facts), AREAS[name], **more)
    return canonical(conclude(dossier, BOOKS[name], known_at=known))  # type: ignore[arg-type]


@given(facts_about(), st.data(), books)
def test_facts_in_any_order_give_the_same_bytes(facts: list[Fact], data: st.DataObject, name: str) -> None:
    assert bytes_of(data.draw(st.permutations(facts)), name) == bytes_of(facts, name)


@given(facts_about(least=1), st.data(), books)
def test_facts_entered_twice_count_once(facts: list[Fact], data: st.DataObject, name: str) -> None:
    again = data.draw(st.lists(st.sampled_from(facts), max_size=4))
    assert bytes_of([*again, *facts], name) == bytes_of(facts, name)


@given(facts_about(), st.data(), books)
def test_what_is_recorded_later_is_not_known_earlier_however_it_arrives(
    facts: list[Fact], data: st.DataObject, name: str
) -> None:
    known = data.draw(st.sampled_from([fact.recorded_at for fact in facts] or [KNOWN]))
    by_then = [fact for fact in facts if fact.recorded_at <= known]
    assert bytes_of(facts, name, known) == bytes_of(by_then, name, known)


@given(facts_about(), books)
def test_concluding_twice_or_among_others_gives_the_same_bytes(facts: list[Fact], name: str) -> None:
    dossier = Dossier(ME, tuple(facts), AREAS[name])
    first, second = conclude_all([dossier, dossier], BOOKS[name], known_at=KNOWN)
    assert canonical(first) == canonical(second) == bytes_of(facts, name)


@given(facts_about(least=2), facts_about(), st.data())
def test_upstream_facts_in_any_order_give_the_same_bytes(
    mine: list[Fact], theirs: list[Fact], data: st.DataObject
) -> None:
    secondary = exposed(
        "s", "2021-07-22 19:00", "2021-07-23 10:00", grade=Grade.SECONDARY, via=SubjectId("person:密接")
    )
    shuffled = data.draw(st.permutations(theirs))
    both = [
        bytes_of([*mine, secondary], upstream=(Dossier(SubjectId("person:密接"), tuple(each), LUOYANG),))
        for each in (theirs, shuffled)
    ]
    assert both[0] == both[1]


def test_one_fact_more_changes_the_digest() -> None:
    facts: list[Fact] = [registered(), exposed("e", "2021-07-22 19:00", "2021-07-26 10:00")]
    digests = {
        digest(conclude(Dossier(ME, tuple(each), LUOYANG), BOOKS["luoyang"], known_at=KNOWN))
        for each in (facts, [*facts, sampled("t", "2021-07-29 09:00")], facts[:1])
    }
    assert len(digests) == 3


PROGRAM = """
import sys
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.explain import sentences
from sizao.rules.timeline import digest
from sizao.words import Lang
from tests.rules.dossiers import BOOKS, KNOWN
from tests.rules.people import LUOYANG, ME, confirmed, exposed, matched, notice, registered, sampled, told
facts = (
    registered(), matched("m", "2021-07-22 19:00", "2021-07-26 10:00"), confirmed("c", "m", "2021-07-26 12:00"),
    told("t", "2021-07-26 13:00"), sampled("s", "2021-07-29 09:00"), exposed("e", "2021-07-24 19:00", "2021-07-30 10:00"),
    notice("n", "2021-08-03 10:00"),
)
timeline = conclude(Dossier(ME, facts, LUOYANG), BOOKS["luoyang"], known_at=KNOWN)
said = [line for duty in timeline.duties for lang in Lang for line in sentences(duty.reason, lang)]
sys.stdout.buffer.write((digest(timeline) + "\\n" + "\\n".join(said)).encode())
"""


@pytest.mark.parametrize(
    ("zone", "locale", "seed"),
    [("UTC", "C", "0"), ("Pacific/Apia", "zh_CN.UTF-8", "1"), ("America/St_Johns", "tr_TR.UTF-8", "2")],
)
def test_another_zone_locale_and_hash_seed_give_the_same_bytes(zone: str, locale: str, seed: str) -> None:
    assert _run(zone, locale, seed) == _run("Asia/Shanghai", "en_US.UTF-8", "7")


def _run(zone: str, locale: str, seed: str) -> bytes:
    env = {
        "TZ": zone, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed, "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }  # fmt: skip
    return subprocess.run([sys.executable, "-c", PROGRAM], env=env, cwd=ROOT, capture_output=True, check=True).stdout
