"""The shell of every command: help and usage errors from the word catalogues, in zh and en, and the exit codes.

Help is looked up by name: command `policy.diff` says `cli.policy.diff`, its option `--area` says `cli.policy.diff.area`, or
`cli.any.area` where the option means the same everywhere.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

import click

from sizao.cli.ambient import Ambient
from sizao.cli.layout import definitions, indented
from sizao.cli.output import Speaker
from sizao.errors import CliError, Where
from sizao.words.catalogue import Lang, say, terms


class Exit(IntEnum):
    """What a command's end means to a script; `docs/command-line.md` lists them."""

    OK = 0
    FOUND = 1
    USAGE = 2
    REFUSED = 3
    INTERNAL = 4
    STOPPED = 130
    PIPE_GONE = 141


def surroundings_of(context: click.Context) -> Ambient:
    """The surroundings of a run; those of a plain English page where nobody set any (the generated documentation)."""
    speaker = context.find_object(Speaker)
    return speaker.ambient if speaker else Ambient(lang=Lang.EN, width=context.terminal_width or 96)


class SaidOption(click.Option):
    """An option whose help stands in the word catalogues."""

    def __init__(self, *declared: Any, meta: str | None = None, **rest: Any) -> None:
        super().__init__(*declared, **rest)
        self.meta = meta

    def told(self, key: str, lang: Lang) -> tuple[str, str]:
        """The option as one writes it, and what it does."""
        names = ", ".join([*self.opts, *self.secondary_opts])
        if self.meta:
            names += f" {say(f'cli.meta.{self.meta}', lang)}"
        name = str(self.name).strip("_")
        own = f"cli.{key}.{name}"
        text = say(own if own in terms() else f"cli.any.{name}", lang)
        if self.required:
            text += say("cli.help.required", lang)
        elif self.show_default and self.default not in (None, ()):
            text += say("cli.help.default", lang, value=self.default)
        return names, text


class SaidArgument(click.Argument):
    """An argument whose name and help stand in the word catalogues."""

    def __init__(self, declared: Sequence[str], meta: str, **rest: Any) -> None:
        super().__init__(declared, **rest)
        self.meta = meta

    def named(self, lang: Lang) -> str:
        """The name a person reads: 文件 or FILE, with dots where several may stand."""
        name = say(f"cli.meta.{self.meta}", lang)
        name += "..." if self.nargs == -1 else ""
        return name if self.required else f"[{name}]"

    def told(self, key: str, lang: Lang) -> tuple[str, str]:
        """The argument as one writes it, and what it is."""
        return self.named(lang), say(f"cli.{key}.{self.name}", lang)


