"""What is known of who somebody is, and the three things this room is given: keys, chance, and the day."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from sizao.desk.people.normal import normal_document, normal_phone, tidy_name, tidy_text
from sizao.facts.ids import read_citizen_id
from sizao.facts.record import canonical
from sizao.when import parse_day


class Keys(Protocol):
    """The two secrets of this room, 32 bytes each: `master` seals the persons' keys, `search` makes the search keys."""

    @property
    def master(self) -> bytes:
        """Seals each person's own key."""
        ...

    @property
    def search(self) -> bytes:
        """Keys the hashes under which people are found."""
        ...


class Chance(Protocol):
    """Where random bytes come from."""

    def token(self, length: int, /) -> bytes:
        """So many fresh random bytes."""
        ...


class DocumentKind(StrEnum):
    """What a document number is of. `UNCHECKED` holds a number as it was told, whether or not it can be right."""

    NONE = "none"
    CITIZEN_ID = "citizen_id"
    PASSPORT = "passport"
    HK_MACAU_PERMIT = "hk_macau_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    FOREIGNER_PERMIT = "foreigner_permit"
    OTHER = "other"
    UNCHECKED = "unchecked"

    @property
    def term(self) -> str:
        """The code of its name in both languages."""
        return f"people.document_kind.{self}"


class Sex(StrEnum):
    """The sex on the document, or as told."""

    UNKNOWN = "unknown"
    MALE = "male"
    FEMALE = "female"

    @property
    def term(self) -> str:
        """The code of its name in both languages."""
        return f"people.sex.{self}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who somebody is. Only the name is always known."""

    name: str
    document_kind: DocumentKind = DocumentKind.NONE
    document: str = ""
    phone: str = ""
    address: str = ""
    born: date | None = None
    sex: Sex = Sex.UNKNOWN


class Check(NamedTuple):
    """What a look at an identity found, as codes of sentences: `problems` forbid it to be stored, `warnings` do not."""

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def tidy(who: Who) -> Who:
    """The same person in the one width and spelling in which identities are kept. A citizen's number gives the date of birth
    where none was told; without a number there is no kind of document."""
    number = normal_document(who.document)
    kind = who.document_kind if number else DocumentKind.NONE
    born = who.born
    if born is None and kind is DocumentKind.CITIZEN_ID:
        read = read_citizen_id(number)
        born = read.born if read.valid else None
    return replace(
        who, name=tidy_name(who.name), document=number, document_kind=kind, phone=normal_phone(who.phone),
        address=tidy_text(who.address), born=born,
    )  # fmt: skip


def check(who: Who, *, today: date) -> Check:
    """Looks at a tidied identity. The division code of a citizen's number is never a problem: codes come and go."""
    problems: list[str] = [] if who.name else ["people.problem.no_name"]
    if who.document and who.document_kind is DocumentKind.NONE:
        problems.append("people.problem.no_kind")
    if who.born is not None and who.born > today:
        problems.append("people.problem.not_born")
    if who.document_kind is not DocumentKind.CITIZEN_ID:
        return Check(tuple(problems))
    read = read_citizen_id(who.document, today=today)
    return Check((*problems, *read.problems), (*read.warnings, *_contradictions(who, read.born)) if read.valid else ())


def _contradictions(who: Who, born: date | None) -> tuple[str, ...]:
    """Where the number says something else than was told. The seventeenth digit is odd for men."""
    said = Sex.MALE if int(who.document[16]) % 2 else Sex.FEMALE
    found = []
    if who.born != born:
        found.append("people.warning.born_differs")
    if who.sex not in (Sex.UNKNOWN, said):
        found.append("people.warning.sex_differs")
    return tuple(found)


def to_bytes(who: Who) -> bytes:
    """The one spelling of an identity: canonical JSON without what is not known."""
    told = {name: value for name, value in asdict(who).items() if name == "name" or value not in ("", None)}
    return canonical({name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()})


def from_bytes(content: bytes) -> Who:
    """The identity of its one spelling. Fields of a later version of this software are refused (`TypeError`)."""
    told = json.loads(content)
    strange = told.keys() - {field.name for field in fields(Who)}
    if strange:
        raise TypeError(", ".join(sorted(strange)))
    return Who(
        **told
        | {
            "document_kind": DocumentKind(told.get("document_kind", DocumentKind.NONE)),
            "sex": Sex(told.get("sex", Sex.UNKNOWN)),
            "born": parse_day(told["born"]) if "born" in told else None,
        }
    )
