"""One deployment: its home folder, what it is for, whose rules govern it, and its keys.

    HOME/deployment.json    mode, area, zone, packs, clock
    HOME/keys/              the secrets, each in a file of its own that only the owner reads
    HOME/desk.sqlite3       facts, registries, conclusions (unless a PostgreSQL server keeps them)
    HOME/reads.sqlite3      who read what
    HOME/stays/             the stay store

A folder is made once, by `create`, and its mode never changes: what was made for a drill can never look real.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from sizao.errors import DeskError, Where
from sizao.tracing.setup import Setup

FILE = "deployment.json"
KEYS = "keys"
KEY_BYTES = 32


class Mode(StrEnum):
    """What a deployment is for. Only `local` and `service` hold what happened; the others say so on every page."""

    LOCAL = "local"
    SERVICE = "service"
    DEMO = "demo"
    DRILL = "drill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The secrets of a deployment, 32 bytes each: sessions, identities, look-ups, the ledger's signature."""

    session: bytes
    master: bytes
    search: bytes
    ledger: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What `deployment.json` says. `clock_shift_s` is added to the machine's clock: 0 wherever anything real is kept.

    `keeping` is for how many days each class of data is kept (see `store.keeping`).
    """

    home: Path
    mode: Mode
    area: str
    zone: str
    packs: tuple[str, ...]
    readings: Mapping[str, str] = field(default_factory=dict)
    disease: str = "covid19"
    title_zh: str = "四早"
    title_en: str = "Sizao"
    clock_shift_s: int = 0
    keeping: Mapping[str, int] = field(default_factory=dict)

    @property
    def setup(self) -> Setup:
        """The set-up whose book of rules governs here."""
        return Setup(packs=self.packs, readings=dict(self.readings), area=self.area, zone=self.zone)


def create(deployment: Deployment, *, token: Callable[[int], bytes]) -> Deployment:
    """Make the home folder and its keys; refuses a folder that holds a deployment already (D101) and a shifted clock where
    something real would be kept (D103)."""
    if deployment.clock_shift_s and deployment.mode in (Mode.LOCAL, Mode.SERVICE):
        raise DeskError("D103", where=Where(file=str(deployment.home)), mode=str(deployment.mode))
    if (deployment.home / FILE).exists():
        raise DeskError("D101", where=Where(file=str(deployment.home)))
    folder = deployment.home / KEYS
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in Keys.__dataclass_fields__:
        _write_secret(folder / name, token(KEY_BYTES))
    told = {name: value for name, value in asdict(deployment).items() if name != "home"}
    draft = deployment.home / f"{FILE}.tmp"
    draft.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
    draft.replace(deployment.home / FILE)
    return deployment


def load(home: Path) -> Deployment:
    """The deployment of a home folder; refuses a folder without one (D102) and a file that cannot be read (D104)."""
    path = home / FILE
    if not path.exists():
        raise DeskError("D102", where=Where(file=str(home)))
    try:
        told = json.loads(path.read_text("utf-8"))
        told["packs"] = tuple(told["packs"])
        told["mode"] = Mode(told["mode"])
        return Deployment(home=home, **told)
    except (ValueError, KeyError, TypeError) as broken:
        raise DeskError("D104", where=Where(file=str(path))) from broken


def keys_of(deployment: Deployment) -> Keys:
    """The secrets of a deployment; refuses a missing or short one (D105)."""
    read = {}
    for name in Keys.__dataclass_fields__:
        path = deployment.home / KEYS / name
        value = path.read_bytes() if path.exists() else b""
        if len(value) != KEY_BYTES:
            raise DeskError("D105", where=Where(file=str(path)))
        read[name] = value
    return Keys(**read)


def _write_secret(path: Path, value: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(value)
