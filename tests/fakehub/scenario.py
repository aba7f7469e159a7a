"""One verdict of one row of the catalogue: what the hub holds, what is pasted, and which finding must come out."""

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
from tests.fakehub.registry import FakeDevice
from tests.fakehub.server import FakeHub

YES, NO, UNSURE = Status.CONFIRMED, Status.RULED_OUT, Status.CANNOT_TELL
SHA1, SHA2 = "AB" * 20, "CD" * 32
OTHER_SHA1, OTHER_SHA2 = "12" * 20, "34" * 32
HOST = "contoso-hub.azure-devices.net"


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
        return f"{text}\nHostName={HOST};DeviceId=pump-7\n{hub.token('pump-7', **told)}"

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
