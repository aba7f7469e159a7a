"""Findings as text that a conversation keeps, and back: moments and durations stay what they are, for any language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.answer import Finding, Status

_MOMENT, _SPAN = "$at", "$s"


def to_text(findings: Iterable[Finding]) -> str:
    """Return findings as JSON; nothing for none."""
    told = [_document(finding) for finding in findings]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else ""


def from_text(text: str) -> tuple[Finding, ...]:
    """Return what :func:`to_text` was given; nothing of what another version wrote in another shape."""
    if not text:
        return ()
    try:
        return tuple(_finding(told) for told in json.loads(text))
    except (ValueError, KeyError, TypeError):
        return ()


def _document(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "status": finding.status.value,
        "message": finding.message,
        "source": finding.source,
        "read_at": finding.read_at.isoformat(),
        "lag": finding.lag,
        "would_tell": finding.would_tell,
        "values": {name: _kept(value) for name, value in finding.values.items()},
    }


def _finding(told: Mapping[str, Any]) -> Finding:
    return Finding(
        check=told["check"],
        status=Status(told["status"]),
        message=told["message"],
        source=told["source"],
        read_at=datetime.fromisoformat(told["read_at"]),
        lag=told["lag"],
        would_tell=told["would_tell"],
        values={name: _value(value) for name, value in told["values"].items()},
    )


def _kept(value: object) -> object:
    if isinstance(value, datetime):
        return {_MOMENT: (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()}
    if isinstance(value, timedelta):
        return {_SPAN: value.total_seconds()}
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, Iterable):
        return [_kept(one) for one in value]
    return str(value)


def _value(kept: Any) -> Any:
    if isinstance(kept, dict):
        if _MOMENT in kept:
            return datetime.fromisoformat(kept[_MOMENT])
        return timedelta(seconds=kept[_SPAN])
    if isinstance(kept, list):
        return tuple(map(_value, kept))
    return kept
