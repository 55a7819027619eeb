"""The founding notice, replayed: as it happened, and what would have been known, told and owed with Sizao, branch by branch."""

from __future__ import annotations

from sizao.replay.choices import Branch, Reading, Sampled, Switches
from sizao.replay.founding import founding_facts
from sizao.replay.run import run
from sizao.replay.tables import Cell, Replay

__all__ = ["Branch", "Cell", "Reading", "Replay", "Sampled", "Switches", "founding_facts", "run"]
