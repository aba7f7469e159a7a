"""What somebody says, turn by turn: typed at a keyboard, or piped in.

At a keyboard a paste of many lines is one turn (bracketed paste), Ctrl-C clears the line and leaves an empty one, Ctrl-D
leaves. Piped in, a line is a turn; lines that can only go on with the one before (a stack trace, indented JSON) join it
when they are there already, so that whoever waits for a reply before writing on is never kept waiting.
"""

from __future__ import annotations

import codecs
import os
import select
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.decoding import encoding_of
from bot.records import goes_on
from bot.redaction import redact

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

PROMPT = "hubmedic> "
_JOIN_WITHIN_S = 0.05


class Typed:
    """Turns from a keyboard, with a history that outlives the process and holds no secret."""

    def __init__(self, history: Path) -> None:
        self._session = _prompt(history)

    def __iter__(self) -> Iterator[str]:
        while True:
            try:
                text = self._session.prompt(PROMPT)
            except (EOFError, KeyboardInterrupt):
                return
            if text.strip():
                yield text


class Piped:
    """Turns from standard input."""

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = sys.stdin.fileno() if descriptor is None else descriptor
        self._decoder: codecs.IncrementalDecoder | None = None
        self._pending = ""
        self._is_over = False

    def __iter__(self) -> Iterator[str]:
        while (line := self._line()) is not None:
            turn = [line]
            while (following := self._peek()) is not None and goes_on(following, "\n".join(turn)):
                turn.append(following)
                self._line()
            if text := "\n".join(turn).strip():
                yield text

    def _line(self) -> str | None:
        """The next line, waited for; None at the end."""
        self._fill(lambda: True)
        if not self._pending:
            return None
        line, _, self._pending = self._pending.partition("\n")
        return line.rstrip("\r")

    def _peek(self) -> str | None:
        """The next line where it is there already."""
        self._fill(self._is_more_there)
        if "\n" in self._pending or (self._is_over and self._pending):
            return self._pending.partition("\n")[0].rstrip("\r")
        return None

    def _fill(self, may_read: Callable[[], bool]) -> None:
        """Read until a line break is there, or no more may be read; joined once, since a line may have 50 MB."""
        if "\n" in self._pending:
            return
        parts = [self._pending]
        while not self._is_over and may_read():
            parts.append(self._read())
            if "\n" in parts[-1]:
                break
        self._pending = "".join(parts)

    def _is_more_there(self) -> bool:
        try:
            return bool(select.select([self._descriptor], [], [], _JOIN_WITHIN_S)[0])
        except (OSError, ValueError):  # a kind of file that cannot be asked: not waited for
            return False

    def _read(self) -> str:
        data = os.read(self._descriptor, 65_536)
        if self._decoder is None:
            self._decoder = codecs.getincrementaldecoder(encoding_of(data))(errors="replace")
        self._is_over = not data
        return self._decoder.decode(data, final=not data)


def _prompt(history: Path) -> PromptSession[str]:
    """A line editor: the door to prompt_toolkit."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    class Redacting(FileHistory):
        def append_string(self, string: str) -> None:
            super().append_string(redact(string).text)

    kept: History
    try:
        history.parent.mkdir(parents=True, exist_ok=True)
        history.touch(mode=0o600)
        kept = Redacting(str(history))
    except OSError:
        kept = InMemoryHistory()
    keys = KeyBindings()

    @keys.add("c-c")
    def _clear_or_leave(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt)

    session: PromptSession[str] = PromptSession(history=kept, key_bindings=keys, enable_open_in_editor=True)
    return session
