"""Live checks that run in this process: how many at once, and how to stop one, or all of them at the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from bot.errors import BotError
from bot.store.claims import Place

MOST = 8
"""At once in a process: each holds a thread for up to twenty seconds, and answers need threads too."""


class ChecksBusy(BotError):
    """Checks that cannot begin now."""

    code = "checks-busy"


class Stoppable(Protocol):
    """A diagnosis under way."""

    def cancel(self) -> None: ...


class Run:
    """One run of the checks, which can be stopped before it has begun."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: Stoppable | None = None
        self.is_stopped = False
        """Somebody wants it no more."""

    def began(self, running: Stoppable) -> None:
        """Name what is to be cancelled."""
        with self._lock:
            self._running = running
            is_stopped = self.is_stopped
        if is_stopped:
            running.cancel()

    def stop(self) -> None:
        """End it now."""
        with self._lock:
            self.is_stopped = True
            running = self._running
        if running is not None:
            running.cancel()


class Underway:
    """The runs of this process."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()
        self._is_closed = False

    @contextmanager
    def run(self, name: str) -> Iterator[Run]:
        """Count a run in for a block.

        Raises
        ------
        ChecksBusy
            If the same is running already, or too many are.
        """
        with self._lock:
            if name in self._runs:
                raise ChecksBusy("these checks are running already", "wait for their result, or stop them")
            if self._is_closed or len(self._runs) >= self._most:
                raise ChecksBusy("too many checks are running right now", "try again in half a minute")
            made = self._runs[name] = Run()
        try:
            yield made
        finally:
            with self._lock:
                del self._runs[name]

    def stop(self, name: str) -> bool:
        """Stop a run; False where it does not run here."""
        with self._lock:
            found = self._runs.get(name)
        if found is None:
            return False
        found.stop()
        return True

    def close(self) -> None:
        """Stop every run, and let none begin any more."""
        with self._lock:
            self._is_closed = True
            runs = tuple(self._runs.values())
        for one in runs:
            one.stop()


def run_name(question: Place, user: str = "") -> str:
    """Return the name of a run: of a person's press on a card, or of a question that asks for checks."""
    return "/".join((question.team, question.channel, question.ts, user))
