"""Small invented files on their way into the desk, and the job that reads and stores them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import count
from typing import Any

from sizao.desk.cases import imports
from sizao.desk.cases.imports import Said
from sizao.desk.cases.models import Import
from sizao.desk.store import jobs
from sizao.desk.store.rights import Actor
from sizao.when import Instant
from tests.desk.conftest import NOW

_numbers = count()

TESTS = [
    ["person", "sampled_at", "result", "sample"],
    ["旅客甲", "2021-07-26 09:00", "阴性", "S1"],
    ["旅客乙", "2021-07-26 09:05", "positive", "S2"],
    ["旅客丙", "2021-07-26 09:10", "好", "S3"],
    ["旅客甲", "2021-07-26 09:00", "阴性", "S1"],
]
STAYS = [
    ["person", "place", "place_kind", "start", "end"],
    ["case", "home:东街3号", "dwelling", "2021-07-25 20:00", "2021-07-26 07:00"],
    ["guest", "home:东街3号", "dwelling", "2021-07-25 21:00", "2021-07-26 06:00"],
    ["guest", "shop:东街超市", "shop", "2021-07-25 10:00", ""],
]
HEADER_OF_CASES = ["person", "case_class", "reported_at", "disease", "onset", "area"]


def cases(number: int) -> list[list[str]]:
    """A line list of so many cases."""
    rows = [[f"c{at:03}", "confirmed", "2021-07-26 10:00", "covid19", "2021-07-24", "999901"] for at in range(number)]
    return [HEADER_OF_CASES, *rows]


def text(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def sent(
    content: bytes, by: Actor, *, name: str = "file.csv", now: Instant = NOW, source: str = "县医院检验科"
) -> Import:
    """A file somebody sent in."""
    number = next(_numbers)
    return imports.upload(name, [content], source=source, by=by, token=f"t{number}", key=f"u{number}", now=now)


def said(**more: Any) -> Said:
    """What is said of it unless a test says otherwise."""
    told: dict[str, Any] = {"mapping": "", "source": "县医院检验科", "basis": "传染病防治法"}
    return Said(**told | more)


def work(now: Instant = NOW) -> int:
    """Do everything that waits."""
    return jobs.work("worker", lambda: now, steps=1000)


def read(content: bytes, by: Actor, *, name: str = "file.csv", now: Instant = NOW, **more: Any) -> Import:
    """A file that was sent in and read."""
    one = sent(content, by, name=name, now=now)
    imports.begin_reading(one, said(**more), by=by, now=now)
    work(now)
    one.refresh_from_db()
    return one


def stored(content: bytes, by: Actor, *, now: Instant = NOW, **more: Any) -> Import:
    """A file that was sent in, read and stored."""
    one = read(content, by, now=now, **more)
    imports.begin_storing(one, by=by, now=now)
    work(now)
    one.refresh_from_db()
    return one
