"""Rows on how connections come and go: 400027, 404104, 409002."""

from __future__ import annotations

from datetime import timedelta

from tests.fakehub.scenario import NO, UNSURE, YES, Scenario, ago, device, drops, error

_CONFLICT = "400027 ConnectionForcefullyClosedOnNewConnection for device pump-7"

ROWS: tuple[Scenario, ...] = (
    Scenario(
        "400027",
        "two clients, one identity",
        "device-reconnecting",
        YES,
        _CONFLICT,
        device(flaps_every=timedelta(seconds=4)),
        policy="iothubowner",
    ),
    Scenario(
        "400027",
        "two clients, one identity",
        "device-reconnecting",
        NO,
        _CONFLICT,
        device(),
        policy="registryRead",
    ),
    Scenario(
        "400027",
        "two clients, one identity",
        "device-reconnecting",
        UNSURE,
        _CONFLICT,
        device(connected_since=ago(minutes=1)),
        policy="iothubowner",
    ),
    Scenario(
        "400027",
        "two clients, one identity",
        "device-reconnecting",
        UNSURE,
        _CONFLICT,
        device(),
        policy="service",
        why="without RegistryRead",
    ),
    Scenario(
        "400027",
        "back before the drop was seen",
        "reconnected-too-soon",
        YES,
        "2026-01-05T09:00:00Z 404104 DeviceConnectionClosedRemotely\n2026-01-05T09:00:40Z 400027 ConnectionForcefullyClosedOnNewConnection",
        asks=False,
    ),
    Scenario(
        "400027",
        "back before the drop was seen",
        "reconnected-too-soon",
        UNSURE,
        "2026-01-05T09:00:40Z 400027 ConnectionForcefullyClosedOnNewConnection",
        asks=False,
    ),
    Scenario("404104", "token renewal", "token-renewal", YES, drops(60, 60.5, 59.5), asks=False),
    Scenario(
        "404104",
        "token renewal",
        "token-renewal",
        YES,
        drops(70, 70, 70, sdk="Microsoft.Azure.Devices.Client"),
        asks=False,
        why=".NET",
    ),
    Scenario("404104", "token renewal", "token-renewal", NO, drops(60, 17, 140), asks=False),
    Scenario(
        "404104", "token renewal", "token-renewal", UNSURE, drops(24, 24, 24), asks=False, why="other period"
    ),
    Scenario(
        "404104",
        "token renewal",
        "token-renewal",
        UNSURE,
        error("404104", "DeviceConnectionClosedRemotely"),
        device(),
        why="no log",
    ),
    Scenario(
        "404104",
        "link lost",
        "device-link-lost",
        NO,
        error("404104", "DeviceConnectionClosedRemotely"),
        device(),
    ),
    Scenario(
        "404104",
        "link lost",
        "device-link-lost",
        UNSURE,
        error("404104", "DeviceConnectionClosedRemotely"),
        device(is_connected=False),
    ),
    Scenario(
        "409002",
        "second AMQP link",
        "device-reconnecting",
        YES,
        "409002 LinkCreationConflict",
        device(flaps_every=timedelta(seconds=4)),
        policy="registryRead",
    ),
    Scenario(
        "409002",
        "second AMQP link",
        "device-reconnecting",
        NO,
        "409002 LinkCreationConflict",
        device(),
        policy="registryRead",
    ),
    Scenario(
        "409002",
        "second AMQP link",
        "device-reconnecting",
        UNSURE,
        "409002 LinkCreationConflict",
        device(),
        policy="service",
    ),
    Scenario(
        "409002",
        "after a lost connection",
        "reconnected-too-soon",
        YES,
        "404104 DeviceConnectionClosedRemotely\n409002 LinkCreationConflict",
        asks=False,
    ),
)
