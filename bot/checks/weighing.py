"""Weigh findings: one a fault, the strongest; confirmed ones first; no secret in any."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from bot.answer import Finding, Status
from bot.checks.check import Check, Evidence
from bot.checks.facts import Rung
from bot.redaction import redact

_RUNGS = frozenset(Rung)
_ORDER = {Status.CONFIRMED: 0, Status.RULED_OUT: 1, Status.CANNOT_TELL: 2}


def weighed(
    checks: Iterable[Check], evidence: Evidence, *, only_if_confirmed: Collection[str] = ()
) -> list[Finding]:
    """Return the strongest finding of each fault, in the order of the checks."""
    found: dict[str, Finding] = {}
    for check in checks:
        finding = check.look(evidence)
        if finding is None:
            continue
        if check.fault in only_if_confirmed and finding.status is not Status.CONFIRMED:
            continue
        held = found.get(check.fault)
        if held is None or _weight(finding) > _weight(held):
            found[check.fault] = finding
    return list(found.values())


def told(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings as they may leave: without secrets; confirmed ones first, then ruled out, then what cannot be told.

    Last comes what is in order on the way to the hub: nobody asked about it.
    """
    return tuple(sorted(map(_safe, findings), key=_place))


def _place(finding: Finding) -> int:
    is_in_order = finding.status is Status.RULED_OUT and finding.check in _RUNGS
    return len(_ORDER) if is_in_order else _ORDER[finding.status]


def _weight(finding: Finding) -> int:
    """What a hub says now weighs more than what a text said; anything told weighs more than nothing."""
    is_told = finding.status is not Status.CANNOT_TELL
    is_from_hub = finding.source.startswith(("GET ", "POST "))
    return 2 * is_told + (is_from_hub if is_told else 0)


def _safe(finding: Finding) -> Finding:
    """Take secrets out of what a finding quotes: a status reason may hold a key."""
    values = {
        name: redact(value).text if isinstance(value, str) else value
        for name, value in finding.values.items()
    }
    return replace(finding, values=values)
