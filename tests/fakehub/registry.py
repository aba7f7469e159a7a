"""The devices of a fake hub, told as of a moment: late where a real hub is late.

The connection state lags by up to minutes, statistics and the query index too, and a deleted device still haunts
queries for a while. All of it follows the clock that the hub is given.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any

NEVER = "0001-01-01T00:00:00Z"


def new_key() -> str:
    """Return a key such as a hub makes."""
    return base64.b64encode(token_bytes(32)).decode()


@dataclass
class FakeModule:
    """A module identity."""

    module_id: str
    is_connected: bool = True
    primary_key: str = field(default_factory=new_key, repr=False)
    secondary_key: str = field(default_factory=new_key, repr=False)


@dataclass
class FakeDevice:
    """A device identity and its twin."""

    device_id: str
    authentication: str = "sas"
    status: str = "enabled"
    status_reason: str | None = None
    status_since: datetime | None = None
    is_connected: bool = True
    connected_since: datetime | None = None
    """None: never changed."""
    last_activity: datetime | None = None
    n_waiting: int = 0
    thumbprints: tuple[str, str] = ("", "")
    is_edge: bool = False
    modules: dict[str, FakeModule] = field(default_factory=dict)
    flaps_every: timedelta | None = None
    """The connection changes hands this often, which moves its stamp."""
    went_offline: datetime | None = None
    """When it really left; the state says so only after the hub's lag."""
    added: datetime | None = None
    deleted: datetime | None = None
    primary_key: str = field(default_factory=new_key, repr=False)
    secondary_key: str = field(default_factory=new_key, repr=False)
    unknown: dict[str, Any] = field(default_factory=dict)
    """Fields that a newer API version may add."""


@dataclass
class Registry:
    """All devices, and how late the hub tells of them."""

    devices: dict[str, FakeDevice] = field(default_factory=dict)
    connection_lag: timedelta = timedelta(minutes=5)
    statistics_lag: timedelta = timedelta(minutes=10)
    ghost_time: timedelta = timedelta(minutes=25)

    def add(self, *devices: FakeDevice) -> None:
        """Register devices."""
        for device in devices:
            self.devices[device.device_id] = device

    def get(self, device_id: str, now: datetime) -> FakeDevice | None:
        """Return a device that exists now; letter case counts."""
        device = self.devices.get(device_id)
        return device if device is not None and _exists(device, now) else None

    def indexed(self, now: datetime) -> list[FakeDevice]:
        """Return what the query index holds: deleted ones still, for a while."""
        return [
            device
            for _, device in sorted(self.devices.items())
            if device.deleted is None or now - device.deleted < self.ghost_time
        ]

    def counted(self, now: datetime) -> dict[str, int]:
        """Return the statistics, as of some minutes ago."""
        then = now - self.statistics_lag
        counted = [device for device in self.devices.values() if _exists(device, then)]
        n_enabled = sum(device.status == "enabled" for device in counted)
        return {
            "totalDeviceCount": len(counted),
            "enabledDeviceCount": n_enabled,
            "disabledDeviceCount": len(counted) - n_enabled,
        }

    def identity(self, device: FakeDevice, now: datetime) -> dict[str, Any]:
        """Return the registry identity, keys and all."""
        primary, secondary = device.thumbprints
        is_sas = device.authentication == "sas"
        return {
            "deviceId": device.device_id,
            "generationId": "638000000000000000",
            "etag": "MTIzNDU2",
            "connectionState": self._state(device, now),
            "status": device.status,
            "statusReason": device.status_reason,
            "connectionStateUpdatedTime": written(self._since(device, now)),
            "statusUpdatedTime": written(device.status_since),
            "lastActivityTime": written(device.last_activity),
            "cloudToDeviceMessageCount": device.n_waiting,
            "authentication": {
                "symmetricKey": {
                    "primaryKey": device.primary_key if is_sas else None,
                    "secondaryKey": device.secondary_key if is_sas else None,
                },
                "x509Thumbprint": {
                    "primaryThumbprint": primary or None,
                    "secondaryThumbprint": secondary or None,
                },
                "type": device.authentication,
            },
            "capabilities": {"iotEdge": device.is_edge},
            **device.unknown,
        }

    def twin(self, device: FakeDevice, now: datetime) -> dict[str, Any]:
        """Return the twin: no keys, and thumbprints spelt with a capital as a live hub spells them."""
        primary, secondary = device.thumbprints
        return {
            "deviceId": device.device_id,
            "etag": "AAAAAAAAAAE=",
            "deviceEtag": "MTIzNDU2",
            "status": device.status,
            "statusReason": device.status_reason,
            "statusUpdateTime": written(device.status_since),
            "connectionState": self._state(device, now),
            "lastActivityTime": written(device.last_activity),
            "cloudToDeviceMessageCount": device.n_waiting,
            "authenticationType": device.authentication,
            "x509Thumbprint": {
                "PrimaryThumbprint": primary or None,
                "SecondaryThumbprint": secondary or None,
            },
            "modelId": "",
            "version": 2,
            "tags": {"customer": "do not show"},
            "properties": {"desired": {"$version": 1}, "reported": {"$version": 1}},
            "capabilities": {"iotEdge": device.is_edge},
            **device.unknown,
        }

    def _state(self, device: FakeDevice, now: datetime) -> str:
        is_seen_gone = device.went_offline is not None and now - device.went_offline >= self.connection_lag
        return "Connected" if device.is_connected and not is_seen_gone else "Disconnected"

    def _since(self, device: FakeDevice, now: datetime) -> datetime | None:
        if device.flaps_every is None:
            return device.connected_since
        period = device.flaps_every.total_seconds()
        return datetime.fromtimestamp(now.timestamp() // period * period, UTC)


def module_identity(device: FakeDevice, module: FakeModule) -> dict[str, Any]:
    """Return a module's identity, keys and all."""
    return {
        "deviceId": device.device_id,
        "moduleId": module.module_id,
        "managedBy": "iotEdge",
        "generationId": "638000000000000001",
        "etag": "NjU0MzIx",
        "connectionState": "Connected" if module.is_connected else "Disconnected",
        "connectionStateUpdatedTime": NEVER,
        "lastActivityTime": NEVER,
        "cloudToDeviceMessageCount": 0,
        "authentication": {
            "symmetricKey": {"primaryKey": module.primary_key, "secondaryKey": module.secondary_key},
            "x509Thumbprint": {"primaryThumbprint": None, "secondaryThumbprint": None},
            "type": "sas",
        },
    }


def module_twin(device: FakeDevice, module: FakeModule) -> dict[str, Any]:
    """Return a module's twin."""
    return {
        "deviceId": device.device_id,
        "moduleId": module.module_id,
        "etag": "AAAAAAAAAAE=",
        "connectionState": "Connected" if module.is_connected else "Disconnected",
        "lastActivityTime": NEVER,
        "status": "enabled",
        "version": 1,
        "properties": {"desired": {"$version": 1}, "reported": {"$version": 1}},
    }


def written(moment: datetime | None) -> str:
    """Return a time as a hub writes it; "never" is the year 1."""
    return NEVER if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}7Z"


def _exists(device: FakeDevice, now: datetime) -> bool:
    return (device.added is None or device.added <= now) and (device.deleted is None or device.deleted > now)
