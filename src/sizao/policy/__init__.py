"""What the rules said that day: packs of dated, cited values, and the book that answers which one was in force.

A value holds only in its place and period. What is not known is absent by name and refuses; what is contested carries its
readings and is chosen by name, never by default.
"""

from __future__ import annotations

from sizao.policy.areas import area_chain
from sizao.policy.book import PolicyBook, with_readings
from sizao.policy.cases import Case, Outcome, check, check_cases, read_cases, run_cases
from sizao.policy.diff import ValueChange, value_diff
from sizao.policy.pack import Absence, Pack
from sizao.policy.refusals import AbsentRule, ContestedRule, NoRuleInForce, PackError, UnknownKey
from sizao.policy.shelf import list_packs
from sizao.policy.values import Citation, Value

__all__ = [
    "Absence",
    "AbsentRule",
    "Case",
    "Citation",
    "ContestedRule",
    "NoRuleInForce",
    "Outcome",
    "Pack",
    "PackError",
    "PolicyBook",
    "UnknownKey",
    "Value",
    "ValueChange",
    "area_chain",
    "check",
    "check_cases",
    "list_packs",
    "read_cases",
    "run_cases",
    "value_diff",
    "with_readings",
]
