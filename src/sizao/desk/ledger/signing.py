"""The deployment's signature on its log: made with the key in the home folder, read with its public half."""

from __future__ import annotations

from django.conf import settings

from sizao.desk.ledger.models import Checkpoint
from sizao.errors import LedgerError
from sizao.ledger import checkpoint as notes
from sizao.ledger.signing import holds, public_of, sign
from sizao.when import Instant


def origin() -> str:
    """The log's name: the deployment's area; a drill or a demonstration says so in it."""
    deployment = settings.SIZAO
    kind = "" if deployment.mode in ("local", "service") else f"{deployment.mode}/"
    return f"sizao/{kind}{deployment.area}"


def public_key() -> bytes:
    """The public half of the log's key, for whoever checks."""
    return public_of(settings.KEYS.ledger)


def note_of(size: int, root: bytes, now: Instant, *, seed: bytes) -> str:
    """The signed note of a checkpoint. The hour is signed too, as a witness's is, so that nobody can shift it
    afterwards."""
    name, public = origin(), public_of(seed)

    def by_us(text: bytes) -> bytes:
        return sign(seed, text)

    note = notes.signed(notes.Checkpoint(origin=name, size=size, root=root), name, public, by_us)
    return notes.cosigned(note, name, public, by_us, now)


def signed_by_us(row: Checkpoint) -> bool:
    """Whether a checkpoint's note is ours and says what its columns say."""
    try:
        read = notes.read_note(row.note, {origin(): public_key()}, holds)
    except LedgerError:
        return False
    said = read.checkpoint
    told = (said.origin, said.size, said.root) == (origin(), row.size, bytes(row.root))
    return told and (origin(), row.at) in read.witnesses


def opened(note: str) -> tuple[int, bytes] | None:
    """Size and root of a note that this deployment signed; None for any other."""
    try:
        said = notes.read_note(note, {origin(): public_key()}, holds).checkpoint
    except LedgerError:
        return None
    return (said.size, said.root) if said.origin == origin() else None
