"""`sizao ledger`: proofs of the log, checked on a machine of one's own, without a network and without asking the deployment."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import IO, Any

import click

from sizao.cli.output import Speaker, Tick, error_as_data
from sizao.cli.shell import EXISTING, PAIR, WHOLE, Exit, SaidGroup, argument, command, json_option, lang_option, option
from sizao.errors import LedgerError, Where
from sizao.ledger.bundle import Verified, read_bundle
from sizao.ledger.bundle import verify as verify_bundle
from sizao.ledger.checkpoint import Checkpoint, Holds
from sizao.ledger.notes import decoded
from sizao.ledger.tree import HASH
from sizao.ledger.whole import Whole, check_log, is_log
from sizao.when import Instant, iso
from sizao.words.catalogue import terms

MEMBERS = {"verify": "sizao.cli.ledger:verify"}
TICK = 20_000
UNREADABLE = frozenset({"L110", "L117", "L120"})
"""Refusals that say nothing about the log: what was given is no proof, or nothing here can check one."""


@click.group(
    "ledger",
    cls=SaidGroup,
    key="ledger",
    members=MEMBERS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@lang_option
def ledger() -> None:
    """See `cli.ledger` in the word catalogue."""


@command("ledger.verify")
@argument("file", meta="file", type=EXISTING)
@option("--key", "keys", meta="named_key", type=PAIR, multiple=True, required=True)
@option("--witnesses", meta="number", type=WHOLE, default=0)
@json_option
@click.pass_obj
def verify(speaker: Speaker, *, file: Path, keys: Sequence[tuple[str, str]], witnesses: int, as_json: bool) -> int:
    """See `cli.ledger.verify` in the word catalogue."""
    trusted, holds = _trusted(keys), _holds()
    try:
        found = _checked(speaker, file, trusted, holds, witnesses)
    except LedgerError as failed:
        if failed.code in UNREADABLE:
            raise LedgerError(failed.code, where=_in_file(failed.where, file), **failed.slots) from failed
        _say_failure(speaker, failed, as_json=as_json)
        return Exit.FOUND
    if as_json:
        speaker.json(_as_data(found))
    else:
        speaker.pairs(_told_log(speaker, found) if isinstance(found, Whole) else _told_proof(speaker, found))
        speaker.write("")
        speaker.say(_verdict(found))
    return Exit.OK


def _trusted(keys: Sequence[tuple[str, str]]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, text in keys:
        public = decoded(text)
        if public is None or len(public) != HASH:
            raise LedgerError("L115", where=Where(key="--key"), name=name)
        if found.setdefault(name, public) != public:
            raise LedgerError("L116", where=Where(key="--key"), name=name)
    return found


def _holds() -> Holds:
    """What checks signatures: loaded only now, because only an extra installs the library."""
    if find_spec("cryptography") is None:
        raise LedgerError("L117")
    holds: Holds = importlib.import_module("sizao.ledger.signing").holds
    return holds


def _checked(speaker: Speaker, path: Path, trusted: dict[str, bytes], holds: Holds, witnesses: int) -> Verified | Whole:
    try:
        with path.open(encoding="utf-8") as file:
            first = file.readline()
            if not is_log(first):
                return verify_bundle(read_bundle(first + file.read()), trusted, holds, witnesses=witnesses)
            with speaker.working("cli.ledger.verify.reading") as tick:
                return check_log(_lines(first, file, tick), trusted, holds, witnesses=witnesses)
    except UnicodeDecodeError as broken:
        raise LedgerError("L120", part="UTF-8") from broken


def _lines(first: str, file: IO[str], tick: Tick) -> Iterator[str]:
    for number, line in enumerate(chain([first], file)):
        if number % TICK == 0:
            tick(number)
        yield line


def _in_file(where: Where, path: Path) -> Where:
    return Where(file=str(path), line=where.line)


def _say_failure(speaker: Speaker, failed: LedgerError, *, as_json: bool) -> None:
    if as_json:
        speaker.json({"holds": False, "problems": [error_as_data(failed, speaker.lang)]})
    else:
        speaker.problem(failed)
        speaker.say("cli.ledger.verify.bad")


def _verdict(found: Verified | Whole) -> str:
    if isinstance(found, Whole):
        return "cli.ledger.verify.whole"
    return "cli.ledger.verify.erased" if found.erased else "cli.ledger.verify.good"


# --- what was proved ------------------------------------------------------------------------------------------------


def _told_proof(speaker: Speaker, found: Verified) -> list[tuple[str, str]]:
    header = found.header
    told = _told_checkpoint(speaker, found.checkpoint, found.signers, found.witnesses)
    if found.earlier is not None:
        told.append(("earlier", speaker.said("cli.ledger.verify.grown", size=found.earlier.size)))
    told += [
        ("act", header.name),
        ("index", str(found.index)),
        ("actor", ", ".join(filter(None, (header.actor, header.unit)))),
        ("purpose", _purpose(speaker, header.purpose)),
        ("recorded", speaker.moment(header.recorded_at)),
        ("facts", str(header.facts)),
    ]
    if found.line is not None:
        told.append(("fact", found.line))
    return _named(speaker, told)


def _told_log(speaker: Speaker, found: Whole) -> list[tuple[str, str]]:
    told = _told_checkpoint(speaker, found.last.checkpoint, found.last.signers, found.last.witnesses)
    told += [("checkpoints", str(found.checkpoints)), ("loose", str(found.loose))]
    return _named(speaker, told)


def _told_checkpoint(
    speaker: Speaker, said: Checkpoint, signers: Sequence[str], witnesses: Sequence[tuple[str, Instant]]
) -> list[tuple[str, str]]:
    seen = "; ".join(f"{name} ({speaker.moment(at)})" for name, at in witnesses)
    return [
        ("log", said.origin),
        ("size", str(said.size)),
        ("root", said.root.hex()),
        ("signers", ", ".join(signers)),
        ("seen", seen or speaker.said("cli.ledger.verify.nobody")),
    ]


def _named(speaker: Speaker, told: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(speaker.said(f"cli.ledger.verify.{name}"), value) for name, value in told]


def _purpose(speaker: Speaker, purpose: str) -> str:
    code = f"purpose.{purpose}"
    return speaker.said(code) if code in terms() else purpose


def _as_data(found: Verified | Whole) -> dict[str, Any]:
    if isinstance(found, Whole):
        counts = {"checkpoints": found.checkpoints, "loose": found.loose}
        return _data_of(found.last.checkpoint, found.last.signers, found.last.witnesses) | counts
    told = _data_of(found.checkpoint, found.signers, found.witnesses)
    told["act"] = found.header.plain() | {"recorded_at": iso(found.header.recorded_at), "index": found.index}
    told["fact"] = {"line": found.line, "erased": found.erased} if found.erased or found.line is not None else None
    told["earlier"] = found.earlier.size if found.earlier else None
    return told


def _data_of(said: Checkpoint, signers: Sequence[str], witnesses: Sequence[tuple[str, Instant]]) -> dict[str, Any]:
    return {
        "holds": True, "problems": [], "log": said.origin, "size": said.size, "root": said.root.hex(), "signers": list(signers),
        "witnesses": [{"name": name, "at": iso(at)} for name, at in witnesses],
    }  # fmt: skip
