"""Which column of a file is which: by the headings people use, or as told; and which hold identities, to be left alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from sizao.errors import FactsError, Where

Headings = Mapping[str, tuple[str, ...]]

BLANK = frozenset(
    ("", "na", "n/a", "null", "none", "nan", "-", "--", "?", "unknown", "不详", "未知", "无", "unbekannt", "#n/a")
)
"""How people write that they do not know."""
LONGEST_BLANK = max(map(len, BLANK))

_IDENTITY = frozenset((
    "name", "fullname", "patientname", "casename", "contactname", "givenname", "familyname", "姓名", "患者姓名", "家长姓名",
    "联系人", "联系人姓名", "phone", "phonenumber", "mobile", "telephone", "电话", "联系电话", "手机", "手机号",
    "电话号码", "idnumber",
    "nationalid", "passport", "passportnumber", "身份证", "身份证号", "身份证号码", "证件号", "证件号码",
    "有效证件号", "护照号", "email",
    "邮箱", "homeaddress", "address", "住址", "现住址", "现住详细地址", "家庭住址", "详细地址", "工作单位",
    "birthdate", "dateofbirth",
    "dob", "出生日期", "latitude", "longitude", "reportlat", "reportlon", "causeofdeathdetails",
    "placeofbirthfacilitydetails",
    "occupationdetails", "deathplacedescription", "burialplacedescription", "relationdescription", "followupcomment",
    "description",
))  # fmt: skip
_IDENTITY_ENDINGS = (
    "firstname", "lastname", "nickname", "mothersname", "mothersmaidenname", "fathersname", "birthdatedd", "birthdatemm",
    "birthdateyyyy", "phone", "phoneowner", "emailaddress", "passportnumber", "nationalhealthid", "burialconductor",
)  # fmt: skip
_ADDRESS = ("personaddress", "personaddresses")


@lru_cache(maxsize=16384)
def key_of(heading: str) -> str:
    """A heading without what people write differently: width, case, blanks, marks, a unit in brackets."""
    text = re.sub(r"\(.*?\)|\[.*?\]", "", unicodedata.normalize("NFKC", heading).casefold())
    return "".join(mark for mark in text if mark.isalnum())


def is_blank(cell: str) -> bool:
    """True for an empty cell and for the words that say "not known"."""
    return cell.strip().casefold() in BLANK


def identities(columns: Sequence[str]) -> list[str]:
    """The columns that say who somebody is. They are read by no mapping and go into no fact."""
    return [heading for heading in columns if _names_somebody(key_of(heading))]


def _names_somebody(key: str) -> bool:
    return key in _IDENTITY or key.endswith(_IDENTITY_ENDINGS) or key.startswith(_ADDRESS)


def found_in(columns: Sequence[str], headings: Headings) -> set[str]:
    """The fields that some column of a header goes by, for recognising it."""
    keys = {key_of(heading) for heading in columns}
    return {name for name, known in headings.items() if any(key_of(heading) in keys for heading in (name, *known))}


def places(
    columns: Sequence[str],
    headings: Headings,
    told: Mapping[str, str],
    *,
    needed: Sequence[str],
    file: str,
    first_wins: Sequence[str] = (),
) -> dict[str, int]:
    """Where each field stands. Refuses a file without a needed one (F301) or with two columns for one field (F302),
    and a told column that the file (F303) or the mapping (F304) does not have. Of `first_wins` fields the first
    usual heading counts.
    """
    where = Where(file=file)
    at: dict[str, list[int]] = {}
    for index, heading in enumerate(columns):
        at.setdefault(key_of(heading), []).append(index)
    found: dict[str, int] = {}
    for name, heading in told.items():
        if name not in headings:
            raise FactsError("F304", where=where, value=name, known=", ".join(headings))
        if key_of(heading) not in at:
            raise FactsError("F303", where=where, value=heading, field=name, found=", ".join(columns))
        found[name] = at[key_of(heading)][0]
    for name, known in headings.items():
        if name in found:
            continue
        fitting = [index for key in dict.fromkeys(map(key_of, (name, *known))) for index in at.get(key, ())]
        if len(fitting) > 1 and name not in first_wins:
            said = ", ".join(columns[index] for index in fitting)
            raise FactsError("F302", where=where, field=name, columns=said)
        if fitting:
            found[name] = fitting[0]
    if missing := [name for name in needed if name not in found]:
        raise FactsError("F301", where=where, missing=", ".join(missing), found=", ".join(columns))
    return found
