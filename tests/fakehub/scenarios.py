"""Every row of the catalogue of live checks, with each verdict the row has: what is pasted, what the hub holds, what must come out.

The tests run all of them and ``benchmarks/checks.py`` prints them as a table. A scenario is read top to bottom: the
hub is prepared, the text is pasted, one finding is looked at.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot.answer import Finding, Status
from bot.checks.hub import Access, HubReader, HubSettings
from bot.checks.iot_hub import open_hub
from bot.checks.limits import Clock
from bot.checks.plan import CheckRequest
from bot.checks.runner import Diagnosis, diagnose
from tests.fakehub import faults
from tests.fakehub.registry import FakeDevice, FakeModule, new_key
from tests.fakehub.server import FakeHub

YES, NO, UNSURE = Status.CONFIRMED, Status.RULED_OUT, Status.CANNOT_TELL
SHA1, SHA2 = "AB" * 20, "CD" * 32
OTHER_SHA1, OTHER_SHA2 = "12" * 20, "34" * 32
_HOST = "contoso-hub.azure-devices.net"


@dataclass(frozen=True)
class Scenario:
    """One verdict of one row."""

    code: str
    cause: str
    fault: str
    expect: Status
    paste: Callable[[FakeHub], str] | str
    prepare: Callable[[FakeHub], Any] = lambda hub: None
    device: str | None = "pump-7"
    module: str | None = None
    policy: str = "service"
    asks: bool = True
    """False: only the text is looked at."""
    as_host: str = ""
    """The hub is configured under this host name, as if it were the public one."""
    why: str = ""
    """Tells two scenarios of one row apart."""

    @property
    def name(self) -> str:
        return " ".join(
            part for part in (self.code, self.cause, self.fault, self.expect.value, self.why) if part
        )

    def request(self, hub: FakeHub) -> CheckRequest:
        """Return what a surface would hand over."""
        text = self.paste if isinstance(self.paste, str) else self.paste(hub)
        return CheckRequest(
            text=text, device=self.device, module=self.module, ask_hub=self.asks, who="tester", hub="lab"
        )

    def run(self, hub: FakeHub) -> Diagnosis:
        """Prepare the hub, run the checks against it with the real SDK and return what they found."""
        self.prepare(hub)
        string = hub.connection_string(self.policy)
        opened = None
        if self.as_host:
            string = string.replace(hub.host, self.as_host)
            opened = partial(_open_at, hub.host)
        hubs = {"lab": HubSettings("lab", string, ca_file=hub.ca_file)}
        return diagnose(self.request(hub), hubs, clock=hub.clock, open_hub=opened)

    def finding(self, found: tuple[Finding, ...]) -> Finding | None:
        """Return the finding the scenario is about."""
        return next((finding for finding in found if finding.check == self.fault), None)


def _open_at(host: str, access: Access, clock: Clock, stop: threading.Event) -> HubReader:
    return open_hub(replace(access, host=host), clock, stop)


def device(**changes: Any) -> Callable[[FakeHub], None]:
    """Prepare ``pump-7`` so: connected and active a moment ago unless told otherwise."""

    def prepare(hub: FakeHub) -> None:
        now = hub.now()
        usual = FakeDevice(
            "pump-7", connected_since=now - timedelta(hours=2), last_activity=now - timedelta(seconds=30)
        )
        hub.registry.add(replace(usual, **{k: v(now) if callable(v) else v for k, v in changes.items()}))

    return prepare


def no_device(hub: FakeHub) -> None:
    """Prepare a hub that has no ``pump-7``."""


def both(*steps: Callable[[FakeHub], Any]) -> Callable[[FakeHub], None]:
    """Prepare one thing after the other."""

    def prepare(hub: FakeHub) -> None:
        for step in steps:
            step(hub)

    return prepare


def other_devices(*names: str) -> Callable[[FakeHub], None]:
    """Register devices of these names."""
    return lambda hub: hub.registry.add(*(FakeDevice(name) for name in names))


def broken(route: str, fault: faults.Fault, calls: range | None = None) -> Callable[[FakeHub], None]:
    """Plan a fault."""
    return lambda hub: hub.fault(route, fault, calls=calls)


def ago(**spent: float) -> Callable[[Any], Any]:
    """A moment before the hub's now."""
    return lambda now: now - timedelta(**spent)


