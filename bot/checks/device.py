"""Checks on one device as the hub knows it: is it there, enabled, connected, and by which protocol?

The connection state moves only for MQTT and AMQP and may lag five minutes behind; every finding that rests on it says
so. "Missing" is said only where the hub itself said it, never for a 404 that a proxy may have made.
"""

from __future__ import annotations

from datetime import timedelta

from bot.answer import Finding
from bot.checks.check import Evidence, cannot_tell, confirmed, quoted, read_in, ruled_out, unread
from bot.checks.facts import DeviceState, Reading
from bot.checks.known_device import CONNECTION_LAG, connection_since, left_out, of_known

ACTIVITY_LAG = "up to some minutes"
QUERY_LAG = "found by a query, minutes behind; each was then read by itself"
_RECENT = timedelta(minutes=10)
"""An activity so short ago is what the device does now."""


def missing(evidence: Evidence) -> Finding | None:
    """Does the hub know the device at all?"""
    reading = evidence.facts.state
    if reading is None:
        return None
    if reading.is_missing:
        return confirmed(
            "device-missing",
            "The hub does not know {device} ({status} {code}).",
            read_in(reading),
            device=evidence.device,
            status=reading.status,
            code=reading.code,
        )
    if reading.value is None:
        return unread("device-missing", reading)
    return ruled_out(
        "device-missing",
        "The hub knows {device}; if the error says otherwise, compare hub name and letter case.",
        read_in(reading),
        device=evidence.device,
    )


@of_known("device-disabled")
def disabled(evidence: Evidence, reading: Reading[DeviceState], state: DeviceState) -> Finding:
    """Is the device disabled, since when and why?"""
    if state.is_enabled is None:
        return left_out("device-disabled", reading, "status")
    if state.is_enabled:
        return ruled_out("device-disabled", "{device} is enabled.", read_in(reading), device=state.device_id)
    reason = quoted(state.status_reason)
    if reason and state.status_since:
        message = "{device} is disabled since {since}; the reason noted is “{reason}”."
    elif state.status_since:
        message = "{device} is disabled since {since}."
    elif reason:
        message = "{device} is disabled; the reason noted is “{reason}”."
    else:
        message = "{device} is disabled."
    return confirmed(
        "device-disabled",
        message,
        read_in(reading),
        device=state.device_id,
        since=state.status_since,
        reason=reason,
    )


@of_known("device-offline")
def offline(evidence: Evidence, reading: Reading[DeviceState], state: DeviceState) -> Finding:
    """Is the device connected now, and was it when the error came?"""
    if state.is_connected is None:
        return left_out("device-offline", reading, "connectionState")
    fact = read_in(reading, CONNECTION_LAG)
    since, error_time = connection_since(evidence, state), evidence.pasted.error_time
    if not state.is_connected:
        if since:
            message = "{device} is disconnected since {since}."
        elif state.last_activity:
            message = "{device} is disconnected; it was last active at {last}."
        else:
            message = "{device} is disconnected and was never active."
        return confirmed(
            "device-offline", message, fact, device=state.device_id, since=since, last=state.last_activity
        )
    if since and error_time and since > error_time:
        message = "{device} is connected now, but only since {since}, after the error of {error}: it may have been offline then."
    elif since:
        message = "{device} is connected since {since}."
    else:
        message = "{device} is connected."
    return ruled_out("device-offline", message, fact, device=state.device_id, since=since, error=error_time)


@of_known("device-never-connected")
def never_connected(evidence: Evidence, reading: Reading[DeviceState], state: DeviceState) -> Finding:
    """Has the device ever been seen?"""
    if not state.is_whole:
        return left_out("device-never-connected", reading, "lastActivityTime")
    fact = read_in(reading, ACTIVITY_LAG)
    if state.last_activity:
        message = "{device} was last active at {last}."
        return ruled_out(
            "device-never-connected", message, fact, device=state.device_id, last=state.last_activity
        )
    if state.is_connected or connection_since(evidence, state):
        return ruled_out(
            "device-never-connected", "{device} has connected before.", fact, device=state.device_id
        )
    return confirmed(
        "device-never-connected",
        "{device} has never connected since it was registered.",
        fact,
        device=state.device_id,
    )


def mistyped(evidence: Evidence) -> Finding | None:
    """Is there a device of nearly that name?"""
    state, reading = evidence.facts.state, evidence.facts.near_ids
    if state is None or not state.is_missing or reading is None:
        return None
    if reading.value is None:
        return unread("device-id-mistyped", reading)
    fact = read_in(reading, QUERY_LAG)
    if reading.value:
        return confirmed(
            "device-id-mistyped",
            "{device} does not exist, but this does: {near}.",
            fact,
            device=evidence.device,
            near=", ".join(reading.value),
        )
    return ruled_out(
        "device-id-mistyped", "No device of a name like {device} was found.", fact, device=evidence.device
    )


def id_taken(evidence: Evidence) -> Finding | None:
    """Is the id of a device to be created in use?"""
    reading = evidence.facts.state
    if reading is None:
        return None
    if reading.is_missing:
        message = "No device {device} exists now: deleted since, perhaps."
        return ruled_out("device-id-taken", message, read_in(reading), device=evidence.device)
    if reading.value is None:
        return unread("device-id-taken", reading)
    return confirmed("device-id-taken", "A device {device} exists.", read_in(reading), device=evidence.device)


def http_only(evidence: Evidence) -> Finding | None:
    """Does the device speak HTTPS only, and so can never take a method call?"""
    reading = evidence.fullest
    if reading is None or reading.is_missing:
        return None
    state = reading.value
    if state is None:
        return unread("device-http-only", reading)
    fact = read_in(reading, CONNECTION_LAG)
    if state.is_connected or state.connection_since:
        return ruled_out(
            "device-http-only",
            "{device} has held a connection, so it speaks MQTT or AMQP.",
            fact,
            device=state.device_id,
        )
    is_recent = state.last_activity is not None and evidence.now - state.last_activity < _RECENT
    if state.from_registry and is_recent:
        return confirmed(
            "device-http-only",
            "{device} was active at {last} and has never held a connection: it likely speaks HTTPS only. That is no proof.",
            fact,
            device=state.device_id,
            last=state.last_activity,
        )
    return cannot_tell(
        "device-http-only",
        "Whether {device} has ever held a connection cannot be seen here.",
        fact,
        would_tell="the protocol in the device's code or in the resource log",
        device=state.device_id,
    )


def no_method_handler(evidence: Evidence) -> Finding | None:
    """A connected device that takes no method call: only the device's code tells."""
    return _connected_but(
        evidence,
        "method-handler-missing",
        "{device} is connected; whether it listens for this method cannot be read.",
        "the device's code: it has to register a handler for that method's name",
    )


def slow_handler(evidence: Evidence) -> Finding | None:
    """A connected device that does not answer in time: only the device's code tells."""
    return _connected_but(
        evidence,
        "handler-slow",
        "{device} is connected; how long its handler takes cannot be read.",
        "the handler's own log; and the .NET SDK's version, which before 1.19.0 gave up too early",
    )


def _connected_but(evidence: Evidence, fault: str, message: str, would_tell: str) -> Finding | None:
    reading = evidence.facts.state
    state = reading.value if reading is not None else None
    if reading is None or state is None or not state.is_connected:
        return None
    return cannot_tell(
        fault, message, read_in(reading, CONNECTION_LAG), would_tell=would_tell, device=state.device_id
    )
