"""Live checks: read-only looks at a paste, a token, an IoT hub or the network that confirm a cause or rule it out.

Two ways in. :func:`bot.checks.runner.diagnose` asks a hub, and is what every surface calls on a person's wish.
:func:`look_at_paste` looks at a text alone, and may be called for every question: it costs nothing where the text
holds nothing to look at. Nothing here writes to a hub, connects as a device, or lets a key out; ``iot_hub.py`` alone
talks through azure-iot-hub.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.answer import Finding

_MARKS = (
    "se=", "timestamp", "thumbprint", "fingerprint", "count", "connack", "refus", "not accepted", "not authori", "notauthori",
    "authorization rule", "bad user", "id rejected", "identifier rejected", "unacceptable", "server unavailable",
    "serverunavailable", "broker unavailable",
    "not registered", "toomanydevices", "quotaexceeded", "locklost", "not found", "notfounderror", "queuedepth",
    "device_disabled", "etag", "preconditionfailed", "412001", "assigned permissions",
)  # fmt: skip
"""One of these stands in lower case in every text of one line that a check could make something of."""
_OF_LOGS = (
    "40410",
    "401003",
    "400027",
    "409002",
    "unauthorized",
    "closedremotely",
    "newconnection",
    "link-creation",
    "linkcreation",
)
"""The same of several lines: a single one tells nothing of what came before it."""
_RETURN_CODE = re.compile(r"(?:\brc|code|retour|state)\W{0,4}(?:0x0?)?[1-5]\b")


def could_tell(text: str) -> bool:
    """Return False where no check could make anything of a text by itself: that is said without loading any of them."""
    lowered = text.lower()
    marks = (*_MARKS, *_OF_LOGS) if "\n" in text or "\\n" in text else _MARKS
    return any(mark in lowered for mark in marks) or bool(_RETURN_CODE.search(lowered))


def look_at_paste(
    text: str,
    *,
    identifiers: tuple[str, ...] = (),
    captures: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> tuple[Finding, ...]:
    """Return what a text confirms or rules out by itself; see :func:`bot.checks.text.look_at_text`.

    Give it the text as it came: it finds in a token's signature nothing to say, but in its end and audience much. What
    comes back holds no secret.
    """
    if not could_tell(text):
        return ()
    # A tenth of the time of a question, only where there is something to see.
    from bot.checks.text import look_at_text

    return look_at_text(text, now or datetime.now(UTC), identifiers=identifiers, captures=captures)
