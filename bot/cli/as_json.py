"""Answers as the JSON that programs read; the names are a contract."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.answer import Answer, Finding
from bot.i18n import Speaker
from kb.model import Entry, Hit


def answer_document(answer: Answer, say: Speaker) -> dict[str, Any]:
    """Return an answer as ``hubmedic ask --json`` prints it."""
    return {
        "query": answer.query,
        "locale": answer.locale,
        "outcome": answer.outcome.value,
        "confidence": round(answer.confidence, 4),
        "hits": [hit_document(hit) for hit in answer.hits],
        "redacted": list(answer.redacted),
        "findings": [finding_document(finding, say) for finding in answer.findings],
        "elapsed_ms": round(answer.elapsed_ms, 3),
    }


def hit_document(hit: Hit) -> dict[str, Any]:
    """Return one entry found."""
    entry = hit.entry
    return {
        **entry_names(entry),
        "confidence": round(hit.confidence, 4),
        "reasons": {name: round(value, 4) for name, value in hit.reasons.items()},
        "captures": dict(hit.captures),
        "symptom": entry.symptom,
        "cause": entry.cause,
        "solution": entry.solution,
        "url": entry.url,
    }


def finding_document(finding: Finding, say: Speaker) -> dict[str, Any]:
    """Return what one check says, in the reader's language."""
    return {
        "check": finding.check,
        "status": finding.status.value,
        "says": say(finding.message, **finding.values),
        "source": finding.source,
        "read_at": iso(finding.read_at),
        "lag": say(finding.lag) if finding.lag else None,
    }


def entry_names(entry: Entry) -> dict[str, Any]:
    """Return which entry it is, as every command says it."""
    return {
        "entry": entry.id,
        "slug": entry.slug,
        "article": entry.path,
        "locale": entry.locale,
        "identifiers": list(entry.identifiers),
        "title": entry.title,
    }


def entry_document(entry: Entry) -> dict[str, Any]:
    """Return an entry as ``hubmedic kb list --json`` prints it."""
    return {
        **entry_names(entry),
        "messages": [message.text for message in entry.messages],
        "parts": list(entry.parts),
    }


def iso(moment: datetime) -> str:
    """Return a moment in UTC, to the second; as it stands, without a zone, where none is known."""
    if moment.tzinfo is None:
        return moment.isoformat(timespec="seconds")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
