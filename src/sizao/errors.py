"""Every error a person can meet: one tree, each with a stable code, a place, and named slots.

An error carries no sentence. `sizao.words.say_error` renders it in zh or en from `words/errors/<room>.yaml`, so that what a
person reads is written once, in both languages, and a test proves that every code has its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place an error points at. Rows and lines count from 1 as a person sees them in the file; a header is row 1."""

    file: str | None = None
    line: int | None = None
    row: int | None = None
    column: str | None = None
    key: str | None = None

    def __str__(self) -> str:
        parts = [self.file or ""]
        parts += [f"{name} {value}" for name, value in self._named() if value is not None]
        return ", ".join(part for part in parts if part)

    def _named(self) -> tuple[tuple[str, int | str | None], ...]:
        return (("line", self.line), ("row", self.row), ("column", self.column), ("key", self.key))


class SizaoError(Exception):
    """The root: `code` (letter and three digits), `where`, and `slots` that fill the code's sentences."""

    room: ClassVar[str] = "kernel"

    def __init__(self, code: str, /, *, where: Where | None = None, **slots: object) -> None:
        super().__init__(code)
        self.code = code
        self.where = where if where is not None else Where()
        self.slots = slots

    def __str__(self) -> str:
        filled = ", ".join(f"{name}={value!r}" for name, value in self.slots.items())
        return " ".join(part for part in (self.code, str(self.where), f"({filled})" if filled else "") if part)


class WhenError(SizaoError):
    """A date, time or zone that cannot be read without guessing."""

    room = "when"


class WordsError(SizaoError):
    """A sentence that is missing, or whose slots do not fit."""

    room = "words"


class FactsError(SizaoError):
    """A file, row or fact that cannot be taken in as it is."""

    room = "facts"


class PolicyError(SizaoError):
    """A pack that must not be loaded, or a rule that is absent, contested or not in force."""

    room = "policy"


class ExposureError(SizaoError):
    """Stays, rules or a question the matching engine refuses."""

    room = "exposure"


class RulesError(SizaoError):
    """A dossier from which nothing may be concluded."""

    room = "rules"


class TracingError(SizaoError):
    """A notice that cannot be traced as it stands."""

    room = "tracing"


class CliError(SizaoError):
    """A command that cannot do what it was asked."""

    room = "cli"


class DeskError(SizaoError):
    """Something a desk cannot do as asked: no right, a change that came first, a deployment that is not whole."""

    room = "desk"


class LedgerError(SizaoError):
    """A proof, note or commitment of the log that does not hold."""

    room = "ledger"
