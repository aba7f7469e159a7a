"""Checks on one device as the hub knows it: is it there, enabled, connected, and does anything wait for it?

The connection state moves only for MQTT and AMQP and may lag five minutes behind; every finding that rests on it says
so. "Missing" is said only where the hub itself said it, never for a 404 that a proxy may have made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from bot.answer import Finding
from bot.checks.check import Evidence, cannot_tell, confirmed, quoted, read_in, ruled_out, unread
from bot.checks.facts import DeviceState, Reading

CONNECTION_LAG = "up to 5 min; MQTT and AMQP only"
ACTIVITY_LAG = "up to some minutes"
QUERY_LAG = "found by a query, minutes behind; each was then read by itself"
QUEUE_LIMIT = 50
"""Cloud-to-device messages that may wait for one device."""
_RECENT = timedelta(minutes=10)
"""An activity so short ago is what the device does now."""

_KnownLook = Callable[[Evidence, Reading[DeviceState], DeviceState], Finding]
"""A look at a device that the hub knows."""


def _of_known(fault: str) -> Callable[[_KnownLook], Callable[[Evidence], Finding | None]]:
    """Make a check of a look at a device that the hub knows: nothing of one it does not, and why where it was not read."""

    def made(look: _KnownLook) -> Callable[[Evidence], Finding | None]:
        @wraps(look)
        def check(evidence: Evidence) -> Finding | None:
            reading = evidence.facts.state
            if reading is None or reading.is_missing:
                return None
            return unread(fault, reading) if reading.value is None else look(evidence, reading, reading.value)

        return check

    return made


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


@_of_known("device-disabled")
def disabled(evidence: Evidence, reading: Reading[DeviceState], state: DeviceState) -> Finding:
    """Is the device disabled, since when and why?"""
    if state.is_enabled is None:
        return _left_out("device-disabled", reading, "status")
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


@_of_known("device-offline")
def offline(evidence: Evidence, reading: Reading[DeviceState], state: DeviceState) -> Finding:
    """Is the device connected now, and was it when the error came?"""
    if state.is_connected is None:
        return _left_out("device-offline", reading, "connectionState")
    fact = read_in(reading, CONNECTION_LAG)
    since, error_time = _connection_since(evidence, state), evidence.pasted.error_time
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


@_of_known("device-never-connected")
def never_connected(evidence: Evidence, reading: Reading[DeviceState], state: DeviceState) -> Finding:
    """Has the device ever been seen?"""
    if not state.is_whole:
        return _left_out("device-never-connected", reading, "lastActivityTime")
    fact = read_in(reading, ACTIVITY_LAG)
    if state.last_activity:
        message = "{device} was last active at {last}."
        return ruled_out(
            "device-never-connected", message, fact, device=state.device_id, last=state.last_activity
        )
    if state.is_connected or _connection_since(evidence, state):
        return ruled_out(
            "device-never-connected", "{device} has connected before.", fact, device=state.device_id
        )
    return confirmed(
        "device-never-connected",
        "{device} has never connected since it was registered.",
        fact,
        device=state.device_id,
    )


@_of_known("queue-full")
def queue_full(evidence: Evidence, reading: Reading[DeviceState], state: DeviceState) -> Finding:
    """Do fifty cloud-to-device messages wait?"""
    if state.n_waiting is None:
        return _left_out("queue-full", reading, "cloudToDeviceMessageCount")
    fact = read_in(reading)
    if state.n_waiting >= QUEUE_LIMIT:
        since = _connection_since(evidence, state)
        if state.is_connected is False and since:
            message = "{count} messages wait for {device} and {limit} may; it is disconnected since {since}, so nothing drains."
        elif state.is_connected is False:
            message = (
                "{count} messages wait for {device} and {limit} may; it is disconnected, so nothing drains."
            )
        else:
            message = "{count} messages wait for {device} and {limit} may."
        return confirmed(
            "queue-full",
            message,
            fact,
            count=state.n_waiting,
            device=state.device_id,
            limit=QUEUE_LIMIT,
            since=since,
        )
    return ruled_out(
        "queue-full",
        "{count} of {limit} messages wait for {device}; they may have drained or run out since.",
        fact,
        count=state.n_waiting,
        device=state.device_id,
        limit=QUEUE_LIMIT,
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


@_of_known("message-still-queued")
def still_queued(evidence: Evidence, reading: Reading[DeviceState], state: DeviceState) -> Finding:
    """Is the message whose lock was lost waiting again?"""
    if state.n_waiting:
        return confirmed(
            "message-still-queued",
            "{count} messages wait for {device}: what was not completed within 60 s is back in the queue.",
            read_in(reading),
            count=state.n_waiting,
            device=state.device_id,
        )
    return cannot_tell(
        "message-still-queued",
        "No message waits for {device} now: completed, run out or on its way once more.",
        read_in(reading),
        would_tell="how long the device's handler takes: it has 60 s to complete a message",
        device=state.device_id,
    )


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


def unusable_parent(evidence: Evidence) -> Finding | None:
    """A module's calls are refused where its device is missing or disabled."""
    reading = evidence.facts.state
    if reading is None or not evidence.module:
        return None
    if reading.is_missing:
        message = "The module's device {device} does not exist; the hub then answers 401 for its modules."
        return confirmed("module-device-unusable", message, read_in(reading), device=evidence.device)
    state = reading.value
    if state is None:
        return unread("module-device-unusable", reading)
    if state.is_enabled is None:
        return _left_out("module-device-unusable", reading, "status")
    if state.is_enabled:
        message = "The module's device {device} exists and is enabled."
        return ruled_out("module-device-unusable", message, read_in(reading), device=state.device_id)
    message = "The module's device {device} is disabled; the hub then answers 401 for its modules."
    return confirmed("module-device-unusable", message, read_in(reading), device=state.device_id)


def module_missing(evidence: Evidence) -> Finding | None:
    """Does the hub know the module?"""
    reading = evidence.facts.module
    if reading is None:
        return None
    if reading.is_missing:
        message = "{device} has no module {module}."
        return confirmed(
            "module-missing", message, read_in(reading), device=evidence.device, module=evidence.module
        )
    if reading.value is None:
        return unread("module-missing", reading)
    message = "{device} has a module {module}."
    return ruled_out(
        "module-missing", message, read_in(reading), device=evidence.device, module=evidence.module
    )


def _connected_but(evidence: Evidence, fault: str, message: str, would_tell: str) -> Finding | None:
    reading = evidence.facts.state
    state = reading.value if reading is not None else None
    if reading is None or state is None or not state.is_connected:
        return None
    return cannot_tell(
        fault, message, read_in(reading, CONNECTION_LAG), would_tell=would_tell, device=state.device_id
    )


def _connection_since(evidence: Evidence, state: DeviceState) -> datetime | None:
    """Since when, from the registry identity where it was read too and says the same."""
    if state.connection_since:
        return state.connection_since
    identity = evidence.facts.identity
    known = identity.value if identity is not None else None
    return known.connection_since if known is not None and known.is_connected == state.is_connected else None


def _left_out(fault: str, reading: Reading[DeviceState], name: str) -> Finding:
    return cannot_tell(
        fault,
        "The hub's answer leaves out {name}.",
        read_in(reading),
        would_tell="the device in the portal",
        name=name,
    )
