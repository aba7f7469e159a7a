"""Rows on misleading names and return codes."""

from __future__ import annotations

from tests.fakehub.scenario import NO, UNSURE, YES, Scenario

_PRECONDITION = (
    "Microsoft.Azure.Devices.Common.Exceptions.DeviceMessageLockLostException: "
    '{"Message":"ErrorCode:PreconditionFailed;PreconditionFailed, ETag may be invalid.","ExceptionMessage":"Tracking ID:0af3"}'
)

ROWS: tuple[Scenario, ...] = (
    Scenario(
        "403004",
        ".NET device client over AMQP",
        "error-name-misleads",
        YES,
        "Microsoft.Azure.Devices.Client.Exceptions.DeviceMaximumQueueDepthExceededException: amqp:resource-limit-exceeded",
        asks=False,
    ),
    Scenario(
        "403004",
        ".NET device client over AMQP",
        "error-name-misleads",
        NO,
        "Microsoft.Azure.Devices.Common.Exceptions.DeviceMaximumQueueDepthExceededException: 403004",
        asks=False,
    ),
    Scenario(
        "403004",
        ".NET device client over AMQP",
        "error-name-misleads",
        UNSURE,
        "DeviceMaximumQueueDepthExceededException was thrown",
        asks=False,
    ),
    Scenario("412002", "an ETag in truth", "etag-conflict", YES, _PRECONDITION, asks=False),
    Scenario(
        "404103",
        "“not registered” around another 404",
        "error-name-misleads",
        YES,
        'Device {"Message":"{\\"errorCode\\":404103,\\"message\\":\\"Timed out waiting for device to connect.\\"}","ExceptionMessage":""} not registered',
        asks=False,
    ),
    Scenario(
        "404001",
        "“not registered” around another 404",
        "error-name-misleads",
        NO,
        'Device {"Message":"ErrorCode:DeviceNotFound;pump-7"} not registered',
        asks=False,
    ),
    Scenario(
        "403xxx",
        "TooManyDevicesError around any 403",
        "error-name-misleads",
        YES,
        'TooManyDevicesError: {"errorCode":403006,"message":"x"}',
        asks=False,
    ),
    Scenario(
        "403xxx",
        "TooManyDevicesError around any 403",
        "error-name-misleads",
        UNSURE,
        "TooManyDevicesError: Error: Forbidden",
        asks=False,
    ),
    Scenario("412xxx", "lock lost around any 412", "error-name-misleads", YES, _PRECONDITION, asks=False),
    Scenario(
        "503001",
        "unavailable, told as unauthorized",
        "error-name-misleads",
        YES,
        "Microsoft.Azure.Devices.Client.Exceptions.UnauthorizedException: CONNECT failed: RefusedServerUnavailable",
        asks=False,
    ),
    Scenario(
        "503001",
        "unavailable, told as disabled",
        "error-name-misleads",
        UNSURE,
        "reason: IOTHUB_CLIENT_CONNECTION_DEVICE_DISABLED",
        asks=False,
    ),
    Scenario(
        "CONNACK",
        "what the return code means",
        "connect-refused",
        YES,
        "<- 10:43:55 CONNACK | SESSION_PRESENT: false | RETURN_CODE: 0x5",
        asks=False,
    ),
)