def error(code: str, name: str, minutes_ago: float = 5) -> Callable[[FakeHub], str]:
    """Paste a hub's numbered answer, written some minutes ago."""

    def paste(hub: FakeHub) -> str:
        at = hub.now() - timedelta(minutes=minutes_ago)
        tracked = f"{'0af3' * 8}-G2:-TimeStamp:{at:%Y-%m-%dT%H:%M:%S}.000000000Z"
        return f'{{"errorCode":{code},"message":"{name}","trackingId":"{tracked}","timestampUtc":"{at:%Y-%m-%dT%H:%M:%S}.0000000Z","info":null}}'

    return paste


def logged(ahead: timedelta, zone: str = "Z", code: str = "401003") -> Callable[[FakeHub], str]:
    """Paste a device's log line whose clock is ahead of the hub's, which stands in the same line."""

    def paste(hub: FakeHub) -> str:
        at = hub.now() - timedelta(minutes=2)
        return (
            f"{at + ahead:%Y-%m-%dT%H:%M:%S}{zone} error: {code} IoTHubUnauthorized "
            f"Tracking ID:{'0af3' * 8}-G:3-TimeStamp:{at:%m/%d/%Y %H:%M:%S}"
        )

    return paste


def with_token(paste: Callable[[FakeHub], str] | str, **token: Any) -> Callable[[FakeHub], str]:
    """Paste a text and a token under it."""

    def pasted(hub: FakeHub) -> str:
        text = paste if isinstance(paste, str) else paste(hub)
        told = {k: v(hub) if callable(v) else v for k, v in token.items()}
        return f"{text}\nHostName={_HOST};DeviceId=pump-7\n{hub.token('pump-7', **told)}"

    return pasted


def redacted(paste: Callable[[FakeHub], str]) -> Callable[[FakeHub], str]:
    """Paste what is left of a token once its signature is taken out."""

    def pasted(hub: FakeHub) -> str:
        before, _, rest = paste(hub).partition("&sig=")
        return f"{before}&sig=[redacted:signature]&{rest.partition('&')[2]}"

    return pasted


def drops(*minutes: float, sdk: str = "azure.iot.device") -> Callable[[FakeHub], str]:
    """Paste resource records of lost connections, these minutes apart."""

    def paste(hub: FakeHub) -> str:
        at, lines = hub.now() - timedelta(minutes=sum(minutes) + 1), [f"client: {sdk}"]
        for gap in (0.0, *minutes):
            at += timedelta(minutes=gap)
            lines.append(
                f'{{"time":"{at:%Y-%m-%dT%H:%M:%SZ}","operationName":"deviceDisconnect","category":"Connections","level":"Error",'
                f'"resultType":"404104","resultDescription":"DeviceConnectionClosedRemotely","properties":"{{\\"deviceId\\":\\"pump-7\\"}}"}}'
            )
        return "\n".join(lines)

    return paste


def thumbprints(presented: tuple[str, str], configured: tuple[str, str]) -> str:
    """Paste the message that carries both pairs."""
    return (
        "401003 IoTHubUnauthorized Thumbprint does not match configuration: "
        f"Thumbprint: SHA1Hash={presented[0]}, SHA2Hash={presented[1]}; "
        f"Configuration: PrimaryThumbprint={configured[0]}, SecondaryThumbprint={configured[1]}"
    )


_CONFLICT = "400027 ConnectionForcefullyClosedOnNewConnection for device pump-7"
_MISSING = error("404001", "pump-7")
_PRECONDITION = (
    "Microsoft.Azure.Devices.Common.Exceptions.DeviceMessageLockLostException: "
    '{"Message":"ErrorCode:PreconditionFailed;PreconditionFailed, ETag may be invalid.","ExceptionMessage":"Tracking ID:0af3"}'
)

