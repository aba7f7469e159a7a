"""What comes back: an outcome, the entries behind it, and what the live checks found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from kb.model import Hit, Outcome


class Status(StrEnum):
    """What a check says of the fault it is named for."""

    CONFIRMED = "confirmed"
    RULED_OUT = "ruled_out"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about a fault, and where it comes from."""

    check: str
    """The fault the check is named for: ``"device-missing"``."""
    status: Status
    message: str
    """English template with ``{named}`` values, a key of the catalogs; surfaces translate it."""
    source: str
    """The call or the text that told: ``"GET /twins/pump-7"``, ``"pasted text"``."""
    read_at: datetime
    """When we looked, UTC, always set."""
    lag: str | None = None
    """How late the source may be, an English catalog key (``"up to 5 min"``); None when it is immediate."""
    values: dict[str, Any] = field(default_factory=dict)
    """What fills ``message``: text, numbers, ``datetime`` and ``timedelta`` (written as the reader's language does)."""
    would_tell: str = ""
    """Where nothing can be told: what would tell, an English catalog key; may be empty."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question gets, ready for any surface to render. Nothing in it holds a secret."""

    query: str
    """The question, redacted."""
    locale: str
    """The locale it is answered in, lower case: ``"fr-fr"``."""
    outcome: Outcome
    confidence: float
    hits: tuple[Hit, ...] = ()
    """What is shown: one for ``answer``, two or three for ``choices``, none for ``none``."""
    redacted: tuple[str, ...] = ()
    """Kinds of secrets taken out: ``("shared-access-key",)``."""
    findings: tuple[Finding, ...] = ()
    elapsed_ms: float = 0.0
    candidates: tuple[Hit, ...] = ()
    """Best first, whatever the outcome: what "didn't help" goes on to."""
    reader: str = "en"
    """Locale of the person, BCP 47 in lower case: what the interface speaks, also where no article exists in it."""
