"""Deployments of their own for tests that need processes: a home folder on SQLite, or on a fresh database of the
test server."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sizao.desk.deployment import Deployment, Mode, create
from tests import house

SECONDS = 120
KEEPING = dict.fromkeys(
    ("health", "movement", "control", "work", "given", "public", "identity", "notices", "jobs", "proposals", "reads"),
    365,
)
SETTLE = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
for name in settings.DATABASES:
    call_command("migrate", database=name, verbosity=0, interactive=False, skip_checks=True)
"""


def environment(home: Path, url: str = "") -> dict[str, str]:
    """The surroundings of a process that serves this home."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("SIZAO_")}
    told |= {"SIZAO_HOME": str(home), "DJANGO_SETTINGS_MODULE": "sizao.desk.settings", "SIZAO_LANG": "en"}
    told["PYTHONPATH"] = os.pathsep.join((str(house.ROOT / "src"), str(house.ROOT)))
    return told | ({"SIZAO_DATABASE_URL": url} if url else {})


def make_home(folder: Path, url: str = "") -> dict[str, str]:
    """A deployment with its tables; what a process of it is to be started with."""
    create(
        Deployment(
            home=folder, mode=Mode.LOCAL, area="999901", zone="Asia/Shanghai", packs=("demo-county",), keeping=KEEPING
        ),
        token=secrets.token_bytes,
    )
    told = environment(folder, url)
    run(SETTLE, told)
    return told


def start(program: str, told: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    """A Python process of the deployment."""
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, env=dict(told), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(program: str, told: Mapping[str, str], *arguments: str) -> str:
    """What a Python process of the deployment prints, once it ended well."""
    return ended(start(program, told, *arguments))


def ended(process: subprocess.Popen[str]) -> str:
    """What a process printed; fails the test where it did not end well."""
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, err
    return out


def sizao(told: Mapping[str, str], *words: str) -> tuple[int, dict[str, object], str]:
    """A command of the deployment: its exit code, its answer as data (`--json` is added), and what it complained of."""
    command = [sys.executable, "-m", "sizao", *words, "--json"]
    done = subprocess.run(command, env=dict(told), capture_output=True, text=True, check=False, timeout=SECONDS)
    return done.returncode, json.loads(done.stdout) if done.stdout.startswith("{") else {}, done.stdout + done.stderr


def database(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()
