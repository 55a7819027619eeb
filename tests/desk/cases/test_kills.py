"""`kill -9` at any moment of an import leaves all or nothing visible, and whoever goes on comes to exact counts (TR-36)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.desk.cases.killing import kill_through, worker

EACH = 6
"""So often one file is killed before it is let through."""


def killed_often(folder: Path, kills: int) -> int:
    chance, killed, number = random.Random(kills), 0, 0
    with worker(folder) as work:
        while killed < kills:
            now = 1_627_387_200 + 10_000 * number
            killed += kill_through(work, folder, chance, number=number, kills=min(EACH, kills - killed), now=now)
            number += 1
    return killed


def test_tr36_ten_kills_leave_all_or_nothing_and_exact_counts(tmp_path: Path) -> None:
    assert killed_often(tmp_path, 10) == 10


@pytest.mark.soak
def test_tr36_a_thousand_kills_leave_all_or_nothing_and_exact_counts(tmp_path: Path) -> None:
    assert killed_often(tmp_path, 1_000) == 1_000
