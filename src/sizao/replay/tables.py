"""The plain data a replay gives: duties, findings, and how much earlier, cell by cell. No sentence in any language is here."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from sizao.facts.kinds import Exposure, Fact, FactId
from sizao.replay.choices import Branch, Reading, Switches
from sizao.replay.founding import Provenance
from sizao.replay.moments import Hours, Span
from sizao.replay.questions import CodeCause, Provable
from sizao.replay.windows import WindowRow
from sizao.rules.reasons import Clause, Reason
from sizao.rules.timeline import State, Timeline


class RuleKind(StrEnum):
    """What a duty rests on."""

    CLAUSE = "clause"
    MADE_KNOWN = "made-known"
    SIZAO = "sizao"


class Rule(NamedTuple):
    """The rule on file: clauses of packs, or the facts that made a unit's rule known, or Sizao's own guard rail."""

    kind: RuleKind
    clauses: tuple[Clause, ...] = ()
    facts: tuple[FactId, ...] = ()


class Seen(StrEnum):
    """Whether the person's unit may know of it."""

    YES = "yes"
    DISCLOSED = "with-disclosure"
    NO = "no"


class Row(NamedTuple):
    """One duty at the end of the day of printing. `told`: when the person was told, for a duty that begins with it.

    `states` are those at the earliest and at the latest that is known; they differ where hours decide. `overdue_since` and
    `late_s` (seconds between due and met, or due and now) are bounds too. `certain`: False: the duty exists at one bound only.
    """

    code: str
    holder: str
    rule: Rule
    since: Span
    told: Span | None
    due: Span | None
    met: Span | None
    overdue_since: Span | None
    late_s: tuple[int, int] | None
    states: tuple[State, State]
    unit_sees: Seen
    certain: bool
    reason: Reason


class Found(NamedTuple):
    """One finding: something for a supervisor to look at, or a duty that does not exist because no rule was on file."""

    code: str
    at: Span
    about: FactId | None
    unit_sees: Seen
    reason: Reason


class Before(StrEnum):
    """Whether he was told before the train of 27 July left."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


class Telling(NamedTuple):
    """When he is first told of something by an office, against the tour company's message. None where nobody tells him."""

    at: Span | None
    earlier: Hours | None
    before_train: Before


class Cell(NamedTuple):
    """One branch under one reading and one set of switches. `asked`: first told of anything; `contact`: told of a contact."""

    branch: Branch
    reading: Reading
    switches: Switches
    rows: tuple[Row, ...]
    findings: tuple[Found, ...]
    asked: Telling
    contact: Telling
    ordered: bool
    timeline: Timeline
    facts: tuple[Fact, ...]

    def duty(self, code: str) -> Row | None:
        """The first row of that duty, or None."""
        return next((row for row in self.rows if row.code == code), None)


class FactRow(NamedTuple):
    """A fact of the replay with its provenance; `branches` None: in all of them."""

    fact: Fact
    provenance: Provenance
    where: str | None
    branches: tuple[str, ...] | None


class Replay(NamedTuple):
    """The whole answer. `baseline` is the tour company's message, the first anybody told him as it happened."""

    as_of: Span
    baseline: Span
    rules: tuple[str, ...]
    facts: tuple[FactRow, ...]
    windows: tuple[WindowRow, ...]
    judgement: Exposure
    cause: CodeCause
    provable: tuple[Provable, ...]
    cells: tuple[Cell, ...]

    def cell(self, branch: Branch, reading: Reading, switches: Switches) -> Cell:
        """The cell of that branch, reading and switches."""
        wanted = (branch, reading, switches)
        return next(cell for cell in self.cells if (cell.branch, cell.reading, cell.switches) == wanted)
