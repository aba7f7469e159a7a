"""What each refusal, each broken answer and each lack of one becomes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.checks import iot_hub
from bot.checks.facts import DeviceState, Reading, Trouble
from bot.checks.hub import Access
from bot.checks.iot_hub import AzureIotHub
from tests.fakehub import faults
from tests.fakehub.handler import Handler
from tests.fakehub.registry import new_key
from tests.fakehub.server import FakeHub

Opener = Callable[..., AzureIotHub]


FAULTS = {
    "401": (faults.refuse(401, "IotHubUnauthorizedAccess"), Trouble.REFUSED, 401),
    "403": (faults.refuse(403, "IotHubQuotaExceeded"), Trouble.FORBIDDEN, 403),
    "404 of something else": (faults.refuse(404, "IotHubQuotaExceeded"), Trouble.REJECTED, 404),
    "400": (faults.refuse(400, "ArgumentInvalid"), Trouble.REJECTED, 400),
    "429 as a hub sends it": (faults.throttle(), Trouble.THROTTLED, 429),
    "429 for two seconds": (faults.throttle("2"), Trouble.THROTTLED, 429),
    "429 for an hour": (faults.throttle("3600"), Trouble.THROTTLED, 429),
    "500": (faults.refuse(500, "ServerError"), Trouble.FAULTY, 500),
    "503": (faults.refuse(503, "ServiceUnavailable"), Trouble.FAULTY, 503),
    "504": (faults.refuse(504, "GatewayTimeout"), Trouble.FAULTY, 504),
    "200 cut short": (faults.cut_short, Trouble.GARBLED, 200),
    "fewer bytes than promised": (faults.fewer_bytes, Trouble.CUT, 0),
    "a proxy's page, 200": (faults.html(200), Trouble.GARBLED, 200),
    "a proxy's page, 404": (faults.html(404), Trouble.GARBLED, 404),
    "a proxy's page, 503": (faults.html(503), Trouble.GARBLED, 503),
    "an empty 404": (faults.empty(404), Trouble.GARBLED, 404),
    "a body that says nothing": (faults.body(b"null"), Trouble.GARBLED, 200),
    "302": (faults.redirect("https://example.invalid/"), Trouble.GARBLED, 302),
    "reset": (faults.reset, Trouble.CUT, 0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_costs_one_request_and_says_what_it_is(
    fault: str, fake_hub: FakeHub, open_hub: Opener
) -> None:
    mischief, trouble, status = FAULTS[fault]
    fake_hub.fault("/twins/", mischief)
    reading = open_hub(fake_hub).twin("pump-7")
    assert (reading.trouble, reading.status) == (trouble, status)
    assert len(fake_hub.requests) == 1


def test_a_slow_answer_is_an_answer(fake_hub: FakeHub, open_hub: Opener) -> None:
    fake_hub.fault("/twins/", faults.delay(0.2))
    assert open_hub(fake_hub).twin("pump-7").value is not None


def test_a_silent_peer_is_silent_after_the_time_for_one_call(
    fake_hub: FakeHub, open_hub: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(iot_hub, "READ_S", 0.2)
    fake_hub.fault("/twins/", faults.hang)
    assert open_hub(fake_hub).twin("pump-7").trouble is Trouble.SILENT


def test_a_dripping_peer_ends_when_its_socket_is_shut(fake_hub: FakeHub, open_hub: Opener) -> None:
    has_begun = threading.Event()
    fake_hub.fault("/twins/", _first(has_begun.set, faults.drip(0.01)))
    hub = open_hub(fake_hub)
    readings: list[Reading[DeviceState]] = []
    thread = threading.Thread(target=lambda: readings.append(hub.twin("pump-7")))
    thread.start()
    assert has_begun.wait(10)
    hub.abort()
    thread.join(10)
    assert not thread.is_alive()
    assert readings[0].trouble is Trouble.STOPPED


def _first(act: Callable[[], None], fault: faults.Fault) -> faults.Fault:
    def both(handler: Handler) -> bool:
        act()
        return fault(handler)

    return both


def closed_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def test_a_closed_port_is_unreachable(open_hub: Opener, ca_file: Path) -> None:
    reading = open_hub(Access("lab", f"localhost:{closed_port()}", "service", new_key(), ca_file)).twin(
        "pump-7"
    )
    assert reading.trouble is Trouble.UNREACHABLE


def test_a_name_that_does_not_resolve_says_so(open_hub: Opener, ca_file: Path) -> None:
    reading = open_hub(Access("lab", "nowhere.invalid", "service", new_key(), ca_file)).twin("pump-7")
    assert reading.trouble is Trouble.UNRESOLVED
