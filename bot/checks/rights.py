"""What a configured hub can be asked: tried once, so that it can be said before somebody is in a hurry."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.checks import hub as hubs_
from bot.checks.attempt import Attempt
from bot.checks.facts import Reading, Trouble
from bot.checks.hub import Access, HubReader, HubSettings
from bot.checks.limits import Clock, SystemClock
from bot.checks.plan import OpenHub, open_live

DEADLINE_S = 10.0
_NOBODY = "hubmedic-probe"
"""A device that most likely does not exist: 404 says as much of our rights as 200."""
_MAY_WRITE = frozenset({"iothubowner", "registryreadwrite", "service"})
"""Policies that every hub is delivered with and that may change something; the checks use none of that."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a hub's credential may read."""

    host: str
    policy: str
    """Empty with an Entra credential."""
    reads_twins: bool
    """Enough for nearly every check, and without any key in the answer."""
    reads_registry: bool
    """Needed for: since when a connection is as it is, and whose key a token was signed with."""
    reads_statistics: bool
    """Needed for the number of devices."""
    may_write: bool
    """The policy is one that may change things; a role of ``IoT Hub Data Reader`` would do."""
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
    attempt = Attempt(lambda _: _tried(access, reader))
    try:
        return attempt.result(deadline_s, stop)
    except TimeoutError:
        stop.set()
        reader.abort()
        late: Reading[Any] = Reading(f"GET /twins/{_NOBODY}", ours.now(), trouble=Trouble.LATE)
        return _rights(access, late, None, None)


def _tried(access: Access, reader: HubReader) -> Rights:
    try:
        twin: Reading[Any] = reader.twin(_NOBODY)
        if not _may(twin) and twin.trouble is not Trouble.REFUSED:
            return _rights(access, twin, None, None)
        return _rights(access, twin, reader.identity(_NOBODY), reader.statistics())
    finally:
        reader.close()


def _rights(
    access: Access, twin: Reading[Any], identity: Reading[Any] | None, statistics: Reading[Any] | None
) -> Rights:
    answered = next(
        (r for r in (twin, identity, statistics) if r is not None and r.clock_skew is not None), None
    )
    return Rights(
        host=access.host,
        policy=access.policy,
        reads_twins=_may(twin),
        reads_registry=_may(identity),
        reads_statistics=_may(statistics),
        may_write=access.policy.casefold() in _MAY_WRITE,
        clock_skew=answered.clock_skew if answered is not None else None,
        answer=twin,
    )


def _may(reading: Reading[Any] | None) -> bool:
    return reading is not None and (reading.value is not None or reading.is_missing)
