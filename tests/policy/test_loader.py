"""What the loader may rely on and what it must never do: guess, coerce, or fail without a name and a line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizao.policy import PackError, PolicyBook, check, list_packs
from sizao.policy.loader import digest_of, read_pack
from sizao.policy.shelf import SHIPPED

TEXT = (SHIPPED / "cn-covid19-20.yaml").read_text("utf-8")
LINES = TEXT.splitlines()
SCRAPS = [
    "",
    "  ",
    "- ",
    "? [a]",
    "{",
    "}",
    "]",
    ": ",
    "&a [*a]",
    "from: 2021-13-01",
    "value: null",
    "0x10",
    "é",
    "\x00",
    "!!python/object:os",
    "<<: {}",
]


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(LINES) - 1), st.sampled_from(SCRAPS), st.integers(0, 60))
def test_a_damaged_pack_is_read_or_refused_by_name_and_nothing_else(
    tmp_path: Path, line: int, scrap: str, column: int
) -> None:
    damaged = [*LINES[:line], LINES[line][:column] + scrap, *LINES[line + 1 :]]
    path = _write(tmp_path, "cn-covid19-20.yaml", "\n".join(damaged))
    pack, problems = read_pack(path)
    assert pack is not None or problems
    assert {(type(problem), problem.where.file) for problem in problems} <= {(PackError, path.name)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_read_or_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bytes.yaml"
    path.write_bytes(content)
    pack, problems = read_pack(path)
    assert pack is None
    assert problems


def test_every_problem_of_a_pack_is_collected_not_only_the_first(tmp_path: Path) -> None:
    broken = TEXT.replace("days: 5, test_days: [1, 2, 3, 5]}", "days: five}").replace("cite: notice-b", "cite: nowhere")
    problems = check([_write(tmp_path, "cn-covid19-20.yaml", broken)])
    assert [problem.code for problem in problems] == ["P106", "P106", "P114"]
    lines = [problem.where.line or 0 for problem in problems]
    assert lines == sorted(lines)


def test_a_pack_with_a_problem_is_not_loaded_at_all(tmp_path: Path) -> None:
    _write(tmp_path, "cn-covid19-20.yaml", TEXT.replace("cite: notice-b", "cite: nowhere"))
    with pytest.raises(PackError, match="P114"):
        PolicyBook.load(["cn-covid19-20"], folder=tmp_path)


def test_a_refusal_raised_twice_is_not_the_same_object(tmp_path: Path) -> None:
    _write(tmp_path, "cn-covid19-20.yaml", TEXT.replace("cite: notice-b", "cite: nowhere"))
    raised = []
    for _ in range(2):
        with pytest.raises(PackError) as caught:
            PolicyBook.load(["cn-covid19-20"], folder=tmp_path)
        raised.append(caught.value)
    assert raised[0] is not raised[1]


def test_line_ends_and_a_byte_order_mark_change_no_meaning(tmp_path: Path) -> None:
    unix, dos = tmp_path / "unix.yaml", tmp_path / "dos.yaml"
    unix.write_bytes(TEXT.encode())
    dos.write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert digest_of(unix) == digest_of(dos)
    marked = tmp_path / "cn-covid19-20.yaml"
    marked.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    pack, problems = read_pack(marked)
    assert problems == []
    assert pack is not None


def test_a_version_published_twice_is_refused(tmp_path: Path) -> None:
    first = _write(tmp_path, "cn-covid19-20.yaml", TEXT)
    second = _write(tmp_path, "cn-covid19-20@1.yaml", TEXT)
    assert [problem.code for problem in check([first, second])] == ["P127"]


def test_an_unknown_pack_is_refused_with_the_names_like_it() -> None:
    with pytest.raises(PackError) as caught:
        PolicyBook.load(["cn-covid19-18"])
    assert caught.value.code == "P125"
    assert "cn-covid19-8" in str(caught.value.slots["allowed"])


def test_a_version_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PackError, match="P125"):
        PolicyBook.load(["cn-covid19-8@7"])


def test_all_shipped_packs_are_listed() -> None:
    assert {pack.id for pack in list_packs()} == {
        "authority-cn", "cn-covid19-10", "cn-covid19-20", "cn-covid19-8", "cn-covid19-9", "demo-county", "henan-2021-07",
        "measles", "mers", "officials-cn", "safeguards",
    }  # fmt: skip
