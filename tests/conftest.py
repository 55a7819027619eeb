"""What every test runs under: no network, the same examples in every run of CI, and no skip where none is allowed."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.outside import ABSENT, ROOT

settings.register_profile("sizao", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("sizao-ci", settings.get_profile("sizao"), derandomize=True, database=None)
settings.load_profile("sizao-ci" if os.environ.get("CI") else "sizao")

NEEDS_LOOPBACK = ("spark", "postgres", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every Spark test goes to one worker: one Java machine and one session serve the whole run."""
    for item in items:
        if item.get_closest_marker("spark"):
            item.add_marker(pytest.mark.xdist_group("spark"))


# --- nothing may be skipped where SIZAO_NO_SKIPS=1 ------------------------------------------------------------------


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("SIZAO_NO_SKIPS") != "1" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    if reason.removeprefix("Skipped: ").startswith(ABSENT):
        return
    report.outcome = "failed"
    report.longrepr = f"Skipped in a run that allows no skip: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


# --- no test reaches the network ------------------------------------------------------------------------------------


class NetworkReached(RuntimeError):
    """A test tried to open a connection it has no business with."""


def _is_loopback(host: object) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only tests that need a local server of their own (Spark, PostgreSQL, a browser) may connect, and only to this machine."""
    local = any(request.node.get_closest_marker(name) for name in NEEDS_LOOPBACK)

    def guarded(real: Any) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            inside = self.family == getattr(socket, "AF_UNIX", None) or (local and _is_loopback(address[0]))
            if not inside:
                raise NetworkReached(f"a test tried to connect to {address!r}")
            return real(self, address)

        return connect

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))


# --- servers a machine may lack -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The throw-away PostgreSQL of this run; mark the test `postgres`."""
    url = os.environ.get("SIZAO_TEST_POSTGRES_URL")
    if not url:
        pytest.skip("PostgreSQL: SIZAO_TEST_POSTGRES_URL names no server (.ci/run starts one)")
    return url


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The one Spark session of the run, on two local threads, in UTC; mark the test `spark`."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    if shutil.which("java") is None:
        pytest.skip("Java: not on this machine, so Spark cannot start")
    sql = pytest.importorskip("pyspark.sql", reason="Spark: the spark extra is not installed")
    folder = tmp_path_factory.mktemp("spark")
    session = _spark_session(sql, folder)
    yield session
    session.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The one Chromium of the run, without a window; mark the test `browser`. It opens what the test serves, and nothing else."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("Chromium: not on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="Chromium: Playwright is not installed")
    # Playwright keeps an event loop in this thread, and Django takes that for a reason to refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _spark_session(sql: Any, folder: Path) -> Any:
    os.environ["PYSPARK_PYTHON"] = sys.executable  # The setting of the same name is read by spark-submit only.
    builder = sql.SparkSession.builder.master("local[2]").appName("sizao-tests")
    for name, value in {
        "spark.driver.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        # Its workers see this checkout, installed or not.
        "spark.executorEnv.PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={folder}",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
