"""The door: `sizao COMMAND …`. Reads the surroundings, runs one command, and turns its end into words and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

from sizao import __version__
from sizao.cli.ambient import Ambient, asked_language, choose_language, force_utf8, surroundings
from sizao.cli.output import Speaker, error_as_data
from sizao.cli.shell import Exit, SaidGroup, help_page, lang_option, option
from sizao.errors import CliError, SizaoError, Where
from sizao.words.catalogue import Lang

MEMBERS = {
    "serve": "sizao.cli.serve:serve",
    "import": "sizao.cli.import_file:import_file",
    "trace": "sizao.cli.trace:trace",
    "why": "sizao.cli.why:why",
    "policy": "sizao.cli.policy:policy",
    "replay": "sizao.cli.replay:replay",
    "demo": "sizao.cli.demo:demo",
    "verify": "sizao.cli.verify:verify",
    "ledger": "sizao.cli.ledger:ledger",
    "rebuild": "sizao.cli.verify_home:rebuild",
    "roles": "sizao.cli.roles:roles",
    "token": "sizao.cli.token:token",
    "worker": "sizao.cli.serve:worker",
    "doctor": "sizao.cli.doctor:doctor",
}


class Root(SaidGroup):
    """The command `sizao` itself, with the one place where errors become words."""

    def main(self, args: Sequence[str] | None = None, *_rest: Any, **extra: Any) -> Any:
        """Run a command line. Ends the process with its exit code, unless `standalone_mode=False` asks to be given it."""
        words = list(sys.argv[1:] if args is None else args)
        code = run(lambda speaker: self._dispatch(words, speaker), words)
        if not extra.get("standalone_mode", True):
            return code
        sys.exit(code)

    def _dispatch(self, words: list[str], speaker: Speaker) -> int:
        # Not "sizao.cli.main" nor "__main__.py": the name a person types.
        with self.make_context("sizao", words, obj=speaker, terminal_width=speaker.ambient.width) as context:
            done = self.invoke(context)
        return done if isinstance(done, int) else Exit.OK


def run(work: Callable[[Speaker], int], words: Sequence[str]) -> int:
    """The exit code of some work, after its errors were said in the language asked for. Never lets an exception out."""
    force_utf8(sys.stdout, sys.stderr)
    speaker = Speaker(ambient=Ambient(lang=Lang.EN))
    try:
        lang = choose_language(None, {**os.environ, "SIZAO_LANG": ""})
        speaker = Speaker(ambient=surroundings(lang, os.environ, sys.stdout, sys.stderr))
        lang = choose_language(asked_language(words), os.environ)
        speaker = Speaker(ambient=surroundings(lang, os.environ, sys.stdout, sys.stderr))
        code = work(speaker)
        sys.stdout.flush()
    except BrokenPipeError:
        return _pipe_gone()
    except (KeyboardInterrupt, click.Abort):
        speaker.note("cli.stopped")
        return Exit.STOPPED
    except NoArgsIsHelpError as bare:
        print(bare.ctx.command.get_help(bare.ctx))
        return Exit.USAGE
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except Exception as error:  # noqa: BLE001 - the last door before the person: whatever went wrong must be said in words
        return _say_failure(error, speaker, words)
    return code


def _say_failure(error: Exception, speaker: Speaker, words: Sequence[str]) -> int:
    known, code = _translated(error, words)
    try:
        if "--json" in words:
            speaker.json({"error": error_as_data(known, speaker.lang)})
        speaker.error(known)
        if speaker.ambient.debug:
            traceback.print_exception(error, file=sys.stderr)
        sys.stdout.flush()
    except BrokenPipeError:
        return _pipe_gone()
    return code


USAGE_CODES = frozenset({f"C1{number:02d}" for number in range(1, 30)})
"""The errors of the command line itself; every other error is about what was given to it."""


def _translated(error: Exception, words: Sequence[str]) -> tuple[SizaoError, Exit]:
    """The error as one of ours, and the exit code it means."""
    if isinstance(error, SizaoError):
        return error, Exit.USAGE if error.code in USAGE_CODES else Exit.REFUSED
    if isinstance(error, click.UsageError):
        return _usage_error(error, words), Exit.USAGE
    if isinstance(error, MemoryError):
        return CliError("C191"), Exit.INTERNAL
    if isinstance(error, OSError) and error.filename is not None:
        return CliError("C130", where=Where(file=str(error.filename)), value=error.strerror or ""), Exit.REFUSED
    if isinstance(error, OSError) and error.strerror:
        return CliError("C131", value=error.strerror), Exit.REFUSED
    return CliError("C190", value=f"{type(error).__name__}: {error}"), Exit.INTERNAL


def _usage_error(error: click.UsageError, words: Sequence[str]) -> CliError:
    command = error.ctx.command_path if error.ctx else _command_path(words)
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(error.possibilities or ()) or f"{command} --help"
        return CliError("C103", value=error.option_name, near=near)
    if isinstance(error, click.MissingParameter):
        return CliError("C110", value=_named(error.param, error.ctx), command=command)
    if isinstance(error, click.BadOptionUsage):
        return CliError("C111", value=error.option_name, command=command)
    return CliError("C112", value=error.message, command=command)


def _command_path(words: Sequence[str]) -> str:
    """The command as written, up to the first word that names none: some errors of the parser do not say where they arose."""
    path = ["sizao"]
    group: click.Command | None = sizao
    for word in words:
        if not isinstance(group, SaidGroup) or word not in group.members:
            break
        path.append(word)
        group = group.get_command(click.Context(group), word)
    return " ".join(path)


def _named(param: click.Parameter | None, context: click.Context | None) -> str:
    speaker = context.find_object(Speaker) if context else None
    told = getattr(param, "told", None)
    key = getattr(context.command, "key", "") if context else ""
    if param is None or told is None or speaker is None:
        return str(param.name if param else "")
    return str(told(key, speaker.lang)[0])


def _pipe_gone() -> int:
    # The reader left (`| head`). Python would complain once more when it closes standard output, so that goes nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.PIPE_GONE


@click.command(
    "sizao",
    cls=Root,
    key="sizao",
    members=MEMBERS,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@lang_option
@option("--version", is_flag=True)
@click.pass_context
def sizao(context: click.Context, *, version: bool) -> int:
    """From what was reported to who must act, by when, and why."""
    if version:
        print(f"sizao {__version__}")
        context.exit(Exit.OK)
    if context.invoked_subcommand is None:
        print(help_page(sizao, "sizao", context))
        context.exit(Exit.OK)
    return Exit.OK


def main() -> int:
    """The console script: runs the command line of this process and gives its exit code."""
    code = sizao.main(standalone_mode=False)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
