"""The time at which a line of a log was written, in the forms that logs have."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

_ENGLISH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_FRENCH = "janv|févr|mars|avril|mai|juin|juil|août|sept|oct|nov|déc"
_MONTHS = {name.lower(): n for names in (_ENGLISH, _FRENCH) for n, name in enumerate(names.split("|"), 1)} | {
    "avr": 4
}
_NAMES = f"(?:{_ENGLISH}|{_FRENCH}|avr)"
"""English, and what journalctl and Java write where ``LANG`` is French; a full stop may follow."""
_MONTH = f"(?P<month>{_NAMES})"
_CLOCK = r"(?P<clock>\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)"
_ZONE = r"(?P<zone>\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)(?!\w))?"
_FORMS = re.compile(
    rf"""
      (?P<iso>   (?<!\d)(?P<y>\d{{4}})[-/](?P<m>\d\d)[-/](?P<d>\d\d)[T\ ]{_CLOCK}{_ZONE} )
    | (?P<packed>(?<!\w)(?P<py>20\d\d)(?P<pm>\d\d)(?P<pd>\d\d)[T\ -]?(?P<ph>\d\d):?(?P<pmin>\d\d):?(?P<ps>\d\d)(?!\d)(?P<pzone>Z(?!\w))? )
    | (?P<apache>(?P<ad>\d{{1,2}})[/-](?P<am>{_NAMES})[/-](?P<ay>\d{{4}})[:\ ]
                 (?P<aclock>\d\d:\d\d:\d\d(?:[.,]\d{{1,9}})?)(?P<azone>\s?[+-]\d\d:?\d\d)? )
    | (?P<slash> (?<!\d)(?P<s1>\d{{1,2}})[/.](?P<s2>\d{{1,2}})[/.](?P<sy>\d{{4}}),?\ +
                 (?P<sclock>\d{{1,2}}:\d\d:\d\d(?:[.,]\d{{1,9}})?)(?:\s?(?P<half>[AaPp])\.?[Mm])? )
    | (?P<ctime> [A-Z][a-z]{{2}}\ (?P<cm>{_NAMES})\ {{1,2}}(?P<cd>\d{{1,2}})\ 
                 (?P<cclock>\d\d:\d\d:\d\d)\ (?:[A-Z]{{3,4}}\ )?(?P<cy>\d{{4}}) )
    | (?P<mail>  (?<!\d)(?P<rd>\d{{1,2}})\ (?P<rm>{_NAMES})\.?\ (?P<ry>\d{{4}}),?\ (?P<rclock>\d\d:\d\d:\d\d)
                 (?P<rzone>\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)(?!\w))? )
    | (?P<java>  (?<!\w)(?P<jm>{_NAMES})\.?\ (?P<jd>\d{{1,2}}),\ (?P<jy>\d{{4}}),?\ (?P<jclock>\d{{1,2}}:\d\d:\d\d)
                 (?:\s(?P<jhalf>[AaPp])\.?[Mm])? )
    | (?P<syslog>(?<!\w){_MONTH}\.?\ {{1,2}}(?P<day>\d{{1,2}})\ (?P<lclock>\d\d:\d\d:\d\d(?:[.,]\d{{1,9}})?) )
    | (?P<klog>  ^[IWEF](?P<km>\d\d)(?P<kd>\d\d)\ (?P<kclock>\d\d:\d\d:\d\d\.\d{{1,9}}) )
    | (?P<logcat>^(?P<lm>\d\d)-(?P<ld>\d\d)\ (?P<gclock>\d\d:\d\d:\d\d\.\d{{3}}) )
    | (?P<epoch> (?:^\[?|["'](?:ts|time|timestamp|@timestamp|epoch)["']\s*:\s*"?|\bts=)(?P<seconds>1\d{{9}})(?:(?P<milli>\d{{3}})|\.\d+)?(?!\d) )
    """,
    re.VERBOSE,
)
_FRONT = 400
"""Characters of a line looked at: JSON records may name other things before their time."""


def read_moment(line: str, now: datetime) -> datetime | None:
    """Return when a line was written; aware where the line says its zone. ``now`` gives the year where a log says none."""
    match = _FORMS.search(line[:_FRONT])
    if match is None:
        return None
    with suppress(ValueError, OverflowError):
        return _READERS[_form(match)](match, now)
    return None


def without_moment(line: str) -> str:
    """Return the line without the time at its front: its digits are nobody's error code."""
    match = _FORMS.search(line[:64])
    return line[: match.start()] + line[match.end() :] if match is not None and match.start() < 24 else line


def _form(match: re.Match[str]) -> str:
    return next(name for name in _READERS if match[name] is not None)


def _iso(match: re.Match[str], now: datetime) -> datetime:
    return _at(int(match["y"]), int(match["m"]), int(match["d"]), match["clock"], match["zone"])


def _packed(match: re.Match[str], now: datetime) -> datetime:
    moment = datetime(*(int(match[name]) for name in ("py", "pm", "pd", "ph", "pmin", "ps")))  # type: ignore[arg-type]
    return moment.replace(tzinfo=UTC) if match["pzone"] else moment


def _apache(match: re.Match[str], now: datetime) -> datetime:
    return _at(
        int(match["ay"]), _MONTHS[match["am"].lower()], int(match["ad"]), match["aclock"], match["azone"]
    )


def _slash(match: re.Match[str], now: datetime) -> datetime:
    """Month first, as the services write it, unless only day first makes a date or dots say so."""
    first, second = int(match["s1"]), int(match["s2"])
    is_day_first = first > 12 or "." in match.group().split(" ")[0]
    month, day = (second, first) if is_day_first else (first, second)
    moment = _at(int(match["sy"]), month, day, match["sclock"].zfill(8), None)
    return _in_half(moment, match["half"])


def _in_half(moment: datetime, half: str | None) -> datetime:
    """Hours of a clock of twelve as hours of the day."""
    if not half:
        return moment
    return moment.replace(hour=moment.hour % 12 + (12 if half.lower() == "p" else 0))


def _mail(match: re.Match[str], now: datetime) -> datetime:
    return _at(
        int(match["ry"]), _MONTHS[match["rm"].lower()], int(match["rd"]), match["rclock"], match["rzone"]
    )


def _java(match: re.Match[str], now: datetime) -> datetime:
    clock = match["jclock"].zfill(8)
    moment = _at(int(match["jy"]), _MONTHS[match["jm"].lower()], int(match["jd"]), clock, None)
    return _in_half(moment, match["jhalf"])


def _klog(match: re.Match[str], now: datetime) -> datetime:
    return _latest(int(match["km"]), int(match["kd"]), match["kclock"], now)


def _ctime(match: re.Match[str], now: datetime) -> datetime:
    return _at(int(match["cy"]), _MONTHS[match["cm"].lower()], int(match["cd"]), match["cclock"], None)


def _syslog(match: re.Match[str], now: datetime) -> datetime:
    return _latest(_MONTHS[match["month"].lower()], int(match["day"]), match["lclock"], now)


def _logcat(match: re.Match[str], now: datetime) -> datetime:
    return _latest(int(match["lm"]), int(match["ld"]), match["gclock"], now)


def _epoch(match: re.Match[str], now: datetime) -> datetime:
    return datetime.fromtimestamp(int(match["seconds"]) + int(match["milli"] or 0) / 1000, UTC)


_READERS: dict[str, Callable[[re.Match[str], datetime], datetime]] = {
    "iso": _iso,
    "packed": _packed,
    "apache": _apache,
    "slash": _slash,
    "ctime": _ctime,
    "mail": _mail,
    "java": _java,
    "syslog": _syslog,
    "klog": _klog,
    "logcat": _logcat,
    "epoch": _epoch,
}


def _latest(month: int, day: int, clock: str, now: datetime) -> datetime:
    """The last such day that is not ahead: the log says no year."""
    moment = _at(now.year, month, day, clock, None)
    return (
        moment
        if moment <= now.replace(tzinfo=None) + timedelta(days=1)
        else moment.replace(year=now.year - 1)
    )


def _at(year: int, month: int, day: int, clock: str, zone: str | None) -> datetime:
    clock, _, fraction = clock.replace(",", ".").partition(".")
    hour, minute, second = map(int, clock.split(":"))
    moment = datetime(
        year, month, day, hour, minute, second, int(fraction[:6].ljust(6, "0")) if fraction else 0
    )
    zone = (zone or "").strip()
    if not zone:
        return moment
    if zone in ("Z", "UTC", "GMT"):
        return moment.replace(tzinfo=UTC)
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return (moment - timedelta(minutes=minutes if zone[0] == "+" else -minutes)).replace(tzinfo=UTC)
