"""What a configured hub can be asked: tried once, so that it can be said before somebody is in a hurry."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.checks import hub as hubs_
from bot.checks.attempt import Attempt
from bot.checks.facts import Reading, Trouble
from bot.checks.hub import HubReader, HubSettings
from bot.checks.limits import Clock, SystemClock
from bot.checks.plan import OpenHub, open_live

DEADLINE_S = 10.0
_NOBODY = "hubmedic-probe"
"""A device that most likely does not exist: 404 says as much of our rights as 200."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a hub's credential may read."""

    reads_twins: bool
    """Enough for nearly every check, and without any key in the answer."""
    reads_registry: bool
    """Needed for: since when a connection is as it is, and whose key a token was signed with."""
    clock_skew: timedelta | None
    """How far this machine's clock is ahead of the hub's."""
    answer: Reading[Any]
    """What came of reading a twin."""

    @property
    def trouble(self) -> Trouble | None:
        """Why the hub could not be asked at all; None when it answered."""
        return None if _may(self.answer) or self.answer.trouble is Trouble.REFUSED else self.answer.trouble

    @property
    def reads_any(self) -> bool:
        """Something of a device can be read."""
        return self.reads_twins or self.reads_registry


def probe(
    settings: HubSettings,
    *,
    clock: Clock | None = None,
    open_hub: OpenHub | None = None,
    deadline_s: float = DEADLINE_S,
) -> Rights:
    """Try each kind of read once and return which of them the credential may, within ``deadline_s``.

    Raises
    ------
    CheckError
        If the settings cannot work or a package is missing.
    """
    ours, stop = clock or SystemClock(), threading.Event()
    access = hubs_.access(settings)
    reader = (open_hub or open_live)(access, ours, stop)
    attempt = Attempt(lambda _: _tried(reader))
    try:
        return attempt.result(deadline_s, stop)
    except TimeoutError:
        stop.set()
        reader.abort()
        late: Reading[Any] = Reading(f"GET /twins/{_NOBODY}", ours.now(), trouble=Trouble.LATE)
        return _rights(late, None)


def _tried(reader: HubReader) -> Rights:
    try:
        twin: Reading[Any] = reader.twin(_NOBODY)
        if not _may(twin) and twin.trouble is not Trouble.REFUSED:
            return _rights(twin, None)
        return _rights(twin, reader.identity(_NOBODY))
    finally:
        reader.close()


def _rights(twin: Reading[Any], identity: Reading[Any] | None) -> Rights:
    skews = (one.clock_skew for one in (twin, identity) if one is not None and one.clock_skew is not None)
    return Rights(
        reads_twins=_may(twin),
        reads_registry=_may(identity),
        clock_skew=next(skews, None),
        answer=twin,
    )


def _may(reading: Reading[Any] | None) -> bool:
    return reading is not None and (reading.value is not None or reading.is_missing)
