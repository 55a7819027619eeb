"""`sizao verify`: what was changed is found and named; what was not is drawn again to the same bytes."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.files import CASES, KNOWN, RULES, STAYS, written
from tests.cli.running import ran, spawned


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with facts, stays and conclusions."""
    place = tmp_path_factory.mktemp("verify")
    files = written(place, cases=CASES, stays=STAYS)
    assert ran("trace", files["cases"], files["stays"], *RULES, *KNOWN, "--to", place / "kept").code == 0
    assert ran("import", files["stays"], "--to", place / "kept").code == 0
    return place / "kept"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "kept")
    return tmp_path / "kept"


def test_an_untouched_folder_is_whole(folder: Path) -> None:
    done = ran("verify", folder, "--json")
    assert (done.code, done.data["problems"], done.data["conclusions"]) == (0, [], 3)
    assert "all the same" in ran("verify", folder).out


def test_conclusions_are_the_same_in_another_zone_and_locale(folder: Path) -> None:
    done = spawned(
        "verify", folder, "--json", env={"TZ": "America/New_York", "LC_ALL": "zh_CN.UTF-8", "PYTHONHASHSEED": "7"}
    )
    assert (done.code, done.data["problems"]) == (0, [])


def test_a_changed_fact_is_found(folder: Path) -> None:
    (data,) = (folder / "data").glob("*.ndjson")
    data.write_text(data.read_text("utf-8").replace("person:p2", "person:p8"), "utf-8")
    done = ran("verify", folder)
    assert (done.code, "F109" in done.out, data.name in "".join(done.out.split())) == (1, True, True)


def test_a_lost_file_of_facts_is_found(folder: Path) -> None:
    (data,) = (folder / "data").glob("*.ndjson")
    data.unlink()
    assert ran("verify", folder, "--json").data["problems"][0]["code"] == "F109"


def test_a_changed_segment_of_stays_is_found(folder: Path) -> None:
    (segment,) = (folder / "stays" / "segments").glob("*.stays")
    content = bytearray(segment.read_bytes())
    content[-1] ^= 1
    segment.write_bytes(content)
    assert [one["code"] for one in ran("verify", folder, "--json").data["problems"]] == ["C148"]


def test_a_forged_conclusion_is_found_and_its_subject_named(folder: Path) -> None:
    (kept,) = (folder / "conclusions").glob("*.json")
    assert "C141" in _after(kept, lambda data: data["digests"].update({"person:p2": "0" * 64}), folder)


def test_a_forged_conclusion_under_a_fitting_name_is_found_too(folder: Path) -> None:
    (kept,) = (folder / "conclusions").glob("*.json")
    said = _after(kept, lambda data: data["digests"].update({"person:p2": "0" * 64}), folder, rename=True)
    assert "C145" in said
    assert "person:p2" in said


def test_conclusions_under_rules_that_are_no_longer_the_same_are_not_compared(folder: Path) -> None:
    (kept,) = (folder / "conclusions").glob("*.json")
    assert "C143" in _after(kept, lambda data: data.update(rules="0" * 64), folder, rename=True)


def test_conclusions_of_another_version_are_not_compared(folder: Path) -> None:
    (kept,) = (folder / "conclusions").glob("*.json")
    assert "C147" in _after(kept, lambda data: data.update(code="0.0.1"), folder, rename=True)


def test_a_conclusion_about_nobody_is_found(folder: Path) -> None:
    (kept,) = (folder / "conclusions").glob("*.json")
    assert "C144" in _after(kept, lambda data: data["digests"].update({"person:x": "0" * 64}), folder, rename=True)


def test_conclusions_that_cannot_be_read_are_refused(folder: Path) -> None:
    (kept,) = (folder / "conclusions").glob("*.json")
    kept.write_text("{", "utf-8")
    done = ran("verify", folder)
    assert (done.code, "C140" in done.err) == (3, True)


def test_a_folder_that_holds_nothing_is_refused(tmp_path: Path) -> None:
    assert "C142" in ran("verify", tmp_path).err


def _after(kept: Path, change: object, folder: Path, *, rename: bool = False) -> str:
    """What is said after the conclusions were changed; `rename` gives the file the name that fits its new content."""
    data = json.loads(kept.read_text("utf-8"))
    assert callable(change)
    change(data)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)
    kept.unlink()
    name = hashlib.sha256(text.encode()).hexdigest()[:24] if rename else kept.stem
    kept.with_name(f"{name}.json").write_text(text, "utf-8")
    done = ran("verify", folder)
    assert done.code in (1, 3)
    return done.out + done.err
