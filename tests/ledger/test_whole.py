"""TR-20: whatever is changed, moved, taken out or added in the log is found offline, and the stretch is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.errors import LedgerError
from sizao.ledger import signing, tree, whole
from sizao.ledger.checkpoint import Checkpoint, signed
from sizao.ledger.whole import Whole
from sizao.words import Lang, say_error
from tests.ledger.making import LOG, NOON, PUBLIC, SCHOOL, SEEDS, TRUSTED, code_of, note_over, signer

ROWS, EVERY = 100_000, 1_000


def steps_of(leaves: Iterable[bytes], every: int) -> Iterator[bytes | str]:
    """A log that signed a checkpoint after every so many leaves."""
    frontier = tree.Frontier()
    for number, leaf in enumerate(leaves, start=1):
        frontier, _ = frontier.appended([tree.leaf_hash(leaf)])
        yield leaf
        if number % every == 0:
            yield signed(Checkpoint(origin=LOG, size=number, root=frontier.root()), LOG, PUBLIC[LOG], signer(LOG))


def checked(steps: Iterable[bytes | str], **asked: Any) -> Whole:
    return whole.check_log(whole.log_lines(steps), TRUSTED, signing.holds, **asked)


@pytest.fixture(scope="module")
def large() -> list[bytes | str]:
    """A log of 100,000 acts under 100 checkpoints."""
    return list(steps_of((hashlib.sha256(str(row).encode()).digest() for row in range(ROWS)), EVERY))


def place_of(steps: list[bytes | str], leaf: int) -> int:
    """Where a leaf stands among the steps: a checkpoint follows every thousand."""
    place = leaf + leaf // EVERY
    assert isinstance(steps[place], bytes)
    return place


def test_a_log_that_nobody_touched_holds(large: list[bytes | str]) -> None:
    found = checked(large)
    assert (found.leaves, found.checkpoints, found.loose, found.last.signers) == (ROWS, 100, 0, (LOG,))


@pytest.mark.parametrize("leaf", [0, 999, 1000, 99_999])
def test_tr_20_an_edited_row_among_100_000_is_found_and_its_stretch_named(large: list[bytes | str], leaf: int) -> None:
    place = place_of(large, leaf)
    first = leaf // EVERY * EVERY
    error = _damage([*large[:place], bytes(32), *large[place + 1 :]], "L130")
    assert (error.slots["first"], error.slots["last"]) == (first, first + EVERY - 1)
    assert str(first) in say_error(error, Lang.ZH)[0]


@pytest.mark.parametrize("leaf", [0, 999, 54_321])
def test_tr_20_a_row_taken_out_or_added_is_found_and_its_stretch_named(large: list[bytes | str], leaf: int) -> None:
    place = place_of(large, leaf)
    for forged in ([*large[:place], *large[place + 1 :]], [*large[:place], bytes(32), *large[place:]]):
        error = _damage(forged, "L131")
        assert (error.slots["first"], error.slots["size"]) == (leaf // EVERY * EVERY, (leaf // EVERY + 1) * EVERY)


@pytest.mark.parametrize(("one", "other"), [(0, 1), (10, 990), (54_320, 54_400), (5, 70_005)])
def test_tr_20_rows_that_changed_places_are_found_and_the_first_stretch_named(
    large: list[bytes | str], one: int, other: int
) -> None:
    forged = list(large)
    here, there = place_of(large, one), place_of(large, other)
    forged[here], forged[there] = forged[there], forged[here]
    assert _damage(forged, "L130").slots["first"] == one // EVERY * EVERY


def test_tr_20_whoever_edits_rows_and_the_tree_needs_the_key_too(large: list[bytes | str]) -> None:
    data = [step for step in large if isinstance(step, bytes)]
    data[500] = bytes(32)
    resigned = list(steps_of(data[:EVERY], EVERY))
    forged = str(resigned[-1]).split("\n\n")[0] + "\n\n" + str(large[EVERY]).split("\n\n")[1]
    assert _damage([*data[:EVERY], forged], "L111").where.line == EVERY + 2


@given(st.lists(st.binary(min_size=1, max_size=2), min_size=1, max_size=60), st.integers(1, 9), st.data())
def test_any_change_is_found_not_before_and_not_after_its_stretch(
    leaves: list[bytes], every: int, data: st.DataObject
) -> None:
    steps = list(steps_of(leaves, every))
    signed_leaves = len(leaves) // every * every
    if not signed_leaves:
        assert code_of(lambda: checked(steps)) == "L132"
        return
    assert checked(steps, tick=data.draw(st.integers(1, 9))).loose == len(leaves) - signed_leaves
    leaf = data.draw(st.integers(0, signed_leaves - 1))
    place = leaf + leaf // every
    changes: list[list[bytes | str]] = [[], [b"edited"], [leaves[leaf], leaves[leaf]]]
    change = data.draw(st.sampled_from(changes))
    error = _damage([*steps[:place], *change, *steps[place + 1 :]], "L130" if len(change) == 1 else "L131")
    assert error.slots["first"] == leaf // every * every


def test_leaves_after_the_last_checkpoint_are_counted_and_not_vouched_for() -> None:
    found = checked([*steps_of([b"a", b"b"], 2), b"c"])
    assert (found.leaves, found.loose) == (2, 1)


def test_checkpoints_of_two_logs_are_not_one_log() -> None:
    other = f"{LOG}/x"
    note = signed(Checkpoint(origin=other, size=1, root=tree.leaf_hash(b"a")), f"{other}", PUBLIC[LOG], signer(LOG))
    lines = whole.log_lines([b"a", note_over([b"a"]), note])
    assert code_of(lambda: whole.check_log(lines, {**TRUSTED, other: PUBLIC[LOG]}, signing.holds)) == "L125"


def test_an_empty_log_may_be_signed() -> None:
    assert checked([note_over([]), b"a", note_over([b"a"])]).checkpoints == 2


def test_the_last_checkpoint_must_have_its_witnesses() -> None:
    note = note_over([b"a"])
    assert code_of(lambda: checked([b"a", note], witnesses=1)) == "L114"
    seen = whole.log_lines([b"a", signing.cosign_note(note, SCHOOL, SEEDS[SCHOOL], NOON)])
    assert whole.check_log(seen, PUBLIC, signing.holds, witnesses=1).last.witnesses == ((SCHOOL, NOON),)


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (['{"format": "sizao-proof/1"}'], 1),
        (['{"format": "sizao-log/1", "more": 1}'], 1),
        (['{"format": "sizao-log/1"}', ""], 2),
        (['{"format": "sizao-log/1"}', '{"leaf": "00"}', '{"leaf": 0}'], 3),
        (['{"format": "sizao-log/1"}', '{"leaf": "00", "checkpoint": ""}'], 2),
        (['{"format": "sizao-log/1"}', '{"remark": "believe me"}'], 2),
        (['{"format": "sizao-log/1"}', '{"leaf": "ZZ"}'], 2),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_and_named(lines: list[str], line: int) -> None:
    with pytest.raises(LedgerError, match="L120") as caught:
        whole.check_log(lines, TRUSTED, signing.holds)
    assert caught.value.where.line == line


def test_a_copy_without_lines_proves_nothing() -> None:
    assert code_of(lambda: whole.check_log([], TRUSTED, signing.holds)) == "L132"


def test_a_copy_is_known_by_its_first_line() -> None:
    first = next(whole.log_lines([]))
    assert whole.is_log(first)
    assert whole.is_log(first + "\n")
    assert not any(whole.is_log(other) for other in ("", "{", "[]", json.dumps({"format": "sizao-proof/1"})))


def _damage(steps: Iterable[bytes | str], code: str) -> LedgerError:
    with pytest.raises(LedgerError, match=code) as caught:
        checked(steps)
    return caught.value
