"""Two workers that integrate at once: every leaf gets one place, every place one leaf, and the root is that of all
of them."""

from __future__ import annotations

import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import homes

WAIT_WITH = """
import django
django.setup()
from sizao.desk.ledger.models import Pending
Pending.objects.bulk_create([Pending(act=n, leaf=n.to_bytes(32, "big")) for n in range(1, 301)], batch_size=100)
"""
INTEGRATE = """
import django
django.setup()
from sizao.desk.ledger import sequencer
from sizao.desk.ledger.models import Pending
print("ready", flush=True)
while Pending.objects.exists():
    sequencer.integrate(1_627_387_200, 7)
    sequencer.checkpoint(1_627_387_200, at_once=True)
"""
TELL = """
import django
django.setup()
from sizao.desk.ledger import sequencer
from sizao.desk.ledger.models import Checkpoint, Head, Leaf
from sizao.desk.ledger.checking import check_log
from sizao.ledger.tree import leaf_hash, root_of
sequencer.checkpoint(1_627_387_201, at_once=True)
leaves = list(Leaf.objects.order_by("index").values_list("index", "act", "leaf"))
root = root_of([leaf_hash(bytes(leaf)) for _, _, leaf in leaves])
print([index for index, _, _ in leaves] == list(range(300)), sorted(act for _, act, _ in leaves) == list(range(1, 301)),
      Head.objects.get().size, bytes(Checkpoint.objects.get(size=300).root) == root, [one.code for one in check_log()])
"""


def integrated_by_two(told: dict[str, str]) -> str:
    homes.run(WAIT_WITH, told)
    workers = [homes.start(INTEGRATE, told) for _ in range(2)]
    for worker in workers:
        homes.ended(worker)
    return homes.run(TELL, told).strip()


def test_two_workers_give_every_leaf_one_place_on_sqlite(tmp_path: Path) -> None:
    assert integrated_by_two(homes.make_home(tmp_path / "home")) == "True True 300 True []"


@pytest.fixture
def fresh_database(postgres_url: str) -> Iterator[str]:
    """An empty database of the test server, gone afterwards."""
    psycopg = pytest.importorskip("psycopg")
    name = f"sizao_log_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield homes.database(postgres_url, name)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
def test_two_workers_give_every_leaf_one_place_on_postgresql(tmp_path: Path, fresh_database: str) -> None:
    assert integrated_by_two(homes.make_home(tmp_path / "home", fresh_database)) == "True True 300 True []"


def test_tr_36_a_worker_killed_at_any_moment_leaves_the_log_whole(tmp_path: Path) -> None:
    told = homes.make_home(tmp_path / "home")
    homes.run(WAIT_WITH, told)
    for pause_s in (0.0, 0.03, 0.07):
        worker = homes.start(INTEGRATE, told)
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(pause_s)
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    homes.run(INTEGRATE, told)
    assert homes.run(TELL, told).strip() == "True True 300 True []"
