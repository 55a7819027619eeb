"""The shell of the command line: languages, help, errors, exit codes, pipes and widths."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sizao import __version__
from sizao.cli.ambient import asked_language, choose_language
from sizao.cli.layout import width_of
from sizao.cli.main import MEMBERS, run, sizao
from sizao.cli.shell import SaidGroup
from sizao.errors import CliError, FactsError
from sizao.words import Lang, terms
from tests.cli.running import PLAIN, SOURCE, ran, spawned

CJK = re.compile(r"[\u4e00-\u9fff]")


def _pages() -> list[list[str]]:
    """The words that ask for each help page there is."""
    pages: list[list[str]] = [[]]
    with click.Context(sizao) as context:
        for name in MEMBERS:
            found = sizao.get_command(context, name)
            pages.append([name])
            if isinstance(found, SaidGroup):
                pages += [[name, inner] for inner in found.members]
    return pages


PAGES = _pages()


# --- languages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({"LANG": "zh_CN.UTF-8"}, Lang.ZH),
        ({"LANG": "zh_TW"}, Lang.ZH),
        ({"LANG": "en_GB.UTF-8"}, Lang.EN),
        ({"LANG": "C"}, Lang.EN),
        ({}, Lang.EN),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, Lang.ZH),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, Lang.EN),
        ({"LANG": "zh_CN.UTF-8", "SIZAO_LANG": "en"}, Lang.EN),
    ],
)
def test_the_locale_chooses_the_language_unless_a_setting_names_one(environment: dict[str, str], spoken: Lang) -> None:
    assert choose_language(None, environment) is spoken


def test_the_option_stands_above_every_locale() -> None:
    assert choose_language("zh", {"LANG": "en_GB", "SIZAO_LANG": "en"}) is Lang.ZH


def test_a_language_nobody_speaks_is_refused_with_those_there_are() -> None:
    done = ran("doctor", "--lang", "fr")
    assert (done.code, "fr" in done.err, "zh" in done.err) == (2, True, True)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["trace", "--lang", "zh"], "zh"),
        (["--lang=en", "trace"], "en"),
        (["--lang", "en", "trace", "--lang", "zh"], "zh"),
        (["why", "--", "--lang", "zh"], None),
        (["trace", "--lang"], None),
    ],
)
def test_the_language_is_found_wherever_it_stands(words: list[str], asked: str | None) -> None:
    assert asked_language(words) == asked


def test_the_language_may_stand_before_or_after_the_command() -> None:
    before, after = ran("--lang", "zh", "policy", "check"), ran("policy", "check", "--lang", "zh")
    assert before.out == after.out
    assert CJK.search(before.out)


# --- help ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: " ".join(page) or "sizao")
@pytest.mark.parametrize("columns", ["60", "80", "120"])
def test_every_help_page_is_complete_in_both_languages_and_keeps_to_the_width(page: list[str], columns: str) -> None:
    zh, en = (ran(*page, "--help", env={"SIZAO_LANG": lang, "COLUMNS": columns}) for lang in ("zh", "en"))
    assert (zh.code, en.code, zh.err, en.err) == (0, 0, "", "")
    assert zh.out.startswith("用法：sizao")
    assert en.out.startswith("Usage: sizao")
    examples = en.out.find("\nExamples\n")
    body = en.out if examples < 0 else en.out[:examples]
    assert not CJK.search("".join(body.split()).replace("干部甲", "").replace("甲市", ""))
    for text, mark in ((zh.out, "\n例子\n"), (body, "\nExamples\n")):
        told = text.split(mark)[0].splitlines()[1:]
        assert [line for line in told if width_of(line) > int(columns)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: " ".join(page) or "sizao")
def test_every_option_of_every_command_is_explained(page: list[str]) -> None:
    found: click.Command = sizao
    with click.Context(sizao) as context:
        for name in page:
            assert isinstance(found, click.Group)
            inner = found.get_command(context, name)
            assert inner is not None
            found = inner
        text = ran(*page, "--help").out
        for param in found.get_params(context):
            if isinstance(param, click.Option):
                assert param.opts[0] in text


def test_help_is_spoken_in_the_language_that_stands_after_it() -> None:
    assert ran("doctor", "--help", "--lang", "zh").out.startswith("用法：")


def test_no_command_at_all_shows_the_commands() -> None:
    done = ran()
    assert done.code == 0
    assert all(name in done.out for name in MEMBERS)


def test_a_group_without_a_command_shows_its_commands_and_is_a_usage_error() -> None:
    done = ran("policy")
    assert (done.code, "check" in done.out) == (2, True)


def test_the_version_is_the_packages_own() -> None:
    assert ran("--version").out == f"sizao {__version__}\n"


def test_no_help_text_stands_for_an_option_that_is_gone() -> None:
    known: set[str] = set()
    with click.Context(sizao) as context:
        for page in PAGES:
            found: click.Command = sizao
            for name in page:
                assert isinstance(found, click.Group)
                inner = found.get_command(context, name)
                assert inner is not None
                found = inner
            known |= {str(param.name) for param in found.params}
    any_words = {code.rsplit(".", 1)[-1] for code in terms() if code.startswith("cli.any.")}
    assert any_words - known - {"help", "lang"} == set()


# --- errors -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "holds"),
    [
        (["doctr"], 2, ["C102", "doctr", "doctor"]),
        (["doctor", "--jsn"], 2, ["C103", "--jsn", "--json"]),
        (["policy", "show", "x", "--key"], 2, ["C111", "--key", "policy show --help"]),
        (["verify"], 2, ["C110", "FOLDER", "sizao verify --help"]),
        (["verify", "nowhere"], 2, ["C107", "nowhere"]),
        (["doctor", "extra"], 2, ["C112", "extra"]),
        (["policy", "show", "--key", "contact.rules"], 2, ["C120", "contact.rules"]),
        (["policy", "show", "cn-covid19-88"], 3, ["P125", "cn-covid19-88", "cn-covid19-8"]),
        (["policy", "show", "measles", "--key", "x", "--on", "26.07.2021"], 3, ["T104", "26.07.2021"]),
        (["policy", "show", "measles", "--zone", "Mars/Base"], 3, ["T101", "Mars/Base"]),
        (["policy", "show", "measles", "--reading", "two"], 2, ["C106", "two"]),
    ],
)
def test_what_is_written_wrongly_is_answered_with_what_and_what_to_do(
    words: list[str], code: int, holds: list[str]
) -> None:
    done = ran(*words)
    assert (done.code, done.out) == (code, "")
    said = " ".join(done.err.split())
    assert [part for part in holds if part not in said] == []
    assert "Traceback" not in done.err


def test_errors_are_spoken_in_chinese_too() -> None:
    done = ran("verify", "nowhere", "--lang", "zh")
    assert "这里没有文件或文件夹" in done.err


def test_with_json_an_error_has_one_shape_on_standard_output_and_words_on_standard_error() -> None:
    done = ran("policy", "show", "nopack", "--json")
    assert done.code == 3
    assert set(done.data["error"]) >= {"code", "says", "do"}
    assert done.data["error"]["code"] == "P125"
    assert "P125" in done.err


def test_a_failure_of_our_own_is_said_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def fails(_speaker: object) -> int:
        raise RuntimeError("wires crossed")

    assert run(fails, []) == 4
    err = capsys.readouterr().err
    assert "C190" in err
    assert "wires crossed" in err
    assert "Traceback" not in err


def test_a_failure_of_our_own_shows_its_traceback_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIZAO_DEBUG", "1")

    def fails(_speaker: object) -> int:
        raise FactsError("F199", value="x")

    assert run(fails, []) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (CliError("C190", value="x"), 3, "C190"),
        (MemoryError(), 4, "C191"),
        (PermissionError(13, "Permission denied", "locked.csv"), 3, "locked.csv"),
        (OSError(28, "No space left on device"), 3, "No space left"),
        (KeyboardInterrupt(), 130, "Stopped"),
    ],
)
def test_every_way_to_end_has_its_words_and_its_exit_code(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIZAO_LANG", "en")

    def ends(_speaker: object) -> int:
        raise error

    assert run(ends, ["--lang", "en"]) == code
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


# --- pipes, widths, colours ------------------------------------------------------------------------------------------------


def test_a_locale_without_utf8_still_gets_utf8() -> None:
    done = spawned("doctor", "--lang", "zh", env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.code == 0, done.err
    assert "这台机器可以运行" in done.out


def test_what_is_piped_has_no_colour_and_no_progress() -> None:
    done = spawned("policy", "show", env={"TERM": "xterm-256color"})
    assert "\x1b" not in done.out + done.err
    assert done.err == ""


def test_a_reader_that_leaves_ends_the_command_quietly() -> None:
    command = [sys.executable, "-m", "sizao.cli.main", "policy", "show", "cn-covid19-8"]
    env = {**os.environ, **PLAIN, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (141, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Terminal: this system has no pseudo-terminals")
def test_who_watches_sees_progress_on_standard_error_and_it_never_mixes_with_the_answer() -> None:
    watched, theirs = pty.openpty()
    command = [sys.executable, "-m", "sizao.cli.main", "demo", "--persons", "6000", "--json"]
    env = {**os.environ, **PLAIN, "PYTHONPATH": str(SOURCE), "TERM": "xterm"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=env) as process:
        os.close(theirs)
        assert process.stdout is not None
        shown = bytearray()
        # The terminal holds little, so it is emptied first; the answer waits in its pipe.
        with contextlib.suppress(OSError):
            while part := os.read(watched, 65536):
                shown += part
        answer = process.stdout.read()
    os.close(watched)
    assert process.returncode == 0
    assert json.loads(answer)["missing"] == []
    assert b"Storing stays" in shown


@pytest.mark.parametrize("columns", ["60", "80", "132"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_keep_to_the_width(columns: str, lang: str) -> None:
    for words in (["policy", "show"], ["doctor"]):
        done = ran(*words, "--lang", lang, env={"COLUMNS": columns})
        assert [line for line in done.out.splitlines() if width_of(line) > int(columns)] == []


def test_on_a_narrow_terminal_a_wide_table_becomes_one_block_per_row() -> None:
    done = ran("policy", "show", env={"COLUMNS": "50"})
    assert "cn-covid19-8" in done.out
    assert "─" not in done.out


def test_the_words_of_columns_that_are_no_number_do_no_harm() -> None:
    assert ran("policy", "show", env={"COLUMNS": "wide"}).code == 0


def test_run_works_from_another_folder(tmp_path: Path) -> None:
    assert spawned("policy", "check", cwd=tmp_path).code == 0
