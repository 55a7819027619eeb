"""What the documentation names exists, and what exists for people is documented."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sizao.words.catalogue import error_words
from tests import doc_checks as checks
from tests import house

PAGES = sorted(
    path
    for path in (*house.ROOT.glob("*.md"), *(house.ROOT / "docs").rglob("*.md"), *(house.ROOT / "bench").rglob("*.md"))
    if path.is_file()
)
TEXT = "\n".join(path.read_text("utf-8") for path in PAGES)
Check = Callable[[str, checks.World], list[str]]
CHECKS: tuple[Check, ...] = (
    checks.unknown_commands,
    checks.unknown_targets,
    checks.unknown_paths,
    checks.unknown_codes,
    checks.unknown_settings,
    checks.unknown_extras,
    checks.unknown_names,
)


def _world(page: Path) -> checks.World:
    return checks.World(
        commands=checks.command_tree(),
        targets=checks.make_targets((house.ROOT / "Makefile").read_text("utf-8")),
        codes=frozenset(error_words()),
        settings=checks.settings_read(),
        extras=checks.extras(),
        has_path=checks.has_path(page),
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(house.ROOT).as_posix())
def test_what_a_page_names_exists(page: Path) -> None:
    text, world = page.read_text("utf-8"), _world(page)
    assert {check.__name__: faults for check in CHECKS if (faults := check(text, world))} == {}


def test_every_command_is_documented() -> None:
    missing = [" ".join(path) for path in checks.command_tree() if path and f"sizao {' '.join(path)}" not in TEXT]
    assert missing == []


def test_every_make_target_is_documented() -> None:
    targets = checks.make_targets((house.ROOT / "Makefile").read_text("utf-8"))
    assert [name for name in sorted(targets) if f"make {name}" not in TEXT] == []


def test_every_setting_is_documented() -> None:
    assert [name for name in sorted(checks.settings_read()) if name not in TEXT] == []


def test_every_error_code_is_documented() -> None:
    assert [code for code in error_words() if f"`{code}`" not in TEXT] == []


def test_the_generated_pages_are_as_the_source_makes_them_now() -> None:
    program = house.ROOT / "docs" / "generate.py"
    env = {**os.environ, "PYTHONPATH": str(house.ROOT / "src")}
    done = subprocess.run(
        [sys.executable, str(program), "--check"], capture_output=True, text=True, check=False, env=env
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nrun `make docs`"


def test_the_changelog_speaks_to_the_people_affected() -> None:
    page = (house.ROOT / "CHANGELOG.md").read_text("utf-8")
    entries = page.split("\n## ")[1:]
    wanted = ("What changes.", "In force from.", "Rooms.", "Who notices.", "What to do.")
    assert entries
    assert [(entry.splitlines()[0], word) for entry in entries for word in wanted if f"**{word}**" not in entry] == []


# --- each check finds what it looks for -------------------------------------------------------------------------------

TOY = checks.World(
    commands={
        (): frozenset({"--lang"}),
        ("trace",): frozenset({"--json"}),
        ("policy",): frozenset(),
        ("policy", "diff"): frozenset(),
    },
    targets=frozenset({"run"}),
    codes=frozenset({"F101", "P104"}),
    settings=frozenset({"SIZAO_HOME"}),
    extras=frozenset({"spark"}),
    has_path=lambda named: named in {"src/sizao/when.py", "facts/"},
)


@pytest.mark.parametrize(
    ("check", "page", "fault"),
    [
        (checks.unknown_commands, "Use `sizao trase case.csv`.", "sizao trase"),
        (checks.unknown_commands, "```\n$ sizao trace a.csv --jsn\n```", "sizao trace --jsn"),
        (checks.unknown_commands, "```sh\ncat a | sizao polcy diff\n```", "sizao polcy"),
        (checks.unknown_targets, "Run `make rum`.", "make rum"),
        (checks.unknown_targets, "```\nmake rum   # all\n```", "make rum"),
        (checks.unknown_paths, "See `src/sizao/then.py`.", "src/sizao/then.py"),
        (checks.unknown_paths, "See [it](docs/then.md#part).", "docs/then.md#part"),
        (checks.unknown_paths, "```\npytest tests/then\n```", "tests/then"),
        (checks.unknown_codes, "It says `F199`.", "F199"),
        (checks.unknown_settings, "Set SIZAO_HOUSE.", "SIZAO_HOUSE"),
        (checks.unknown_extras, "`pip install sizao[sparc]`", "sparc"),
        (checks.unknown_extras, "The extra `[sparc]`.", "sparc"),
        (checks.unknown_names, "It calls `sizao.when.local_dya`.", "sizao.when.local_dya"),
        (checks.unknown_names, "It calls `sizao.then`.", "sizao.then"),
    ],
)
def test_a_page_that_names_what_does_not_exist_is_found(check: Check, page: str, fault: str) -> None:
    assert check(page, TOY) == [fault]


@pytest.mark.parametrize("check", CHECKS)
def test_a_page_that_names_what_exists_passes(check: Check) -> None:
    page = (
        "`sizao trace case.csv --json`, `sizao policy diff A B`, `sizao --lang zh trace x`, `make run ARGS=x`, "
        "`src/sizao/when.py`, `facts/`, `F101`, train `G508`, SIZAO_HOME, `sizao[spark]`, `sizao.when.local_day`, "
        "[when](src/sizao/when.py), `a/b` or `N/A`.\n```\n.venv/bin/sizao trace \\\n  --json   # all\nmake run\n```\n"
    )
    assert check(page, TOY) == []
