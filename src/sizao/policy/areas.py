"""Areas and what holds them. Codes are GB/T 2260 division codes (2, 4, 6, 9 or 12 digits), ISO countries, or WORLD."""

from __future__ import annotations

import re
from functools import lru_cache

from sizao.errors import PolicyError

AREA = re.compile(r"(WORLD|[A-Z]{2}|\d{2}|\d{4}|\d{6}|\d{9}|\d{12})\Z")


@lru_cache(maxsize=65536)
def area_chain(area: str) -> tuple[str, ...]:
    """The area and all that hold it, narrowest first: 411702 → 411702, 4117, 41, CN, WORLD. Refuses what is no area (P206)."""
    if not AREA.match(area):
        raise PolicyError("P206", value=area)
    if area == "WORLD":
        return ("WORLD",)
    if not area.isdigit():
        return (area, "WORLD")
    lengths = [length for length in (12, 9, 6, 4, 2) if length <= len(area)]
    return (*(area[:length] for length in lengths), "CN", "WORLD")
