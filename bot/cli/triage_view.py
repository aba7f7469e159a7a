"""The groups of a log laid out for a terminal: a table of what there is, then each error with its fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rich.cells import cell_len

from bot import wording
from bot.cli.layout import LABEL, QUIET, TITLE, Line, as_it_stands, gap, indented, line, styled
from bot.cli.triage_document import known_groups, unknown_groups
from bot.cli.views import remedies_view
from bot.i18n import N_, Speaker
from bot.triage.sorting import Sorter
from bot.triage.tally import Known, Tally, Unknown
from kb.identifiers import key
from kb.model import Entry

_MOST_DEVICES_SHOWN = 8
_MOST_UNKNOWN_SHOWN = 20
_WIDEST_CODE = 24
_SIZES = ((1e9, N_("{size} GB")), (1e6, N_("{size} MB")), (1e3, N_("{size} kB")))


def report_view(sorter: Sorter, say: Speaker) -> list[Line]:
    """Lay out everything that was found."""
    known, unknown = known_groups(sorter), unknown_groups(sorter)
    shown = unknown[:_MOST_UNKNOWN_SHOWN]
    if not known and not unknown:
        return [line(say("No error was found in it."), TITLE)]
    lines: list[Line] = []
    if known:
        lines += [line(say("Errors in it, most frequent first"), TITLE), *_table(known, say)]
    else:
        lines.append(line(say("None of the errors in it is one I know."), TITLE))
    if shown:
        lines += [gap(), line(say("Errors I don't know, by what they have alike"), TITLE)]
        lines += _table(shown, say)
        if (n_more := len(unknown) - len(shown)) > 0:
            more = say.plural("… and {count} more, rarer", "… and {count} more, rarer ones", n_more)
            lines.append(line(more, QUIET))
    for group in known:
        lines += [gap(), *known_view(group, say)]
    for number, one in enumerate(shown):
        heading = [line(say("Not known: an example of each"), TITLE), gap()] if number == 0 else []
        lines += [gap(), *heading, *unknown_view(one, say)]
    return lines


def known_view(group: Known, say: Speaker) -> list[Line]:
    """Lay out one known error: how often, when, where, and its fix once."""
    entry = group.entry
    assert entry is not None
    names = _names(group)
    lines = [styled((_times(group.count, say) + "  ", LABEL), (wording.filled(_title(entry), names), TITLE))]
    details = [*_when(group, say), *_devices(group, say), as_it_stands(line(group.example, QUIET))]
    if group.alternatives:
        others = "; ".join(one.title for one in group.alternatives)
        details.append(line(say("It may also be: {others}", others=others), QUIET))
    return [*lines, *indented(details), *indented(_fix(entry, names, say))]


def unknown_view(group: Unknown, say: Speaker) -> list[Line]:
    """Lay out one shape of unknown error."""
    details = [*_when(group, say), *_devices(group, say)]
    example = as_it_stands(styled((_times(group.count, say) + "  ", LABEL), (group.example, "")))
    return [example, *indented(details)]


def seen_line(group: Known | Unknown, text: str, say: Speaker) -> Line:
    """Lay out one more occurrence, as ``--follow`` prints it."""
    title = _title(group.entry) + "  " if isinstance(group, Known) and group.entry is not None else ""
    return as_it_stands(styled((f"{_times(group.count, say)}  ", LABEL), (title, ""), (text, QUIET)))


@dataclass(frozen=True, slots=True)
class _Row:
    count: str
    code: str
    last: str
    title: str


def _table(groups: Iterable[Known | Unknown], say: Speaker) -> Iterator[Line]:
    """Count, code and last time in columns; the title last, so that it may wrap."""
    head = _Row(say("Count"), say("Code"), say("Last seen"), say("Error"))
    rows = [head, *(_row(group, say) for group in groups)]
    widths = [max(cell_len(row.count) for row in rows), 0, 0]
    if any(row.code for row in rows[1:]):
        widths[1] = max(cell_len(row.code) for row in rows)
    if any(row.last for row in rows[1:]):
        widths[2] = max(cell_len(row.last) for row in rows)
    for number, row in enumerate(rows):
        before = row.count.rjust(widths[0]) + "  "
        before += "".join(
            f"{cell:<{w}}  " for cell, w in zip((row.code, row.last), widths[1:], strict=True) if w
        )
        title = line(row.title, LABEL if number == 0 else "")
        yield replace(title, first=before, rest=" " * cell_len(before))


def _row(group: Known | Unknown, say: Speaker) -> _Row:
    last = _short_moment(group.last)
    if isinstance(group, Unknown) or group.entry is None:
        return _Row(say.number(group.count), "", last, group.shape if isinstance(group, Unknown) else "")
    entry = group.entry
    code = next((name for name in entry.identifiers if len(name) <= _WIDEST_CODE), "")
    return _Row(say.number(group.count), code, last, wording.filled(entry.title, _names(group)))


def _short_moment(moment: datetime | None) -> str:
    """Year first in both languages: it sorts, and no month is mistaken for a day."""
    if moment is None:
        return ""
    if moment.tzinfo is None:
        return moment.strftime("%Y-%m-%d %H:%M:%S")
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _names(group: Known) -> dict[str, str]:
    """Hub and device for the commands, where the group is about one only."""
    held = {"hub": group.hubs, "device": group.devices}
    return {name: next(iter(values)) for name, values in held.items() if len(values) == 1}


def _title(entry: Entry) -> str:
    names = " ".join(name for name in entry.identifiers[:2] if key(name) not in key(entry.title))
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
        told = say.plural("device: {names}", "devices: {names}", len(group.devices), names=shown)
    else:
        told = say.plural(
            "devices: {names} and {count} more", "devices: {names} and {count} more", n_more, names=shown
        )
    return [line(told)]


def _fix(entry: Entry, names: dict[str, str], say: Speaker) -> list[Line]:
    """Causes and solutions, once; the symptom stands in the log."""
    lines = list(remedies_view(entry.remedies, say, names))
    source = as_it_stands(styled((say("Source") + " ", LABEL), (entry.url or entry.path, "")))
    return [*lines, gap(), source] if lines or entry.url else lines


def footer(sorter: Sorter, say: Speaker, seconds: float) -> str:
    """Return what was read, for stderr."""
    totals = sorter.totals
    told = say.plural(
        "{count} line, {size} read in {seconds} s.",
        "{count} lines, {size} read in {seconds} s.",
        totals.n_lines,
        size=_size(totals.n_bytes, say),
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


def _size(n_bytes: int, say: Speaker) -> str:
    for unit, words in _SIZES:
        if n_bytes >= unit:
            return say(words, size=say.number(round(n_bytes / unit, 1)))
    return say.plural("{count} byte", "{count} bytes", n_bytes)
