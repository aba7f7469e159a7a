"""Checks on the hub itself: its limits, its quota, its faults, and what no API shows."""

from __future__ import annotations

from typing import Any

from bot.answer import Finding
from bot.checks.check import (
    DOCUMENTATION,
    TEXT,
    Evidence,
    Fact,
    cannot_tell,
    confirmed,
    read_in,
    ruled_out,
    same_hub,
    unread,
)
from bot.checks.facts import Reading, Trouble

STATISTICS_LAG = "approximate, minutes behind"
_QUOTA_CODES = frozenset({"403002", "iothubquotaexceeded"})


def throttled(evidence: Evidence) -> Finding | None:
    """Does the hub refuse calls for their number? It queues them first, so one good answer refutes nothing."""
    reading = _latest(evidence)
    operation = evidence.pasted.operation
    if reading is not None and reading.trouble is Trouble.THROTTLED:
        return confirmed(
            "hub-throttling",
            "The hub refuses our own read for its number of calls ({status} {code}).",
            read_in(reading),
            status=reading.status,
            code=reading.code,
        )
    fact = read_in(reading) if reading is not None else Fact(TEXT, evidence.now)
    would_tell = "the metric of throttling errors and the hub's tier and units, in the portal"
    if operation and not evidence.pasted.policy:
        message = "The message names the operation {operation}; a hub queues calls before it refuses, so one answer does not tell."
        return cannot_tell("hub-throttling", message, fact, would_tell=would_tell, operation=operation)
    if reading is None:
        return None
    if reading.value is None and not reading.is_missing:
        return unread("hub-throttling", reading)
    message = "The hub answered this one read; it queues calls before it refuses any, so that does not tell."
    return cannot_tell("hub-throttling", message, fact, would_tell=would_tell)


def faulty(evidence: Evidence) -> Finding | None:
    """Does the hub answer with a fault now?"""
    readings = [
        r for r in (evidence.facts.state or evidence.facts.answer, *evidence.facts.repeats) if r is not None
    ]
    if not readings:
        return None
    for reading in readings:
        if reading.trouble is Trouble.FAULTY:
            return confirmed(
                "service-fault",
                "The hub answers with a fault now ({status} {code}).",
                read_in(reading),
                status=reading.status,
                code=reading.code,
            )
    last = readings[-1]
    if len(readings) >= 3 and all(reading.value is not None or reading.is_missing for reading in readings):
        return ruled_out(
            "service-fault",
            "The hub answers now: {count} of {count} reads within {span}.",
            read_in(last),
            count=len(readings),
            span=last.read_at - readings[0].read_at,
        )
    bad = next((r for r in readings if r.value is None and not r.is_missing), None)
    if bad is not None:
        return unread("service-fault", bad)
    return cannot_tell(
        "service-fault",
        "The hub answered {count} of the reads that would tell.",
        read_in(last),
        would_tell="Azure Status and the hub's Resource health in the portal",
        count=len(readings),
    )


def quota_used_up(evidence: Evidence) -> Finding | None:
    """Are the day's messages used up?"""
    reading = _latest(evidence)
    if reading is not None and reading.status == 403 and _is_quota(reading):
        return confirmed(
            "quota-used-up",
            "The hub refuses our own read for its quota ({status} {code}); it opens again at 00:00 UTC.",
            read_in(reading),
            status=reading.status,
            code=reading.code,
        )
    counted, error_time = evidence.pasted.message_count, evidence.pasted.error_time
    is_answering = reading is not None and (reading.value is not None or reading.is_missing)
    if reading is not None and is_answering and error_time and error_time.date() < evidence.now.date():
        return ruled_out(
            "quota-used-up",
            "The error is of {day} and the hub answers today: the quota began anew at 00:00 UTC.",
            read_in(reading),
            day=error_time,
        )
    if counted is None:
        return _quota_unknown(evidence, reading)
    now, most = counted
    fact = Fact(TEXT, evidence.now)
    if now < most:
        message = "The message counts {now} of {most}: that is below the quota."
        return ruled_out("quota-used-up", message, fact, now=now, most=most)
    if error_time and error_time.date() == evidence.now.date():
        message = "The message of {day} counts {now} of {most}; the hub opens again at 00:00 UTC."
    else:
        message = "When the message was written, it counted {now} of {most}; a hub opens again at 00:00 UTC."
    return confirmed("quota-used-up", message, fact, now=now, most=most, day=error_time)


