"""Signed notes and checkpoints: the public formats byte for byte, who is believed, and every way in which a note is no note."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.errors import LedgerError
from sizao.ledger import checkpoint, notes, signing, tree
from sizao.ledger.checkpoint import Checkpoint
from sizao.when import Instant
from sizao.words import Lang, say_error
from tests.ledger.making import LOG, NOON, OFFICE, PUBLIC, SCHOOL, SEEDS, TRUSTED, acts, code_of, note_over, signer

DATA = acts(9)
NOTE = note_over(DATA[:7])
SAID = Checkpoint(origin=LOG, size=7, root=tree.root_of([tree.leaf_hash(each) for each in DATA[:7]]))
SEEN = signing.cosign_note(NOTE, SCHOOL, SEEDS[SCHOOL], NOON)
EVERYBODY = PUBLIC

OLD_SOUND_NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=
"""
"""The example with which the format was published; its author is out of a novel."""
OLD_SOUND_KEY = base64.b64decode("O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=")

SPECIFIED = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
"""The example of the specification of cosignatures."""


# --- the formats ----------------------------------------------------------------------------------------------------


def test_a_note_that_others_signed_is_read_as_they_meant_it() -> None:
    found = notes.signatures(notes.note_of(OLD_SOUND_NOTE), {"EnochRoot": OLD_SOUND_KEY}, signing.holds)
    assert found.signers == ("EnochRoot",)
    assert notes.key_hash("EnochRoot", notes.ED25519, OLD_SOUND_KEY).hex() == "af0cfe78"
    changed = OLD_SOUND_NOTE.replace("answer", "Answer")
    assert (
        code_of(lambda: notes.signatures(notes.note_of(changed), {"EnochRoot": OLD_SOUND_KEY}, signing.holds)) == "L111"
    )


def test_the_checkpoint_of_the_specification_is_read() -> None:
    note = notes.note_of(SPECIFIED)
    said = checkpoint.checkpoint_of(note.text)
    assert (said.origin, said.size) == ("example.com/behind-the-sofa", 20852163)
    assert said.text() == note.text
    assert [mark.name for mark in note.marks] == ["example.com/behind-the-sofa", "witness.example.com/w1"]
    assert int.from_bytes(note.marks[1].signature[:8], "big") == 1679315147
    assert code_of(lambda: checkpoint.read_note(SPECIFIED, TRUSTED, signing.holds)) == "L112"


def test_a_note_is_written_as_the_specifications_say() -> None:
    text = f"{LOG}\n7\n{base64.b64encode(SAID.root).decode()}\n"
    assert SAID.text() == text
    first = notes.key_hash(LOG, b"\x01", PUBLIC[LOG]) + signing.sign(SEEDS[LOG], text.encode())
    assert f"{text}\n— {LOG} {base64.b64encode(first).decode()}\n" == NOTE
    message = f"cosignature/v1\ntime {NOON}\n{text}".encode()
    second = (
        notes.key_hash(SCHOOL, b"\x04", PUBLIC[SCHOOL]) + NOON.to_bytes(8, "big") + signing.sign(SEEDS[SCHOOL], message)
    )
    assert f"{NOTE}— {SCHOOL} {base64.b64encode(second).decode()}\n" == SEEN
    assert signing.sign_note(text, LOG, SEEDS[LOG]) == NOTE


def test_lines_that_the_log_adds_are_signed_too() -> None:
    more = replace(SAID, more=("rules 3f2a",))
    note = checkpoint.signed(more, LOG, PUBLIC[LOG], signer(LOG))
    seen = signing.cosign_note(note, SCHOOL, SEEDS[SCHOOL], NOON)
    assert signing.verify_note(seen, EVERYBODY).checkpoint == more
    for forged in (seen.replace("3f2a", "3f2b"), seen.replace("rules 3f2a\n", "")):
        assert code_of(partial(signing.verify_note, forged, EVERYBODY)) == "L111"


# --- who is believed ------------------------------------------------------------------------------------------------


