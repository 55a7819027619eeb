"""Invented people for the demonstration: names nobody bears, made of a surname, 某, and two signs of the old calendar."""

from __future__ import annotations

from datetime import date

from sizao.desk.people.who import Sex, Who

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
STREETS = ("东城街道", "西关街道", "南湖镇", "北坡镇", "河口镇")


def name_of(number: int) -> str:
    """The name of the so-many-th person: 张某甲子."""
    surname = SURNAMES[number % len(SURNAMES)]
    rest = number // len(SURNAMES)
    return f"{surname}某{STEMS[rest % len(STEMS)]}{BRANCHES[rest // len(STEMS) % len(BRANCHES)]}"


def who_of(number: int) -> Who:
    """Who the so-many-th person is. The telephone number is of a range no telephone has."""
    street, born = STREETS[number % len(STREETS)], date(1940 + number % 70, number % 12 + 1, number % 28 + 1)
    sex = Sex.MALE if number % 2 else Sex.FEMALE
    address = f"样例县{street}{number % 97 + 1}号"
    return Who(name=name_of(number), phone=f"100{number % 10**8:08d}", sex=sex, address=address, born=born)
