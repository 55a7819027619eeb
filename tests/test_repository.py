"""The repository as a stranger gets it: whole, licensed, hashed, without a trace of the machine it was made on."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from pathlib import Path

import pytest

import sizao
from tests import house

ROOT = house.ROOT
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LARGEST = 1_000_000
BINARY = frozenset({".mo", ".parquet", ".xlsx", ".xls", ".ods", ".png", ".woff2"})
# One letter of each stands in brackets, so that this page does not hold what it looks for.
_MACHINE = re.compile(r"/hom[e]/\w+|/roo[t]/|/User[s]/\w+|/wor[k]/|/tm[p]/\w+/|[A-Z]:\\User[s]\\")
_REGISTRY = re.compile(r"pyp[i]\.org|pythonhoste[d]\.org|simpl[e]-index|conda\.anacond[a]", re.IGNORECASE)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file in the repository."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return tuple(path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())


def _text_of(path: Path) -> str:
    """The text of a file. Some files of the tests are in other encodings on purpose; what is looked for here is ASCII."""
    return "" if path.suffix in BINARY else path.read_text("utf-8", errors="replace")


# --- locks ------------------------------------------------------------------------------------------------------------


def pins(lock: str) -> dict[tuple[str, str], tuple[str, bool]]:
    """(name, marker) → (version, has hashes) for every requirement of a lock."""
    found = {}
    for block in re.split(r"\n(?=\S)", lock):
        match = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)(?: ; ([^\\\n]+?))?\s*(?:\\|$)", block)
        if match:
            hashed = bool(re.search(r"--hash=sha256:[0-9a-f]{64}", block))
            found[(match[1].lower(), match[3] or "")] = (match[2], hashed)
    return found


def loose_lines(lock: str) -> list[str]:
    """Every line of a lock that is no comment, no pinned requirement and no hash: an address, an option, an open version."""
    allowed = re.compile(r"#|\s*$|[A-Za-z0-9._-]+==[^\s;]+( ; [^\\]+)? \\$|    --hash=sha256:[0-9a-f]{64}( \\)?$")
    return [line for line in lock.splitlines() if not allowed.match(line)]


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_hashed_pins_and_nothing_else(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert loose_lines(text) == []
    assert "://" not in text
    assert [name for name, (_, hashed) in pins(text).items() if not hashed] == []
    assert len(pins(text)) > 10


@pytest.mark.parametrize(
    "line", ["--index-url https://example.org/simple", "-e .", "numpy>=2 \\", "numpy @ file:///x.whl", "-r run.txt"]
)
def test_a_loose_line_in_a_lock_is_found(line: str) -> None:
    good = "numpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:" + "a" * 64
    assert loose_lines(good) == []
    assert pins(good) == {("numpy", "python_full_version < '3.12'"): ("2.4.6", True)}
    assert loose_lines(f"{good}\n{line}") == [line]


def test_the_locks_agree_with_each_other_and_with_the_project() -> None:
    versions = {lock.stem: pins(lock.read_text("utf-8")) for lock in LOCKS}
    assert set(versions) == {"run", "dev", "bench", "spark"}
    for name, found in versions.items():
        # A marker may be narrower where fewer libraries ask for the same one; name and version may not differ.
        known = {(key[0], version) for key, (version, _) in versions["dev"].items()}
        assert {(key[0], version) for key, (version, _) in found.items()} - known == set(), (
            f"{name}.txt: run `make lock`"
        )
    extras = PROJECT["optional-dependencies"]
    for stem, wanted in {
        "run": [],
        "bench": extras["bench"],
        "spark": extras["spark"],
        "dev": [item for items in extras.values() for item in items],
    }.items():
        names = {key[0] for key in versions[stem]}
        assert {_name(item) for item in [*PROJECT["dependencies"], *wanted]} - names == set(), (
            f"{stem}.txt: run `make lock`"
        )


# --- files ------------------------------------------------------------------------------------------------------------


def test_no_file_names_the_machine_it_was_made_on_or_a_package_registry() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        for number, line in enumerate(_text_of(path).splitlines(), start=1)
        if _MACHINE.search(line) or _REGISTRY.search(line)
    ]
    assert faults == []


def test_a_machine_path_and_a_registry_are_recognised() -> None:
    assert _MACHINE.search("/".join(("see ", "home", "anna", "x")))
    assert _MACHINE.search("/".join(("", "tmp", "job", "x")))
    assert not _MACHINE.search("frameworks/home, /tmp and docs/work")
    assert _REGISTRY.search(".".join(("from pypi", "org")))


def test_every_text_file_is_utf_8_with_plain_line_ends() -> None:
    bad = []
    for path in tracked():
        raw = path.read_bytes()
        known_odd = "tests" in path.parts and path.suffix in {".csv", ".txt", ".json"}
        vendored = "moj" in path.parts  # as their makers ship them
        if path.suffix in BINARY or not raw or known_odd or vendored:
            continue
        if b"\r" in raw or not raw.endswith(b"\n") or raw.startswith(b"\xef\xbb\xbf"):
            bad.append(path.relative_to(ROOT).as_posix())
    assert bad == []


def test_no_file_is_large() -> None:
    assert [path.relative_to(ROOT).as_posix() for path in tracked() if path.stat().st_size > LARGEST] == []


def test_the_licence_is_whole_and_named_alike_everywhere() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert licence.lstrip().startswith("Apache License\n                           Version 2.0, January 2004")
    assert "limitations under the License." in licence
    assert PROJECT["license"] == "Apache-2.0"
    assert set(PROJECT["license-files"]) == {"LICENSE", "NOTICE"}
    assert "Apache License, Version 2.0" in (ROOT / "NOTICE").read_text("utf-8")


def test_every_vendored_asset_carries_its_version_and_licence() -> None:
    folders = {parent for path in tracked() for parent in path.parents if parent.parent.name == "vendor"}
    bare = [folder for folder in folders if not ((folder / "VERSION").exists() and list(folder.glob("LICENSE*")))]
    assert bare == []


def test_the_version_has_one_home() -> None:
    assert PROJECT["dynamic"] == ["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", sizao.__version__)
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"\n## {sizao.__version__}\n" in changelog


# --- commands ---------------------------------------------------------------------------------------------------------


def test_every_target_is_phony_and_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    said = set(re.findall(r"^([a-z][a-z-]*):.*?## \S", makefile, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())
    assert {"run", "test", "check", "bench", "bench-full", "soak", "format", "docs", "lock"} <= targets
    assert targets == said == phony


def test_make_help_names_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in shown.splitlines()} >= {"run", "test", "check"}


def test_ci_is_one_executable_script_that_bash_can_read() -> None:
    script = ROOT / ".ci" / "run"
    assert os.stat(script).st_mode & stat.S_IXUSR
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert script.read_text("utf-8").splitlines()[2] == "set -euo pipefail"


def test_the_built_package_carries_every_pack_and_every_word(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("sizao-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    source = {path.relative_to(ROOT / "src").as_posix() for path in tracked() if house.SOURCE in path.parents}
    assert source - inside == set()
    assert any(name.endswith("licenses/LICENSE") for name in inside)
