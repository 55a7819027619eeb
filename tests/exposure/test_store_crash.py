"""A crash at any point of an append leaves all of the batch or nothing, and the store goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sizao import columnar
from sizao.errors import ExposureError
from sizao.exposure import numbering, segments
from sizao.exposure.manifest import Manifest
from sizao.exposure.store import StayStore
from tests.exposure.stores import batch, ids, rows, store_of


class Crash(BaseException):
    """The process is gone: nothing after this runs."""


def crash(*_: Any, **__: Any) -> Any:
    raise Crash


POINTS: dict[str, tuple[object, str]] = {
    "before the segment has its name": (Path, "replace"),
    "after the segment, before the numbers": (numbering.Numbering, "save"),
    "after the numbers of persons": (numbering, "save_values"),
    "before the manifest line": (Manifest, "write"),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_before_the_commit_leaves_nothing_of_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 10)))
    owner, name = POINTS[point]
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, crash)
        with pytest.raises(Crash):
            store.append(rows((2, 20, 2, 0, 10)), batch=batch("lost"))
    after = StayStore.open(store.path)
    assert ids(after) == ids(store) == [1]
    assert sorted(file.name for file in (store.path / "segments").iterdir()) == [after.state.segments[0].file]
    after.append(rows((3, 30, 3, 0, 10)), batch=batch("lost"))
    assert ids(StayStore.open(store.path)) == [1, 3]
    assert after.itinerary(30).column("place").to_pylist() == [3]
    assert after.itinerary(20).num_rows == 0


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_manifest_line_cut_off_never_happened(tmp_path: Path, cut: int) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 10)), rows((2, 2, 1, 0, 10)))
    manifest = store.path / "manifest.ndjson"
    manifest.write_bytes(manifest.read_bytes()[:-cut])
    after = StayStore.open(store.path)
    assert ids(after) == [1]
    after.append(rows((3, 3, 1, 0, 10)), batch=batch("next"))
    assert ids(StayStore.open(store.path)) == [1, 3]


def test_damage_inside_the_manifest_is_refused_with_its_line(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 10)), rows((2, 2, 1, 0, 10)))
    manifest = store.path / "manifest.ndjson"
    content = bytearray(manifest.read_bytes())
    content[40] ^= 1
    manifest.write_bytes(bytes(content))
    with pytest.raises(ExposureError, match="E131") as refused:
        StayStore.open(store.path)
    assert refused.value.where.line == 1


@pytest.mark.parametrize("spoil", [lambda b: b[:50], lambda b: b"x" + b[1:], lambda b: b[: len(b) // 2]])
def test_a_segment_cut_short_or_of_another_kind_is_refused(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    store = store_of(tmp_path, rows((1, 1, 1, 0, 10)))
    file = store.path / "segments" / store.state.segments[0].file
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(ExposureError, match="E136"):
        segments.read(file)


def test_a_failed_write_leaves_no_temporary_file(tmp_path: Path) -> None:
    with pytest.raises(Crash):
        columnar.write_whole(tmp_path / "x", crash)
    assert list(tmp_path.iterdir()) == []


SCRIPT = """
    import sys
    from pathlib import Path
    from sizao.exposure.store import StayStore
    from tests.exposure.stores import batch, rows
    store = StayStore.open(Path(sys.argv[1]))
    print("ready", flush=True)
    for number in range(1, 10_000):
        told = [(number * 100 + k, k, k % 7, 0, 10) for k in range(100)]
        store.append(rows(*told), batch=batch(f"b{number}"))
        print(number, flush=True)
"""


def test_a_process_killed_while_appending_loses_no_batch_it_has_confirmed(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    place = {"PYTHONPATH": os.pathsep.join(sys.path), **os.environ}
    command = [sys.executable, "-c", textwrap.dedent(SCRIPT), str(store.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=place, cwd=Path.cwd()) as process:
        assert process.stdout is not None
        confirmed = 0
        for line in process.stdout:
            if line.strip().isdigit():
                confirmed = int(line)
            if confirmed == 12:
                os.kill(process.pid, signal.SIGKILL)
                break
    after = StayStore.open(store.path)
    stored = len(after.batches())
    assert stored >= confirmed
    assert after.rows() == 100 * stored
    assert after.verify() == []
