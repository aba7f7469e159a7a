"""Dates, durations and lists as a language writes them: the door to babel on the side of the bot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list

_MOMENT = "d MMM y, HH:mm:ss"
"""Day before month and 24 hours in both languages: neither order nor half of the day can be mistaken."""


def word(value: object, language: str) -> str:
    """Return a value as a person of that language writes it."""
    if isinstance(value, datetime):
        return moment(value, language)
    if isinstance(value, date):
        return format_date(value, format="medium", locale=language)
    if isinstance(value, timedelta):
        return duration(value, language)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return format_list([str(one) for one in value], locale=language)
    return str(value)


def moment(value: datetime, language: str) -> str:
    """Return a time, in UTC and saying so: logs and hubs speak UTC, so that times can be compared by eye."""
    if value.tzinfo is None:
        return format_datetime(value, _MOMENT, locale=language)
    return format_datetime(value.astimezone(UTC), _MOMENT, locale=language) + " UTC"


def duration(value: timedelta, language: str) -> str:
    """Return a duration in its largest unit, rounded: ``"3 minutes"``."""
    return format_timedelta(abs(value), threshold=1.5, locale=language)


def language_name(spoken: str, language: str) -> str:
    """Return the name of a language in another: ``"anglais"`` for ``en`` in French."""
    try:
        name = Locale.parse(spoken).get_language_name(language)
    except (UnknownLocaleError, ValueError):
        name = None
    return name or spoken
