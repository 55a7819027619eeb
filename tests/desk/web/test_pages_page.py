"""`docs/pages.md` tells desk builders what there is; what it names is there, and what is there is named."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass

import pytest

from sizao.desk.web import forms, parts
from sizao.desk.web.templatetags.sizao_web import register
from tests import house

PAGE = (house.ROOT / "docs" / "pages.md").read_text("utf-8")
TEMPLATES = house.SOURCE / "desk" / "web" / "templates" / "web"
BUILDING_BLOCKS = {
    "action", "as_of", "because", "boxes", "counted", "duty_state", "fact", "field_group", "field_notes", "foot", "form", "mode",
    "summary_rows", "tag",
}  # fmt: skip
"""Templates that other templates include, and desks do not."""


def _first_cells() -> list[str]:
    return [line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| `")]


def test_every_part_is_told_and_every_part_told_is_there() -> None:
    told = {name for cell in _first_cells() for name in re.findall(r"^`([a-z_]+)`$", cell)}
    there = {path.stem for path in (TEMPLATES / "parts").glob("*.html")}
    assert told == there - BUILDING_BLOCKS
    assert there >= BUILDING_BLOCKS


def test_every_page_to_extend_is_told_and_there() -> None:
    told = set(re.findall(r"^\| `web/([a-z]+)\.html`", PAGE, re.MULTILINE))
    assert told == {path.stem for path in TEMPLATES.glob("*.html")} - {"help"}


def test_every_tag_and_filter_is_told() -> None:
    told = set(re.findall(r"\|([a-z_]+)[:} ]", PAGE.replace("\\|", "|"))) | set(re.findall(r"\{% ([a-z_]+)", PAGE))
    internal = {"utc", "overdue", "when", "learnt", "until", "endless", "as_tag", "step_word"}
    assert (set(register.tags) | set(register.filters)) - told == internal


@pytest.mark.parametrize("match", list(re.finditer(r"`([A-Z][a-z]+)\(([^`]*)\)`", PAGE)), ids=lambda match: match[1])
def test_what_a_value_holds_is_told_as_it_is(match: re.Match[str]) -> None:
    value = getattr(parts, match[1])
    assert is_dataclass(value)
    told = set(re.findall(r"(?:^|, )([a-z_]+)(?==|,|$)", re.sub(r"\([^()]*(\([^()]*\))*[^()]*\)", "", match[2])))
    assert told <= {field.name for field in fields(value)}
    assert told


def test_every_form_told_is_there() -> None:
    assert set(re.findall(r"`(\w+(?:Form|Field))`", PAGE)) == {
        name for name in forms.__all__ if name.endswith(("Form", "Field"))
    }
