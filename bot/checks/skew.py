"""Compare this machine's clock with a hub's: every answer of a hub carries its time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.checks.facts import Reading, Rung, Step

_WARN, _FAIL = timedelta(seconds=60), timedelta(seconds=300)


def clock_step(reading: Reading[Any]) -> Step | None:
    """Compare this machine's clock with the hub's, as an answer of the hub told it; None where it told none."""
    skew = reading.clock_skew
    if skew is None:
        return None
    values: dict[str, object] = {"skew": abs(skew)}
    if abs(skew) > _FAIL:
        message = (
            "This machine's clock is {skew} ahead of the hub's: good certificates look expired here, and times in logs mislead."
            if skew > timedelta()
            else "This machine's clock is {skew} behind the hub's: tokens made here end too early."
        )
        return Step(Rung.CLOCK, False, message, reading.source, reading.read_at, values)
    if abs(skew) > _WARN:
        message = "This machine's clock and the hub's are {skew} apart, which still works."
        return Step(
            Rung.CLOCK, None, message, reading.source, reading.read_at, values, "this machine's time server"
        )
    message = "This machine's clock and the hub's agree within {skew}."
    return Step(Rung.CLOCK, True, message, reading.source, reading.read_at, values)
