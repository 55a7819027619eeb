"""YAML with its lines kept: composes a file into nodes and reads nodes into typed, frozen values.

Nothing is coerced: a number must be written as a number, a day as YYYY-MM-DD, a word must be one of its list. What does not
fit is refused with file and line (P101–P109), and unknown entries get a did-you-mean.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sizao.errors import WhenError, Where
from sizao.policy.refusals import PackError, nearest
from sizao.when import parse_day

Node = yaml.Node
"""A piece of a file with its line."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"-?(0|[1-9]\d*)\Z")

Resolver = Callable[["Reader", Node], Any]


class Reader:
    """Reads the nodes of one file. `resolvers` read types that need more than the node, such as citations."""

    def __init__(self, file: str, resolvers: Mapping[Any, Resolver] | None = None) -> None:
        self.file = file
        self.resolvers = dict(resolvers or {})

    def where(self, node: Node, key: str | None = None) -> Where:
        """The place of a node, lines counted from 1."""
        return Where(file=self.file, line=node.start_mark.line + 1, key=key)

    def refuse(self, code: str, node: Node, key: str | None = None, **slots: object) -> PackError:
        """The error to raise for this node."""
        return PackError(code, where=self.where(node, key), **slots)

    def compose(self, path: Path) -> yaml.MappingNode:
        """The file's one document, a mapping without duplicate keys; refuses bad UTF-8, tabs and broken YAML."""
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError as undecodable:
            raise PackError("P109", where=Where(file=self.file)) from undecodable
        for number, written in enumerate(text.splitlines(), start=1):
            if "\t" in written:
                raise PackError("P102", where=Where(file=self.file, line=number))
        try:
            node = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as broken:
            raise self._unreadable(broken) from broken
        if not isinstance(node, yaml.MappingNode):
            raise PackError("P101", where=Where(file=self.file, line=1), problem="not a mapping")
        self._no_duplicates(node)
        return node

    def _unreadable(self, broken: yaml.YAMLError) -> PackError:
        mark = getattr(broken, "problem_mark", None) or getattr(broken, "context_mark", None)
        place = Where(file=self.file, line=mark.line + 1 if mark else None)
        return PackError("P101", where=place, problem=getattr(broken, "problem", None) or type(broken).__name__)

    def _no_duplicates(self, node: Node, above: tuple[Node, ...] = ()) -> None:
        """Refuses an entry written twice, an entry whose name is no text, and a node that holds itself."""
        if any(node is each for each in above):
            raise self.refuse("P101", node, problem="a part refers to itself")
        children: list[Node] = list(node.value) if isinstance(node, yaml.SequenceNode) else []
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for name, child in node.value:
                if not isinstance(name, yaml.ScalarNode):
                    raise self.refuse("P106", name, expected="policy.shape.text", got=shown(name))
                if name.value in seen:
                    raise self.refuse("P103", name, entry=name.value)
                seen.add(name.value)
                children.append(child)
        for child in children:
            self._no_duplicates(child, (*above, node))

    def entries(self, node: Node, key: str | None = None) -> dict[str, tuple[Node, Node]]:
        """Name → (name node, value node); refuses what is not a mapping (P106)."""
        if not isinstance(node, yaml.MappingNode):
            raise self.refuse("P106", node, key, expected="policy.shape.mapping", got=shown(node))
        return {name.value: (name, child) for name, child in node.value}

    def items(self, node: Node, key: str | None = None) -> list[Node]:
        """The nodes of a list; refuses what is not a list (P106)."""
        if not isinstance(node, yaml.SequenceNode):
            raise self.refuse("P106", node, key, expected="policy.shape.list", got=shown(node))
        return list(node.value)

    def plain(self, node: Node) -> Any:
        """Whatever stands there as plain values: dicts, lists, whole numbers, booleans, None; everything else as text."""
        if isinstance(node, yaml.MappingNode):
            return {str(name.value): self.plain(child) for name, child in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child) for child in node.value]
        text, tag = str(node.value), node.tag.removeprefix(_TAG)
        if tag == "int" and _WHOLE.match(text):
            return int(text)
        if tag == "bool" and text in ("true", "false"):
            return text == "true"
        return None if tag == "null" else text

    def is_list(self, node: Node) -> bool:
        """True for a list."""
        return isinstance(node, yaml.SequenceNode)

    def read(self, node: Node, hint: Any, key: str | None = None) -> Any:
        """The node as a value of the type `hint`, or a refusal."""
        if hint is Node:
            return node
        if hint in self.resolvers:
            return self.resolvers[hint](self, node)
        origin = typing.get_origin(hint)
        if origin in (types.UnionType, typing.Union):
            if _is_null(node):
                return None
            (inner,) = (each for each in typing.get_args(hint) if each is not type(None))
            return self.read(node, inner, key)
        if origin is tuple:
            return self._list(node, hint, key)
        if is_dataclass(hint):
            return self._record(node, hint, key)
        return self._scalar(node, hint, key)

    def _list(self, node: Node, hint: Any, key: str | None) -> tuple[Any, ...]:
        inner = typing.get_args(hint)[0]
        return tuple(self.read(child, inner, key) for child in self.items(node, key))

    def _record(self, node: Node, hint: Any, key: str | None) -> Any:
        allowed, required = _shape(hint)
        given = self.entries(node, key)
        filled: dict[str, Any] = {}
        for name, (name_node, child) in given.items():
            if name not in allowed:
                raise self.refuse("P104", name_node, key, entry=name, allowed=nearest(name, tuple(allowed)))
            field_name, inner = allowed[name]
            filled[field_name] = self.read(child, inner, key)
        missing = [name for name in required if name not in given]
        if missing:
            raise self.refuse("P105", node, key, missing=", ".join(missing))
        if isinstance(filled.get("cite"), tuple) and "cite" in allowed and "also" in hint.__dataclass_fields__:
            filled["cite"], filled["also"] = filled["cite"][0], filled["cite"][1:]
        return hint(**filled)

    def _scalar(self, node: Node, hint: Any, key: str | None) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            raise self.refuse("P106", node, key, expected=_expected(hint), got=shown(node))
        text, tag = str(node.value), node.tag.removeprefix(_TAG)
        if hint is date:
            return self._day(node, text, key)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return self._word(node, text, hint, key)
        if hint is bool and tag == "bool" and text in ("true", "false"):
            return text == "true"
        if hint is int and tag == "int" and _WHOLE.match(text):
            if int(text) < 0:
                raise self.refuse("P107", node, key, value=text)
            return int(text)
        if hint is str and tag in ("str", "timestamp") and text.strip():
            return text.strip()
        raise self.refuse("P106", node, key, expected=_expected(hint), got=shown(node))

    def _day(self, node: Node, text: str, key: str | None) -> date:
        try:
            return parse_day(text)
        except WhenError as impossible:
            raise self.refuse("P108", node, key, value=text) from impossible

    def _word(self, node: Node, text: str, hint: type[StrEnum], key: str | None) -> StrEnum:
        allowed = [str(member) for member in hint]
        if text not in allowed:
            raise self.refuse("P110", node, key, value=text, allowed=nearest(text, allowed))
        return hint(text)


@lru_cache(maxsize=256)
def _shape(hint: Any) -> tuple[dict[str, tuple[str, Any]], tuple[str, ...]]:
    """The entries a record may have, as written → (field, type), and those it must have. `also` is filled from `cite`."""
    hints = typing.get_type_hints(hint)
    allowed = {each.name.rstrip("_"): (each.name, hints[each.name]) for each in fields(hint) if each.name != "also"}
    required = tuple(
        each.name.rstrip("_")
        for each in fields(hint)
        if each.default is MISSING and each.default_factory is MISSING and each.name != "also"
    )
    return allowed, required


def _is_null(node: Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _TAG + "null"


def _expected(hint: Any) -> str:
    """The term code of the shape a scalar should have."""
    names = {int: "whole", bool: "truth", date: "day"}
    return f"policy.shape.{names.get(hint, 'text')}"


def shown(node: Node) -> str:
    """What stands there, short enough for a message."""
    if isinstance(node, yaml.MappingNode):
        return "{…}"
    if isinstance(node, yaml.SequenceNode):
        return "[…]"
    text = str(node.value)
    return text if len(text) <= 40 else text[:39] + "…"
