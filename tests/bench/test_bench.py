"""The bench at its smallest size: the shape of its results, and that a wrong, failing or slow engine is called so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bench import report
from bench.__main__ import run
from bench.answers import NOTHING, Sums, fingerprint
from bench.data import City, city
from bench.engine import PEERS, Peer
from bench.runner import Row
from bench.session import Session, Stopped
from bench.targets import standing

BY_NAME = {peer.name: peer for peer in PEERS}
GOOD = (BY_NAME["DuckDB, place form"], BY_NAME["Sizao"], BY_NAME["NumPy"])
JUDGED = (BY_NAME["Sizao"], BY_NAME["Sizao's SQL on DuckDB"])
BAD = (
    Peer("loses a row", "tests.bench.wrong:LosesARow", "", "XS"),
    Peer("breaks", "tests.bench.wrong:Breaks", "", "XS"),
)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="session")
def tiny(data: Path) -> City:
    return city("XS", data)


@pytest.fixture(scope="session")
def rows(data: Path) -> list[Row]:
    return run("XS", data, only=["Q1", "Q2-100", "ingest", "append"], bandwidth=1e10, peers=[*GOOD, JUDGED[1], *BAD])


def row(rows: list[Row], work: str, engine: str) -> Row:
    (found,) = [one for one in rows if (one.work, one.engine) == (work, engine)]
    return found


def test_engines_that_answer_alike_are_equal_and_timed(rows: list[Row]) -> None:
    for peer in GOOD:
        for work in ("Q1", "Q2-100"):
            found = row(rows, work, peer.name)
            assert found.answers_equal is True
            assert found.median_s is not None
            assert found.min_s is not None
            assert 0 < found.min_s <= found.median_s
            assert found.peak_mb is not None


def test_judged_answers_with_their_evidence_are_those_of_the_definition(rows: list[Row]) -> None:
    for peer in JUDGED:
        assert row(rows, "Q1 judged", peer.name).answers_equal is True
        assert row(rows, "Q2-100 judged", peer.name).answers_equal is True


@pytest.mark.postgres
def test_both_indexes_of_postgresql_give_the_same_answers(data: Path, tiny: City, postgres_url: str) -> None:
    assert tiny.rows
    assert postgres_url
    peers = [BY_NAME[name] for name in ("DuckDB, place form", "PostgreSQL, btree", "PostgreSQL, GiST")]
    found = run("XS", data, only=["Q1", "Q2-100", "Q3", "append"], bandwidth=1e10, peers=peers)
    compared = [
        one for one in found if one.engine != peers[0].name and one.work in ("Q1", "Q2-100", "Q3", "append, first Q1")
    ]
    assert len(compared) == 7
    assert all(one.answers_equal is True for one in compared)


def test_a_wrong_answer_is_reported_and_not_timed(rows: list[Row]) -> None:
    wrong = row(rows, "Q1", "loses a row")
    assert wrong.answers_equal is False
    assert wrong.median_s is None
    assert row(rows, "Q2-100", "loses a row").answers_equal is True


def test_an_engine_that_fails_says_why_and_goes_on(rows: list[Row]) -> None:
    broken = row(rows, "Q2-100", "breaks")
    assert broken.median_s is None
    assert "too many cases" in (broken.note or "")
    assert row(rows, "Q1", "breaks").answers_equal is True


def test_the_append_is_compared_after_new_stays_came_in(rows: list[Row]) -> None:
    assert row(rows, "append, first Q1", "NumPy").answers_equal is True
    assert row(rows, "append", "NumPy").value == 6000


def test_the_physical_limit_is_below_everybody(rows: list[Row]) -> None:
    limit = row(rows, "Q2-100", "physical limit")
    assert limit.median_s is not None
    assert all(limit.median_s < one.min_s for one in rows if one.work == "Q2-100" and one.min_s and one is not limit)


def test_an_engine_that_takes_too_long_is_ended(tiny: City, tmp_path: Path) -> None:
    with Session.over("tests.bench.wrong:Dawdles", tiny.folder, tmp_path) as session:
        session.tell({"do": "ingest"}, limit_s=60)
        with pytest.raises(Stopped, match="stopped after 1 s"):
            session.tell({"do": "answer", "work": "Q1"}, limit_s=1)


def test_the_results_file_has_the_shape_others_read_and_keeps_what_was_not_measured(
    rows: list[Row], tmp_path: Path
) -> None:
    path = tmp_path / "results" / "latest.json"
    report.write(path, {"processor": "p"}, [Row(work="Q1", size="M", engine="Sizao", median_s=1.0, min_s=1.0)])
    report.write(path, {"processor": "p"}, rows)
    told = json.loads(path.read_text("utf-8"))
    assert set(told) == {"machine", "rows"}
    for one in told["rows"]:
        assert {"work", "size", "engine", "median_s", "min_s", "peak_mb", "answers_equal"} <= set(one)
    assert {one["size"] for one in told["rows"]} == {"XS", "M"}


def test_the_table_goes_between_the_marks_and_nowhere_else(rows: list[Row], tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", "utf-8")
    results = {"machine": {}, "rows": [one.plain() for one in rows]}
    assert report.put_into(readme, results)
    text = readme.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "**answers differ**" in text
    assert "Some answers differ" in text
    (tmp_path / "none.md").write_text("no marks", "utf-8")
    assert not report.put_into(tmp_path / "none.md", results)


def test_a_fingerprint_sees_lost_doubled_and_changed_rows_but_not_their_order() -> None:
    right = {"case": np.array([0, 0, 1]), "person": np.array([5, 7, 5]), "overlap": np.array([10, 20, 30])}
    turned = {name: column[::-1] for name, column in right.items()}
    assert fingerprint(right) == fingerprint(turned)
    swapped = right | {"overlap": np.array([20, 10, 30])}
    assert fingerprint(right).sums == fingerprint(swapped).sums
    assert not fingerprint(right).agrees(fingerprint(swapped))
    assert not fingerprint(right).agrees(fingerprint({name: column[:2] for name, column in right.items()}))
    assert fingerprint(right).agrees(fingerprint(Sums(3, (17, 60))))
    assert not NOTHING.plus(fingerprint(right)).agrees(fingerprint(Sums(3, (17, 61))))


def test_the_city_is_the_same_every_time(tiny: City, tmp_path: Path) -> None:
    again = city("XS", tmp_path)
    assert again.cases == tiny.cases
    assert all(np.array_equal(again.column(name), tiny.column(name)) for name in ("person", "place", "start", "end"))
    assert (tiny.late()["start"] < tiny.late()["end"]).all()


def test_bars_are_ratios_within_one_run_and_a_stopped_engine_bounds_them() -> None:
    def one(work: str, engine: str, seconds: float | None, note: str | None = None) -> dict[str, object]:
        return Row(work=work, size="S", engine=engine, median_s=seconds, min_s=seconds, note=note).plain()

    lines = standing([
        one("Q1", "Sizao", 0.001), one("Q1", "DuckDB, naive", 0.1), one("Q1", "PostgreSQL, GiST", 0.02),
        one("Q3", "Sizao", 0.1), one("Q3", "PostgreSQL, GiST", None, "stopped after 45 s"),
    ])  # fmt: skip
    assert [line.split()[0] for line in lines] == ["met", "NOT", "met"]
    assert "> 450.0" in lines[2]


def test_times_read_as_people_write_them() -> None:
    assert [report.seconds(value) for value in (0.00067, 0.846, 12.5, 214.5)] == ["670 µs", "846 ms", "12.5 s", "214 s"]


def test_the_desks_lists_are_measured_in_a_deployment_of_their_own() -> None:
    rows = run("XS", Path("nowhere"), only=["lists"], bandwidth=1e10)
    asked = {row.work for row in rows if row.engine == "Sizao on SQLite"}
    assert {"list: first page", "list: overdue", "list: a late page", "list: count"} <= asked
    assert all(row.value is not None and row.runs for row in rows), [row.note for row in rows]
