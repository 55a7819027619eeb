"""Proofs to take along: they hold without asking anybody, and whatever was changed in one is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.errors import LedgerError
from sizao.ledger import bundle, signing
from sizao.ledger.bundle import Bundle, Verified
from sizao.when import Instant
from sizao.words import Lang, say_error
from tests.ledger.making import (
    HEADER,
    LINES,
    LOG,
    MARKS,
    NOON,
    OFFICE,
    PUBLIC,
    SALTS,
    SCHOOL,
    SEEDS,
    TRUSTED,
    acts,
    code_of,
    note_over,
    proof_of,
)

PROOF = proof_of(since=5)


def verified(proof: Bundle, **asked: Any) -> Verified:
    return bundle.verify(proof, TRUSTED, signing.holds, **asked)


def test_a_proof_says_who_did_what_and_where_it_stands() -> None:
    found = verified(PROOF)
    assert (found.header, found.index, found.line, found.erased) == (HEADER, 3, LINES[1], False)
    assert (found.checkpoint.size, found.signers, found.earlier and found.earlier.size) == (7, (LOG,), 5)


@pytest.mark.parametrize("fact", [None, 0, 1, 2])
@pytest.mark.parametrize("since", [None, 0, 5, 7])
@pytest.mark.parametrize("size", [4, 7, 8, 130])
def test_a_proof_is_the_same_after_it_was_written_and_read(fact: int | None, since: int | None, size: int) -> None:
    proof = proof_of(fact, size=size, since=since if since is None else min(since, size))
    assert bundle.read_bundle(proof.text()) == proof
    assert verified(bundle.bundle_of(json.loads(json.dumps(proof.plain())))).line == (
        fact if fact is None else LINES[fact]
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: replace(p, header=replace(p.header, actor="user:2")), "L121"),
        (lambda p: replace(p, header=replace(p.header, recorded_at=Instant(1))), "L121"),
        (lambda p: replace(p, header=replace(p.header, facts=4)), "L121"),
        (lambda p: replace(p, salt=b"t" * 32), "L121"),
        (lambda p: replace(p, salt=b"short"), "L101"),
        (lambda p: replace(p, index=4), "L121"),
        (lambda p: replace(p, index=7), "L121"),
        (lambda p: replace(p, path=p.path[:-1]), "L121"),
        (lambda p: replace(p, path=p.path[::-1]), "L121"),
        (lambda p: replace(p, fact=replace(p.fact, line='{"kind":"order"}')), "L123"),
        (lambda p: replace(p, fact=replace(p.fact, salt=b"x" * 32)), "L123"),
        (lambda p: replace(p, fact=replace(p.fact, line=LINES[0], salt=SALTS[0])), "L123"),
        (lambda p: replace(p, fact=replace(p.fact, commitment=MARKS[0])), "L122"),
        (lambda p: replace(p, fact=replace(p.fact, index=2)), "L122"),
        (lambda p: replace(p, fact=replace(p.fact, path=())), "L122"),
        (lambda p: replace(p, note=p.note.replace("\n7\n", "\n8\n")), "L111"),
        (lambda p: replace(p, note=p.note.replace(LOG, "another log", 1)), "L111"),
        (lambda p: replace(p, note="nothing"), "L110"),
        (lambda p: replace(p, note=note_over(acts(9))), "L121"),
        (lambda p: replace(p, earlier=replace(p.earlier, note=note_over([b"forged", *acts(7)[1:5]]))), "L124"),
        (lambda p: replace(p, earlier=replace(p.earlier, note=note_over(acts(8)))), "L126"),
        (lambda p: replace(p, earlier=replace(p.earlier, path=())), "L124"),
        (lambda p: replace(p, earlier=replace(p.earlier, note=p.earlier.note.replace("\n5\n", "\n4\n"))), "L111"),
    ],
)
def test_whatever_was_changed_is_named(change: Callable[[Any], Bundle], code: str) -> None:
    assert code_of(lambda: verified(change(PROOF))) == code


def test_a_proof_is_worth_what_the_key_is_worth() -> None:
    assert code_of(lambda: bundle.verify(PROOF, {}, signing.holds)) == "L112"
    assert code_of(lambda: bundle.verify(PROOF, {LOG: PUBLIC[OFFICE]}, signing.holds)) == "L112"


def test_tr_21_as_many_witnesses_as_asked_for_must_have_signed() -> None:
    assert code_of(lambda: verified(PROOF, witnesses=1)) == "L114"
    seen = replace(PROOF, note=signing.cosign_note(PROOF.note, SCHOOL, SEEDS[SCHOOL], NOON))
    assert code_of(lambda: verified(seen, witnesses=1)) == "L114"
    assert bundle.verify(seen, PUBLIC, signing.holds, witnesses=1).witnesses == ((SCHOOL, NOON),)


def test_two_notes_are_shown_to_be_of_one_log_that_only_grew() -> None:
    assert PROOF.earlier is not None
    bundle.grew(PROOF.earlier.note, PROOF.note, PROOF.earlier.path, TRUSTED, signing.holds)
    with pytest.raises(LedgerError, match="L126"):
        bundle.grew(PROOF.note, PROOF.earlier.note, PROOF.earlier.path, TRUSTED, signing.holds)


def test_an_act_has_no_fact_beyond_its_last() -> None:
    assert code_of(lambda: bundle.fact_proof(MARKS, 3, line=None, salt=None)) == "L103"


# --- nothing is taken on trust --------------------------------------------------------------------------------------


def _leaves(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of every single value in plain data."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _leaves(value, (*path, name))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _leaves(value, (*path, place))
    else:
        yield path


def _changed(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    told = json.loads(json.dumps(data))
    inner = told
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return told


PLACES = sorted(_leaves(PROOF.plain()), key=str)


def _value(path: tuple[str | int, ...]) -> Any:
    found: Any = PROOF.plain()
    for step in path:
        found = found[step]
    return found


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_no_character_and_no_number_of_a_proof_may_change(path: tuple[str | int, ...]) -> None:
    value = _value(path)
    others = [value + 1, -value - 1] if isinstance(value, int) else _edits(value)
    for other in others:
        with pytest.raises(LedgerError):
            verified(bundle.bundle_of(_changed(PROOF.plain(), path, other)))


def _edits(text: str) -> list[str]:
    """Texts that differ in one character or in length."""
    swapped = [text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :] for at in range(0, len(text), 7)]
    return [*swapped, text.upper() + "A", text + " ", text[:-1]]


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
@pytest.mark.parametrize("value", [None, True, 1.5, -1, [], {}, "\ud800", "x\udfff"], ids=repr)
def test_a_part_of_another_kind_is_refused(path: tuple[str | int, ...], value: Any) -> None:
    assert code_of(lambda: bundle.bundle_of(_changed(PROOF.plain(), path, value))) == "L120"


@pytest.mark.parametrize("part", ["", "act", "act.header", "fact", "earlier"])
def test_a_part_that_is_missing_or_too_much_is_named(part: str) -> None:
    path = tuple(filter(None, part.split(".")))
    assert part in _refused(_changed(PROOF.plain(), (*path, "remark"), "believe me")).slots["part"]
    for name in list(_value(path)) if part else ["format", "checkpoint", "act"]:
        told = json.loads(json.dumps(PROOF.plain()))
        inner = told
        for step in path:
            inner = inner[step]
        del inner[name]
        assert name in _refused(told).slots["part"] or (part, name) in {("fact", "line"), ("fact", "salt")}


def test_a_strangers_name_brings_nothing_that_a_terminal_would_obey() -> None:
    said = say_error(_refused({**PROOF.plain(), "\x1b[2J" + "x" * 99: 1}), Lang.EN)[0]
    assert "\x1b" not in said
    assert len(said) < 140


@pytest.mark.parametrize("text", ["", "[]", "1", "{", '{"format": "sizao-proof/2"}', "[" * 100_000, "NaN", "\ufeff{}"])
def test_what_is_no_proof_is_refused(text: str) -> None:
    assert code_of(lambda: bundle.read_bundle(text)) == "L120"


def test_a_name_that_stands_twice_is_refused() -> None:
    twice = PROOF.text().replace('"format"', '"checkpoint": "nothing", "format"')
    assert code_of(lambda: bundle.read_bundle(twice)) == "L120"


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5), lambda x: st.lists(x) | st.dictionaries(st.text(max_size=5), x)
    )
)
def test_strangers_data_is_refused_and_never_breaks_anything(data: Any) -> None:
    assert code_of(lambda: bundle.bundle_of(data)) == "L120"
    assert code_of(lambda: bundle.bundle_of({**PROOF.plain(), "act": data})) == "L120"


def _refused(data: Any) -> Any:
    with pytest.raises(LedgerError, match="L120") as caught:
        bundle.bundle_of(data)
    return caught.value