def device_quota(evidence: Evidence) -> Finding | None:
    """Does the hub hold as many devices as it may?"""
    counted, reading = evidence.pasted.device_count, evidence.facts.statistics
    if counted is None and reading is None:
        return None
    most = counted[1] if counted is not None else None
    if reading is not None and reading.value is not None:
        fact = read_in(reading, STATISTICS_LAG)
        total = reading.value.n_devices
        if most is None:
            return cannot_tell(
                "device-quota-used-up",
                "The hub counts {total} devices; how many it may hold cannot be read through it.",
                fact,
                would_tell="the hub's tier and units in the portal",
                total=total,
            )
        if total >= most:
            message = "The hub counts {total} devices and may hold {most}."
            return confirmed("device-quota-used-up", message, fact, total=total, most=most)
        message = "The hub counts {total} of {most} devices now."
        return ruled_out("device-quota-used-up", message, fact, total=total, most=most)
    if counted is not None:
        message = "When the message was written, it counted {total} of {most} devices."
        fact = Fact(TEXT, evidence.now)
        if counted[0] >= counted[1]:
            return confirmed("device-quota-used-up", message, fact, total=counted[0], most=counted[1])
        return ruled_out("device-quota-used-up", message, fact, total=counted[0], most=counted[1])
    return unread("device-quota-used-up", reading) if reading is not None else None


def uploads_open(evidence: Evidence) -> Finding | None:
    """Ten file uploads open: no call shows them."""
    return cannot_tell(
        "file-uploads-open",
        "How many uploads a device has open is shown by no call of the hub.",
        Fact(DOCUMENTATION, evidence.now),
        would_tell="whether the device reports each upload as complete, and how long the SAS address of an upload lives",
    )


def stale_provisioning_key(evidence: Evidence) -> Finding | None:
    """A 401 inside a provisioning reply: the service's key for the linked hub may be old."""
    if not evidence.pasted.is_provisioning:
        return None
    return cannot_tell(
        "provisioning-key-stale",
        "The error came in a reply of the provisioning service: its key for the linked hub may have been renewed since.",
        Fact(TEXT, evidence.now),
        would_tell="linking the hub anew in the provisioning service, under Linked IoT hubs",
    )


def other_hub(evidence: Evidence) -> Finding | None:
    """Is the hub in the text another one than the hub that is asked?"""
    pasted, asked = evidence.pasted.hub, evidence.asked_host
    if not pasted or not asked:
        return None
    is_same = same_hub(pasted, asked)
    fact = Fact(TEXT, evidence.now)
    if is_same is None:
        return None
    if is_same:
        return ruled_out("other-hub", "The text is about the hub that is asked, {asked}.", fact, asked=asked)
    return confirmed(
        "other-hub",
        "The text is about the hub {pasted}, and {asked} is asked.",
        fact,
        pasted=pasted,
        asked=asked,
    )


def _latest(evidence: Evidence) -> Reading[Any] | None:
    """The read that says most about the hub itself: one that failed, else any."""
    facts = evidence.facts
    readings = [r for r in (facts.state, facts.answer, *facts.repeats) if r is not None]
    failed = (r for r in readings if r.trouble is not None and not r.is_missing)
    return next(failed, readings[0] if readings else facts.statistics)


def _is_quota(reading: Reading[Any]) -> bool:
    return reading.code.casefold() in _QUOTA_CODES or "quota" in reading.detail.casefold()


def _quota_unknown(evidence: Evidence, reading: Reading[Any] | None) -> Finding | None:
    if reading is None:
        return None
    if reading.value is None and not reading.is_missing:
        return unread("quota-used-up", reading)
    return cannot_tell(
        "quota-used-up",
        "The hub answers this read; how many messages are used today cannot be read through it.",
        read_in(reading),
        would_tell="the metric of messages used today: az iot hub show-quota-metrics",
    )
