"""Commands that load when they are called, and help in the reader's language: the door to click's classes.

A command is a file with a click command in it and a line in ``bot.cli.running.COMMANDS``, or in its group's. Its texts are marked with ``N_`` and
translated when help is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from bot.cli.session import Session
from bot.errors import UsageWrong
from bot.i18n import N_, Speaker

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command that is imported when it is called."""

    place: str
    """``"bot.cli.ask:command"``."""
    short_help: str

    def load(self) -> click.Command:
        """Import the command."""
        module, _, name = self.place.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


_PIECES = {"[OPTIONS]": N_("[OPTIONS]"), "COMMAND [ARGS]...": N_("COMMAND [ARGS]...")}
"""What click writes into the usage by itself."""


@contextmanager
def section(formatter: click.HelpFormatter, heading: str) -> Iterator[None]:
    """Write a section of help; click's own puts a colon behind every heading as English does."""
    formatter.write_paragraph()
    formatter.write(f"{heading}\n")
    with formatter.indentation():
        yield


class _Speaking:
    """Help in the reader's language, with headings of our own, and errors that know their command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc, no-any-return]
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = N_("show this help and exit")
        return option  # type: ignore[no-any-return]

    def format_usage(self: Any, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        say = voice(ctx)
        pieces = [say(_PIECES.get(piece, piece)) for piece in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=say("Usage:") + " ")

    def format_help_text(self: Any, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(voice(ctx)(self.help))

    def format_options(self: Any, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        say = voice(ctx)
        records = []
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)) is not None:
                records.append((record[0], say(parameter.help or "")))
        if records:
            with section(formatter, say("Options:")):
                formatter.write_dl(records)

    def format_epilog(self: Any, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.epilog:
            formatter.write_paragraph()
            formatter.write_text(voice(ctx)(self.epilog))


class Command(_Speaking, click.Command):
    """A command whose help speaks the reader's language."""


class Group(_Speaking, click.Group):
    """Commands by name, loaded when they are called."""

    def __init__(self, *args: Any, lazy: Mapping[str, Lazy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order they are listed in."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command."""
        return self._lazy[name].load() if name in self._lazy else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Show what there is to somebody who names no command."""
        if not args and not ctx.resilient_parsing:
            click.echo(self.get_help(ctx), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say in our own words that there is no such command."""
        if args and args[0] not in self._lazy and not args[0].startswith("-"):
            raise UsageWrong(
                "there is no command {name}",
                'the commands are {names}; a question is asked with: hubmedic ask "…"',
                name=args[0][:60],
                names=", ".join(self._lazy),
            )
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List options, then commands, without importing any."""
        super().format_options(ctx, formatter)
        say = voice(ctx)
        with section(formatter, say("Commands:")):
            formatter.write_dl([(name, say(one.short_help)) for name, one in self._lazy.items()])


def session(ctx: click.Context) -> Session:
    """Return what the command has at hand."""
    return ctx.ensure_object(Session)


def voice(ctx: click.Context) -> Speaker:
    """Return who speaks to the reader of a help text."""
    return session(ctx).say