class SaidCommand(click.Command):
    """A command that explains itself in two languages."""

    def __init__(self, *args: Any, key: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.key = key

    def get_help(self, ctx: click.Context) -> str:
        """The whole help page."""
        return help_page(self, self.key, ctx)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - help here is never cut off
        """The first sentence in English; what people read comes from `get_help`."""
        return say(f"cli.{self.key}", Lang.EN)


class SaidGroup(click.Group):
    """A group whose commands are imported when they are called, so that help and errors come at once."""

    def __init__(self, *args: Any, key: str, members: Mapping[str, str], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.key = key
        self.members = members

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order a newcomer needs them."""
        return list(self.members)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, imported now."""
        if cmd_name not in self.members:
            return None
        module, _, name = self.members[cmd_name].partition(":")
        found = getattr(importlib.import_module(module), name)
        assert isinstance(found, click.Command)
        return found

    def get_help(self, ctx: click.Context) -> str:
        """The whole help page."""
        return help_page(self, self.key, ctx)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - help here is never cut off
        """The first sentence in English; what people read comes from `get_help`."""
        return say(f"cli.{self.key}", Lang.EN)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command asked for; an unknown one is refused with the nearest names (C102)."""
        found = self.get_command(ctx, args[0])
        if found is None and not args[0].startswith("-"):
            raise CliError("C102", value=args[0], known=", ".join(self.members))
        return super().resolve_command(ctx, args)


def help_page(command: click.Command, key: str, context: click.Context) -> str:
    """Usage, what the command does, what it takes, and examples."""
    around = surroundings_of(context)
    lang, width = around.lang, around.width
    lines = [_usage(command, context, lang), "", *indented(say(f"cli.{key}", lang), width, 2)]
    if f"cli.{key}.more" in terms():
        for part in say(f"cli.{key}.more", lang).strip().split("\n"):
            lines += ["", *indented(part, width, 2)] if part else []
    if isinstance(command, SaidGroup):
        prefix = f"{key}." if key != "sizao" else ""
        lines += _section("cli.help.commands", _commands(command, prefix, lang), around)
    arguments = [each.told(key, lang) for each in command.params if isinstance(each, SaidArgument)]
    lines += _section("cli.help.arguments", arguments, around)
    options = [each.told(key, lang) for each in command.params if isinstance(each, SaidOption) and not each.hidden]
    lines += _section("cli.help.options", [*options, ("-h, --help", say("cli.any.help", lang))], around)
    if f"cli.{key}.examples" in terms():
        lines += ["", say("cli.help.examples", lang)]
        lines += [f"  {line}" for line in say(f"cli.{key}.examples", lang).strip().splitlines()]
    return "\n".join(lines)


def _usage(command: click.Command, context: click.Context, lang: Lang) -> str:
    words = [say("cli.help.usage", lang, command=context.command_path), say("cli.help.options_meta", lang)]
    words += [each.named(lang) for each in command.params if isinstance(each, SaidArgument)]
    if isinstance(command, click.Group):
        words.append(say("cli.help.command_meta", lang))
    return " ".join(words)


def _commands(group: SaidGroup, prefix: str, lang: Lang) -> list[tuple[str, str]]:
    return [(name, say(f"cli.{prefix}{name}", lang)) for name in group.members]


def _section(code: str, pairs: list[tuple[str, str]], around: Ambient) -> list[str]:
    return ["", say(code, around.lang), *definitions(pairs, around.width)] if pairs else []


def command(key: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Makes a command of a function; `key` is its place among the words: `trace`, `policy.diff`."""
    settings = {"help_option_names": ["-h", "--help"]}

    def make(function: Callable[..., Any]) -> click.Command:
        made = click.command(key.rsplit(".", 1)[-1], cls=SaidCommand, key=key, context_settings=settings)(
            lang_option(function)
        )
        assert isinstance(made, click.Command)
        return made

    return make


def option(*declared: str, **rest: Any) -> Callable[[Any], Any]:
    """An option; its help is found by its name."""
    return click.option(*declared, cls=SaidOption, **rest)


def argument(name: str, *, meta: str, **rest: Any) -> Callable[[Any], Any]:
    """An argument; its help is found by its name, and `meta` names the kind of thing it takes."""
    return click.argument(name, cls=SaidArgument, meta=meta, **rest)


# The language is read before anything is parsed (`ambient.asked_language`); here it only has to be accepted everywhere.
lang_option = option("--lang", meta="lang", expose_value=False)
json_option = option("--json", "as_json", is_flag=True)


class Read(click.ParamType):  # type: ignore[type-arg]
    """A kind of value: read by a function that refuses what it cannot read with one of our own errors."""

    def __init__(self, name: str, read: Callable[[str, Where], Any]) -> None:
        self.name, self.read = name, read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """The value read; what is no text was read before."""
        where = Where(key=param.opts[0] if param and param.opts else None)
        return self.read(value, where) if isinstance(value, str) else value


def one_of(*allowed: str) -> Read:
    """One of some words; anything else is refused with the words there are (C104)."""

    def read(text: str, where: Where) -> str:
        if text not in allowed:
            raise CliError("C104", where=where, value=text, allowed=", ".join(allowed))
        return text

    return Read("word", read)


def _whole(text: str, where: Where) -> int:
    if not text.isascii() or not text.isdigit():
        raise CliError("C105", where=where, value=text)
    return int(text)


def _pair(text: str, where: Where) -> tuple[str, str]:
    left, _, right = (part.strip() for part in text.partition("="))
    if not left or not right:
        raise CliError("C106", where=where, value=text)
    return left, right


def _existing(text: str, _where: Where) -> Path:
    if not Path(text).exists():
        raise CliError("C107", where=Where(file=text), value=text)
    return Path(text)


def _writable(text: str, _where: Where) -> Path:
    path = Path(text)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise CliError("C108", where=Where(file=text), value=text)
    return path


WHOLE = Read("number", _whole)
"""A whole number from 0 up (C105)."""
PAIR = Read("pair", _pair)
"""Two words joined by `=` (C106)."""
EXISTING = Read("path", _existing)
"""A file or folder that is there (C107)."""
WRITABLE = Read("path", _writable)
"""A file to write: its folder is there and it is no folder itself (C108)."""
FOLDER = Read("path", lambda text, _where: Path(text))
"""A folder that is there or can be made."""
