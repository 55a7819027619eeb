"""What is shown of somebody to a reader who need not know who it is. Each form shows less than it could, never more than it says:
what is not understood is hidden whole.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sizao.desk.people.normal import has_han, normal_document, normal_phone, tidy_name, tidy_text
from sizao.desk.people.who import Sex, Who

HIDDEN = "***"
_STAR = "*"
_LAST = 4
_LONG_ENOUGH = 8
"""Of a number shorter than this, its last four characters would be too much."""

_STREET = re.compile(r".*?(?:街道|大道|大街|胡同|镇|乡|路|街|巷|弄|村)")
_HOUSE = re.compile(
    r"[0-9A-Za-z]|[一二三四五六七八九十百零〇两甲乙丙丁东西南北]+(?:号|栋|幢|座|单元|室|户|组|楼|层|院)"
)


class Masked(NamedTuple):
    """What may be shown; never stored, and never taken for an identity."""

    name: str
    document: str
    phone: str
    address: str
    born: str
    sex: Sex


def mask(who: Who) -> Masked:
    """Every field in its masked form; what is not known stays empty."""
    return Masked(
        name=mask_name(who.name),
        document=mask_document(who.document),
        phone=mask_phone(who.phone),
        address=mask_address(who.address),
        born="" if who.born is None else f"{who.born.year}-**-**",
        sex=who.sex,
    )


def mask_name(name: str) -> str:
    """张三丰 → 张**, 王五 → 王*; in letters the first letter of each word: J*** S***. A name of one character is hidden."""
    tidied = tidy_name(name)
    if not tidied:
        return ""
    if has_han(tidied):
        rest = "".join("·" if character == "·" else _STAR for character in tidied[1:])
        return tidied[0] + rest if rest else _STAR
    return " ".join(word[0] + HIDDEN if len(word) > 1 else _STAR for word in tidied.split())


def mask_document(document: str) -> str:
    """The last four characters of a number of eight or more; the rest, and all of a shorter one, are stars."""
    number = normal_document(document)
    shown = number[-_LAST:] if len(number) >= _LONG_ENOUGH else ""
    return _STAR * (len(number) - len(shown)) + shown


def mask_phone(phone: str) -> str:
    """138****1234 of a mobile number of eleven digits; of any other its last four, when it has eight or more."""
    number = normal_phone(phone)
    if re.fullmatch(r"1\d{10}", number):
        return f"{number[:3]}{_STAR * 4}{number[-_LAST:]}"
    return mask_document(number)


def mask_address(address: str) -> str:
    """Down to the street or the village, without house, entrance and door: 样例县西街街道和平路***."""
    told = "".join(tidy_text(address).split())
    if not told:
        return ""
    house = _HOUSE.search(told)
    before = told[: house.start()] if house else told
    ends = [street.end() for street in _STREET.finditer(before)]
    return (before[: ends[-1]] if ends else "") + HIDDEN
