"""The groups of a log as the JSON that programs read; the names are a contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.triage.sorting import Known, Sorter, Tally, Unknown


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
        "entry": entry.id,
        "slug": entry.slug,
        "article": entry.path,
        "locale": entry.locale,
        "identifiers": list(entry.identifiers),
        "title": entry.title,
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
