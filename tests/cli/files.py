"""Small invented files for the tests of the command line."""

from __future__ import annotations

from pathlib import Path

CASES = """person,case_class,reported_at,disease,onset,area
p1,confirmed,2021-07-29 10:00,covid19,2021-07-28,411702
"""

STAYS = """person,place,place_kind,start,end
p1,home:1,dwelling,2021-07-26 20:00,2021-07-27 07:00
p2,home:1,dwelling,2021-07-26 19:00,2021-07-27 08:00
p1,shop:1,shop,2021-07-27 10:00,2021-07-27 10:30
p3,shop:1,shop,2021-07-27 10:10,2021-07-27 11:00
p4,shop:1,shop,2021-07-27 12:00,2021-07-27 12:30
p5,shop:2,shop,2021-07-27 10:00,2021-07-27 10:30
"""

RULES = ("--packs", "cn-covid19-8", "--reading", "case.window.days_before=four-days", "--area", "411702")
KNOWN = ("--known-at", "2021-07-30T12:00")


def written(folder: Path, **texts: str) -> dict[str, Path]:
    """The texts as files `name.csv`."""
    paths = {}
    for name, text in texts.items():
        paths[name] = folder / f"{name}.csv"
        paths[name].write_text(text, "utf-8")
    return paths
