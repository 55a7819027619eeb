"""Rules that a unit or an area put on file and made known to its people, as facts tell of them."""

from __future__ import annotations

from sizao.facts.kinds import RuleOnFile
from sizao.rules.dossier import Read
from sizao.when import Instant

LEAVE = "leave"
REPORT_CODE = "report-code"
TRIP = "trip"


def on_file_at(read: Read, rule: str, moment: Instant) -> tuple[RuleOnFile, ...]:
    """The rules of that name that had been made known by then and still held; one that was made known to nobody binds
    nobody."""
    return tuple(
        fact for fact in read.of(RuleOnFile) if fact.rule == rule and fact.made_known and fact.at <= moment < fact.until
    )
