"""Every address of the desks, found by walking, and every person who may knock at one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver

OWN = "sizao.desk."
SAMPLES: Mapping[str, Any] = {
    "int": 1,
    "slug": "x",
    "str": "x",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "path": "x",
}
"""What is put where an address asks for something."""


class Address(NamedTuple):
    """An address: its path with `{name}` where something is asked for, and which converter each of these has."""

    path: str
    asks: Mapping[str, str]
    view: Any

    def filled(self, **known: Any) -> str:
        """The path with what is known put in, and samples for the rest."""
        values = {name: known.get(name, SAMPLES.get(kind, "x")) for name, kind in self.asks.items()}
        return self.path.format(**values)


def addresses(urlconf: str = "sizao.desk.urls") -> list[Address]:
    """Every address whose view is ours."""
    return [one for one in _walk(import_module(urlconf).urlpatterns, "/", {}) if _is_ours(one.view)]


def _walk(patterns: Sequence[URLPattern | URLResolver], before: str, asked: Mapping[str, str]) -> Iterator[Address]:
    for pattern in patterns:
        path, asks = _read(pattern.pattern)
        here = {**asked, **asks}
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, before + path, here)
        else:
            yield Address(before + path, here, pattern.callback)


def _read(pattern: Any) -> tuple[str, dict[str, str]]:
    """A route as `a/{name}/`; a regular expression only where it asks for nothing."""
    route = str(pattern)
    asks = {}
    for name, converter in pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        asks[name] = kind
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(written, f"{{{name}}}")
    return route, asks


def _is_ours(view: Any) -> bool:
    return str(getattr(view, "__module__", "")).startswith((OWN, "tests.")) or hasattr(view, "desk")
