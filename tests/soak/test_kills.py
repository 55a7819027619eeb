"""A thousand kills: whatever moment a writer dies at, what it confirmed is there whole, and nothing else is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.facts.killing import kill_once

KILLS = 1_000
FOLDERS = 20


@pytest.mark.soak
@pytest.mark.parametrize("parquet_from", [1, 10_000])
def test_a_thousand_kills_lose_nothing_that_was_confirmed(tmp_path: Path, parquet_from: int) -> None:
    chance = random.Random(parquet_from)
    for attempt in range(KILLS // 2):
        folder = tmp_path / str(attempt % FOLDERS)
        kill_once(folder, chance, parquet_from, first=attempt * 200)
