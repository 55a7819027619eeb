"""How the tests of the command line run it: in this process, or as a process of its own with pipes and a locale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner

from sizao.cli.main import sizao

SOURCE = Path(__file__).resolve().parents[2] / "src"
PLAIN = {
    "LC_ALL": "",
    "LC_MESSAGES": "",
    "LANG": "C",
    "SIZAO_LANG": "",
    "COLUMNS": "",
    "NO_COLOR": "",
    "SIZAO_DEBUG": "",
}


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


def ran(*words: str | Path, env: Mapping[str, str] | None = None) -> Ran:
    """Run a command in this process, in English unless the environment says otherwise."""
    done = CliRunner().invoke(sizao, [str(word) for word in words], env={**PLAIN, **(env or {})})
    return Ran(done.exit_code, done.stdout, done.stderr)


def spawned(*words: str | Path, env: Mapping[str, str] | None = None, **how: Any) -> Ran:
    """Run a command as a process of its own, its output in pipes, bytes read as UTF-8."""
    done = subprocess.run(
        [sys.executable, "-m", "sizao.cli.main", *(str(word) for word in words)],
        env={**os.environ, **PLAIN, "PYTHONPATH": str(SOURCE), **(env or {})},
        capture_output=True, check=False, **how,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
