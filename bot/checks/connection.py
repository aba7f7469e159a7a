"""Checks on how a device's connection comes and goes: renewal, rivals, clocks, refusals.

Most of them read only the pasted log. The one that reads the hub looks at the registry identity several times, since
a single look cannot show that a stamp moves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from bot.answer import Finding
from bot.checks import stamps
from bot.checks.check import TEXT, Evidence, Fact, cannot_tell, confirmed, read_in, ruled_out, unread
from bot.checks.known_device import CONNECTION_LAG
from bot.checks.logs import Event
from bot.checks.pasted import Pasted
from bot.i18n import N_

_STEADY = timedelta(minutes=10)
"""A connection that has held for so long has recovered."""
_TOLERANCE = timedelta(minutes=2)
"""How far drops that come at one period may be off it."""
_ONE_DROP = timedelta(minutes=2)
"""A drop, its error and the reconnect stand in the log as several lines within moments."""
_SHORTLY = timedelta(minutes=5)
"""A device that is back so soon after its connection was lost may be back before the hub has seen it go."""
_FAR_OFF, _NEAR = timedelta(minutes=5), timedelta(minutes=1)
"""How far apart two clocks must be to break something, and how near to count as equal."""
_RENEWALS = (
    # (SDK, minutes between drops with its default token of 60 minutes)
    ("node", 45),  # reconnects when it renews
    ("python", 60),  # reconnects when the token ends
    ("c", 48),  # hangs up after 80 % of it
    ("c", 60),
    ("dotnet", 70),  # ten minutes of grace past the token's end
    ("java", 70),
    ("", 65),  # what Microsoft's article on 404104 gives as its example
)
_OTHER_REASON = re.compile(
    r"(?i)does not contain|thumbprint|no assigned permissions|authorization rule|signature|header missing|disabled"
)
_RETURN_CODES = {
    1: N_("CONNACK 1: the hub does not speak that version of MQTT; it takes 3.1.1."),
    2: N_("CONNACK 2: the hub refuses the client id; it has to be the device id, letter for letter."),
    3: N_("CONNACK 3: the hub is unavailable; the C SDK reports that as DEVICE_DISABLED."),
    4: N_("CONNACK 4: user name or password are malformed: HOST/DEVICE/?api-version=… and a SAS token."),
    5: N_(
        "CONNACK 5: not authorised. A bad token, a disabled or missing device and a wrong clock all look like this."
    ),
}


def reconnecting(evidence: Evidence) -> Finding | None:
    """Does the device connect anew again and again, as two clients with one identity make each other do?"""
    identity = evidence.facts.identity
    if identity is None or identity.is_missing:
        return None
    if identity.value is None:
        return unread("device-reconnecting", identity)
    readings = [r for r in (identity, *evidence.facts.samples) if r.value is not None]
    states = [reading.value for reading in readings if reading.value is not None]
    fact = read_in(readings[-1], CONNECTION_LAG)
    n_moves = sum(
        1 for before, after in pairwise(states) if after.connection_since != before.connection_since
    )
    device, since = states[-1].device_id, states[-1].connection_since
    if n_moves and any(state.is_connected for state in states):
        return confirmed(
            "device-reconnecting",
            "The connection of {device} changed {count} times within {span} of looking: it keeps reconnecting, as with two "
            "clients under one identity. That is no proof of two.",
            fact,
            device=device,
            count=n_moves,
            span=readings[-1].read_at - readings[0].read_at,
        )
    if states[-1].is_connected and since and readings[-1].read_at - since > _STEADY:
        return ruled_out(
            "device-reconnecting",
            "{device} has been connected without a break since {since}.",
            fact,
            device=device,
            since=since,
        )
    return cannot_tell(
        "device-reconnecting",
        "The connection of {device} did not change within {span} of looking, which is too short to be sure.",
        fact,
        would_tell="the resource log: maskedIpAddress of each connect tells two clients apart",
        device=device,
        span=readings[-1].read_at - readings[0].read_at,
    )


def before_the_drop_was_seen(evidence: Evidence) -> Finding | None:
    """Did the device come back before the hub had noticed that it was gone?"""
    events = evidence.pasted.events
    replaced = [position for position, event in enumerate(events) if event.kind == "replaced"]
    if not replaced:
        return None
    fact = Fact(TEXT, evidence.now)
    for position in replaced:
        for drop in (event for event in events[:position] if event.kind == "drop"):
            gap = _gap(drop, events[position])
            if gap is None or timedelta() <= gap <= _SHORTLY:
                return confirmed(
                    "reconnected-too-soon",
                    "The log has a lost connection (404104) shortly before: the device came back before the hub had seen it go.",
                    fact,
                )
    return cannot_tell(
        "reconnected-too-soon",
        "The log has no lost connection (404104) shortly before.",
        fact,
        would_tell="the device's own log around that time",
    )


def token_renewal(evidence: Evidence) -> Finding | None:
    """Is it the SDK renewing its token, which mends itself within a minute?"""
    if not evidence.codes & {"401003", "404104"}:
        return None
    return _regular_drops(evidence.pasted, evidence) or _came_back(evidence) or _connected_after(evidence)


def link_lost(evidence: Evidence) -> Finding | None:
    """After a closed connection: is the device back?"""
    reading = evidence.facts.state
    state = reading.value if reading is not None else None
    if reading is None or reading.is_missing:
        return None
    if state is None:
        return unread("device-link-lost", reading)
    fact = read_in(reading, CONNECTION_LAG)
    identity = evidence.facts.identity
    known = identity.value if identity is not None else None
    since = state.connection_since or (known.connection_since if known is not None else None)
    if state.is_connected and (since is None or evidence.now - since > _STEADY):
        message = (
            "{device} is connected since {since}: it has recovered."
            if since
            else "{device} is connected: it has recovered."
        )
        return ruled_out("device-link-lost", message, fact, device=state.device_id, since=since)
    message = (
        "{device} is connected only since {since}: whether the link holds is not known yet."
        if state.is_connected
        else "{device} is not connected now; why cannot be seen from the hub."
    )
    return cannot_tell(
        "device-link-lost",
        message,
        fact,
        would_tell="the device's log: keep-alive, radio signal, crashes",
        device=state.device_id,
        since=since,
    )


def clock_off(evidence: Evidence) -> Finding | None:
    """Do the two clocks in one reply, the log's and the hub's, agree?"""
    found = list(stamps.pairs(evidence.pasted.text))
    if not found:
        return None
    logged, stated = found[-1]
    difference, may_be_zone = stamps.skew(logged, stated)
    fact = Fact(TEXT, evidence.now)
    values: dict[str, object] = {"logged": logged.at, "stated": stated.at, "skew": abs(difference)}
    if logged.at.year <= 1971:
        message = "The log's clock stands at {logged}, the hub's at {stated}: the device has no time yet."
        return confirmed("device-clock-off", message, fact, **values)
    if may_be_zone:
        return cannot_tell(
            "device-clock-off",
            "The log says {logged}, the hub {stated}: a time zone could explain it, or a clock that is {skew} off.",
            fact,
            would_tell="a raw log line with its time zone",
            **values,
        )
    if abs(difference) > _FAR_OFF:
        message = (
            "The log's clock is {skew} behind the hub's ({logged} against {stated})."
            if difference < timedelta()
            else "The log's clock is {skew} ahead of the hub's ({logged} against {stated})."
        )
        return confirmed("device-clock-off", message, fact, **values)
    if abs(difference) < _NEAR:
        return ruled_out(
            "device-clock-off", "The log's clock and the hub's agree within {skew}.", fact, **values
        )
    return cannot_tell(
        "device-clock-off",
        "The log's clock and the hub's are {skew} apart: more than usual, less than what a hub refuses.",
        fact,
        would_tell="a raw log line, written at the moment of the reply",
        **values,
    )


def refused_connect(evidence: Evidence) -> Finding | None:
    """What does the return code of the refused CONNECT mean?"""
    code = evidence.pasted.connack
    if code is None:
        return None
    values = {"connack": code, "is_all": evidence.pasted.is_connack_all}
    return confirmed("connect-refused", _RETURN_CODES[code], Fact(TEXT, evidence.now), **values)


def _regular_drops(pasted: Pasted, evidence: Evidence) -> Finding | None:
    """Four drops or more: at one period, and is it one at which an SDK renews?"""
    gaps = _gaps(_of_the_device(pasted.events, evidence.device))
    if not gaps:
        return None
    fact = Fact(TEXT, evidence.now)
    period = sorted(gaps)[len(gaps) // 2]
    if len(gaps) < 3:
        return None
    if any(abs(gap - period) > _TOLERANCE for gap in gaps):
        message = "The drops come at irregular gaps: a token's renewal would come at regular ones."
        return ruled_out("token-renewal", message, fact, count=len(gaps))
    expected = [minutes for sdk, minutes in _RENEWALS if not (pasted.sdk and sdk) or sdk == pasted.sdk]
    if any(abs(period - timedelta(minutes=minutes)) <= _TOLERANCE for minutes in expected):
        return confirmed(
            "token-renewal",
            "The drops come every {period}, as when the SDK renews a token of 60 minutes.",
            fact,
            period=period,
            count=len(gaps),
        )
    return cannot_tell(
        "token-renewal",
        "The drops come every {period}: regular, but not what the SDKs do with their default token.",
        fact,
        would_tell="the token's lifetime in the device's settings",
        period=period,
        count=len(gaps),
    )


def _came_back(evidence: Evidence) -> Finding | None:
    """401003, then 404104, then a connect: the hub closed an ended token and the SDK came back with a new one."""
    events = _of_the_device(evidence.pasted.events, evidence.device)
    kinds = [event.kind for event in events]
    for position in range(len(events) - 2):
        if kinds[position : position + 3] != ["refused", "drop", "connect"]:
            continue
        gap = _gap(events[position], events[position + 2])
        if gap is None or timedelta() <= gap <= _ONE_DROP:
            message = "The log shows 401003, then 404104, then a new connection: the SDK renewed its token and came back."
            return confirmed("token-renewal", message, Fact(TEXT, evidence.now))
    return None


def _connected_after(evidence: Evidence) -> Finding | None:
    """Is the device back since, as the hub sees it?"""
    error_time = evidence.pasted.error_time
    if evidence.token is not None or _OTHER_REASON.search(evidence.pasted.text):
        return None  # the token itself tells, in token-expired; or the message gives another reason
    reading = evidence.fullest
    if reading is None or reading.is_missing:
        return None
    state = reading.value
    if state is None:
        return unread("token-renewal", reading)
    fact = read_in(reading, CONNECTION_LAG)
    if state.is_connected and state.connection_since and error_time and state.connection_since > error_time:
        return confirmed(
            "token-renewal",
            "{device} came back at {since}, after the error of {error}: it renewed its token by itself.",
            fact,
            device=state.device_id,
            since=state.connection_since,
            error=error_time,
        )
    return cannot_tell(
        "token-renewal",
        "Neither the text nor the hub tells whether {device} was renewing its token.",
        fact,
        would_tell="the token (its se), or four drops in a row from the log",
        device=state.device_id,
    )


def _of_the_device(events: Sequence[Event], device: str) -> list[Event]:
    return [event for event in events if not (device and event.device) or event.device == device]


def _gaps(events: Sequence[Event]) -> list[timedelta]:
    """Times between drops; what follows a drop within moments belongs to it."""
    moments = sorted(
        event.stamp.at for event in events if event.stamp is not None and event.kind in ("drop", "refused")
    )
    drops = [
        moment
        for position, moment in enumerate(moments)
        if position == 0 or moment - moments[position - 1] > _ONE_DROP
    ]
    return [after - before for before, after in pairwise(drops)]


def _gap(first: Event, second: Event) -> timedelta | None:
    if first.stamp is None or second.stamp is None:
        return None
    return second.stamp.at - first.stamp.at
