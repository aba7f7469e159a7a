"""A clock that moves only when somebody waits: minutes of sampling pass in no time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 5, 10, 0, 0, tzinfo=UTC)


class VirtualClock:
    """The time as the test tells it; hub and checks may share one."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._began = start
        self._lock = threading.Lock()
        self.waits: list[float] = []

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        return (self.now() - self._began).total_seconds()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        self.waits.append(seconds)
        self.advance(timedelta(seconds=seconds))
        return stop.is_set()

    def advance(self, by: timedelta) -> None:
        with self._lock:
            self._now += by
