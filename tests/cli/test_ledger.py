"""`sizao ledger verify`: a proof holds, or what differs is named, in both languages and without asking anybody."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sizao.ledger import bundle, signing, whole
from sizao.ledger.notes import encoded
from tests.cli.running import ran, spawned
from tests.ledger.making import (
    HEADER,
    LINES,
    LOG,
    MARKS,
    NOON,
    OFFICE,
    PUBLIC,
    SCHOOL,
    SEEDS,
    acts,
    note_over,
    proof_of,
)

PROOF = proof_of(since=5)
SEEN = replace(PROOF, note=signing.cosign_note(PROOF.note, SCHOOL, SEEDS[SCHOOL], NOON))
KEY = f"{LOG}={encoded(PUBLIC[LOG])}"
SCHOOLS = f"{SCHOOL}={encoded(PUBLIC[SCHOOL])}"


def file_of(place: Path, text: str) -> Path:
    path = place / "proof.json"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    return file_of(tmp_path, PROOF.text())


@pytest.fixture
def log(tmp_path: Path) -> Path:
    data = acts(9)
    steps: list[bytes | str] = [*data[:5], note_over(data[:5]), *data[5:8], note_over(data[:8]), data[8]]
    return file_of(tmp_path, "".join(f"{line}\n" for line in whole.log_lines(steps)))


# --- what holds -----------------------------------------------------------------------------------------------------


def test_a_proof_that_holds_says_what_it_proves(proof: Path) -> None:
    done = ran("ledger", "verify", proof, "--key", KEY)
    assert done.code == 0
    for told in (
        LOG,
        "26 July 2021, 12:00",
        "user:1, cdc",
        LINES[1],
        "since it had 5 leaves",
        "It holds: it stands in the log",
    ):
        assert told in done.out


def test_a_proof_is_told_in_chinese(proof: Path) -> None:
    done = ran("ledger", "verify", proof, "--key", KEY, "--lang", "zh")
    assert (done.code, "成立：它在账本里" in done.out, "流行病学调查" in done.out) == (0, True, True)


def test_a_proof_in_json(tmp_path: Path) -> None:
    done = ran(
        "ledger", "verify", file_of(tmp_path, SEEN.text()), "--key", KEY, "--key", SCHOOLS, "--witnesses", "1", "--json"
    )
    told = done.data
    assert (done.code, told["holds"], told["problems"], told["log"], told["size"]) == (0, True, [], LOG, 7)
    assert (told["act"]["actor"], told["act"]["index"], told["fact"]["line"]) == (HEADER.actor, 3, LINES[1])
    assert told["witnesses"] == [{"name": SCHOOL, "at": "2021-07-26T04:00:00Z"}]
    assert told["earlier"] == 5


def test_an_erased_fact_is_told_as_erased(tmp_path: Path) -> None:
    erased = replace(PROOF, fact=bundle.fact_proof(MARKS, 1, line=None, salt=None))
    done = ran("ledger", "verify", file_of(tmp_path, erased.text()), "--key", KEY)
    assert (done.code, "was erased and cannot be known" in done.out) == (0, True)


def test_a_copy_of_the_whole_log_holds(log: Path) -> None:
    done = ran("ledger", "verify", log, "--key", KEY, "--json")
    assert (done.code, done.data["size"], done.data["checkpoints"], done.data["loose"]) == (0, 8, 2, 1)
    assert "every leaf is as it was" in ran("ledger", "verify", log, "--key", KEY).out


def test_it_works_as_a_process_of_its_own_in_any_locale(proof: Path) -> None:
    done = spawned("ledger", "verify", proof, "--key", KEY, "--json", env={"LC_ALL": "C"})
    assert (done.code, done.data["holds"]) == (0, True)


# --- what does not --------------------------------------------------------------------------------------------------


def failing(place: Path, changed: bundle.Bundle, *more: str) -> Any:
    path = file_of(place, changed.text())
    done, said = (
        ran("ledger", "verify", path, "--key", KEY, *more, "--json"),
        ran("ledger", "verify", path, "--key", KEY, *more),
    )
    assert (done.code, said.code, done.data["holds"]) == (1, 1, False)
    assert "It does not hold." in said.out
    (problem,) = done.data["problems"]
    return problem["code"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (replace(PROOF, header=replace(HEADER, actor="user:2")), "L121"),
        (replace(PROOF, fact=bundle.fact_proof(MARKS, 1, line=LINES[0], salt=b"s" * 32)), "L123"),
        (replace(PROOF, note=note_over(acts(7)).replace("\n7\n", "\n8\n")), "L111"),
        (replace(PROOF, salt=b"short"), "L101"),
    ],
)
def test_what_was_changed_is_named(tmp_path: Path, changed: bundle.Bundle, code: str) -> None:
    assert failing(tmp_path, changed) == code


def test_missing_witnesses_are_named(tmp_path: Path) -> None:
    assert failing(tmp_path, SEEN, "--witnesses", "1") == "L114"


def test_another_key_proves_nothing(proof: Path) -> None:
    done = ran("ledger", "verify", proof, "--key", f"{LOG}={encoded(PUBLIC[OFFICE])}")
    assert (done.code, "L112" in done.out) == (1, True)


def test_a_changed_log_is_found_and_the_stretch_named(log: Path) -> None:
    lines = log.read_text("utf-8").splitlines(keepends=True)
    forged = "".join([*lines[:8], lines[9], lines[8], *lines[10:]])
    done = ran("ledger", "verify", file_of(log.parent, forged), "--key", KEY)
    assert (done.code, "L130" in done.out, "leaves 5 to 7" in " ".join(done.out.split())) == (1, True, True)


# --- what is no proof, and how it was called ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "L120"), (b"{}", "L120"), (b"\xff\xfe", "L120"), (b'{"format": "sizao-log/1"}\n{"leaf": 1}\n', "L120")],
)
def test_a_file_that_is_no_proof_is_refused_with_its_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "any.json"
    path.write_bytes(content)
    done = ran("ledger", "verify", path, "--key", KEY, "--json")
    assert (done.code, done.data["error"]["code"], done.data["error"]["file"]) == (3, code, str(path))


def test_a_checkpoint_that_is_none_is_refused(tmp_path: Path) -> None:
    done = ran("ledger", "verify", file_of(tmp_path, replace(PROOF, note="nothing").text()), "--key", KEY)
    assert (done.code, "L110" in done.err) == (3, True)


@pytest.mark.parametrize(
    ("keys", "code", "end"),
    [
        ([], "C110", 2),
        (["--key", LOG], "C106", 2),
        (["--key", f"{LOG}=AAAA"], "L115", 3),
        (["--key", f"{KEY[:-2]}!="], "L115", 3),
        (["--key", KEY, "--key", f"{LOG}={encoded(PUBLIC[OFFICE])}"], "L116", 3),
        (["--key", KEY, "--witnesses", "two"], "C105", 2),
    ],
)
def test_keys_that_cannot_be_read_are_refused(proof: Path, keys: list[str], code: str, end: int) -> None:
    done = ran("ledger", "verify", proof, *keys)
    assert (done.code, code in done.err) == (end, True)


def test_the_same_key_twice_is_one_key(proof: Path) -> None:
    assert ran("ledger", "verify", proof, "--key", KEY, "--key", KEY).code == 0


def test_a_folder_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    assert "C130" in ran("ledger", "verify", tmp_path, "--key", KEY).err
    assert "C107" in ran("ledger", "verify", tmp_path / "gone", "--key", KEY).err


def test_without_the_library_of_ciphers_it_says_what_to_install(proof: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr("sizao.cli.ledger.find_spec", lambda name: None if name == "cryptography" else real(name))
    done = ran("ledger", "verify", proof, "--key", KEY)
    assert (done.code, "L117" in done.err, "sizao[desk]" in done.err) == (3, True, True)
