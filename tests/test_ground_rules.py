"""The ground rules of `tests/conftest.py` hold: skips are refused where none is allowed, and no test reaches the network."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from tests import house
from tests.outside import ABSENT, outside

GROUND_RULES = (house.ROOT / "tests" / "conftest.py").read_text("utf-8")


@pytest.fixture
def ruled(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A toy test folder under our ground rules, in a process of its own."""
    monkeypatch.setenv("PYTHONPATH", str(house.ROOT))
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:randomly -p no:xdist")
    pytester.makeconftest(GROUND_RULES)
    pytester.makeini("[pytest]\nmarkers =\n    spark: x\n    postgres: x\n    xdist_group(name): x\n")
    return pytester


SKIPPING = """
    import pytest
    def test_absent(): pytest.skip("PostgreSQL: no server")
    @pytest.mark.skipif(True, reason="not here")
    def test_marked(): pass
    @pytest.mark.xfail(reason="known")
    def test_expected(): assert False
    def test_outside(): pytest.skip("%sx is not here")
"""


def test_a_skip_passes_by_name_on_a_newcomers_machine(ruled: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIZAO_NO_SKIPS", raising=False)
    ruled.makepyfile(SKIPPING % ABSENT)
    ruled.runpytest_subprocess().assert_outcomes(skipped=3, xfailed=1)


def test_a_skip_is_a_failure_where_none_is_allowed_but_for_absent_outside_data(
    ruled: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIZAO_NO_SKIPS", "1")
    ruled.makepyfile(SKIPPING % ABSENT)
    result = ruled.runpytest_subprocess()
    result.assert_outcomes(failed=1, errors=1, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["*Skipped in a run that allows no skip: *PostgreSQL: no server*"])


def test_a_whole_file_that_skips_itself_is_an_error_where_none_is_allowed(
    ruled: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIZAO_NO_SKIPS", "1")
    ruled.makepyfile("import pytest\npytest.importorskip('no_such_library')\ndef test_a(): pass")
    ruled.runpytest_subprocess().assert_outcomes(errors=1)


def test_the_server_fixtures_name_what_is_missing(ruled: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIZAO_NO_SKIPS", raising=False)
    monkeypatch.delenv("SIZAO_TEST_POSTGRES_URL", raising=False)
    monkeypatch.setenv("PATH", "")
    ruled.makepyfile("def test_a(postgres_url): pass\ndef test_b(spark): pass")
    result = ruled.runpytest_subprocess("-rs")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["*PostgreSQL: *", "*Java: *"])


def test_no_test_connects_to_another_machine_or_even_to_this_one() -> None:
    for address in (("192.0.2.1", 80), ("127.0.0.1", 9)):
        with socket.socket() as caller, pytest.raises(RuntimeError, match="tried to connect"):
            caller.connect(address)


@pytest.mark.postgres
def test_a_test_with_a_server_of_its_own_reaches_this_machine_only() -> None:
    with socket.socket() as server, socket.socket() as caller:
        server.bind(("127.0.0.1", 0))
        server.listen()
        caller.connect(server.getsockname())
    with socket.socket() as caller, pytest.raises(RuntimeError, match="tried to connect"):
        caller.connect(("192.0.2.1", 80))


def test_outside_data_skips_where_the_folder_is_absent_and_fails_where_only_the_file_is(tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("", "utf-8")
    assert outside("there.csv", data=tmp_path) == tmp_path / "there.csv"
    with pytest.raises(pytest.skip.Exception, match=re.escape(ABSENT)):
        outside("there.csv", data=tmp_path / "no")
    with pytest.raises(pytest.fail.Exception, match=r"gone\.csv is missing"):
        outside("gone.csv", data=tmp_path)
