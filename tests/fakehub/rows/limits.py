"""Rows on limits, quota and faults of the service: 403xxx, 429001, 5xxxxx."""

from __future__ import annotations

from tests.fakehub import faults
from tests.fakehub.scenario import NO, UNSURE, YES, Scenario, both, broken, device, error, other_devices

ROWS: tuple[Scenario, ...] = (
    Scenario(
        "403002",
        "messages of the day used up",
        "quota-used-up",
        YES,
        "403002 IotHubQuotaExceeded",
        both(device(), broken("/twins/", faults.refuse(403, "IotHubQuotaExceeded", "quota"))),
    ),
    Scenario(
        "403002",
        "messages of the day used up",
        "quota-used-up",
        YES,
        lambda hub: (
            "Total number of messages on IotHub 'contoso-hub' exceeded the allocated quota. Max allowed message count : '8000', "
            f"current message count : '8003'. Tracking ID:{'0af3' * 8}-G:2-TimeStamp:{hub.now():%m/%d/%Y %H:%M:%S}"
        ),
        device(),
        why="same day",
    ),
    Scenario(
        "403002",
        "messages of the day used up",
        "quota-used-up",
        NO,
        error("403002", "IotHubQuotaExceeded", minutes_ago=60 * 24),
        device(),
    ),
    Scenario(
        "403002",
        "messages of the day used up",
        "quota-used-up",
        UNSURE,
        "403002 IotHubQuotaExceeded",
        device(),
    ),
    Scenario(
        "403002",
        "no room for devices",
        "device-quota-used-up",
        YES,
        "Total number of devices on IotHub 'contoso-hub' exceeded the allocated quota. Max allowed device count : '2', current device count : '2'. 403002",
        other_devices("a", "b", "c"),
        device=None,
        policy="registryRead",
    ),
    Scenario(
        "403002",
        "no room for devices",
        "device-quota-used-up",
        NO,
        "Total number of devices on IotHub 'contoso-hub' exceeded the allocated quota. Max allowed device count : '500', current device count : '500'. 403002",
        other_devices("a", "b", "c"),
        device=None,
        policy="registryRead",
    ),
    Scenario(
        "403002",
        "no room for devices",
        "device-quota-used-up",
        UNSURE,
        "403002 IotHubQuotaExceeded",
        other_devices("a"),
        device=None,
        policy="registryRead",
    ),
    Scenario(
        "403004",
        "fifty messages wait",
        "queue-full",
        YES,
        "403004 DeviceMaximumQueueDepthExceeded",
        device(n_waiting=50, is_connected=False),
    ),
    Scenario(
        "403004",
        "fifty messages wait",
        "queue-full",
        NO,
        "403004 DeviceMaximumQueueDepthExceeded",
        device(n_waiting=49),
    ),
    Scenario(
        "403006",
        "ten uploads open",
        "file-uploads-open",
        UNSURE,
        "Number of active file upload requests cannot exceed 10 (403006)",
        asks=False,
    ),
    Scenario(
        "429001",
        "over the limit",
        "hub-throttling",
        YES,
        error("429001", "ThrottlingException"),
        both(device(), broken("/twins/", faults.throttle())),
    ),
    Scenario(
        "429001", "over the limit", "hub-throttling", UNSURE, error("429001", "ThrottlingException"), device()
    ),
    Scenario(
        "500xxx",
        "transient fault",
        "service-fault",
        YES,
        error("500001", "ServerError"),
        both(device(), broken("/twins/", faults.refuse(500, "ServerError"), range(1, 2))),
    ),
    Scenario("500xxx", "transient fault", "service-fault", NO, error("500001", "ServerError"), device()),
    Scenario(
        "500xxx",
        "transient fault",
        "service-fault",
        UNSURE,
        error("500001", "ServerError"),
        both(device(), broken("/twins/", faults.cut_short)),
    ),
    Scenario(
        "503003",
        "transient fault",
        "service-fault",
        YES,
        error("503003", "PartitionNotFound"),
        broken("/statistics/", faults.refuse(503, "PartitionNotFound")),
        device=None,
    ),
    Scenario(
        "503003", "transient fault", "service-fault", NO, error("503003", "PartitionNotFound"), device=None
    ),
)
