"""`docs/exposure.md` shows the steps as the code has them, and explains every flag and every engine file."""

from __future__ import annotations

from sizao.exposure.sql import STEPS, Step
from sizao.exposure.stays import Flag
from tests.house import ROOT

PAGE = (ROOT / "docs" / "exposure.md").read_text("utf-8")
BEGIN, END = "<!-- steps:begin -->\n", "<!-- steps:end -->"


def _shown(number: int, step: Step) -> str:
    return f"### {number}. `{step.name}`\n\n{step.says}\n\n```sql\n{step.sql.strip()}\n```\n"


def test_the_page_shows_every_step_as_the_code_has_it() -> None:
    section = PAGE[PAGE.index(BEGIN) + len(BEGIN) : PAGE.index(END)]
    wanted = "\n".join(_shown(number, step) for number, step in enumerate(STEPS, 1))
    assert section == f"\n{wanted}\n", "put this between the two steps: marks of docs/exposure.md"


def test_the_page_explains_every_flag_with_its_number() -> None:
    for flag in Flag:
        if flag:
            assert f"| `{flag.name}` | {flag.value} |" in PAGE


def test_the_page_names_only_engine_files_that_exist() -> None:
    for name in ("embedded", "duckdb_engine", "spark_engine", "reference"):
        assert f"`src/sizao/exposure/{name}.py`" in PAGE
        assert (ROOT / "src" / "sizao" / "exposure" / f"{name}.py").exists()
