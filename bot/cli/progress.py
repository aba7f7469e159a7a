"""Progress of something slow, on stderr: a line that moves on a terminal, one plain line elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType

from bot.i18n import N_, Speaker

_STEPS = {
    "words": N_("weighing words"),
    "messages": N_("reading messages"),
    "families": N_("reading the thesaurus"),
    "writing": N_("writing the index"),
}


class Progress:
    """Called with (step, done, total); wipes its line when it is over."""

    def __init__(self, say: Speaker) -> None:
        self._say = say
        self._moves = sys.stderr.isatty()
        self._width = 0
        self._has_begun = False

    def __enter__(self) -> Progress:
        return self

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step is."""
        if not self._has_begun:
            self._has_begun = True
            if not self._moves:
                print(self._say("Indexing the documents; this is done once."), file=sys.stderr)
        if not self._moves:
            return
        words = self._say(_STEPS.get(step, N_("reading articles")))
        line = self._say("Indexing the documents: {step} {done}/{total}", step=words, done=done, total=total)
        print(f"\r{line:<{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._width:
            print(f"\r{'':<{self._width}}\r", end="", file=sys.stderr, flush=True)