ROWS: tuple[Scenario, ...] = (
    # 400027
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
    # 401002
    Scenario(
        "401002",
        "wrong key or signature",
        "signature-wrong",
        YES,
        with_token(error("401002", "Unauthorized"), key=lambda hub: new_key()),
        device(),
        policy="registryRead",
    ),
    Scenario(
        "401002",
        "wrong key or signature",
        "signature-wrong",
        NO,
        with_token(error("401002", "Unauthorized")),
        device(),
        policy="registryRead",
        why="primary",
    ),
    Scenario(
        "401002",
        "wrong key or signature",
        "signature-wrong",
        NO,
        with_token(
            error("401002", "Unauthorized"), key=lambda hub: hub.registry.devices["pump-7"].secondary_key
        ),
        device(),
        policy="registryRead",
        why="secondary",
    ),
    Scenario(
        "401002",
        "wrong key or signature",
        "signature-wrong",
        UNSURE,
        with_token(error("401002", "Unauthorized")),
        device(),
        policy="service",
    ),
    Scenario(
        "401002",
        "wrong key or signature",
        "signature-wrong",
        UNSURE,
        redacted(with_token(error("401002", "Unauthorized"))),
        device(),
        policy="registryRead",
        why="redacted",
    ),
    Scenario(
        "401002",
        "policy lacks the right",
        "policy-too-narrow",
        YES,
        with_token(
            "401002 IotHubUnauthorizedAccess on GET /twins/pump-7", policy="registryRead", audience=_HOST
        ),
        device(),
        policy="service",
    ),
    Scenario(
        "401002",
        "policy lacks the right",
        "policy-too-narrow",
        UNSURE,
        with_token(
            "401002 IotHubUnauthorizedAccess on GET /twins/pump-7", policy="iothubowner", audience=_HOST
        ),
        device(),
        policy="service",
    ),
    Scenario(
        "401003",
        "policy lacks the right",
        "policy-too-narrow",
        YES,
        "Authorization rule 'device' does not allow access for 'devices/write'",
        asks=False,
    ),
    Scenario(
        "401002",
        "module of an unusable device",
        "module-device-unusable",
        YES,
        error("401002", "Unauthorized"),
        device(status="disabled"),
        module="camera",
    ),
    Scenario(
        "401002",
        "module of an unusable device",
        "module-device-unusable",
        YES,
        error("401002", "Unauthorized"),
        no_device,
        module="camera",
        why="missing",
    ),
    Scenario(
        "401002",
        "module of an unusable device",
        "module-device-unusable",
        NO,
        error("401002", "Unauthorized"),
        device(),
        module="camera",
    ),
    Scenario(
        "401002",
        "provisioning holds an old key",
        "provisioning-key-stale",
        UNSURE,
        "Provisioning Failure: OperationId: 4.a1 - Date: 2026-01-05T09:00:00Z - Msg: 401002 IotHubUnauthorizedAccess",
        asks=False,
    ),
    # 401003
    Scenario(
        "401003",
        "token ended, SDK renews",
        "token-expired",
        YES,
        with_token(error("401003", "IoTHubUnauthorized"), ends=lambda hub: hub.now() - timedelta(minutes=6)),
        device(),
    ),
    Scenario(
        "401003",
        "token ended, SDK renews",
        "token-expired",
        NO,
        with_token(error("401003", "IoTHubUnauthorized"), ends=lambda hub: hub.now() - timedelta(minutes=4)),
        device(),
    ),
    Scenario(
        "401003",
        "token ended, SDK renews",
        "token-renewal",
        YES,
        error("401003", "IoTHubUnauthorized"),
        device(connected_since=ago(minutes=4)),
        policy="registryRead",
    ),
    Scenario(
        "401003",
        "token ended, SDK renews",
        "token-renewal",
        YES,
        "2026-01-05T09:00:00Z 401003 IoTHubUnauthorized\n2026-01-05T09:00:01Z 404104 DeviceConnectionClosedRemotely\n2026-01-05T09:00:09Z deviceConnect",
        asks=False,
        why="in the log",
    ),
    Scenario(
        "401003",
        "token ended, SDK renews",
        "token-renewal",
        UNSURE,
        error("401003", "IoTHubUnauthorized"),
        device(),
        policy="service",
    ),
    Scenario("401003", "device clock off", "device-clock-off", YES, logged(timedelta(days=-41)), asks=False),
    Scenario(
        "401003",
        "device clock off",
        "device-clock-off",
        YES,
        with_token("401003", ends=lambda hub: hub.now().replace(year=1970)),
        device(),
        asks=False,
        why="token of 1970",
    ),
    Scenario("401003", "device clock off", "device-clock-off", NO, logged(timedelta(seconds=20)), asks=False),
    Scenario(
        "401003",
        "device clock off",
        "device-clock-off",
        UNSURE,
        logged(timedelta(hours=2), zone=""),
        asks=False,
        why="a zone",
    ),
    Scenario(
        "401003", "device clock off", "device-clock-off", UNSURE, logged(timedelta(seconds=150)), asks=False
    ),
    Scenario(
        "401003",
        "hub has no such device",
        "device-missing",
        YES,
        f"IotHub '{_HOST.split('.')[0]}' does not contain the specified device 'pump-7' (401003)",
        no_device,
        device=None,
    ),
    Scenario(
        "401003",
        "hub has no such device",
        "device-missing",
        NO,
        "IotHub 'contoso-hub' does not contain the specified device 'pump-7' (401003)",
        device(),
        device=None,
    ),
    Scenario(
        "401003",
        "hub has no such device",
        "device-missing",
        UNSURE,
        "401003 IoTHubUnauthorized",
        both(device(), broken("/pump-7", faults.html(404))),
    ),
    Scenario(
        "401003",
        "device disabled",
        "device-disabled",
        YES,
        "401003 IoTHubUnauthorized",
        device(status="disabled", status_reason="stolen <!channel>", status_since=ago(days=2)),
    ),
    Scenario("401003", "device disabled", "device-disabled", NO, "401003 IoTHubUnauthorized", device()),
    Scenario(
        "401003",
        "thumbprint mismatch",
        "thumbprint-mismatch",
        YES,
        thumbprints((SHA1, SHA2), (OTHER_SHA1, OTHER_SHA1)),
        asks=False,
        why="in the message",
    ),
    Scenario(
        "401003",
        "thumbprint mismatch",
        "thumbprint-mismatch",
        YES,
        thumbprints((SHA1, SHA2), (OTHER_SHA1, OTHER_SHA1)),
        device(authentication="selfSigned", thumbprints=(OTHER_SHA1, OTHER_SHA2)),
    ),
    Scenario(
        "401003",
        "thumbprint mismatch",
        "thumbprint-mismatch",
        YES,
        thumbprints((SHA1, SHA2), (OTHER_SHA1, OTHER_SHA1)),
        device(authentication="certificateAuthority"),
        why="not selfSigned",
    ),
    Scenario(
        "401003",
        "thumbprint mismatch",
        "thumbprint-mismatch",
        NO,
        thumbprints((SHA1, SHA2), (OTHER_SHA1, OTHER_SHA1)),
        device(authentication="selfSigned", thumbprints=(OTHER_SHA1, SHA2.lower())),
    ),
    Scenario(
        "401003",
        "other kind of credential",
        "authentication-differs",
        YES,
        with_token("401003", key=lambda hub: new_key()),
        device(authentication="selfSigned", thumbprints=(SHA1, "")),
    ),
    Scenario(
        "401003", "other kind of credential", "authentication-differs", NO, with_token("401003"), device()
    ),
    Scenario(
        "401003",
        "CA or chain wrong",
        "certificate-chain-wrong",
        UNSURE,
        "401003 IoTHubUnauthorized",
        device(authentication="certificateAuthority"),
    ),
    Scenario(
        "401003",
        "principal without a role",
        "role-missing",
        YES,
        '{"Message":"ErrorCode:IotHubUnauthorized;Principal ops@contoso.com is not authorized for GET on /twins/pump-7 due to no assigned permissions"}',
        asks=False,
    ),
    Scenario(
        "401003",
        "audience wrong",
        "token-audience-wrong",
        YES,
        with_token("401003", audience=f"{_HOST}/devices/pump-8"),
        device(),
        asks=False,
    ),
    Scenario(
        "401003",
        "audience wrong",
        "token-audience-wrong",
        YES,
        with_token("401003", audience="fabrikam.azure-devices.net/devices/pump-7"),
        device(),
        asks=False,
        why="other hub",
    ),
    Scenario(
        "401003", "audience wrong", "token-audience-wrong", NO, with_token("401003"), device(), asks=False
    ),
    # 403002
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
    # 403004
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
    # 403006
    Scenario(
        "403006",
        "ten uploads open",
        "file-uploads-open",
        UNSURE,
        "Number of active file upload requests cannot exceed 10 (403006)",
        asks=False,
    ),
    # 404001
    Scenario("404001", "not registered", "device-missing", YES, _MISSING, no_device),
    Scenario("404001", "not registered", "device-missing", NO, _MISSING, device()),
    Scenario("404001", "disabled", "device-disabled", YES, _MISSING, device(status="disabled")),
    Scenario("404001", "disabled", "device-disabled", NO, _MISSING, device()),
    Scenario("404001", "mistyped", "device-id-mistyped", YES, _MISSING, other_devices("Pump-7", "valve-1")),
    Scenario(
        "404001",
        "mistyped",
        "device-id-mistyped",
        YES,
        _MISSING,
        other_devices("pump-77", "valve-1"),
        why="a letter more",
    ),
    Scenario("404001", "mistyped", "device-id-mistyped", NO, _MISSING, other_devices("valve-1")),
    Scenario(
        "404001",
        "mistyped",
        "device-id-mistyped",
        NO,
        _MISSING,
        lambda hub: hub.registry.add(FakeDevice("Pump-7", deleted=hub.now() - timedelta(minutes=20))),
        why="a ghost of the index",
    ),
    Scenario(
        "404001",
        "other hub",
        "other-hub",
        YES,
        "404001 DeviceNotFound at fabrikam.azure-devices.net for pump-7",
        device(),
        as_host=_HOST,
    ),
    Scenario(
        "404001",
        "other hub",
        "other-hub",
        NO,
        f"404001 DeviceNotFound at {_HOST.upper()} for pump-7",
        device(),
        as_host=_HOST,
    ),
    # 404103
    Scenario(
        "404103",
        "offline",
        "device-offline",
        YES,
        error("404103", "DeviceNotOnline"),
        device(is_connected=False, connected_since=ago(hours=1)),
    ),
    Scenario("404103", "offline", "device-offline", NO, error("404103", "DeviceNotOnline"), device()),
    Scenario(
        "404103",
        "offline, the hub late to see it",
        "device-offline",
        NO,
        error("404103", "DeviceNotOnline"),
        device(went_offline=ago(minutes=2)),
        why="lag",
    ),
    Scenario(
        "404103",
        "online, no handler",
        "method-handler-missing",
        UNSURE,
        error("404103", "DeviceNotOnline"),
        device(),
    ),
    Scenario(
        "404103",
        "on HTTPS only",
        "device-http-only",
        YES,
        error("404103", "DeviceNotOnline"),
        device(is_connected=False, connected_since=None),
        policy="registryRead",
    ),
    Scenario(
        "404103",
        "on HTTPS only",
        "device-http-only",
        NO,
        error("404103", "DeviceNotOnline"),
        device(),
        policy="registryRead",
    ),
    Scenario(
        "404103",
        "on HTTPS only",
        "device-http-only",
        UNSURE,
        error("404103", "DeviceNotOnline"),
        device(is_connected=False, connected_since=None),
        policy="service",
    ),
    Scenario(
        "404103",
        "never connected",
        "device-never-connected",
        YES,
        error("404103", "DeviceNotOnline"),
        device(is_connected=False, connected_since=None, last_activity=None),
    ),
    Scenario(
        "404103",
        "never connected",
        "device-never-connected",
        NO,
        error("404103", "DeviceNotOnline"),
        device(is_connected=False),
    ),
    # 404104
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
    # 409001, 409002
    Scenario("409001", "id taken", "device-id-taken", YES, error("409001", "DeviceAlreadyExists"), device()),
    Scenario("409001", "id taken", "device-id-taken", NO, error("409001", "DeviceAlreadyExists"), no_device),
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
    # 412002
    Scenario(
        "412002",
        "completed too late",
        "message-still-queued",
        YES,
        error("412002", "DeviceMessageLockLost"),
        device(n_waiting=1),
    ),
    Scenario(
        "412002",
        "completed too late",
        "message-still-queued",
        UNSURE,
        error("412002", "DeviceMessageLockLost"),
        device(),
    ),
    Scenario("412002", "an ETag in truth", "etag-conflict", YES, _PRECONDITION, asks=False),
    # 429001
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
    # 5xx
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
    # 504101
    Scenario(
        "504101",
        "offline",
        "device-offline",
        YES,
        error("504101", "GatewayTimeout"),
        device(is_connected=False),
    ),
    Scenario("504101", "offline", "device-offline", NO, error("504101", "GatewayTimeout"), device()),
    Scenario("504101", "slow handler", "handler-slow", UNSURE, error("504101", "GatewayTimeout"), device()),
    # wrappers and CONNACK
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
    Scenario(
        "404010", "module missing", "module-missing", YES, "404010 ModuleNotFound", device(), module="camera"
    ),
    Scenario(
        "404010",
        "module missing",
        "module-missing",
        NO,
        "404010 ModuleNotFound",
        device(modules={"camera": FakeModule("camera")}),
        module="camera",
    ),
)
