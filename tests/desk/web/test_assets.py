"""The stylesheet and the script: small, ours, and free of what must not be used."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import engines
from django.test import Client
from pytest_django.fixtures import Settings

from tests import house

WEB = house.SOURCE / "desk" / "web"
STATIC = WEB / "static" / "web"
STYLES = WEB / "styles"
CSS = (STATIC / "sizao.css").read_text("utf-8")
KB = 1024

FIRST_VISIT, REPEAT = 60 * KB, 6 * KB
"""T-12: what a status page may cost, compressed."""


def _zipped(data: bytes) -> int:
    return len(gzip.compress(data, 6))


@pytest.mark.parametrize(
    "mark", ["GDS Transport", "govuk-crest", "Crown copyright", "govuk-header__logotype", "@font-face"]
)
def test_nothing_of_the_crown_is_in_the_stylesheet(mark: str) -> None:
    assert mark.lower() not in CSS.lower()


def test_the_stylesheet_was_built_from_the_sources_beside_it() -> None:
    sources = [
        *sorted(STYLES.glob("*.scss"), key=lambda path: path.name),
        STYLES / "package.json",
        STYLES / "package-lock.json",
    ]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    assert f"/*! from {digest} */" in CSS, "run `make assets`"


def test_everything_the_stylesheet_names_is_there_and_nothing_lies_elsewhere() -> None:
    named = re.findall(r"url\(([^)]*)\)", CSS)
    assert [name for name in named if not (STATIC / name).is_file()] == []
    assert "@import" not in CSS


def test_style_and_script_keep_to_their_budgets() -> None:
    assert _zipped(CSS.encode()) <= 30 * KB
    assert len((STATIC / "sizao.js").read_bytes()) < 4 * KB


@pytest.mark.parametrize("path", ["/gallery/me", "/gallery/me?open"])
def test_a_status_page_costs_what_t_12_allows(zh: Client, path: str) -> None:
    page = _zipped(zh.get(path).content)
    beside = sum(_zipped((STATIC / name).read_bytes()) for name in ("sizao.css", "sizao.js", "icon.svg"))
    assert page <= REPEAT
    assert page + beside <= FIRST_VISIT


def test_the_lock_names_no_host_and_every_licence_is_written_down() -> None:
    lock = json.loads((STYLES / "package-lock.json").read_text("utf-8"))
    assert "resolved" not in json.dumps(lock)
    told = (STYLES / "LICENCES.txt").read_text("utf-8")
    wanted = json.loads((STYLES / "package.json").read_text("utf-8"))
    versions = wanted["dependencies"] | wanted["devDependencies"]
    assert [name for name, version in versions.items() if f"{name} {version} " not in told] == []
    assert all(lock["packages"][f"node_modules/{name}"]["license"] == "MIT" for name in versions)


def _templates() -> list[Path]:
    return sorted((house.SOURCE / "desk").rglob("templates/**/*.html"))


@pytest.mark.parametrize("path", _templates(), ids=lambda path: path.as_posix().partition("templates/")[2])
def test_every_template_of_every_desk_can_be_read(path: Path) -> None:
    engines["django"].from_string(path.read_text("utf-8"))


def test_the_server_finds_every_file_the_pages_name_and_gives_each_a_hashed_name(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    named = json.loads((tmp_path / "staticfiles.json").read_text("utf-8"))["paths"]
    assert {"web/sizao.css", "web/sizao.js", "web/icon.svg"} <= named.keys()
    assert re.search(
        r"url\(\"?moj/icon-tag-remove-cross\.[0-9a-f]{12}\.svg", (tmp_path / named["web/sizao.css"]).read_text("utf-8")
    )


def test_no_template_of_any_desk_writes_style_or_script_into_the_page() -> None:
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
    assert _templates()
    assert [path.name for path in _templates() if inline.search(path.read_text("utf-8"))] == []
