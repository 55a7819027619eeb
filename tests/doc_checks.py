"""What the documentation names, read from its text, and whether each of these exists.

A page may name commands, make targets, files, error codes, settings, extras and Python names. Each check takes the page's text
and the `World` it must agree with, and returns what does not exist.
"""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tests import house

_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(r"\.?[\w-][\w.-]*(/[\w.-]+)*/?\Z")
_ENDINGS = (".py", ".md", ".toml", ".yaml", ".txt", ".json", ".sql")
_TOPS = ("src/", "tests/", "docs/", "bench/", "requirements/", ".ci/")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What exists: commands with their options, make targets, error codes, settings, extras, and whether a path is there."""

    commands: Mapping[tuple[str, ...], frozenset[str]]
    targets: frozenset[str]
    codes: frozenset[str]
    settings: frozenset[str]
    extras: frozenset[str]
    has_path: Callable[[str], bool]


def fenced(page: str) -> list[str]:
    """The text of each fenced block."""
    return [match[2] for match in _FENCE.finditer(page)]


def spans(page: str) -> list[str]:
    """The text of each inline code span."""
    return [match[2].strip() for match in _SPAN.finditer(_FENCE.sub("", page))]


def _lines(page: str) -> Iterator[str]:
    yield from spans(page)
    for block in fenced(page):
        yield from block.replace("\\\n", " ").splitlines()


def unknown_commands(page: str, world: World) -> list[str]:
    """`sizao …` with a command or an option that does not exist."""
    found = []
    for line in _lines(page):
        for match in re.finditer(r"(?:^|[\s/])sizao((?: [^\n|;&>#]*)?)", line):
            words = [word.rstrip(".,:") or word for word in match[1].split()]
            if _is_invocation(line, match.start(), words):
                found += _command_faults(words, world)
    return found


def _is_invocation(line: str, start: int, words: list[str]) -> bool:
    """A line of code that calls sizao, and not a path or a package that happens to carry its name."""
    before = line[:start].strip().removeprefix("$").strip()
    return bool(words) and (before == "" or before.endswith(("|", "&&", ";", ".venv/bin", "uv run")) or "=" in before)


def _command_faults(words: list[str], world: World) -> list[str]:
    path: tuple[str, ...] = ()
    plain = [word for before, word in zip(["", *words], words, strict=False) if _is_plain(before, word)]
    for word in plain:
        if (*path, word) not in world.commands:
            break
        path = (*path, word)
    if plain and not path:
        return [f"sizao {plain[0]}"]
    options = world.commands.get(path, frozenset()) | world.commands.get((), frozenset())
    asked = [word.split("=")[0].strip("[]") for word in words if re.match(r"\[?--?[a-z]", word)]
    return [f"sizao {' '.join((*path, option))}" for option in asked if option not in options]


def unknown_targets(page: str, world: World) -> list[str]:
    """`make …` with a target that does not exist."""
    found = []
    for line in _lines(page):
        for match in re.finditer(r"(?:^|[\s`;&])make ([^\n;&|#]+)", line):
            names = [word for word in match[1].split() if re.fullmatch(r"[a-z][a-z-]*", word)]
            found += [f"make {name}" for name in names[:1] if name not in world.targets]
    return found


def unknown_paths(page: str, world: World) -> list[str]:
    """A file or folder named in code or linked to that is not there."""
    named = [span for span in spans(page) if _looks_like_path(span)]
    named += [word for block in fenced(page) for word in re.split(r"[\s\"'=]+", block) if word.startswith(_TOPS)]
    named += [
        link
        for link in _LINK.findall(_FENCE.sub("", page))
        if "://" not in link and not link.startswith(("#", "mailto:"))
    ]
    return [path for path in named if not world.has_path(path.split("#")[0])]


def _looks_like_path(span: str) -> bool:
    if not _PATH.match(span) or span.startswith("--"):
        return False
    return span.startswith(_TOPS) or span.endswith(("/", *_ENDINGS))


def unknown_codes(page: str, world: World) -> list[str]:
    """An error code in a room's letter that no catalogue has."""
    letters = {code[0] for code in world.codes}
    named = {word for line in _lines(page) for word in re.findall(r"\b[A-Z]\d{3}\b", line)}
    return sorted(code for code in named if code[0] in letters and code not in world.codes)


