"""What the source asks of the word catalogues: codes raised and said, with the slots given at each place."""

from __future__ import annotations

import ast
import re
import string
from dataclasses import dataclass
from typing import Any

CODE = re.compile(r"[A-Z]\d{3}\Z")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_FULL_WIDTH = re.compile(r"[，。；：？！（）、]")
SPECS = frozenset({"", "term", "moment", "day"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place where a code is used; `slots` is None where the call passes them on and cannot be read from the text."""

    code: str
    line: int
    slots: frozenset[str] | None


def raised(source: str, error_names: frozenset[str]) -> list[Use]:
    """Every error built with a literal code: `FactsError("F101", value=…)`."""
    return [
        Use(code=node.args[0].value, line=node.lineno, slots=_slots(node, frozenset({"where"})))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and _called(node) in error_names
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def said(source: str) -> list[Use]:
    """Every sentence asked for with a literal code: `say("where.row", lang, value=…)`."""
    return [
        Use(code=node.args[0].value, line=node.lineno, slots=_slots(node, frozenset({"zone_name", "lang"})))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and _called(node) == "say"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _slots(node: ast.Call, reserved: frozenset[str]) -> frozenset[str] | None:
    names = [keyword.arg for keyword in node.keywords]
    return None if None in names else frozenset(name for name in names if name) - reserved


def literals(source: str) -> frozenset[str]:
    """Every string written in a module, docstrings included."""
    found = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    return frozenset(text for text in found if isinstance(text, str))


def patterns(source: str) -> list[re.Pattern[str]]:
    """The codes an f-string can make: `f"grade.{grade}"` makes every code that begins with `grade.`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[^\s]+" for p in node.values]
            if any(isinstance(p, ast.Constant) and re.search(r"[a-z][.-]", str(p.value)) for p in node.values):
                found.append(re.compile("".join(parts) + r"\Z"))
    return found


def fields(template: str) -> dict[str, str]:
    """The slots of a sentence and how each is rendered: `{due:moment}` gives `due` → `moment`."""
    return {name: spec or "" for _, name, spec, _ in string.Formatter().parse(template) if name is not None}


def sentence_faults(by_lang: Any) -> list[str]:
    """What is wrong with one sentence of `said/`: a language missing, slots that differ, an unknown rendering."""
    if not isinstance(by_lang, dict) or set(by_lang) != {"zh", "en"}:
        return ["must have zh and en, and nothing else"]
    return _pair_faults(by_lang["zh"], by_lang["en"])


def error_faults(by_lang: Any) -> list[str]:
    """What is wrong with one error of `errors/`: the same, for what it says and what to do."""
    if not isinstance(by_lang, dict) or set(by_lang) != {"zh", "en"}:
        return ["must have zh and en, and nothing else"]
    if any(not isinstance(text, dict) or set(text) != {"says", "do"} for text in by_lang.values()):
        return ["each language must have `says` and `do`, and nothing else"]
    faults = _pair_faults(by_lang["zh"]["says"], by_lang["en"]["says"], same_slots=False)
    faults += _pair_faults(by_lang["zh"]["do"], by_lang["en"]["do"], same_slots=False)
    if faults:
        return faults
    zh, en = (set(fields(text["says"])) | set(fields(text["do"])) for text in (by_lang["zh"], by_lang["en"]))
    return [f"zh and en use different slots: {sorted(zh ^ en)}"] if zh != en else []


def _pair_faults(zh: Any, en: Any, *, same_slots: bool = True) -> list[str]:
    if not (isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip()):
        return ["a text is empty or not a text"]
    faults = []
    try:
        slots_zh, slots_en = fields(zh), fields(en)
    except ValueError as broken:
        return [f"a brace is open: {broken}"]
    if same_slots and slots_zh != slots_en:
        faults.append(f"slots differ: {sorted(slots_zh.items())} and {sorted(slots_en.items())}")
    faults += [f"unknown rendering {spec!r}" for spec in {*slots_zh.values(), *slots_en.values()} - SPECS]
    faults += [f"not a name: {name!r}" for name in {*slots_zh, *slots_en} if not name.isidentifier()]
    if _FULL_WIDTH.search(en):
        faults.append("Chinese punctuation in the English text")
    if re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", zh) and not _CJK.search(zh):
        faults.append("the Chinese text is English")
    return faults