def test_a_note_names_who_signed_it_and_who_has_seen_it_when() -> None:
    read = signing.verify_note(SEEN, EVERYBODY)
    assert (read.checkpoint, read.signers, read.witnesses) == (SAID, (LOG,), ((SCHOOL, NOON),))


def test_a_signature_of_an_unknown_key_is_passed_over_even_under_a_known_name() -> None:
    assert signing.verify_note(SEEN, TRUSTED).witnesses == ()
    renewed = signing.sign_note(SAID.text(), LOG, SEEDS[OFFICE]).splitlines()[-1]
    assert signing.verify_note(f"{NOTE}{renewed}\n", TRUSTED).signers == (LOG,)
    assert code_of(lambda: signing.verify_note(NOTE, {LOG: PUBLIC[OFFICE]})) == "L112"


def test_a_note_that_no_trusted_key_signed_is_refused() -> None:
    assert code_of(lambda: signing.verify_note(NOTE, {})) == "L112"
    assert code_of(lambda: signing.verify_note(SEEN, {SCHOOL: PUBLIC[SCHOOL]})) == "L112"


def test_who_is_trusted_to_have_seen_a_log_is_not_trusted_to_speak_for_it() -> None:
    forged = signing.sign_note(replace(SAID, size=8).text(), SCHOOL, SEEDS[SCHOOL])
    assert code_of(lambda: signing.verify_note(forged, EVERYBODY)) == "L112"


def test_a_log_may_sign_with_a_renewed_key_under_a_longer_name() -> None:
    name = f"{LOG}/2022"
    note = checkpoint.signed(SAID, name, PUBLIC[OFFICE], signer(OFFICE))
    assert signing.verify_note(note, {name: PUBLIC[OFFICE]}).signers == (name,)
    assert code_of(lambda: checkpoint.signed(SAID, f"{LOG}2", PUBLIC[OFFICE], signer(OFFICE))) == "L113"


@pytest.mark.parametrize("name", [LOG, SCHOOL])
def test_a_wrong_signature_of_a_trusted_key_refuses_the_whole_note(name: str) -> None:
    lines = SEEN.splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if line.startswith(f"— {name} "))
    raw = bytearray(base64.b64decode(lines[place].split(" ")[2]))
    for at in range(4, len(raw)):
        changed = bytes([*raw[:at], raw[at] ^ 1, *raw[at + 1 :]])
        forged = "".join([*lines[:place], f"— {name} {base64.b64encode(changed).decode()}\n", *lines[place + 1 :]])
        with pytest.raises(LedgerError, match="L111") as caught:
            signing.verify_note(forged, EVERYBODY)
        assert name in say_error(caught.value, Lang.EN)[0]


def test_the_moment_of_a_witness_cannot_be_moved() -> None:
    later = signing.cosign_note(NOTE, SCHOOL, SEEDS[OFFICE], NOON)
    assert signing.verify_note(later, EVERYBODY).witnesses == ()
    mark = notes.key_hash(SCHOOL, b"\x04", PUBLIC[SCHOOL]) + bytes(7)
    assert code_of(lambda: signing.verify_note(f"{NOTE}— {SCHOOL} {notes.encoded(mark)}\n", EVERYBODY)) == "L111"
    mark = notes.key_hash(SCHOOL, b"\x04", PUBLIC[SCHOOL]) + b"\xff" * 72
    assert code_of(lambda: signing.verify_note(f"{NOTE}— {SCHOOL} {notes.encoded(mark)}\n", EVERYBODY)) == "L111"


