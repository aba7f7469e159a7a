"""A configured hub, and the few reads that checks may make of it.

Hosts come from settings only. A host that stands in a message at most selects one of the configured hubs: what a
chat names must never decide where a credential is sent.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bot.checks.check import same_hub
from bot.checks.errors import DeviceMalformed, HubMisconfigured, HubNotNamed, HubUnknown
from bot.checks.facts import Call, DeviceState, KeyMatch, ModuleState, Reading, Statistics
from bot.checks.token import SasToken
from bot.i18n import N_

_COPY_ANEW = N_("copy it anew from Shared access policies in the portal, and set it in {variable}")
_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
    r"|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?"
)
_DEVICE_ID = re.compile(r"[A-Za-z0-9\-.+%_#*?!(),:=@$']{1,128}")
_PARTS = {
    name.casefold(): name
    for name in (
        "HostName",
        "SharedAccessKeyName",
        "SharedAccessKey",
        "SharedAccessSignature",
        "DeviceId",
        "ModuleId",
        "GatewayHostName",
    )
}


@dataclass(frozen=True, slots=True)
class HubSettings:
    """One configured hub, as the settings name it."""

    name: str
    connection_string: str | None = field(default=None, repr=False)
    """A policy's connection string; or None, and ``host`` is read with an Entra credential."""
    host: str | None = None
    ca_file: Path | None = None
    """Certificates to trust instead of the public ones, for a hub behind a private CA."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a hub is reached: its host and what opens it, checked before any call is made."""

    name: str
    host: str
    """Host name, with a port where one is configured."""
    policy: str = ""
    key: str = field(default="", repr=False)
    """Empty: an Entra credential opens it."""
    ca_file: Path | None = None

    @property
    def connection_string(self) -> str:
        """The connection string in the one form that azure-iot-hub reads."""
        return f"HostName={self.host};SharedAccessKeyName={self.policy};SharedAccessKey={self.key}"

    @property
    def port(self) -> int:
        """The port of the hub's REST side."""
        tail = self.host.rpartition("]")[2] if self.host.startswith("[") else self.host
        return int(tail.rpartition(":")[2]) if ":" in tail else 443

    @property
    def bare_host(self) -> str:
        """The host without port and brackets."""
        if self.host.startswith("["):
            return self.host[1:].partition("]")[0]
        return self.host.partition(":")[0]


class HubReader(Protocol):
    """The reads that exist. There is no way to write, to call a method or to connect as a device.

    No method raises for what a hub or the network does: that is what a :class:`Reading` tells.
    """

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every request made so far."""

    def twin(self, device: str) -> Reading[DeviceState]:
        """Read the twin: the state without keys."""

    def identity(self, device: str) -> Reading[DeviceState]:
        """Read the registry identity; its keys are dropped before anything else sees it."""

    def module(self, device: str, module: str) -> Reading[ModuleState]:
        """Read a module's twin."""

    def statistics(self) -> Reading[Statistics]:
        """Read how many devices the hub counts."""

    def answers(self) -> Reading[int]:
        """Read the count of connected devices, for no other reason than to see whether the hub answers."""

    def ids_starting_with(self, prefix: str, limit: int) -> Reading[tuple[str, ...]]:
        """Read ids from the query index, which is minutes behind."""

    def signed_with(self, device: str, token: SasToken) -> Reading[KeyMatch]:
        """Tell which registered key a token was signed with; the keys stay behind the door."""

    def abort(self) -> None:
        """End whatever call is under way; callable from another thread."""

    def close(self) -> None:
        """Let go of connections."""


def select(hubs: Mapping[str, HubSettings], wanted: str | None, pasted: str) -> HubSettings | None:
    """Return the hub to ask: the one named, else the one pasted, else the only one; None where the paste is about
    a hub that is not configured.

    Raises
    ------
    HubUnknown
        If no hub of that name is configured, none at all is, or several are and nothing says which.
    """
    if not hubs:
        raise HubUnknown(
            "no hub is configured, so nothing can be asked",
            "set HUBMEDIC_HUBS__NAME__CONNECTION_STRING to the connection string of a policy that may read, such as service",
        )
    names = ", ".join(sorted(hub.name for hub in hubs.values()))
    if wanted:
        named = [hub for hub in hubs.values() if hub.name.casefold() == wanted.casefold()]
        hosted = [hub for hub in hubs.values() if same_hub(wanted, _host_of(hub))]
        for hub in (*named, *hosted):
            return hub
        raise HubNotNamed(
            "no hub named “{wanted}” is configured; there is: {names}",
            "set HUBMEDIC_HUBS__{variable}__CONNECTION_STRING, or name one of these",
            wanted=wanted,
            names=names,
            variable=re.sub(r"\W", "_", wanted.split(".")[0]).upper(),
        )
    if pasted:
        known = {hub.name: same_hub(pasted, _host_of(hub)) for hub in hubs.values()}
        for hub in hubs.values():
            if known[hub.name] or hub.name.casefold() == pasted.split(".")[0].casefold():
                return hub
        if all(is_same is False for is_same in known.values()):
            return None
    if len(hubs) == 1:
        return next(iter(hubs.values()))
    raise HubNotNamed("several hubs are configured: {names}", "name one of them with --hub", names=names)


