"""Read the times in a log: which clock wrote them, and when.

Two clocks stand in many a pasted line: that of the machine that logged, at the front, and the hub's, in the
tracking id (``…-TimeStamp:09/29/2017 15:53:06``). The hub writes UTC; a log line often says no zone at all, and
then a difference of whole quarter hours may be no more than a time zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_ISO = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?"
_SLASHED = r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d"
_PORTAL = r"\d{1,2}/\d{1,2}/\d{4}, \d{1,2}:\d\d:\d\d(?:\.\d+)? ?[AP]M"
_CTIME = r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d \d{4}"
_SYSLOG = r"(?<![\w ])[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?! \d{4})"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_TRACKED = re.compile(
    rf"(?i)(?:[0-9a-f]{{32}}|[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}|[0-9a-f]{{8,31}})"
    rf"(?:-G\d?:\d*)*-TimeStamp:(?P<stamp>{_ISO}|{_SLASHED})"
)
_HUB_STATED = re.compile(
    rf"(?i)(?:timestampUtc[\"']?\s*[:=]\s*[\"']?|(?<![\"'])\btimestamp: )(?P<stamp>{_ISO}|{_SLASHED})"
)
_RECORDED = re.compile(rf"(?i)\"time\"\s*:\s*\"(?P<stamp>{_ISO})")
_IS_RECORD = re.compile(r"(?i)\"(?:operationName|resultType)\"\s*:")
# Not the slashed form: 05/01 at the front of a log is a day in May or in January, as the machine likes.
_LOGGED = re.compile(rf"(?P<stamp>{_ISO}|{_CTIME})")
_ANY = re.compile(rf"(?P<stamp>{_ISO}|{_CTIME}|{_PORTAL}|{_SYSLOG})")
_HUB_LABEL = re.compile(
    r"(?i)(?:time ?stamp:|timestampUtc[\"']?\s*[:=]\s*[\"']?|timestamp: |expired on |date: ?)$"
)
_LOG_LABEL = re.compile(r"(?:^|[\s\[{(])Time:\s*$")
_FRONT = 60
"""A log writes its time at the front of a line; what stands further back belongs to the message."""
_LARGEST_OFFSET = timedelta(hours=14)
"""Of a time zone from UTC."""
_QUARTER = timedelta(minutes=15)
"""Time zones differ by whole quarters of an hour."""
_ABOUT = timedelta(minutes=5)
"""How far two clocks may be apart and still be a time zone apart."""
_UNKNOWN_YEAR = "2000"
"""Stands for the year that syslog leaves out."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A point in time as a text gives it."""

    at: datetime
    """Aware; taken as UTC where the text says no zone."""
    has_zone: bool
    line: int
    """Line of the text, 0-based."""


def hub_stamps(text: str) -> tuple[Stamp, ...]:
    """Return the times written by the hub's clock, in the order of the text."""
    found = []
    for line, content in enumerate(text.splitlines()):
        if "ime" not in content and "IME" not in content:  # TimeStamp, timestampUtc, "time": all of them
            continue
        patterns = (
            (_TRACKED, _HUB_STATED, _RECORDED) if _IS_RECORD.search(content) else (_TRACKED, _HUB_STATED)
        )
        matches = sorted(
            (match for pattern in patterns for match in pattern.finditer(content)),
            key=lambda match: match.start("stamp"),
        )
        seen: set[int] = set()
        for match in matches:
            moment = read(match["stamp"])
            if moment is not None and match.start("stamp") not in seen:
                seen.add(match.start("stamp"))
                found.append(Stamp(moment[0], True, line))
    return tuple(found)


def log_stamps(text: str) -> tuple[Stamp, ...]:
    """Return the times written by the machine that logged: at most one a line, at its front or after ``Time:``."""
    return tuple(stamp for stamp in map(_log_stamp, enumerate(text.splitlines())) if stamp is not None)


def any_stamp(content: str, line: int = 0) -> Stamp | None:
    """Return the first time in a line of a log or of a resource record, whichever clock wrote it."""
    for match in _ANY.finditer(content):
        moment = read(match["stamp"])
        if moment is not None:
            return Stamp(moment[0], moment[1], line)
    return None


