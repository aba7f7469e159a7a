"""Slack's time: the real one until a test moves it ahead, and what is to happen at a time.

Retries after a minute, a message scheduled for tomorrow, a trigger that is good for three seconds: a test says
``clock.advance(60)`` and does not wait.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970, never backwards; with a thread that calls what is due."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="fakeslack-clock", daemon=True)
        self._thread.start()

    def now(self) -> float:
        """The time in Slack."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move ahead; whatever becomes due happens now, in order."""
        with self._changed:
            self._ahead += seconds
            self._changed.notify()

    def call_at(self, when: float, action: Callable[[], None]) -> None:
        """Have something happen at a time, soon if it is past."""
        with self._changed:
            heapq.heappush(self._due, (when, next(self._count), action))
            self._changed.notify()

    def call_in(self, seconds: float, action: Callable[[], None]) -> None:
        """Have something happen after a while."""
        self.call_at(self.now() + seconds, action)

    def close(self) -> None:
        """Let nothing more happen."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._is_closed and not (self._due and self._due[0][0] <= self.now()):
                    wait = self._due[0][0] - self.now() if self._due else None
                    self._changed.wait(wait)
                if self._is_closed:
                    return
                _, _, action = heapq.heappop(self._due)
            action()
