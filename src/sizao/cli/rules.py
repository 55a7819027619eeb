"""The options that choose by which rules to judge, the same for every command that judges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sizao.cli.moments import MOMENT, ZONE, read_moment
from sizao.cli.providers import now
from sizao.cli.shell import PAIR, option
from sizao.tracing.setup import Setup
from sizao.when import Instant
from sizao.words.catalogue import DEFAULT_ZONE

packs_option = option("--packs", "packs", multiple=True, meta="pack")
reading_option = option("--reading", "reading", multiple=True, type=PAIR, meta="pair")
area_option = option("--area", default="CN", show_default=True, meta="area")
zone_option = option("--zone", type=ZONE, default=DEFAULT_ZONE, show_default=True, meta="zone")
known_at_option = option("--known-at", type=MOMENT, meta="moment")
at_option = option("--at", type=MOMENT, meta="moment")


def rules_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--packs`, `--reading`, `--area`, `--zone`, `--known-at`."""
    for one in (known_at_option, zone_option, area_option, reading_option, packs_option):
        function = one(function)
    return function


def setup_of(packs: tuple[str, ...], reading: tuple[tuple[str, str], ...], area: str, zone: str) -> Setup:
    """The set-up those options ask for; several packs may stand in one `--packs`, with commas."""
    named = tuple(name.strip() for each in packs for name in each.split(",") if name.strip())
    return Setup(packs=named, readings=dict(reading), area=area, zone=zone)


def moment_or_now(text: str | None, zone: str) -> Instant:
    """The moment written, or this one."""
    return now() if text is None else read_moment(text, zone)