def read(stamp: str) -> tuple[datetime, bool] | None:
    """Return the moment and whether the text says its zone; None for a date that no calendar has."""
    try:
        return _read(stamp.strip())
    except (ValueError, OverflowError):
        return None


def pairs(text: str) -> Iterator[tuple[Stamp, Stamp]]:
    """Yield (log's time, hub's time) where both speak of one reply: on one line, or the log's a few lines above."""
    logged = log_stamps(text)
    lines = text.splitlines()
    for stated in hub_stamps(text):
        if _IS_RECORD.search(lines[stated.line]):
            continue
        before = [stamp for stamp in logged if stated.line - 10 <= stamp.line <= stated.line]
        if before:
            yield before[-1], stated


def skew(logged: Stamp, stated: Stamp) -> tuple[timedelta, bool]:
    """Return how far the log's clock is ahead of the hub's, and whether a time zone could explain it."""
    difference = logged.at - stated.at
    if logged.has_zone or abs(difference) > _LARGEST_OFFSET + _ABOUT:
        return difference, False
    quarters = round(difference / _QUARTER)
    if quarters == 0:
        return difference, False
    return difference, abs(difference - quarters * _QUARTER) < _ABOUT


def _log_stamp(numbered: tuple[int, str]) -> Stamp | None:
    line, content = numbered
    if _IS_RECORD.search(content):  # a resource log is written by the hub, whatever stands at its front
        return None
    for match in _LOGGED.finditer(content):
        before = content[: match.start()]
        is_labelled = bool(_LOG_LABEL.search(before))
        if not is_labelled and (match.start() > _FRONT or _HUB_LABEL.search(before)):
            continue
        moment = read(match["stamp"])
        if moment is not None:
            return Stamp(moment[0], moment[1], line)
    return None


def _read(stamp: str) -> tuple[datetime, bool]:
    if stamp[0].isalpha():
        return _of_words(stamp), False
    if "," in stamp and stamp.endswith("M"):
        return _of_portal(stamp), True
    if "/" in stamp:
        return _of_slashes(stamp), False
    return _of_iso(stamp)


def _of_words(stamp: str) -> datetime:
    """``Sat Aug 19 10:43:55 2017`` or syslog's ``Aug 19 10:43:55``; strptime reads months in the machine's language."""
    words = stamp.split()
    month, day, clock, year = words[1:] if len(words) == 5 else (*words, _UNKNOWN_YEAR)
    hour, minute, second = map(int, clock.split(":"))
    number = _MONTHS.index(month.casefold()) + 1
    return datetime(int(year), number, int(day), hour, minute, second, tzinfo=UTC)


def _of_portal(stamp: str) -> datetime:
    """The portal's ``1/5/2026, 9:58:12.345 AM``."""
    text = re.sub(r"\.\d+", "", stamp).replace(" AM", "AM").replace(" PM", "PM")
    return datetime.strptime(text, "%m/%d/%Y, %I:%M:%S%p").replace(tzinfo=UTC)


def _of_slashes(stamp: str) -> datetime:
    """The old gateway's ``09/29/2017 15:53:06``, month first."""
    date, clock = stamp.split(" ")
    month, day, year = map(int, date.split("/"))
    hour, minute, second = map(int, clock.split(":"))
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _of_iso(stamp: str) -> tuple[datetime, bool]:
    """ISO 8601 with what logs do to it: a comma, a blank before the zone, nine digits in the newer gateway's ids."""
    text = re.sub(r"\s?UTC$", "Z", stamp.replace(",", "."))
    text = re.sub(r"\s([+-]\d\d:?\d\d)$", r"\1", text)
    fraction = re.search(r"\.(\d+)", text)
    if fraction:
        text = text.replace(fraction.group(), "." + fraction.group(1)[:6].ljust(6, "0"))
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    has_zone = moment.tzinfo is not None
    return (moment if has_zone else moment.replace(tzinfo=UTC)).astimezone(UTC), has_zone
