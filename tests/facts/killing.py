"""A process that appends batches to a folder of facts, killed at a moment nobody chose, and what must be there afterwards."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from sizao.facts.folder import FolderStore
from sizao.facts.store import BatchHead
from sizao.when import Instant
from tests.facts.invented import told

ROOT = Path(__file__).resolve().parents[2]
BATCH = 20

WRITER = """
    import sys
    from sizao.facts.folder import FolderStore
    from sizao.facts.store import BatchHead
    sys.path.insert(0, {root!r})
    from tests.facts.invented import told
    facts = [told(f"f{{i}}", 1) for i in range(4000)]
    def go(step):
        print(step, flush=True)
    store = FolderStore({folder!r}, before=go, parquet_from={parquet_from})
    print("ready", flush=True)
    for batch in range({first}, {first} + 200):
        at = batch % 200 * 20
        head = BatchHead(batch=f"b{{batch}}", source="s", basis="b", recorded_at=0)
        store.append(facts[at:at + 20], head)
        print("done", batch, flush=True)
"""


def kill_once(folder: Path, chance: random.Random, parquet_from: int, *, first: int = 0) -> int:
    """Start the writer, kill it after some steps, and check the folder: every confirmed batch whole, no other facts, no orphan.

    Gives the number of batches the folder holds. `first` numbers the writer's batches, for a folder that is used again.
    """
    program = textwrap.dedent(WRITER).format(root=str(ROOT), folder=str(folder), parquet_from=parquet_from, first=first)
    path = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": ""}
    before = len(FolderStore(folder).batches())
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=path) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(chance.randrange(5, 120))]
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
    assert "ready\n" in lines, "the writer never began"
    done = sum(line.startswith("done") for line in lines)
    committed = FolderStore(folder).batches()
    assert before + done <= len(committed) <= before + done + 1
    assert sum(entry.stored for entry in committed) == len(list(FolderStore(folder).facts()))
    FolderStore(folder).append(
        [told(f"after-{first}", 2)], BatchHead(batch=f"after-{first}", source="s", basis="b", recorded_at=Instant(0))
    )
    assert len(list((folder / "data").iterdir())) == len(committed) + 1
    return len(committed) + 1
