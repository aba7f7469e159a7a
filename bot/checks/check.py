"""What a check is: a pure look at evidence that was gathered before, and a finding about one fault.

A check never reads anything itself. It says what it needs (:class:`Need`), the runner reads that once for all checks,
and the check turns it into ``confirmed``, ``ruled_out`` or ``cannot_tell`` with the fact and where it comes from.
One good answer of a hub never refutes a fault that comes and goes: such a check says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.answer import Finding, Status
from bot.checks.facts import DeviceState, Facts, Reading, Trouble
from bot.checks.pasted import Pasted
from bot.checks.token import SasToken
from bot.i18n import N_

_AZURE = re.compile(r"(?i)\.azure-devices(?:-int)?\.(?:net|us|cn)$")


class Need(StrEnum):
    """What a check wants to have been read."""

    STATE = "state"
    """The twin, or the registry identity where the credential is refused there."""
    IDENTITY = "identity"
    """The registry identity: since when the connection is as it is."""
    SAMPLES = "samples"
    """The registry identity again, spaced by seconds."""
    REPEATS = "repeats"
    """The state again, spaced by seconds: does the hub answer each time?"""
    STATISTICS = "statistics"
    NEAR_IDS = "near-ids"
    """Registered ids like the one asked for; read only where that one is missing."""
    MODULE = "module"
    SIGNATURE = "signature"
    """Which registered key the pasted signature was made with."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a check may look at."""

    pasted: Pasted
    now: datetime
    """UTC; the hub's clock where it is known, ours else."""
    token: SasToken | None = None
    device: str = ""
    """The device in question."""
    is_device_named: bool = True
    """False: only the pasted token names it, so the token cannot be compared with it."""
    module: str = ""
    asked_host: str = ""
    """Host name of the configured hub that is asked; empty when none is."""
    facts: Facts = field(default_factory=Facts)
    codes: frozenset[str] = frozenset()
    """Folded identifiers of the error, pasted or found: ``{"401003", "iothubunauthorized"}``."""

    @property
    def is_asked(self) -> bool:
        """A hub is asked."""
        return bool(self.asked_host)

    @property
    def hub_host(self) -> str:
        """The hub that the device was to reach: the pasted one, else the one asked."""
        return self.pasted.hub or self.asked_host

    @property
    def fullest(self) -> Reading[DeviceState] | None:
        """The reading that tells most of the device: the registry identity where it may be read, else the state."""
        identity = self.facts.identity
        return identity if identity is not None and identity.value is not None else self.facts.state


TEXT, TOKEN, DOCUMENTATION = N_("pasted text"), N_("pasted token"), N_("documentation")
READ_HERE = frozenset({TEXT, TOKEN, DOCUMENTATION})
"""Sources that are no call: nobody was asked."""

Look = Callable[[Evidence], Finding | None]


