"""What is read of a hub, how its answers are taken, and at which pace."""

from __future__ import annotations

import dataclasses
import logging
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.checks import iot_hub
from bot.checks.errors import CheckUnavailable
from bot.checks.facts import Trouble
from bot.checks.hub import HubSettings, access
from bot.checks.iot_hub import AzureIotHub
from bot.checks.limits import Paces
from tests.fakehub import faults
from tests.fakehub.bodies import Envelope
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.registry import FakeDevice
from tests.fakehub.server import FakeHub

Opener = Callable[..., AzureIotHub]


def test_twin_and_identity_tell_the_same_of_a_device(fake_hub: FakeHub, open_hub: Opener) -> None:
    now = fake_hub.now()
    fake_hub.registry.add(
        FakeDevice(
            "valve-1",
            authentication="selfSigned",
            status="disabled",
            status_reason="stolen",
            status_since=now,
            is_connected=False,
            connected_since=now,
            last_activity=now,
            n_waiting=3,
            thumbprints=("ab" * 20, "CD" * 32),
            unknown={"newField": {"x": 1}},
        )
    )
    hub = open_hub(fake_hub)
    twin, identity = hub.twin("valve-1").value, hub.identity("valve-1").value
    assert twin is not None
    assert identity is not None
    assert identity.connection_since == now.replace(microsecond=0)
    assert dataclasses.replace(identity, connection_since=None, from_registry=False) == twin
    assert twin.thumbprints.registered == ("AB" * 20, "CD" * 32)
    assert (twin.is_enabled, twin.status_reason, twin.n_waiting) == (False, "stolen", 3)


def test_the_year_one_is_never(fake_hub: FakeHub, open_hub: Opener) -> None:
    fake_hub.registry.add(FakeDevice("new", is_connected=False))
    state = open_hub(fake_hub).identity("new").value
    assert state is not None
    assert (state.last_activity, state.connection_since, state.status_since) == (None, None, None)


def test_never_without_a_zone_is_never_too(fake_hub: FakeHub, open_hub: Opener) -> None:
    fake_hub.registry.add(FakeDevice("new", unknown={"lastActivityTime": "0001-01-01T00:00:00"}))
    state = open_hub(fake_hub).twin("new").value
    assert state is not None
    assert state.last_activity is None


def test_nothing_is_concluded_from_an_answer_that_lacks_what_every_device_has(
    fake_hub: FakeHub, open_hub: Opener
) -> None:
    fake_hub.fault("/twins/", faults.body(b"{}"))
    state = open_hub(fake_hub).twin("pump-7").value
    assert state is not None
    assert (state.is_whole, state.is_enabled, state.is_connected) == (False, None, None)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a.b#c?d%41", "/twins/a.b%23c%3Fd%2541"),
        ("it's", "/twins/it%27s"),
        ("a:b@c", "/twins/a%3Ab%40c"),
    ],
)
def test_an_id_cannot_leave_its_place_in_the_path(
    name: str, path: str, fake_hub: FakeHub, open_hub: Opener
) -> None:
    reading = open_hub(fake_hub).twin(name)
    assert reading.value is None
    assert [seen.path.startswith("/twins/") for seen in fake_hub.requests] == [True]
    assert reading.source == f"GET {path}"


@pytest.mark.parametrize("envelope", Envelope)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_missing_device_is_missing_in_every_envelope(
    envelope: Envelope, is_new: bool, authority: Authority, clock: VirtualClock, open_hub: Opener
) -> None:
    with FakeHub(authority, clock=clock, envelope=envelope, is_new_gateway=is_new) as hub:
        reading = open_hub(hub).twin("gone")
    assert (reading.trouble, reading.status, reading.code) == (Trouble.MISSING, 404, "DeviceNotFound")


def test_registry_reads_are_spaced_by_a_second(
    fake_hub: FakeHub, open_hub: Opener, clock: VirtualClock
) -> None:
    hub = open_hub(fake_hub, paces=Paces())
    for _ in range(4):
        hub.identity("pump-7")
    assert sum(clock.waits) == pytest.approx(3.0)
    clock.waits.clear()
    for _ in range(4):
        hub.twin("pump-7")
    assert clock.waits == []


def test_the_hubs_own_limits_are_kept(authority: Authority, clock: VirtualClock, open_hub: Opener) -> None:
    with FakeHub(authority, clock=clock, has_limits=True) as hub:
        hub.registry.add(FakeDevice("pump-7"))
        reader = open_hub(hub, paces=Paces())
        troubles = {reader.identity("pump-7").trouble for _ in range(130)}
    assert troubles == {None}


def test_the_hubs_clock_is_read_from_answers_and_refusals(
    authority: Authority, clock: VirtualClock, open_hub: Opener
) -> None:
    with FakeHub(authority, clock=clock, skew=timedelta(minutes=7)) as hub:
        hub.registry.add(FakeDevice("pump-7"))
        for device in ("pump-7", "gone"):
            skew = open_hub(hub).twin(device).clock_skew
            assert skew is not None
            assert abs(skew + timedelta(minutes=7)) < timedelta(seconds=2)


def test_quotes_in_an_id_do_not_leave_the_query(fake_hub: FakeHub, open_hub: Opener) -> None:
    fake_hub.registry.add(FakeDevice("o'brien"))
    assert open_hub(fake_hub).ids_starting_with("o'b", 10).value == ("o'brien",)


def test_what_a_library_warns_of_does_not_end_up_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("azure.identity", "msrest"):
        log = logging.getLogger(name)
        assert log.hasHandlers()
        log.warning("no credential of %s", name)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_hub_may_be_configured_by_address_or_name(name: str, fake_hub: FakeHub, open_hub: Opener) -> None:
    string = fake_hub.connection_string().replace("localhost", name)
    assert (
        open_hub(access(HubSettings("lab", string, ca_file=fake_hub.ca_file))).twin("pump-7").value
        is not None
    )


def test_a_missing_package_is_told_in_one_sentence(
    fake_hub: FakeHub, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "azure.iot.hub", None)
    settings = HubSettings("lab", fake_hub.connection_string(), ca_file=fake_hub.ca_file)
    with pytest.raises(CheckUnavailable, match=r"azure\.iot\.hub.*pip install 'hubmedic\[live\]'"):
        iot_hub.open_hub(access(settings), clock, threading.Event())
