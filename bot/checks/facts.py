"""What was read, and how the reading went: frozen values between the hub's door and the checks.

Nothing here can hold a key. ``DeviceState`` is what both a twin and a registry identity tell about a device;
its tags, properties and symmetric keys stay behind in the adapter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Trouble(StrEnum):
    """Why a reading has no value."""

    MISSING = "missing"
    """The hub itself says that there is no such thing: a fact, not a failure."""
    REFUSED = "refused"
    """401: the configured credential may not read this, or the hub's IP filter keeps this machine out."""
    FORBIDDEN = "forbidden"
    """403: the credential may, the hub does not want to (quota, suspension, public access switched off)."""
    THROTTLED = "throttled"
    FAULTY = "faulty"
    """5xx of the hub."""
    REJECTED = "rejected"
    """Another 4xx of the hub."""
    NO_CREDENTIAL = "no-credential"
    """No Entra credential could be had, so nothing was sent."""
    UNREACHABLE = "unreachable"
    UNRESOLVED = "unresolved"
    UNTRUSTED = "untrusted"
    """TLS does not come about: certificate or handshake."""
    PROXY = "proxy"
    """The configured proxy does not let us through."""
    SILENT = "silent"
    """Connected, and nothing came within the time for one call."""
    CUT = "cut"
    """The connection broke off before the answer was whole."""
    GARBLED = "garbled"
    """Something answered that does not speak as a hub does: a proxy's page, a broken body."""
    LATE = "late"
    """The time for the whole diagnosis was over first."""
    STOPPED = "stopped"
    """The person stopped the checks."""


UNREACHED = frozenset(
    {Trouble.UNREACHABLE, Trouble.UNRESOLVED, Trouble.UNTRUSTED, Trouble.PROXY, Trouble.SILENT}
)
"""Troubles of the way to the hub: the network ladder tells more about them."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """One call to a hub and what came of it."""

    source: str
    """The call, as findings print it: ``"GET /twins/pump-7"``."""
    read_at: datetime
    """When the answer was there, UTC."""
    value: T | None = None
    trouble: Trouble | None = None
    status: int = 0
    """HTTP status; 0 where there was no answer."""
    code: str = ""
    """The hub's own name or number for the error: ``"DeviceNotFound"``, ``"404001"``."""
    detail: str = ""
    """What the hub or the network said, short, without any secret."""
    hub_clock: datetime | None = None
    """The hub's clock (``Date`` header) when it answered."""
    round_trip: timedelta = timedelta()

    @property
    def is_missing(self) -> bool:
        """The hub answered that the thing asked for does not exist."""
        return self.trouble is Trouble.MISSING

    @property
    def clock_skew(self) -> timedelta | None:
        """How far this machine's clock is ahead of the hub's, good to about a second; None without the hub's."""
        if self.hub_clock is None:
            return None
        return self.read_at - self.round_trip / 2 - self.hub_clock


@dataclass(frozen=True, slots=True)
class Thumbprints:
    """The certificate thumbprints registered for a device: upper-case hexadecimal without separators."""

    primary: str = ""
    secondary: str = ""

    @property
    def registered(self) -> tuple[str, ...]:
        """Those that are set."""
        return tuple(value for value in (self.primary, self.secondary) if value)


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What a hub tells about one device. A field is None where the answer did not say."""

    device_id: str
    is_enabled: bool | None = None
    status_reason: str = ""
    status_since: datetime | None = None
    is_connected: bool | None = None
    connection_since: datetime | None = None
    """Last change of the connection; only the registry identity tells it."""
    last_activity: datetime | None = None
    """None: the device has never connected, sent or received."""
    n_waiting: int | None = None
    """Cloud-to-device messages waiting."""
    authentication: str = ""
    """``"sas"``, ``"selfSigned"`` or ``"certificateAuthority"``; empty when the answer did not say."""
    thumbprints: Thumbprints = Thumbprints()
    is_whole: bool = True
    """False: the answer lacks what every device has, so nothing may be concluded from what it lacks."""
    from_registry: bool = False
    """True: read from the registry identity, which alone tells ``connection_since``."""


@dataclass(frozen=True, slots=True)
class ModuleState:
    """What a hub tells about one module of a device."""

    module_id: str
    is_connected: bool | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many devices a hub counts; minutes behind."""

    n_devices: int


class KeyMatch(StrEnum):
    """Which key a pasted signature was made with."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    POLICY = "policy"
    """The key of the policy that is configured here."""
    NEITHER = "neither"
    UNKNOWN_POLICY = "unknown-policy"
    """Signed by a policy, and the one key of it that is configured here, if any, did not fit."""
    NO_KEY = "no-key"
    """The device has no key: it authenticates with a certificate."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a hub, for the audit line."""

    method: str
    path: str
    status: int
    """0: no answer."""


class Rung(StrEnum):
    """One step of the network ladder; the value is the fault it is named for."""

    NAME = "name-unresolved"
    PORT_HTTPS = "port-443-closed"
    PORT_MQTT = "port-8883-closed"
    PORT_AMQP = "port-5671-closed"
    TLS = "tls-refused"
    CERTIFICATE_DATES = "certificate-expired"
    CERTIFICATE_NAME = "certificate-wrong-name"
    CERTIFICATE_CHAIN = "certificate-untrusted"
    ROOT = "root-not-g2"
    CLOCK = "clock-off"


@dataclass(frozen=True, slots=True)
class Step:
    """How one rung of the ladder held."""

    rung: Rung
    holds: bool | None
    """None: could not be told."""
    message: str
    """English template, a key of the catalogs."""
    source: str
    read_at: datetime
    values: dict[str, object] = field(default_factory=dict)
    would_tell: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a diagnosis has read. None: not asked for, or no hub was asked."""

    state: Reading[DeviceState] | None = None
    """The twin; where the credential is refused there, the registry identity."""
    identity: Reading[DeviceState] | None = None
    samples: tuple[Reading[DeviceState], ...] = ()
    """The registry identity read again, spaced."""
    answer: Reading[Any] | None = None
    """Any read of the hub, made where no device is known: does the hub answer?"""
    repeats: tuple[Reading[Any], ...] = ()
    """The state or the answer read again, spaced."""
    statistics: Reading[Statistics] | None = None
    near_ids: Reading[tuple[str, ...]] | None = None
    """Registered ids that look like the one asked for, each seen to exist."""
    module: Reading[ModuleState] | None = None
    signature: Reading[KeyMatch] | None = None
    steps: tuple[Step, ...] = ()
    policy: str = ""
    """Name of the policy we read with; empty with an Entra credential."""