@given(st.integers(0, len(NOTE.encode()) * 8 - 1))
def test_no_bit_of_a_note_may_change(bit: int) -> None:
    raw = bytearray(NOTE.encode())
    raw[bit // 8] ^= 1 << bit % 8
    try:
        forged = raw.decode()
    except UnicodeDecodeError:
        return
    assert code_of(lambda: signing.verify_note(forged, TRUSTED)) in {"L110", "L111", "L112"}


# --- what is no note ------------------------------------------------------------------------------------------------

TEXT, MARK = NOTE.split("\n\n")
NO_NOTES = {
    "nothing": "",
    "a line": "nothing\n",
    "no signature": f"{TEXT}\n\n",
    "no text": f"\n\n{MARK}",
    "no gap": f"{TEXT}\n{MARK}",
    "no last break": NOTE[:-1],
    "a blank line below": f"{NOTE}\n",
    "another dash": NOTE.replace("—", "-"),
    "no name": f"{TEXT}\n\n— AAAAAAA=\n",
    "an empty name": f"{TEXT}\n\n—  AAAAAAA=\n",
    "a plus in the name": f"{TEXT}\n\n— a+b AAAAAAA=\n",
    "an odd blank in the name": f"{TEXT}\n\n— a\u3000b AAAAAAA=\n",
    "no base64": f"{TEXT}\n\n— a AAA*AAA=\n",
    "base64 of another spelling": f"{TEXT}\n\n— a AAAAAAB=\n",
    "a key and no signature": f"{TEXT}\n\n— a AAAAAA==\n",
    "a control character": NOTE.replace("\n7\n", "\n7\t\n"),
    "a carriage return": NOTE.replace("\n", "\r\n"),
    "half a character": NOTE.replace("7", "\ud800"),
    "too many signatures": f"{TEXT}\n\n{MARK * 101}",
    "two lines": signing.sign_note(f"{LOG}\n7\n", LOG, SEEDS[LOG]),
    "a blank line above": signing.sign_note(f"{SAID.text()}\nmore\n", LOG, SEEDS[LOG]),
    "a size with a nought": signing.sign_note(SAID.text().replace("\n7\n", "\n07\n"), LOG, SEEDS[LOG]),
    "a size below nought": signing.sign_note(SAID.text().replace("\n7\n", "\n-7\n"), LOG, SEEDS[LOG]),
    "a size in other digits": signing.sign_note(SAID.text().replace("\n7\n", "\n７\n"), LOG, SEEDS[LOG]),
    "a size beyond all": signing.sign_note(SAID.text().replace("\n7\n", f"\n{10**18}\n"), LOG, SEEDS[LOG]),
    "a root that is no base64": signing.sign_note(f"{LOG}\n7\nnothing\n", LOG, SEEDS[LOG]),
    "a short root": signing.sign_note(f"{LOG}\n7\nAAAA\n", LOG, SEEDS[LOG]),
}


@pytest.mark.parametrize("written", NO_NOTES.values(), ids=NO_NOTES.keys())
def test_what_is_no_checkpoint_is_refused(written: str) -> None:
    assert code_of(lambda: signing.verify_note(written, TRUSTED)) == "L110"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("no base64", 5),
        ("a control character", 2),
        ("too many signatures", 105),
        ("two lines", 2),
        ("a blank line above", 4),
        ("a size with a nought", 2),
        ("a short root", 3),
    ],
)
def test_the_line_that_is_wrong_is_named(kind: str, line: int) -> None:
    with pytest.raises(LedgerError) as caught:
        signing.verify_note(NO_NOTES[kind], TRUSTED)
    assert caught.value.where.line == line


def test_a_checkpoint_without_its_last_break_is_none() -> None:
    assert checkpoint.checkpoint_of(SAID.text()) == SAID
    assert code_of(lambda: checkpoint.checkpoint_of(SAID.text()[:-1])) == "L110"


def test_the_text_may_hold_blank_lines_where_it_is_no_checkpoint() -> None:
    note = signing.sign_note("one\n\ntwo\n", LOG, SEEDS[LOG])
    assert notes.note_of(note).text == "one\n\ntwo\n"


@given(st.text(max_size=60))
def test_a_stranger_s_text_is_refused_and_never_breaks_anything(written: str) -> None:
    assert code_of(lambda: signing.verify_note(written, TRUSTED)) in {"L110", "L112"}
    assert code_of(lambda: signing.verify_note(f"{TEXT}\n\n{written}", TRUSTED)) in {"L110", "L112"}


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2028b", "a\ud800"])
def test_a_name_that_no_note_can_hold_is_refused(name: str) -> None:
    assert code_of(lambda: signing.sign_note(SAID.text(), name, SEEDS[LOG])) == "L113"
    assert code_of(lambda: signing.cosign_note(NOTE, name, SEEDS[LOG], NOON)) == "L113"


