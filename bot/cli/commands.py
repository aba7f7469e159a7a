"""Commands that load when they are called, and help in the reader's language: the door to click's classes.

A command is a file with a click command in it and a line in ``bot.cli.COMMANDS``. Its texts are marked with ``N_`` and
translated when help is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from bot.cli.session import Session
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


class _Speaking:
    """Help in the reader's language, with headings of our own."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = N_("show this help and exit")
        return option  # type: ignore[no-any-return]

    def format_usage(self: Any, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        say = voice(ctx)
        pieces = [say(piece) for piece in self.collect_usage_pieces(ctx)]
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
            record = parameter.get_help_record(ctx)
            if record is not None:
                records.append((record[0], say(parameter.help or "")))
        if records:
            with formatter.section(say("Options")):
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

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List options, then commands, without importing any."""
        super().format_options(ctx, formatter)
        say = voice(ctx)
        with formatter.section(say("Commands")):
            formatter.write_dl([(name, say(one.short_help)) for name, one in self._lazy.items()])


def session(ctx: click.Context) -> Session:
    """Return what the command has at hand."""
    return ctx.ensure_object(Session)


def voice(ctx: click.Context) -> Speaker:
    """Return who speaks to the reader of a help text."""
    return session(ctx).say
