"""Public data that is not part of the repository: where it lies, and what a test says when it is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SIZAO_OUTSIDE_DATA") or ROOT.parent / "shared" / "data")
ABSENT = "outside data: "
"""How the reason of an allowed skip begins: `conftest.py` lets only this one pass where nothing may be skipped."""


def outside(relative: str, *, data: Path = DATA) -> Path:
    """The path of an outside file or folder. Skips where the data folder is absent; fails where only this file is missing."""
    if not data.is_dir():
        pytest.skip(
            f"{ABSENT}{relative} is not here (no such folder: {data.name}; set SIZAO_OUTSIDE_DATA to its place)"
        )
    path = data / relative
    if not path.exists():
        pytest.fail(f"{relative} is missing although the outside data folder is there")
    return path