@pytest.mark.parametrize("text", ["", "no last break", "a\tb\n", "\ud800\n"])
def test_a_text_that_no_note_can_hold_is_refused(text: str) -> None:
    assert code_of(lambda: signing.sign_note(text, LOG, SEEDS[LOG])) == "L110"


@pytest.mark.parametrize(
    "said",
    [
        replace(SAID, size=-1),
        replace(SAID, root=b""),
        replace(SAID, more=("",)),
        replace(SAID, origin=f"{LOG}\n9\n{notes.encoded(bytes(32))}"),
        replace(SAID, more=("one\ntwo",)),
    ],
)
def test_a_checkpoint_that_nobody_could_read_is_not_signed(said: Checkpoint) -> None:
    assert code_of(lambda: checkpoint.signed(said, LOG, PUBLIC[LOG], signer(LOG))) == "L110"


# --- witnesses (TR-21) ----------------------------------------------------------------------------------------------


def attest(note: str, proof: tuple[bytes, ...], seen: Checkpoint | None, by: str = SCHOOL) -> tuple[str, Checkpoint]:
    return checkpoint.attested(
        note,
        proof,
        seen=seen,
        trusted=TRUSTED,
        holds=signing.holds,
        name=by,
        public=PUBLIC[by],
        sign=signer(by),
        at=NOON,
    )


NODES = tree.MemoryNodes(tree.leaf_hash(each) for each in DATA)


def test_tr_21_a_witness_signs_what_only_grew_and_remembers_it() -> None:
    note, seen = attest(NOTE, (), None)
    assert (note, seen) == (SEEN, SAID)
    later, seen = attest(note_over(DATA), tree.consistency_proof(7, 9, NODES), seen)
    assert seen.size == 9
    assert signing.verify_note(later, EVERYBODY).witnesses == ((SCHOOL, NOON),)


def test_tr_21_of_a_forked_log_a_witness_signs_one_side_only() -> None:
    forked = [b"forged", *DATA[1:]]
    nodes = tree.MemoryNodes(tree.leaf_hash(each) for each in forked)
    for proof in (tree.consistency_proof(7, 9, nodes), tree.consistency_proof(7, 9, NODES), ()):
        assert code_of(partial(attest, note_over(forked), proof, SAID)) == "L124"
    assert code_of(lambda: attest(note_over(forked[:7]), (), SAID)) == "L124"


def test_tr_21_a_log_that_became_shorter_or_another_log_is_not_signed() -> None:
    assert code_of(lambda: attest(note_over(DATA[:6]), (), SAID)) == "L126"
    other = Checkpoint(origin=f"{LOG}/x", size=7, root=SAID.root)
    assert code_of(lambda: checkpoint.grew(other, SAID, ())) == "L125"
    assert code_of(lambda: attest(NOTE.replace("7", "8", 1), (), SAID)) in {"L111", "L112"}


def test_tr_21_each_outsider_counts_once_and_the_log_itself_never() -> None:
    note = attest(attest(NOTE, (), None)[0], (), SAID, OFFICE)[0]
    own = signing.cosign_note(note, LOG, SEEDS[LOG], NOON)
    renamed = {**EVERYBODY, "school-again": PUBLIC[SCHOOL]}
    twice = signing.cosign_note(own, "school-again", SEEDS[SCHOOL], Instant(NOON + 1))
    read = signing.verify_note(twice, renamed)
    assert [name for name, _ in read.witnesses] == [SCHOOL, OFFICE, LOG, "school-again"]
    assert read.outsiders(renamed) == (SCHOOL, OFFICE)
    checkpoint.enough_witnesses(read, renamed, 2)
    with pytest.raises(LedgerError, match="L114") as caught:
        checkpoint.enough_witnesses(read, renamed, 3)
    assert caught.value.slots == {"found": 2, "least": 3, "names": f"{SCHOOL}, {OFFICE}"}
