"""Engines for the bench's own tests: one that loses a row, one that fails, one that takes its time."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bench.answers import Columns
from bench.engines.arrays import SortedArrays


class LosesARow(SortedArrays):
    """Right, but for the last row of Q1."""

    def ask(self, work: str, cases: Sequence[int]) -> Columns:
        right = super().ask(work, cases)
        return {name: column[:-1] for name, column in right.items()} if work == "Q1" else right


class Breaks(SortedArrays):
    """Cannot answer many cases."""

    def ask(self, work: str, cases: Sequence[int]) -> Columns:
        if len(cases) > 1:
            raise RuntimeError("too many cases")
        return super().ask(work, cases)


class Dawdles(SortedArrays):
    """Answers, in a minute."""

    def ask(self, work: str, cases: Sequence[int]) -> Columns:
        time.sleep(60)
        return super().ask(work, cases)
