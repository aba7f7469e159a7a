"""Look at a pasted text alone: no hub, no network, nothing but arithmetic, so it can be done for every question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.answer import Finding, Status
from bot.checks import pasted as pasted_
from bot.checks.catalogue import catalogue, checks_for
from bot.checks.check import Evidence
from bot.checks.pasted import Pasted
from bot.checks.token import SasToken, find_tokens
from bot.checks.weighing import told, weighed

_WORTH_A_DOUBT = frozenset({"error-name-misleads"})
"""A misleading name is worth a word even where what it hides is not in the text."""


def look_at_text(
    text: str, now: datetime, *, identifiers: tuple[str, ...] = (), captures: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Return what a text confirms or rules out by itself.

    The text may hold secrets: what comes back holds none. ``identifiers`` and ``captures`` are those of the entry
    found for it.
    """
    found = pasted_.read(text)
    captured = captures or {}
    tokens = find_tokens(text)
    device = captured.get("device", "") or found.device
    codes = codes_of(found, identifiers)
    book = catalogue()
    evidence = Evidence(
        pasted=found,
        now=now,
        token=tokens[-1] if tokens else None,
        device=device or _device_of(tokens),
        is_device_named=bool(device),
        module=captured.get("module", "") or found.module,
        codes=codes,
    )
    checks = checks_for((*text_faults(found), *book.always, *book.faults_for(sorted(codes))))
    findings = weighed(checks, evidence)
    return told(f for f in findings if f.status is not Status.CANNOT_TELL or f.check in _WORTH_A_DOUBT)


def codes_of(found: Pasted, identifiers: tuple[str, ...]) -> frozenset[str]:
    """Return every folded name of the errors that a text, or the entry found for it, names.

    The text decides where it names any.
    """
    named = [*found.codes] or [*identifiers[:2]]
    if not found.codes and found.connack in (4, 5):
        named.append("401003")
    book = catalogue()
    known = [code for code in named if book.faults_for([code])]
    return frozenset(name for code in known or identifiers for name in book.names_of(code))


def text_faults(found: Pasted) -> tuple[str, ...]:
    """Return the faults worth a look for what the text holds in numbers, whatever code stands beside it."""
    faults = ["thumbprint-mismatch"] if found.presented else []
    faults += ["quota-used-up"] if found.message_count else []
    return (*faults, *(["device-quota-used-up"] if found.device_count else []))


def _device_of(tokens: tuple[SasToken, ...]) -> str:
    return tokens[-1].device_id if tokens else ""
