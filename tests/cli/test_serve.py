"""Making a deployment, and what keeps one from being served."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from tests.cli.running import Ran, ran


def made(home: Path, *more: str) -> Ran:
    words = [
        "serve",
        "--home",
        str(home),
        "--create",
        "local",
        "--area",
        "999901",
        "--pack",
        "demo-county",
        "--lang",
        "en",
    ]
    return ran(*words, *more)


def said(text: str) -> str:
    """The text without its breaks into lines."""
    return " ".join(text.split())


def test_a_deployment_is_made_with_keys_that_only_its_owner_reads(tmp_path: Path) -> None:
    home = tmp_path / "county"
    done = made(home, "--keep", "health=60", "--keep", "reads=365")
    assert done.code == 0
    assert "Put a copy of its folder keys away" in said(done.out)
    told = json.loads((home / "deployment.json").read_text("utf-8"))
    assert (told["mode"], told["area"], told["keeping"]) == ("local", "999901", {"health": 60, "reads": 365})
    keys = sorted((home / "keys").iterdir())
    assert [key.name for key in keys] == ["ledger", "master", "search", "session"]
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}
    assert len({key.read_bytes() for key in keys}) == 4


def test_what_a_deployment_is_for_never_changes(tmp_path: Path) -> None:
    made(tmp_path)
    before = (tmp_path / "deployment.json").read_bytes()
    again = made(tmp_path)
    assert again.code == 3
    assert "holds a deployment already" in said(again.err)
    assert (tmp_path / "deployment.json").read_bytes() == before


def test_a_deployment_must_know_whose_rules_govern_it(tmp_path: Path) -> None:
    done = ran("serve", "--home", str(tmp_path), "--create", "local", "--lang", "en")
    assert done.code == 3
    assert "whose rules govern" in said(done.err)
    assert not (tmp_path / "deployment.json").exists()


def test_a_period_that_is_no_number_of_days_is_refused(tmp_path: Path) -> None:
    done = made(tmp_path, "--keep", "health=long")
    assert done.code == 3
    assert "“long” is no number of days" in said(done.err)


def test_a_folder_without_a_deployment_is_not_served(tmp_path: Path) -> None:
    done = ran("serve", "--home", str(tmp_path), "--port", "8765", "--lang", "en")
    assert done.code == 3
    assert "holds no deployment" in said(done.err)


def test_a_port_somebody_listens_on_is_named_before_anything_is_built(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = ran("serve", "--home", str(tmp_path), "--port", str(port), "--demo", "--lang", "en")
    assert done.code == 3
    assert f"Port {port} is taken" in said(done.err)
    assert list(tmp_path.iterdir()) == []
