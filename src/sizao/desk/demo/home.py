"""The home folder of a demonstration. Its clock is set to the days of the invented outbreak when the folder is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sizao.desk.deployment import Deployment, Mode, create
from sizao.drills.county import AREA, KNOWN_AT
from sizao.when import HOUR_S, Instant

COMPLETE = "demo-complete"
"""A file that says that the demonstration was built to its end."""

LOG_INS = "log-ins.json"
"""The file with everybody's way in. A demonstration keeps it in the open: nothing in it is real."""

OPENS_AT = Instant(KNOWN_AT + 2 * HOUR_S)
"""What the demonstration's clock shows when it is made."""


EXAMPLE_KEEPING = {
    "health": 60, "movement": 30, "control": 180, "work": 365, "given": 60, "public": 365, "identity": 60, "reads": 365,
    "notices": 60, "jobs": 30, "proposals": 60,
}  # fmt: skip
"""For how many days each class of data is kept. AN EXAMPLE, assumed for the made-up county: no law says these numbers."""


def create_home(folder: Path, token: Callable[[int], bytes], now: Instant) -> Deployment:
    """Make the folder, with its keys and its clock; `now` is the machine's."""
    made = Deployment(
        home=folder, mode=Mode.DEMO, area=AREA, zone="Asia/Shanghai", packs=("demo-county",), title_zh="样例县",
        title_en="Example county", clock_shift_s=OPENS_AT - now, keeping=EXAMPLE_KEEPING,
    )  # fmt: skip
    return create(made, token=token)