def access(settings: HubSettings) -> Access:
    """Return how to reach a hub.

    Raises
    ------
    HubMisconfigured
        With what is wrong in our own words and never the key.
    """
    variable = f"HUBMEDIC_HUBS__{settings.name.upper()}__"
    if settings.ca_file is not None and not settings.ca_file.is_file():
        raise HubMisconfigured(
            "the CA file of hub {name} is not there: {path}",
            "set {variable} to a PEM file of certificates",
            name=settings.name,
            path=str(settings.ca_file),
            variable=f"{variable}CA_FILE",
        )
    if settings.connection_string is not None and settings.connection_string.strip():
        host, policy, key = _parts(settings.connection_string, settings.name, f"{variable}CONNECTION_STRING")
        return Access(settings.name, host, policy, key, settings.ca_file)
    if settings.host is None or not settings.host.strip():
        raise HubMisconfigured(
            "hub {name} has neither a connection string nor a host",
            "set {variable}CONNECTION_STRING, or {variable}HOST to read it with an Entra credential",
            name=settings.name,
            variable=variable,
        )
    return Access(
        settings.name, _host(settings.host, settings.name, f"{variable}HOST"), ca_file=settings.ca_file
    )


def device_id(text: str) -> str:
    """Return the id of a device or module.

    Raises
    ------
    DeviceMalformed
        If no hub would take it: empty, above 128 characters, or with others than it allows.
    """
    wanted = text.strip()
    if _DEVICE_ID.fullmatch(wanted) and wanted not in (".", ".."):  # in a path these two name something else
        return wanted
    raise DeviceMalformed(
        "“{device}” cannot be the id of a device",
        "an id has 1 to 128 characters: letters, digits and - . + % _ # * ? ! ( ) , : = @ $ '",
        device=wanted[:64],
    )


def _host_of(hub: HubSettings) -> str:
    try:
        return access(hub).host
    except HubMisconfigured:
        return hub.host or hub.name


def _parts(text: str, name: str, variable: str) -> tuple[str, str, str]:
    """Return host, policy and key of a connection string; what azure-iot-hub says of a bad one names no cause."""

    def wrong(
        message: str,
        hint: str = _COPY_ANEW,
        **values: Any,
    ) -> HubMisconfigured:
        return HubMisconfigured(message, hint, name=name, variable=variable, **values)

    parts: dict[str, str] = {}
    for piece in text.strip().strip("\"'").split(";"):
        if not piece.strip():
            continue
        key, has_value, value = piece.partition("=")
        if key.strip().casefold() == "endpoint":
            raise wrong("the connection string of hub {name} is that of its Event Hubs endpoint")
        if not has_value or key.strip().casefold() not in _PARTS:
            raise wrong(
                "the connection string of hub {name} has a part that is no Name=value pair it may have"
            )
        parts[_PARTS[key.strip().casefold()]] = value.strip()
    if "HostName" not in parts or not parts["HostName"]:
        raise wrong("the connection string of hub {name} names no HostName")
    host = _host(parts["HostName"], name, variable)
    if host.casefold().partition(":")[0].endswith(".azure-devices-provisioning.net"):
        raise wrong("the connection string of hub {name} is that of a provisioning service")
    if "SharedAccessKeyName" not in parts:
        if "DeviceId" in parts:
            raise wrong(
                "the connection string of hub {name} is that of a device; the checks never connect as a device"
            )
        raise wrong("the connection string of hub {name} names no SharedAccessKeyName")
    if not parts.get("SharedAccessKey"):
        if "SharedAccessSignature" in parts:
            raise wrong(
                "the connection string of hub {name} holds a ready-made token; the checks need the policy's key"
            )
        raise wrong("the connection string of hub {name} has no SharedAccessKey")
    try:
        is_key = bool(base64.b64decode(parts["SharedAccessKey"], validate=True))
    except (binascii.Error, ValueError):
        is_key = False
    if not is_key:
        raise wrong(
            "the SharedAccessKey in the connection string of hub {name} is not base64: cut short, perhaps"
        )
    return host, parts["SharedAccessKeyName"], parts["SharedAccessKey"]


def _host(text: str, name: str, variable: str) -> str:
    host = text.strip()
    if not _HOST.fullmatch(host):
        raise HubMisconfigured(
            "the host of hub {name} is no host name",
            "set it in {variable} without https:// and path, as in contoso.azure-devices.net",
            name=name,
            variable=variable,
        )
    return host
