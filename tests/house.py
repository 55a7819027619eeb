"""The house rules that a reader of source can check: each function takes a module's text and returns what it breaks.

`tests/test_architecture.py` runs them over `src/` and proves each one on a snippet that breaks it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "sizao"

FUNCTION_LINES = 60
FILE_LINES = 450
POSITIONAL = 5

_FORBIDDEN = frozenset({
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.asctime", "time.strftime",
    "uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7", "os.urandom", "os.getrandom", "random.SystemRandom",
    "numpy.datetime64.now",
})  # fmt: skip
_STOPWATCHES = frozenset(
    f"time.{name}{suffix}"
    for name in ("monotonic", "perf_counter", "process_time", "thread_time")
    for suffix in ("", "_ns")
)
_SEEDED = frozenset({"random.Random", "numpy.random.default_rng", "numpy.random.RandomState"})
"""Allowed when given a seed, because a given seed gives the same numbers everywhere."""
_GENERATOR_PARTS = frozenset(
    f"numpy.random.{name}" for name in ("Generator", "SeedSequence", "BitGenerator", "PCG64", "PCG64DXSM", "Philox")
)
_SQL_CLOCK = re.compile(
    r"\b(current_timestamp|current_date|localtimestamp|now\s*\(|random\s*\(|uuid\s*\()", re.IGNORECASE
)


def modules(folder: Path = SOURCE) -> list[Path]:
    """Every Python file below a folder, in a steady order; but for migrations, which a tool writes."""
    return sorted(path for path in folder.rglob("*.py") if path.parent.name != "migrations")


def _aliases(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for: `from datetime import datetime as dt` gives `dt` → `datetime.datetime`."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                known[name.asname or name.name.split(".")[0]] = name.name if name.asname else name.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for name in node.names:
                known[name.asname or name.name] = f"{node.module}.{name.name}"
    return known


def _dotted(node: ast.expr, known: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value, known)
        return f"{owner}.{node.attr}" if owner else None
    return None


def clock_and_chance(source: str, *, stopwatch: bool = False) -> list[str]:
    """Every use of the clock, of chance or of Python's per-process hash; `stopwatch` allows measuring durations."""
    tree = ast.parse(source)
    known = _aliases(tree)
    seeded = {id(call.func) for call in ast.walk(tree) if isinstance(call, ast.Call) and (call.args or call.keywords)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            name = _dotted(node, known)
            if name and _takes_time_or_chance(name, id(node) in seeded, stopwatch):
                found.append(f"line {node.lineno}: {name}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hash":
            found.append(f"line {node.lineno}: hash() differs from one process to the next")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _asks_sql_clock(node.value):
            found.append(f"line {node.lineno}: SQL that asks the clock or chance")
    return found


def _takes_time_or_chance(name: str, has_arguments: bool, stopwatch: bool) -> bool:
    if name in _STOPWATCHES:
        return not stopwatch
    if name in _SEEDED:
        return not has_arguments
    if name in _GENERATOR_PARTS or name in {"random", "numpy.random"}:
        return False
    return name in _FORBIDDEN or name.startswith(("secrets.", "random.", "numpy.random."))


def _asks_sql_clock(text: str) -> bool:
    return bool(re.search(r"\bselect\b", text, re.IGNORECASE) and _SQL_CLOCK.search(text))


def prints(source: str) -> list[str]:
    """Every call of `print`."""
    return [
        f"line {node.lineno}: print"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def unclear_imports(source: str) -> list[str]:
    """Relative imports, star imports, and own rooms imported inside a function (where a cycle hides)."""
    tree = ast.parse(source)
    inner = {id(node) for function in _functions(tree) for node in ast.walk(function)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                found.append(f"line {node.lineno}: relative import")
            if any(name.name == "*" for name in node.names):
                found.append(f"line {node.lineno}: star import")
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) in inner and "sizao" in _imported(node):
            found.append(f"line {node.lineno}: own room imported inside a function")
    return found


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [name.name for name in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return {name.split(".")[0] for name in names}


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def over_budget(source: str) -> list[str]:
    """Functions and files longer than the hard limits, and functions with more than five positional arguments."""
    found = []
    lines = len(source.splitlines())
    if lines > FILE_LINES:
        found.append(f"file: {lines} lines, {FILE_LINES} allowed")
    for function in _functions(ast.parse(source)):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            found.append(f"{function.name}: {length} lines, {FUNCTION_LINES} allowed")
        count = len(_positional(function))
        if count > POSITIONAL and not _is_compiled(function):
            found.append(f"{function.name}: {count} positional arguments, {POSITIONAL} allowed")
    return found


def _positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    named = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return named[1:] if named[:1] in (["self"], ["cls"]) else named


def _is_compiled(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """The compiler takes arrays one by one and no keyword-only arguments, so it is excused from that one limit."""
    return any(re.search(r"\b(n?jit|guvectorize|vectorize)\b", ast.unparse(item)) for item in function.decorator_list)


def loose_data(source: str) -> list[str]:
    """Dataclasses that are not frozen."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            for item in node.decorator_list:
                text = ast.unparse(item)
                if re.match(r"(dataclasses\.)?dataclass\b", text) and "frozen=True" not in text:
                    found.append(f"line {node.lineno}: {node.name} is not frozen")
    return found


def silent_public(source: str) -> list[str]:
    """A module, or a public class or function at its top, that says nothing about what a caller may rely on."""
    tree = ast.parse(source)
    found = [] if not tree.body or ast.get_docstring(tree) else ["line 1: the module says nothing"]
    named = [node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)]
    public = [node for node in named if not node.name.startswith("_")]
    return found + [f"line {node.lineno}: {node.name} says nothing" for node in public if not ast.get_docstring(node)]


def unfinished(source: str) -> list[str]:
    """Notes of work left open that name no issue."""
    return [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(source.splitlines(), start=1)
        if re.search(r"#.*\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d)", line)
    ]


def own_exceptions(contributing: str) -> dict[tuple[str, str], str]:
    """The public list of where we break our own rules: (file, what) → reason, from the table in CONTRIBUTING.md."""
    section = contributing.split("## Where we break our own rules", 1)[-1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([^`]+)` \| `?([^`|]+?)`? \| ([^|]+) \|$", section, re.MULTILINE)
    return {(path, what.strip()): reason.strip() for path, what, reason in rows}


def relative(paths: Iterable[Path]) -> list[str]:
    """Paths as a person writes them from the project's root."""
    return [path.relative_to(ROOT).as_posix() for path in paths]
