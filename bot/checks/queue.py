"""Checks on the cloud-to-device messages that wait for a device."""

from __future__ import annotations

from bot.answer import Finding
from bot.checks.check import Evidence, cannot_tell, confirmed, read_in, ruled_out
from bot.checks.facts import DeviceState, Reading
from bot.checks.known_device import connection_since, left_out, of_known

QUEUE_LIMIT = 50
"""Cloud-to-device messages that may wait for one device."""


@of_known("queue-full")
def queue_full(evidence: Evidence, reading: Reading[DeviceState], state: DeviceState) -> Finding:
    """Do fifty cloud-to-device messages wait?"""
    if state.n_waiting is None:
        return left_out("queue-full", reading, "cloudToDeviceMessageCount")
    fact = read_in(reading)
    if state.n_waiting >= QUEUE_LIMIT:
        since = connection_since(evidence, state)
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


@of_known("message-still-queued")
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
