"""Keys of the officers' packs: reporting and travel, authority, safeguards. Types only; every value is in a pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sizao.policy.kinds import Unit

OFFICE_KEYS: Mapping[str, tuple[Any, Unit]] = {}
