"""What a command has at hand: settings, a voice, stdin, stdout and stderr. The thin edge of the terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot import wiring
from bot.errors import FileUnreadable, SettingsUnusable
from bot.i18n import Speaker, speaker
from bot.printable import escaped, printable
from bot.settings import Basics, Settings

if TYPE_CHECKING:
    from rich.console import Console

    from bot.cli.layout import Line

INTERRUPTED = 130
"""Exit status of a command that Ctrl-C ended, as shells have it."""
_WIDEST = 100


class Session:
    """One run of a command."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._locale: str | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings, read when first asked for."""
        return wiring.settings()

    @cached_property
    def basics(self) -> Basics:
        """What a question needs of them: hubs and channels are not read for it."""
        return wiring.basics()

    @cached_property
    def hub_names(self) -> tuple[str, ...]:
        """Names of the configured hubs; none where the settings cannot be read, which is said where a hub is asked."""
        try:
            return tuple(self.settings.hubs)
        except SettingsUnusable:
            return ()

    @property
    def locale(self) -> str:
        """Locale of the person at the terminal."""
        if self._locale is None:
            try:
                chosen = self.basics.locale
            except SettingsUnusable:  # said in some language all the same, by whoever reads the settings next
                chosen = None
            self._locale = wiring.terminal_locale(chosen)
        return self._locale

    def speak(self, locale: str) -> None:
        """Speak to this locale from now on."""
        self._locale = locale

    @property
    def say(self) -> Speaker:
        """Who speaks to the person."""
        return speaker(self.locale)

    @cached_property
    def out(self) -> Console:
        """Answers go here."""
        return _console(sys.stdout)

    def show(self, lines: Iterable[Line]) -> None:
        """Print an answer."""
        from bot.cli.layout import Page

        self.out.print(Page(tuple(lines)), crop=False, end="")

    def remark(self, text: str) -> None:
        """Print a remark on stderr, with nothing in it that could steer the terminal."""
        print(wrapped(printable(text), _width_of_stderr()), file=sys.stderr)

    def print_json(self, document: object) -> None:
        """Print a JSON document."""
        print(as_json_text(document))

    def print_json_line(self, document: object) -> None:
        """Print a JSON document as one line of many."""
        print(as_json_line(document))


def wrapped(text: str, width: int) -> str:
    """Return text broken between words at a width; 0 for none, as a log wants it."""
    if width <= 0 or all(len(line) <= width for line in text.split("\n")):
        return text
    import textwrap

    lines = text.split("\n")
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        if len(line) > width
        else line
        for line in lines
    )


def _width_of_stderr() -> int:
    """Width of the terminal that remarks go to; 0 where it is none."""
    try:
        return min(os.get_terminal_size(sys.stderr.fileno()).columns, _WIDEST) if sys.stderr.isatty() else 0
    except (OSError, ValueError, AttributeError):
        return 0


def as_json_line(document: object) -> str:
    """Return JSON on one line."""
    return escaped(json.dumps(document, ensure_ascii=False))


def as_json_text(document: object) -> str:
    """Return JSON for people and programs: letters as they are, what steers a terminal escaped."""
    return escaped(json.dumps(document, ensure_ascii=False, indent=2))


def read_input(most_bytes: int) -> bytes:
    """Return what is piped in, at most one byte more than asked for."""
    parts: list[bytes] = []
    held = 0
    if sys.stdin is None:  # closed by who called us
        return b""
    try:
        while held <= most_bytes and (part := sys.stdin.buffer.read(min(1 << 20, most_bytes + 1 - held))):
            parts.append(part)
            held += len(part)
    except OSError as error:
        raise FileUnreadable(
            "standard input cannot be read ({reason})", "", reason=error.strerror or str(error)
        ) from error
    return b"".join(parts)


def is_piped() -> bool:
    """Return whether something else than a keyboard feeds standard input."""
    try:
        return not sys.stdin.isatty()
    except (AttributeError, ValueError):  # closed, as services start programs
        return False


def argument_text(argument: str) -> str:
    """Return an argument's text; bytes that were no UTF-8 are read as what else they may be."""
    if argument.isascii():
        return argument
    from bot.decoding import decode

    return decode(os.fsencode(argument))


def _console(file: Any) -> Console:
    from rich.console import Console

    class Quiet(Console):
        """rich would end the process with status 1 when nobody reads on; how to end is ours to say."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    console = Quiet(file=file, highlight=False, markup=False, emoji=False, soft_wrap=False)
    console.width = min(console.width, _WIDEST)
    return console
