"""A hub on loopback for every test that wants one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.checks.hub import Access, HubSettings, access
from bot.checks.iot_hub import AzureIotHub
from bot.checks.runner import Diagnosis
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.handler import Seen
from tests.fakehub.registry import FakeDevice
from tests.fakehub.scenario import Scenario
from tests.fakehub.server import FakeHub


@pytest.fixture(autouse=True)
def _names_of_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names under ``.invalid`` have no address, and no resolver is asked to find that out."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if str(host).endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def fake_hub(authority: Authority, clock: VirtualClock) -> Iterator[FakeHub]:
    with FakeHub(authority, clock=clock) as hub:
        hub.registry.add(FakeDevice("pump-7", connected_since=clock.now(), last_activity=clock.now()))
        yield hub
    assert hub.violations == [], "the checks sent a request that is no read"


@pytest.fixture
def hubs(fake_hub: FakeHub) -> dict[str, HubSettings]:
    return {"lab": HubSettings("lab", fake_hub.connection_string(), ca_file=fake_hub.ca_file)}


@pytest.fixture
def ca_file(authority: Authority) -> Path:
    return authority.path


Outcome = tuple[Diagnosis, tuple[Seen, ...]]


@pytest.fixture(scope="session")
def outcome_of(authority: Authority) -> Callable[[Scenario], Outcome]:
    """Run a row of the catalogue, once for all tests that look at it: what was found, and what was no read."""
    known: dict[str, Outcome] = {}

    def run(row: Scenario) -> Outcome:
        if row.name not in known:
            with FakeHub(authority, clock=VirtualClock()) as hub:
                known[row.name] = (row.run(hub), tuple(hub.violations))
        return known[row.name]

    return run


@pytest.fixture
def open_hub(clock: VirtualClock) -> Iterator[Callable[..., AzureIotHub]]:
    """Open the reads of a hub, real or only an address, and let go of them at the end."""
    opened: list[AzureIotHub] = []

    def make(hub: FakeHub | Access, policy: str = "iothubowner", **options: Any) -> AzureIotHub:
        if isinstance(hub, FakeHub):
            hub_access = access(HubSettings("lab", hub.connection_string(policy), ca_file=hub.ca_file))
        else:
            hub_access = hub
        opened.append(AzureIotHub(hub_access, clock, threading.Event(), **options))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
