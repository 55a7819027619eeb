"""The tables: complete in both languages, each shared duty said once, and sober."""

from __future__ import annotations

import json
import re

import pytest

from sizao.replay import Branch, run
from sizao.replay.grouping import look, share
from sizao.replay.moments_said import say_hours
from sizao.replay.plain import canonical, plain
from sizao.replay.show import cell_table, facts_table, head, tables
from sizao.replay.wording import Table
from sizao.words import Lang
from tests import house

REPLAY = run()
ACCUSING = r"guilt|violat|conceal|offend|culprit|blame|违纪|违法|隐瞒|瞒报|追责|处分|罪"


def everything(lang: Lang) -> tuple[Table, ...]:
    return (*tables(REPLAY, lang), facts_table(REPLAY, lang))


@pytest.mark.parametrize("lang", list(Lang))
def test_every_row_has_a_cell_for_every_column(lang: Lang) -> None:
    for table in everything(lang):
        assert table.rows
        assert all(len(row) == len(table.columns) and all(row) for row in table.rows), table.name


def test_both_languages_show_the_same_tables_with_as_many_rows() -> None:
    zh, en = everything(Lang.ZH), everything(Lang.EN)
    assert [(each.name, len(each.rows), len(each.notes)) for each in zh] == [
        (each.name, len(each.rows), len(each.notes)) for each in en
    ]


def test_every_duty_of_every_cell_with_rules_on_file_is_shown_and_none_that_it_does_not_have() -> None:
    for branch in Branch:
        shared = share(REPLAY, branch)
        common = {look(row) for row in shared.common}
        for cell in (each for each in REPLAY.cells if each.branch is branch and each.switches.rules_on_file):
            rest = {look(row) for row in cell.rows} - common
            shown = [{look(row) for row in extra.rows} for extra in shared.extras]
            assert common <= {look(row) for row in cell.rows}
            assert not rest or rest in shown


@pytest.mark.parametrize("lang", list(Lang))
def test_the_wording_accuses_nobody(lang: Lang) -> None:
    said = [*head(REPLAY, lang)]
    for table in everything(lang):
        said += [table.title, *table.notes, *(cell for row in table.rows for cell in row)]
    assert [text for text in said if re.search(ACCUSING, text, re.IGNORECASE)] == []


def test_english_tables_hold_chinese_only_in_names_and_titles_of_sources() -> None:
    for table in tables(REPLAY, Lang.EN):
        rule = 2 if table.columns[2:3] == ("rule on file",) else None
        for row in table.rows:
            cells = [cell for number, cell in enumerate(row) if number != rule]
            assert [cell for cell in cells if re.search(r"[\u4e00-\u9fff]", cell.replace("甲市", ""))] == []


def test_every_branch_says_what_it_assumes_and_the_hypothetical_is_labelled() -> None:
    by_name = {table.name: table for table in tables(REPLAY, Lang.EN)}
    for branch in Branch:
        assert by_name[str(branch)].notes
    assert by_name["itinerary"].title.startswith("Hypothetical")
    assert "hypothetical" in by_name["itinerary"].notes[0]
    assert any("advised and did not order" in note for note in by_name["as-happened"].notes)


def test_what_is_not_on_public_record_is_not_called_undone() -> None:
    judged = next(table for table in tables(REPLAY, Lang.EN) if table.name == "as-happened:judgement")
    assert "not on public record does not mean not done" in judged.notes
    assert any("not on public record" in row for row in judged.rows)


@pytest.mark.parametrize("lang", list(Lang))
def test_a_single_cell_can_be_shown(lang: Lang) -> None:
    for cell in REPLAY.cells:
        assert len(cell_table(cell, lang).rows) == len(cell.rows)


def test_the_plain_data_is_json_and_has_every_cell() -> None:
    data = json.loads(canonical(REPLAY))
    assert data == json.loads(json.dumps(plain(REPLAY)))
    assert len(data["cells"]) == len(REPLAY.cells)
    assert data["cause"]["cause"] == "cause.unknown"
    assert {fact["provenance"] for fact in data["facts"]} == {"notice", "public-report", "assumed"}


def test_the_page_gives_the_hours_that_come_out() -> None:
    page = " ".join((house.ROOT / "docs" / "replay.md").read_text("utf-8").split())
    for cell in REPLAY.cells:
        told = [telling.earlier for telling in (cell.asked, cell.contact) if telling.earlier is not None]
        assert [hours for hours in told if say_hours(hours, Lang.EN) not in page] == []
