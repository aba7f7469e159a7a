"""Progress of live checks, on a terminal's stderr."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from bot.i18n import Speaker


class CheckLine:
    """What is being read from a hub, in one line that is wiped in the end; nothing where stderr is no terminal."""

    def __init__(self, say: Speaker) -> None:
        self._say = say
        self._width = 0

    def show(self, message: str, values: Mapping[str, object]) -> None:
        """Show what is done now."""
        if not sys.stderr.isatty():
            return
        text = self._say(message, **values)[:78]
        print(f"\r{text:<{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(text)

    def wipe(self) -> None:
        """Take the line away."""
        if self._width:
            print(f"\r{'':<{self._width}}\r", end="", file=sys.stderr, flush=True)
            self._width = 0
