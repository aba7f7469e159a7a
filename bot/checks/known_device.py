"""Looks at a device that the hub knows: what they share, whatever of it they look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from bot.answer import Finding
from bot.checks.check import Evidence, cannot_tell, read_in, unread
from bot.checks.facts import DeviceState, Reading
from bot.i18n import N_

CONNECTION_LAG = N_("up to 5 min; MQTT and AMQP only")
"""How late a connection state may be."""
KnownLook = Callable[[Evidence, Reading[DeviceState], DeviceState], Finding]
"""A look at a device that the hub knows."""


def of_known(fault: str) -> Callable[[KnownLook], Callable[[Evidence], Finding | None]]:
    """Make a check of a look at a device that the hub knows: nothing of one it does not, and why where it was not read."""

    def made(look: KnownLook) -> Callable[[Evidence], Finding | None]:
        @wraps(look)
        def check(evidence: Evidence) -> Finding | None:
            reading = evidence.facts.state
            if reading is None or reading.is_missing:
                return None
            return unread(fault, reading) if reading.value is None else look(evidence, reading, reading.value)

        return check

    return made


def connection_since(evidence: Evidence, state: DeviceState) -> datetime | None:
    """Return since when the connection is as it is, from the registry identity where it was read too and says the same."""
    if state.connection_since:
        return state.connection_since
    identity = evidence.facts.identity
    known = identity.value if identity is not None else None
    return known.connection_since if known is not None and known.is_connected == state.is_connected else None


def left_out(fault: str, reading: Reading[DeviceState], name: str) -> Finding:
    """Return the finding for a hub's answer that does not say what every device has."""
    return cannot_tell(
        fault,
        "The hub's answer leaves out {name}.",
        read_in(reading),
        would_tell="the device in the portal",
        name=name,
    )
