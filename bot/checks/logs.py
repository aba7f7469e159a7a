"""Read from a log how a device's connection came and went."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.checks import stamps

_DROP = re.compile(
    r"(?i)404104|DeviceConnectionClosedRemotely|deviceDisconnect\b|connection lost|connection was closed remotely|disconnected\b|lost connection"
)
_CONNECT = re.compile(
    r"(?i)deviceConnect\b|\bCONNACK\b.{0,60}RETURN_CODE:\s*0x0\b|\bconnected\b|connection (?:established|accepted)"
)
_REFUSED = re.compile(r"(?i)401003|IoTHubUnauthorized")
_REPLACED = re.compile(
    r"(?i)400027|ConnectionForcefullyClosedOnNewConnection|409002|link-?creation-?conflict"
)
PLAIN_ID = r"[A-Za-z0-9\-.+_#:=@$]{1,128}"
"""An id as a pattern, without the marks that end it in running text: quotes, commas, brackets."""
_CONNECTION = re.compile(r"(?i)connect|CONNACK|link-?creation|401003|40410|400027|409002|Unauthorized")
"""Stands in every line that any of the above is found in: most lines of a log are left after one look."""
_THING = re.compile(rf"(?i)deviceId[\"']?\s*[:=]\s*[\"']?(?P<device>{PLAIN_ID})")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a log that tells of a connection."""

    kind: str
    """``"drop"``, ``"refused"``, ``"replaced"`` or ``"connect"``."""
    stamp: stamps.Stamp | None
    device: str = ""


def read_events(text: str) -> tuple[Event, ...]:
    """Return the lines that tell of a connection, in order."""
    events: list[Event] = []
    for line, content in enumerate(text.splitlines()):
        kind = _kind(content) if _CONNECTION.search(content) else ""
        if kind:
            thing = _THING.search(content)
            events.append(Event(kind, stamps.any_stamp(content, line), thing["device"] if thing else ""))
    return tuple(events)


def _kind(line: str) -> str:
    if _REPLACED.search(line):
        return "replaced"
    if _REFUSED.search(line):
        return "refused"
    if _DROP.search(line):
        return "drop"
    return (
        "connect"
        if _CONNECT.search(line) and not re.search(r"(?i)not connected|dis-?connected", line)
        else ""
    )
