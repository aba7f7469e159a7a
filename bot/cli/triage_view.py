"""The groups of a log laid out for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot import wording
from bot.cli.layout import LABEL, QUIET, TITLE, Line, as_it_stands, gap, indented, line, styled
from bot.cli.views import remedies_view
from bot.i18n import Speaker
from bot.triage.sorting import Known, Sorter, Tally, Unknown
from kb.model import Entry

_MOST_DEVICES_SHOWN = 8
_MOST_UNKNOWN_SHOWN = 20


def known_groups(sorter: Sorter) -> list[Known]:
    """Return the known groups, most frequent first."""
    return sorted(sorter.known.values(), key=lambda group: -group.count)


def unknown_groups(sorter: Sorter) -> list[Unknown]:
    """Return the unknown groups, most frequent first."""
    return sorted(sorter.unknown.values(), key=lambda group: -group.count)


def report_view(sorter: Sorter, say: Speaker) -> list[Line]:
    """Lay out everything that was found."""
    known, unknown = known_groups(sorter), unknown_groups(sorter)
    lines: list[Line] = []
    for group in known:
        lines += [*known_view(group, say), gap()]
    if unknown:
        lines.append(line(say("Errors I don't know, by what they have alike"), TITLE))
        for one in unknown[:_MOST_UNKNOWN_SHOWN]:
            lines += [gap(), *unknown_view(one, say)]
        if (n_more := len(unknown) - _MOST_UNKNOWN_SHOWN) > 0:
            lines += [
                gap(),
                line(
                    say.plural("… and {count} more, rarer", "… and {count} more, rarer ones", n_more), QUIET
                ),
            ]
    if not known and not unknown:
        lines.append(line(say("No error was found in it."), TITLE))
    elif not known:
        lines.insert(0, line(say("None of the errors in it is one I know."), TITLE))
        lines.insert(1, gap())
    return lines


def known_view(group: Known, say: Speaker) -> list[Line]:
    """Lay out one known error: how often, when, where, and its fix once."""
    entry = group.entry
    assert entry is not None
    lines = [styled((_times(group.count, say) + "  ", LABEL), (_title(entry), TITLE))]
    details = [*_when(group, say), *_devices(group, say), as_it_stands(line(group.example, QUIET))]
    if group.alternatives:
        others = "; ".join(one.title for one in group.alternatives)
        details.append(line(say("It may also be: {others}", others=others), QUIET))
    return [*lines, *indented(details), *indented(_fix(entry, say))]


def unknown_view(group: Unknown, say: Speaker) -> list[Line]:
    """Lay out one shape of unknown error."""
    details = [*_when(group, say), *_devices(group, say), as_it_stands(line(group.example, QUIET))]
    return [styled((_times(group.count, say) + "  ", LABEL), (group.shape, "")), *indented(details)]


def seen_line(group: Known | Unknown, text: str, say: Speaker) -> Line:
    """Lay out one more occurrence, as ``--follow`` prints it."""
    title = _title(group.entry) if isinstance(group, Known) and group.entry is not None else group.example
    return as_it_stands(styled((f"{_times(group.count, say)}  ", LABEL), (f"{title}  ", ""), (text, QUIET)))


def report_document(sorter: Sorter, files: Sequence[str], elapsed_ms: float) -> dict[str, Any]:
    """Return everything that was found for programs."""
    totals = sorter.totals
    return {
        "files": list(files),
        "lines": totals.n_lines,
        "bytes": totals.n_bytes,
        "groups": [known_document(group) for group in known_groups(sorter)],
        "unknown": [unknown_document(group) for group in unknown_groups(sorter)],
        "forgotten": totals.n_forgotten,
        "redacted": list(totals.redacted),
        "elapsed_ms": round(elapsed_ms, 1),
    }


def known_document(group: Known) -> dict[str, Any]:
    """Return one known error."""
    entry = group.entry
    assert entry is not None
    return {
        "entry": entry.id,
        "slug": entry.slug,
        "article": entry.path,
        "locale": entry.locale,
        "identifiers": list(entry.identifiers),
        "title": entry.title,
        "confidence": round(group.confidence, 4),
        **_tally_document(group),
        "alternatives": [one.id for one in group.alternatives],
        "cause": entry.cause,
        "solution": entry.solution,
        "url": entry.url,
    }


def unknown_document(group: Unknown) -> dict[str, Any]:
    """Return one shape of unknown error."""
    return {"shape": group.shape, **_tally_document(group)}


def _tally_document(group: Tally) -> dict[str, Any]:
    return {
        "count": group.count,
        "first": _iso(group.first),
        "last": _iso(group.last),
        "devices": list(group.devices),
        "example": group.example,
    }


def _iso(moment: datetime | None) -> str | None:
    """ISO 8601; without a zone where the log has none."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        return moment.isoformat(timespec="seconds")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _title(entry: Entry) -> str:
    names = " ".join(name for name in entry.identifiers[:2] if name not in entry.title)
    return f"{names}: {entry.title}" if names else entry.title


def _times(count: int, say: Speaker) -> str:
    return f"{say.number(count)} ×"


def _when(group: Tally, say: Speaker) -> list[Line]:
    if group.first is None or group.last is None:
        return []
    if group.first == group.last:
        return [line(say("at {time}", time=group.first))]
    return [line(say("from {first} to {last}", first=group.first, last=group.last))]


def _devices(group: Tally, say: Speaker) -> list[Line]:
    if not group.devices:
        return []
    shown = ", ".join(list(group.devices)[:_MOST_DEVICES_SHOWN])
    n_more = len(group.devices) - _MOST_DEVICES_SHOWN
    if n_more <= 0:
        return [line(say("devices: {names}", names=shown))]
    return [
        line(
            say.plural(
                "devices: {names} and {count} more", "devices: {names} and {count} more", n_more, names=shown
            )
        )
    ]


def _fix(entry: Entry, say: Speaker) -> list[Line]:
    """Causes and solutions, once; the symptom stands in the log."""
    lines = list(remedies_view(entry.remedies, say))
    source = as_it_stands(styled((say("Source") + " ", LABEL), (entry.url or entry.path, "")))
    return [*lines, gap(), source] if lines or entry.url else lines


def footer(sorter: Sorter, say: Speaker, seconds: float) -> str:
    """Return what was read, for stderr."""
    totals = sorter.totals
    told = say(
        "{lines} lines, {size} MB read in {seconds} s.",
        lines=say.number(totals.n_lines),
        size=say.number(round(totals.n_bytes / 1e6, 1)),
        seconds=say.number(round(seconds, 1)),
    )
    if totals.n_forgotten:
        told += " " + say.plural(
            "{count} rare shape was given up for room.",
            "{count} rare shapes were given up for room.",
            totals.n_forgotten,
        )
    warning = wording.secrets_taken(say, tuple(totals.redacted))
    return f"{told}\n{warning}" if warning else told