def unknown_settings(page: str, world: World) -> list[str]:
    """An environment setting that nothing reads."""
    return sorted({name for name in re.findall(r"\bSIZAO_[A-Z][A-Z_]*\b", page) if name not in world.settings})


def unknown_extras(page: str, world: World) -> list[str]:
    """An extra, written `sizao[name]` or `[name]` in code, that the package does not have."""
    named = set()
    for line in _lines(page):
        for group in re.findall(r"(?:sizao|\.)\[([a-z, ]+)\]", line):
            named |= {name.strip() for name in group.split(",")}
    named |= {span[1:-1] for span in spans(page) if re.fullmatch(r"\[[a-z]+\]", span)}
    return sorted(named - world.extras)


def unknown_names(page: str, _: World) -> list[str]:
    """A Python name `sizao.room.thing` that cannot be reached."""
    named = {name for span in spans(page) for name in re.findall(r"(?<![\w/.])sizao(?:\.\w+)+", span)}
    return sorted(name for name in named if not _reaches(name))


def _reaches(name: str) -> bool:
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            thing = getattr(thing, part, None)
        return thing is not None
    return False


def _is_plain(before: str, word: str) -> bool:
    """Neither an option, nor a placeholder, nor (as far as the text can tell) the value of an option."""
    return not word.startswith(("-", "<", "[", "…", "...")) and not re.match(r"--?[a-z][a-z-]*\Z", before)


# --- the world as it is -----------------------------------------------------------------------------------------------


def command_tree() -> dict[tuple[str, ...], frozenset[str]]:
    """Every command of `sizao` by its words, with its options; the root is the empty tuple."""
    groups = [
        thing for thing in vars(importlib.import_module("sizao.cli.main")).values() if isinstance(thing, click.Group)
    ]
    root = next(group for group in groups if not any(group in other.commands.values() for other in groups))
    tree: dict[tuple[str, ...], frozenset[str]] = {}

    def walk(command: click.Command, path: tuple[str, ...]) -> None:
        with click.Context(command, info_name=path[-1] if path else "sizao") as context:
            options = [opt for item in command.get_params(context) for opt in (*item.opts, *item.secondary_opts)]
            tree[path] = frozenset(option for option in options if option.startswith("-"))
            for name, found in _shown(command, context):
                walk(found, (*path, name))

    walk(root, ())
    return tree


def _shown(command: click.Command, context: click.Context) -> list[tuple[str, click.Command]]:
    """The commands a group shows, in its own order."""
    if not isinstance(command, click.Group):
        return []
    found = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [(name, item) for name, item in found if item is not None and not item.hidden]


def make_targets(makefile: str) -> frozenset[str]:
    """The targets that a person calls."""
    return frozenset(re.findall(r"^([a-z][a-z-]*):.*?## ", makefile, re.MULTILINE))


def settings_read() -> frozenset[str]:
    """Every SIZAO_… setting that the source, the tests' ground rules or CI read."""
    files = [
        *house.modules(),
        *house.modules(house.ROOT / "bench"),
        house.ROOT / "Makefile",
        house.ROOT / ".ci" / "run",
    ]
    files += [house.ROOT / "tests" / "conftest.py", house.ROOT / "tests" / "outside.py"]
    return frozenset(name for path in files for name in re.findall(r"\bSIZAO_[A-Z][A-Z_]*\b", path.read_text("utf-8")))


def has_path(page: Path) -> Callable[[str], bool]:
    """Whether a path named on a page exists: from the root, beside the page, or inside the package as a room is named."""
    places = (house.ROOT, page.parent, house.SOURCE)
    return lambda named: any((place / named).exists() for place in places)


def extras() -> frozenset[str]:
    """The extras the package offers."""
    project = tomllib.loads((house.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return frozenset(project["optional-dependencies"])
