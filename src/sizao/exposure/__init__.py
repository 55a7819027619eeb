"""WHO WAS WITH WHOM: the stays store, the question and its definition, and the engines that answer it.

Engines are imported from their own files (`embedded`, `duckdb_engine`, `spark_engine`, `reference`), so that importing this room
loads no compiler and no optional package.
"""

from __future__ import annotations

from sizao.exposure.cases import Cases, CaseStay, CaseStays, Spot
from sizao.exposure.contact_rules import ContactRule, ContactRules
from sizao.exposure.engine import EVIDENCE_SCHEMA, EXPOSURE_SCHEMA, Engine, Exposures
from sizao.exposure.place_kinds import PlaceKind, kind_code, kind_of
from sizao.exposure.stays import STAY_SCHEMA, VISIBLE_SCHEMA, BatchInfo, Flag, Receipt, RefusedRow

__all__ = [
    "EVIDENCE_SCHEMA",
    "EXPOSURE_SCHEMA",
    "STAY_SCHEMA",
    "VISIBLE_SCHEMA",
    "BatchInfo",
    "CaseStay",
    "CaseStays",
    "Cases",
    "ContactRule",
    "ContactRules",
    "Engine",
    "Exposures",
    "Flag",
    "PlaceKind",
    "Receipt",
    "RefusedRow",
    "Spot",
    "kind_code",
    "kind_of",
]
