"""The rooms keep apart, and the code keeps its own rules; each rule is proved on a snippet that breaks it."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import house

Check = Callable[[str], list[str]]

OUTER_ROOMS = ("cli", "desk")
"""The rooms that hold a clock, ids and salts, and hand them down."""
HEAVY = ("duckdb", "pyspark", "pandas", "psycopg", "superintervals", "django", "cryptography")
"""What only an extra installs."""


def _room(path: Path) -> str:
    return path.relative_to(house.SOURCE).parts[0].removesuffix(".py")


def _breaches(check: Check, paths: list[Path]) -> dict[str, list[str]]:
    found = {name: check(path.read_text("utf-8")) for name, path in zip(house.relative(paths), paths, strict=True)}
    return {name: breaches for name, breaches in found.items() if breaches}


def _inner() -> list[Path]:
    return [path for path in house.modules() if _room(path) not in OUTER_ROOMS]


# --- what the source must not do ------------------------------------------------------------------------------------


def test_no_room_below_the_desks_takes_the_clock_or_chance() -> None:
    assert _breaches(house.clock_and_chance, _inner()) == {}


def test_the_outer_rooms_take_the_clock_only_to_measure_or_through_their_provider() -> None:
    def check(source: str) -> list[str]:
        return house.clock_and_chance(source, stopwatch=True)

    outer = [path for path in house.modules() if _room(path) in OUTER_ROOMS]
    takers = set(_breaches(check, outer))
    assert takers <= {"src/sizao/cli/providers.py", "src/sizao/desk/clock.py"}


def test_only_the_command_line_prints() -> None:
    assert _breaches(house.prints, [path for path in house.modules() if _room(path) != "cli"]) == {}


def test_imports_are_absolute_and_in_the_open() -> None:
    assert _breaches(house.unclear_imports, _inner()) == {}


def test_functions_files_and_arguments_keep_to_their_budgets_or_are_listed_as_exceptions() -> None:
    allowed = house.own_exceptions((house.ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    broken = {
        (name, breach.split(":")[0])
        for name, breaches in _breaches(house.over_budget, house.modules()).items()
        for breach in breaches
    }
    assert broken - set(allowed) == set(), "over budget"
    assert set(allowed) - broken == set(), "listed in CONTRIBUTING.md but no longer needed"


def test_data_is_frozen() -> None:
    assert _breaches(house.loose_data, _inner()) == {}


def test_every_module_and_every_public_name_says_what_a_caller_may_rely_on() -> None:
    assert _breaches(house.silent_public, house.modules()) == {}


def test_no_note_of_open_work_is_left_without_an_issue() -> None:
    assert _breaches(house.unfinished, house.modules()) == {}


def test_no_room_is_deeper_than_two_levels() -> None:
    """But for template tags, whose place Django gives."""
    deep = [path for path in house.modules() if len(path.relative_to(house.SOURCE).parts) > 3]
    assert [path for path in deep if path.parent.name != "templatetags"] == []


# --- each check finds what it looks for -----------------------------------------------------------------------------

CLOCKS_AND_CHANCES = (
    "from datetime import datetime\nx = datetime.now()",
    "from datetime import datetime as dt, UTC\nx = dt.now(UTC)",
    "import datetime\nx = datetime.date.today()",
    "import datetime as d\nx = d.datetime.utcnow()",
    "from dataclasses import field\nfrom datetime import datetime\nx = field(default_factory=datetime.now)",
    "import time\nx = time.time()",
    "from time import time_ns as t\nx = t()",
    "import time\nx = time.monotonic()",
    "import time\nx = time.localtime()",
    "from uuid import uuid4\nx = uuid4()",
    "import uuid\nx = uuid.uuid1()",
    "import secrets\nx = secrets.token_hex(8)",
    "from secrets import token_bytes\nx = token_bytes(8)",
    "import os\nx = os.urandom(8)",
    "import random\nx = random.random()",
    "from random import shuffle\nshuffle([1])",
    "import random\nx = random.Random()",
    "import numpy as np\nx = np.random.rand(3)",
    "import numpy as np\nx = np.random.default_rng()",
    "from numpy.random import default_rng\nx = default_rng()",
    "x = hash('a')",
    "x = 'select current_timestamp as t from stay'",
)
SEEDED_OR_GIVEN = (
    "import random\nx = random.Random(7).random()",
    "import numpy as np\nx = np.random.default_rng(7)",
    "import numpy as np\ndef f(g: np.random.Generator) -> float:\n    return g.random()",
    "from datetime import datetime, UTC\nx = datetime.fromtimestamp(0, UTC)",
    "def f(time, random):\n    return time.time() + random.random()",
    "x = 'select start_s from stay'",
    "x = 'What we know now (and why)'",
)


@pytest.mark.parametrize("source", CLOCKS_AND_CHANCES)
def test_the_ban_on_clock_and_chance_finds(source: str) -> None:
    assert len(house.clock_and_chance(source)) == 1


@pytest.mark.parametrize("source", SEEDED_OR_GIVEN)
def test_the_ban_on_clock_and_chance_lets_pass(source: str) -> None:
    assert house.clock_and_chance(source) == []


def test_a_stopwatch_is_not_a_clock_where_durations_are_measured() -> None:
    assert house.clock_and_chance("import time\nx = time.perf_counter()", stopwatch=True) == []
    assert house.clock_and_chance("import time\nx = time.time()", stopwatch=True) != []


@pytest.mark.parametrize(
    ("check", "source", "innocent"),
    [
        (house.prints, "print('x')", "logger.print('x')"),
        (house.unclear_imports, "from .rooms import name", "from sizao.rooms import name"),
        (house.unclear_imports, "from sizao.when import *", "from sizao import when"),
        (house.unclear_imports, "def f():\n    from sizao.rules import grade", "def f():\n    import json"),
        (house.unclear_imports, "def f():\n    import sizao.rules", "import sizao.rules\ndef f():\n    pass"),
        (house.over_budget, "def f():\n" + "    x = 1\n" * 60, "def f():\n" + "    x = 1\n" * 59),
        (house.over_budget, "x = 1\n" * 451, "x = 1\n" * 450),
        (house.over_budget, "def f(a, b, c, d, e, g): ...", "def f(a, b, c, d, e, *, g): ..."),
        (house.over_budget, "def f(a, b, /, c, d, e, g): ...", "class A:\n    def f(self, a, b, c, d, e): ..."),
        (house.over_budget, "@cache\ndef f(a, b, c, d, e, g): ...", "@njit(cache=True)\ndef f(a, b, c, d, e, g): ..."),
        (house.loose_data, "@dataclass\nclass A: ...", "@dataclass(frozen=True, slots=True)\nclass A: ..."),
        (house.loose_data, "@dataclasses.dataclass(slots=True)\nclass A: ...", "class A: ..."),
        (house.silent_public, "x = 1", '"""The room."""'),
        (house.silent_public, '"""The room."""\ndef f(): ...', '"""The room."""\ndef _f(): ...'),
        (house.unfinished, "x = 1  # TODO tidy", "x = 1  # TODO(#7) tidy; see #7"),
    ],
)
def test_each_check_finds_its_breach_and_nothing_else(check: Check, source: str, innocent: str) -> None:
    assert len(check(source)) == 1
    assert check(innocent) == []


def test_the_list_of_exceptions_is_read_from_the_table_in_contributing() -> None:
    table = "| Where | What | Why |\n| --- | --- | --- |\n| `src/a.py` | `f` | Law. |\n"
    page = f"# A\n## Where we break our own rules\n{table}## B\n"
    assert house.own_exceptions(page) == {("src/a.py", "f"): "Law."}
    assert house.own_exceptions("# A\n") == {}


# --- the import contracts -------------------------------------------------------------------------------------------


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def toy_rooms(tmp_path: Path) -> Callable[[dict[str, str]], subprocess.CompletedProcess[str]]:
    """A toy package named sizao with our contracts over it."""

    def build(files: dict[str, str]) -> subprocess.CompletedProcess[str]:
        (tmp_path / "pyproject.toml").write_text((house.ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
        for room in ("rules", "exposure", "facts", "words", "cli", "desk"):
            (tmp_path / "sizao" / room).mkdir(parents=True)
            (tmp_path / "sizao" / room / "__init__.py").write_text("", "utf-8")
        for name in ("__init__", "when", "errors", "columnar", "desk/store", "desk/people"):
            (tmp_path / "sizao" / f"{name}.py").write_text("", "utf-8")
        for name, text in files.items():
            (tmp_path / "sizao" / name).write_text(text, "utf-8")
        return _lint(tmp_path)

    return build


@pytest.mark.parametrize(
    ("name", "text", "contract"),
    [
        ("facts/intake.py", "import sizao.rules", "The rooms and their order"),
        ("errors.py", "import sizao.when", "The rooms and their order"),
        ("desk/people.py", "import sizao.desk.store", "The desks, what they stand on"),
        ("stray.py", "", "The rooms and their order"),
        ("rules/grades.py", "import sizao.exposure", "An exposure is a fact"),
        ("rules/grades.py", "import django.db", "Only the desks"),
        ("exposure/kernel.py", "def f():\n    import duckdb", "DuckDB, Spark and pandas"),
        ("facts/intake.py", "import yaml", "YAML is read by"),
        ("facts/intake.py", "import pyarrow.parquet", "Parquet and Arrow"),
        ("rules/grades.py", "from numba import njit", "The compiler stays"),
        ("rules/grades.py", "from cryptography.fernet import Fernet", "Ciphers stay"),
    ],
)
def test_an_import_across_a_contract_is_refused(
    toy_rooms: Callable[[dict[str, str]], subprocess.CompletedProcess[str]], name: str, text: str, contract: str
) -> None:
    report = toy_rooms({name: text})
    assert report.returncode == 1, report.stdout + report.stderr
    broken = [line for line in report.stdout.splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken), report.stdout


def test_the_contracts_accept_rooms_that_keep_them(
    toy_rooms: Callable[[dict[str, str]], subprocess.CompletedProcess[str]],
) -> None:
    report = toy_rooms(
        {
            "cli/main.py": "import django\nimport sizao.rules",
            "columnar.py": "import pyarrow",
            "desk/store.py": "import sizao.desk.people",
        }
    )
    assert report.returncode == 0, report.stdout + report.stderr


# --- the kernel without the extras ----------------------------------------------------------------------------------

_BLOCK = """
    import importlib, pkgutil, sys
    blocked = {blocked!r}
    class Blocked:
        def find_spec(self, name, path=None, target=None):
            if name.split(".")[0] in blocked:
                raise ModuleNotFoundError(f"{{name}} is blocked in this test", name=name)
            return None
    sys.meta_path.insert(0, Blocked())
    for room in {rooms!r}:
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(getattr(package, "__path__", []), room + "."):
            if not found.name.startswith({skip!r}):
                importlib.import_module(found.name)
"""


def _import_without(blocked: tuple[str, ...], rooms: tuple[str, ...], skip: tuple[str, ...] = ("-",)) -> None:
    program = textwrap.dedent(_BLOCK).format(blocked=blocked, rooms=rooms, skip=skip)
    path = str(house.ROOT / "src")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={"PYTHONPATH": path, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_whole_package_but_the_engine_files_imports_without_any_extra() -> None:
    _import_without(
        HEAVY,
        ("sizao",),
        (
            "sizao.exposure.duckdb_engine",
            "sizao.exposure.spark_engine",
            "sizao.ledger.signing",
            "sizao.__main__",
            "sizao.desk.",
        ),
    )


def test_the_rules_and_the_packs_import_without_compiler_arrays_or_arrow() -> None:
    rooms = tuple(f"sizao.{room}" for room in ("errors", "when", "words", "policy", "rules"))
    _import_without((*HEAVY, "numba", "numpy", "pyarrow"), rooms)


def test_a_blocked_library_would_be_noticed() -> None:
    with pytest.raises(AssertionError, match="yaml is blocked"):
        _import_without(("yaml",), ("sizao.words",))