@dataclass(frozen=True, slots=True)
class Check:
    """One look that can confirm a fault or rule it out."""

    fault: str
    """The fault it is named for: ``"device-missing"``. Several looks may speak of one fault."""
    look: Look
    """Returns None where the evidence has nothing to do with the fault."""
    needs: frozenset[Need] = frozenset()


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a fact comes from."""

    source: str
    """``"GET /twins/pump-7"``, or a key of the catalogs such as ``"pasted text"``."""
    read_at: datetime
    lag: str | None = None
    """A key of the catalogs: ``"up to 5 min"``."""


def read_in(reading: Reading[Any], lag: str | None = None) -> Fact:
    """Return where a reading comes from."""
    return Fact(reading.source, reading.read_at, lag)


def confirmed(fault: str, message: str, fact: Fact, **values: object) -> Finding:
    """Say that the fault is there: a fact observed now, or that the text itself states."""
    return Finding(fault, Status.CONFIRMED, message, fact.source, fact.read_at, fact.lag, dict(values))


def ruled_out(fault: str, message: str, fact: Fact, **values: object) -> Finding:
    """Say that the contrary was observed; the past stays open."""
    return Finding(fault, Status.RULED_OUT, message, fact.source, fact.read_at, fact.lag, dict(values))


def cannot_tell(fault: str, message: str, fact: Fact, *, would_tell: str = "", **values: object) -> Finding:
    """Say that this evidence does not tell, and what would."""
    return Finding(
        fault, Status.CANNOT_TELL, message, fact.source, fact.read_at, fact.lag, dict(values), would_tell
    )


@dataclass(frozen=True, slots=True)
class Unread:
    """How a reading without a value is told."""

    message: str
    would_tell: str = ""


def _unread(message: str, would_tell: str = "") -> Unread:
    return Unread(message, would_tell)


_LADDER = "hubmedic check --network, which tries each step of the way"
"""What would tell where the hub is not reached; nothing more once the steps were tried."""
_UNREAD: Mapping[Trouble, Unread] = {
    Trouble.MISSING: _unread("The hub has no such thing ({status} {code})."),
    Trouble.REFUSED: _unread(
        "The hub refuses our credential for this read ({status} {code}).",
        "a credential with the right ServiceConnect or RegistryRead, or the role IoT Hub Data Reader; where it has that, "
        "whether its key is the one that the portal shows now, and the hub's IP filter, which answers 401 too",
    ),
    Trouble.FORBIDDEN: _unread(
        "The hub refuses this read to everybody ({status} {code}).",
        "the hub's state and network rules in the portal",
    ),
    Trouble.THROTTLED: _unread(
        "The hub asks us to slow down ({status} {code}).",
        "the same check in some minutes",
    ),
    Trouble.FAULTY: _unread(
        "The hub answers with a fault of its own ({status} {code}).",
        "the same check in some minutes, and Azure Status",
    ),
    Trouble.REJECTED: _unread("The hub does not take this read ({status} {code})."),
    Trouble.NO_CREDENTIAL: _unread(
        "No Entra credential could be had on this machine, so nothing was sent.",
        "az login, a managed identity, or AZURE_CLIENT_ID, AZURE_TENANT_ID and a secret in the environment",
    ),
    Trouble.UNREACHABLE: _unread("The hub cannot be reached from this machine.", _LADDER),
    Trouble.UNRESOLVED: _unread("The hub's name does not resolve on this machine.", _LADDER),
    Trouble.UNTRUSTED: _unread("No TLS connection to the hub can be made from this machine.", _LADDER),
    Trouble.PROXY: _unread(
        "The proxy of this machine does not let us through to the hub.",
        "HTTPS_PROXY and NO_PROXY, and the proxy's own log",
    ),
    Trouble.SILENT: _unread(
        "The hub took the connection and did not answer in time.",
        "the same check in some minutes, and Azure Status",
    ),
    Trouble.CUT: _unread(
        "The connection to the hub broke off before its answer was whole.",
        "the same check in some minutes, from another network too",
    ),
    Trouble.GARBLED: _unread(
        "What answered does not speak as a hub does ({status}): a proxy or a gateway in between, perhaps.",
        "the same read from another network",
    ),
    Trouble.LATE: _unread(
        "The time for the checks was over before the hub had answered.",
        "the same check in some minutes, and Azure Status",
    ),
    Trouble.STOPPED: _unread(
        "The checks were stopped before this was read.", "the checks, left to run to their end"
    ),
}


def unread(fault: str, reading: Reading[Any]) -> Finding:
    """Return the finding for a fault whose reading did not come about."""
    told = _UNREAD[reading.trouble or Trouble.GARBLED]
    if reading.trouble is Trouble.REFUSED and reading.source.startswith(
        ("GET /devices/", "GET /statistics/devices")
    ):
        would_tell = "a credential with the right RegistryRead, or the role IoT Hub Data Reader"
        told = replace(told, would_tell=would_tell)
    return cannot_tell(
        fault,
        told.message,
        read_in(reading),
        would_tell=told.would_tell,
        status=reading.status,
        code=reading.code,
    )


def without_ladder(finding: Finding) -> Finding:
    """Return a finding that does not send for the steps of the way, which were tried."""
    return replace(finding, would_tell="") if finding.would_tell == _LADDER else finding


def same_hub(one: str, other: str) -> bool | None:
    """Tell whether two names mean one hub; None where that cannot be told.

    ``contoso-hub`` is ``contoso-hub.azure-devices.net``; but what ``localhost:8443`` or a company's own name
    stands for, nobody knows.
    """
    left, right = one.strip().rstrip(".").casefold(), other.strip().rstrip(".").casefold()
    if left == right:
        return True
    is_left_full, is_right_full = "." in left or ":" in left, "." in right or ":" in right
    if (is_left_full and not _AZURE.search(left)) or (is_right_full and not _AZURE.search(right)):
        return None
    if is_left_full and is_right_full:
        return False
    return left.split(".")[0] == right.split(".")[0]


def quoted(text: str, limit: int = 120) -> str:
    """Return text from elsewhere as one line that a person can be shown: no control characters, cut where long."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
