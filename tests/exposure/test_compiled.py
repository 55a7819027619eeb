"""The compiled code: each function is compiled once, dropped when its source changes, and works where nothing can be kept."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import sizao
from sizao.exposure import crowding, judging, probe, ring, summing
from sizao.exposure.cases import Cases
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.crowds import crowd_pairs
from sizao.exposure.embedded import Embedded
from sizao.exposure.queries import contacts, contacts_of_contacts
from sizao.when import Instant, Interval
from tests.exposure.stores import DAY, LATER, T, rows, rule, store_of

KERNELS: tuple[Any, ...] = (
    judging.judge_cases, probe.stays_of_cases, summing.sum_cases, ring.ring_of,
    crowding.stays_at, crowding.buckets, crowding.distinct, crowding.write_pairs,
)  # fmt: skip


def test_every_kernel_has_one_signature_whatever_is_asked(tmp_path: Path) -> None:
    whole = Interval(Instant(T), Instant(T + DAY))
    for number, table in enumerate((rows((1, 1, 5, 0, 60), (2, 2, 5, 0, 60)), rows(), rows((2**60, 1, 5, 0, 9)))):
        store = store_of(tmp_path / str(number), table)
        for cases in (Cases.of([1], [T], [LATER]), Cases.of([1, -1], [T, T], [T + 30, T])):
            for top in (None, 1):
                Embedded(1).match(
                    cases, store, ContactRules.of([rule()]), known_at=LATER, top=top, evidence=top is None
                )
                contacts(cases, store, known_at=LATER, top=top, ranked=top is None, lag_s=number)
            contacts_of_contacts(cases, store, known_at=LATER, min_overlap_s=1)
        for most in (None, 3):
            crowd_pairs(store, whole, known_at=LATER, min_overlap_s=60, most_at_once=most)
    assert {kernel.py_func.__name__: len(kernel.signatures) for kernel in KERNELS} == {
        kernel.py_func.__name__: 1 for kernel in KERNELS
    }


def run(folder: Path, *, before: str = "") -> None:
    """Import the package's compiler door from a copy of the package."""
    code = (
        f"import sys; sys.path.insert(0, {str(folder)!r}); {before}import sizao.exposure.sorting as s; s.empty_table(3)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=folder)


def copied(folder: Path) -> Path:
    """The package's errors and exposure room, without anything compiled."""
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(sizao.__file__).parent, folder / "sizao", ignore=skipped)
    return folder / "sizao" / "exposure"


def test_kept_code_is_dropped_when_any_compiled_source_changes(tmp_path: Path) -> None:
    room = copied(tmp_path)
    run(tmp_path)
    kept = room / "__pycache__" / "probe.reach-1.py311.nbi"
    kept.write_bytes(b"old")
    run(tmp_path)
    assert kept.exists()
    with (room / "touched.py").open("a") as source:
        source.write("\n# changed\n")
    run(tmp_path)
    assert not kept.exists()


def test_the_room_is_imported_where_nothing_can_be_written(tmp_path: Path) -> None:
    room = copied(tmp_path)
    (room / "__pycache__").write_text("not a folder")
    run(tmp_path, before="import os; os.environ['NUMBA_CACHE_DIR'] = '/proc/none'; ")
