"""Turns that the processes of one machine share: each ``hubmedic check`` lives for a second, a hub counts them all.

A small SQLite file holds when the next turn at each hub is. SQLite's lock is the one that every system has; a file that
cannot be used, or a holder that hangs, makes nobody wait: each process then keeps to its own pace.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

_LOG = logging.getLogger("hubmedic.checks")
_MOST_AHEAD_S = 60.0
"""A turn further ahead is a clock that was set back: no diagnosis waits that long."""
_PATIENCE_S = 1.0


class FileTurns:
    """Turns kept in a file of the user's."""

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        self._file = file
        self._now = now

    def reserve(self, name: str, interval_s: float) -> float | None:
        """Take the next turn at a resource and return in how many seconds it is; None where the file cannot be used."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=_PATIENCE_S, isolation_level=None)) as held:
                return self._reserved(held, name, interval_s)
        except (OSError, sqlite3.Error) as error:
            _LOG.info("turns are not shared with other processes, %s cannot be used: %s", self._file, error)
            return None

    def _reserved(self, held: sqlite3.Connection, name: str, interval_s: float) -> float:
        held.execute("PRAGMA synchronous = OFF")  # a lost turn costs a second, a flushed disk more
        held.execute("BEGIN IMMEDIATE")
        held.execute("CREATE TABLE IF NOT EXISTS turns (name TEXT PRIMARY KEY, next_at REAL NOT NULL)")
        row = held.execute("SELECT next_at FROM turns WHERE name = ?", (name,)).fetchone()
        now = self._now()
        turn = max(now, row[0]) if row is not None and row[0] - now <= _MOST_AHEAD_S else now
        held.execute("REPLACE INTO turns VALUES (?, ?)", (name, turn + interval_s))
        held.execute("COMMIT")
        return turn - now
