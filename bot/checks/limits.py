"""Time: the clock the checks go by, the pace at which a hub may be asked, the end of a diagnosis."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Protocol

DIAGNOSIS_S = 20.0
"""Longest a diagnosis takes, whatever the peer does."""
BACK_OFF_S = 10.0
"""A throttling hub says "wait ten seconds"; we wait once."""
REGISTRY_INTERVAL_S = 1.0
"""A hub of the smallest size allows a hundred registry reads a minute, and others read too."""


class Clock(Protocol):
    """Where the time comes from; tests have their own."""

    def now(self) -> datetime:
        """Return the time of day, UTC."""

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait, or less where ``stop`` is set meanwhile; tell whether it is."""


class SystemClock:
    """The machine's own."""

    def now(self) -> datetime:
        """Return the time of day, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait, or less where ``stop`` is set meanwhile; tell whether it is."""
        return stop.wait(max(0.0, seconds))


class Turns(Protocol):
    """Where processes agree on who comes when."""

    def reserve(self, name: str, interval_s: float) -> float | None:
        """Take the next turn at a resource and return in how many seconds it is; None where nobody can be asked."""


class Pace:
    """Turns at one resource, spaced: shared by all diagnoses of a process, and with other processes by ``turns``."""

    def __init__(self, interval_s: float, name: str = "", turns: Turns | None = None) -> None:
        self._interval_s = interval_s
        self._name, self._turns = name, turns
        self._next = float("-inf")
        self._lock = threading.Lock()

    def take_turn(self, clock: Clock, stop: threading.Event) -> bool:
        """Wait for the next turn; False where ``stop`` came first."""
        with self._lock:
            now = clock.monotonic()
            turn = max(now, self._next)
            if self._turns is not None:
                left = self._turns.reserve(self._name, self._interval_s)
                now = clock.monotonic()  # asking took time
                turn = max(turn, now + left) if left is not None else turn
            self._next = turn + self._interval_s
        return not (turn > now and clock.wait(turn - now, stop))


class Paces:
    """One pace a hub."""

    def __init__(self, interval_s: float = REGISTRY_INTERVAL_S, turns: Turns | None = None) -> None:
        self._interval_s = interval_s
        self._turns = turns
        self._paces: dict[str, Pace] = {}
        self._lock = threading.Lock()

    def of(self, host: str) -> Pace:
        """Return the pace of a hub."""
        name = host.casefold()
        with self._lock:
            return self._paces.setdefault(name, Pace(self._interval_s, name, self._turns))


PACES = Paces()
"""Those of this process alone."""
