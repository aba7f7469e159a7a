"""What is counted of a log: each group of records, and all that was read."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.names import names_in
from bot.triage.moments import read_moment
from kb.model import Entry

_MOST_HUBS = 8
_FRONT = 1_000
"""Bytes of a line in which its time and hub are looked for."""
_OUTERMOST = 8
"""Lines at either end of a group in which its first and last time are looked for."""


@dataclass(slots=True)
class Tally:
    """How often, when and where something was seen."""

    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    devices: dict[str, None] = field(default_factory=dict)
    example: str = ""
    hubs: dict[str, None] = field(default_factory=dict)
    _first_lines: list[bytes] = field(default_factory=list)
    _last_lines: deque[bytes] = field(default_factory=lambda: deque(maxlen=_OUTERMOST))

    def see(self, line: bytes) -> None:
        """Count one more; the time is read from the outermost lines only, when it is asked for."""
        self.count += 1
        front = line[:_FRONT]
        if len(self._first_lines) < _OUTERMOST:
            self._first_lines.append(front)
        self._last_lines.append(front)

    def settle(self, encoding: str, now: datetime) -> None:
        """Read the times of the lines seen since the last time; logs are in order, files need not be.

        A line here and there has no time of its own (a console that two processes write to): its neighbour tells.
        """
        for lines in (self._first_lines, reversed(self._last_lines)):
            moments = (read_moment(line.decode(encoding, errors="replace"), now) for line in lines)
            moment = next(filter(None, moments), None)
            if moment is not None:
                self.first = moment if self.first is None or _is_before(moment, self.first) else self.first
                self.last = moment if self.last is None or _is_before(self.last, moment) else self.last
        for line in {*self._first_lines, *self._last_lines}:
            self.name_hub(line.decode(encoding, errors="replace"))
        self._first_lines.clear()
        self._last_lines.clear()

    def name_hub(self, text: str) -> None:
        """Remember the hub that a text is about."""
        if len(self.hubs) < _MOST_HUBS and (hub := names_in(text).get("hub")):
            self.hubs[hub.lower()] = None


@dataclass(slots=True)
class Known(Tally):
    """Records that one entry explains."""

    entry: Entry | None = None
    confidence: float = 0.0
    alternatives: tuple[Entry, ...] = ()
    """Entries that the line fits as well."""


@dataclass(slots=True)
class Unknown(Tally):
    """Error records of one shape that no entry explains."""

    shape: str = ""


@dataclass(slots=True)
class Totals:
    """What was read."""

    n_lines: int = 0
    n_bytes: int = 0
    n_records: int = 0
    n_searched: int = 0
    n_forgotten: int = 0
    """Unknown shapes seen once that were given up for room."""
    redacted: dict[str, None] = field(default_factory=dict)


def _is_before(one: datetime, other: datetime) -> bool:
    """A time without a zone is taken as UTC where it meets one that has."""
    return (one if one.tzinfo else one.replace(tzinfo=UTC)) < (
        other if other.tzinfo else other.replace(tzinfo=UTC)
    )
