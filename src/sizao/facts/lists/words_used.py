"""The words people and systems write in the cells of a list, and what they mean here. A word that is not here is
never guessed at.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sizao.facts.kinds import CaseClass, Grade
from sizao.facts.lists.columns import key_of

FEMALE, MALE = "female", "male"
SEXES = {
    "f": FEMALE, "female": FEMALE, "woman": FEMALE, "女": FEMALE, "女性": FEMALE,
    "m": MALE, "male": MALE, "man": MALE, "男": MALE, "男性": MALE,
}  # fmt: skip

DEAD = frozenset((
    "dead", "died", "death", "deceased", "fatal", "死亡", "病亡", "病死", "已死亡",
))  # fmt: skip
ALIVE = frozenset((
    "alive", "survived", "recovered", "discharged", "cured", "hospitalised", "hospitalized", "nooutcome", "ongoing",
    "存活", "治愈",
    "痊愈", "出院", "好转", "在治", "住院", "治疗中",
))  # fmt: skip

CLASSES = {
    "confirmed": CaseClass.CONFIRMED, "labconfirmed": CaseClass.CONFIRMED, "laboratoryconfirmed": CaseClass.CONFIRMED,
    "确诊": CaseClass.CONFIRMED, "确诊病例": CaseClass.CONFIRMED, "实验室确诊": CaseClass.CONFIRMED,
    "probable": CaseClass.SUSPECTED,
    "suspect": CaseClass.SUSPECTED, "suspected": CaseClass.SUSPECTED, "疑似": CaseClass.SUSPECTED,
    "疑似病例": CaseClass.SUSPECTED,
    "临床诊断": CaseClass.SUSPECTED, "临床诊断病例": CaseClass.SUSPECTED, "asymptomatic": CaseClass.ASYMPTOMATIC,
    "confirmednosymptoms": CaseClass.ASYMPTOMATIC, "无症状": CaseClass.ASYMPTOMATIC, "无症状感染者": CaseClass.ASYMPTOMATIC,
    "notclassified": None, "confirmedunknownsymptoms": CaseClass.CONFIRMED,
}  # fmt: skip
"""None: the list says that it has not been decided."""
NO_CASE = frozenset(("nocase", "notacase", "discarded", "ruledout", "excluded", "排除", "已排除", "排除病例", "非病例"))
NO_CONTACT = frozenset(("nocontact", "notacontact", "非密接", "排除"))

GRADES = {
    "close": Grade.CLOSE, "closecontact": Grade.CLOSE, "密接": Grade.CLOSE, "密切接触者": Grade.CLOSE,
    "secondary": Grade.SECONDARY,
    "secondarycontact": Grade.SECONDARY, "次密接": Grade.SECONDARY, "密接的密接": Grade.SECONDARY, "general": Grade.GENERAL,
    "casual": Grade.GENERAL, "casualcontact": Grade.GENERAL, "一般接触": Grade.GENERAL, "一般接触者": Grade.GENERAL,
    "exposedvenue": Grade.EXPOSED_VENUE, "涉疫场所暴露人员": Grade.EXPOSED_VENUE,
}  # fmt: skip

DISEASES = {
    "coronavirus": "covid19", "covid19": "covid19", "sarscov2": "covid19", "新冠肺炎": "covid19", "新冠": "covid19",
    "新型冠状病毒肺炎": "covid19", "新型冠状病毒感染": "covid19", "measles": "measles", "麻疹": "measles",
    "mers": "mers", "merscov": "mers",
    "中东呼吸综合征": "mers",
}  # fmt: skip

YES = frozenset(("true", "yes", "y", "1", "是"))
NO = frozenset(("false", "no", "n", "0", "否"))

OLDEST = 130
_CITIZEN = re.compile(r"\d{17}[\dXx]\Z", re.ASCII)


class Truth(NamedTuple):
    """A yes or no as a cell says it; `readable` is False for any other word."""

    value: bool | None
    readable: bool = True


def truth(text: str) -> Truth:
    """Yes, no, or not said."""
    key = text.casefold()
    if not key:
        return Truth(None)
    return Truth(key in YES) if key in YES or key in NO else Truth(None, readable=False)


def disease(text: str) -> str:
    """The disease as packs name it; a name no pack has stays as it is, in small letters."""
    return DISEASES.get(key_of(text), text.strip().casefold())


def age_of(text: str) -> float | None:
    """Years of age; None for what is no age."""
    try:
        years = float(text)
    except ValueError:
        return None
    return years if 0 <= years <= OLDEST else None


def is_citizen_number(text: str) -> bool:
    """Eighteen characters of a citizen identity number: who somebody is, not which case."""
    return bool(_CITIZEN.match(text))
