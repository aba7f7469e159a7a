"""The groups of a log as the JSON that programs read; the names are a contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cli.as_json import entry_names, iso
from bot.triage.sorting import Sorter
from bot.triage.tally import Known, Tally, Unknown


def known_groups(sorter: Sorter) -> list[Known]:
    """Return the known groups, most frequent first."""
    return sorted(sorter.known.values(), key=lambda group: -group.count)


def unknown_groups(sorter: Sorter) -> list[Unknown]:
    """Return the unknown groups, most frequent first."""
    return sorted(sorter.unknown.values(), key=lambda group: -group.count)


def report_document(sorter: Sorter, files: Sequence[str], elapsed_ms: float) -> dict[str, Any]:
    """Return everything that was found."""
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
        **entry_names(entry),
        "confidence": round(group.confidence, 4),
        **_tally(group),
        "alternatives": [one.id for one in group.alternatives],
        "cause": entry.cause,
        "solution": entry.solution,
        "url": entry.url,
    }


def unknown_document(group: Unknown) -> dict[str, Any]:
    """Return one shape of unknown error."""
    return {"shape": group.shape, **_tally(group)}


def _tally(group: Tally) -> dict[str, Any]:
    return {
        "count": group.count,
        "first": iso(group.first) if group.first is not None else None,
        "last": iso(group.last) if group.last is not None else None,
        "devices": list(group.devices),
        "example": group.example,
    }
