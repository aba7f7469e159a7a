"""When a diagnosis ends: its time is over, somebody stops it, or a fault of ours breaks it off."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bot.answer import Status
from bot.checks import iot_hub
from bot.checks.facts import DeviceState, Reading, Trouble
from bot.checks.gather import Gathering
from bot.checks.hub import Access, HubReader, HubSettings
from bot.checks.limits import Clock
from bot.checks.runner import CheckRequest, Diagnosis, diagnose, start
from tests.fakehub import faults
from tests.fakehub.clock import VirtualClock
from tests.fakehub.handler import Handler
from tests.fakehub.server import FakeHub

QUICK = CheckRequest(device="pump-7", is_quick=True)
Hubs = dict[str, HubSettings]


def told(diagnosis: Diagnosis) -> dict[str, Status]:
    return {finding.check: finding.status for finding in diagnosis.findings}


@pytest.fixture
def stalled(fake_hub: FakeHub) -> threading.Event:
    """A hub that takes the request for the twin and drips; set when it has begun."""
    has_begun = threading.Event()

    def fault(handler: Handler) -> bool:
        has_begun.set()
        return faults.drip(0.01)(handler)

    fake_hub.fault("/twins/", fault)
    return has_begun


def wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("hubmedic-"):
            thread.join(10)
            assert not thread.is_alive(), "a thread was left behind"


def test_a_dripping_hub_ends_with_the_deadline_and_leaves_no_thread(
    stalled: threading.Event, hubs: Hubs
) -> None:
    diagnosis = diagnose(QUICK, hubs, deadline_s=0.3)
    assert not diagnosis.is_complete
    assert set(told(diagnosis).values()) == {Status.CANNOT_TELL}
    assert "time for the checks was over" in diagnosis.findings[0].message
    wait_for_threads()


def test_loading_the_sdk_is_part_of_the_time(hubs: Hubs, fake_hub: FakeHub, clock: VirtualClock) -> None:
    their_clock = clock

    def slow(access: Access, clock: Clock, stop: threading.Event) -> HubReader:
        their_clock.advance(timedelta(seconds=25))
        return iot_hub.open_hub(access, clock, stop)

    assert not diagnose(QUICK, hubs, clock=clock, open_hub=slow).is_complete


def test_a_diagnosis_can_be_stopped_and_tells_what_it_has(stalled: threading.Event, hubs: Hubs) -> None:
    text = "401003 Connection Not Accepted: 0x5"
    running = start(CheckRequest(text=text, device="pump-7"), hubs)
    assert stalled.wait(10)
    running.cancel()
    diagnosis = running.result()
    assert not diagnosis.is_complete
    assert told(diagnosis)["connect-refused"] is Status.CONFIRMED
    assert told(diagnosis)["device-missing"] is Status.CANNOT_TELL
    assert (
        "were stopped" in {finding.check: finding.message for finding in diagnosis.findings}["device-missing"]
    )
    wait_for_threads()


def test_stopping_ends_a_wait_between_two_looks(fake_hub: FakeHub, hubs: Hubs) -> None:
    has_waited = threading.Event()

    def progress(message: str, values: object) -> None:
        if message.startswith("looking again"):
            has_waited.set()

    running = start(CheckRequest(text="500001", device="pump-7"), hubs, progress=progress)
    assert has_waited.wait(10)
    running.cancel()
    assert not running.result().is_complete
    wait_for_threads()


def test_a_fault_of_ours_reaches_whoever_waits(hubs: Hubs, fake_hub: FakeHub) -> None:
    def broken(access: Access, clock: Clock, stop: threading.Event) -> HubReader:
        class Broken:
            calls = ()

            def twin(self, device: str) -> Reading[DeviceState]:
                raise ZeroDivisionError

            def abort(self) -> None: ...

            def close(self) -> None: ...

        return Broken()  # type: ignore[return-value]

    with pytest.raises(ZeroDivisionError):
        diagnose(QUICK, hubs, open_hub=broken)


def test_unfinished_facts_say_which_read_was_waited_for(clock: VirtualClock) -> None:
    gathering = Gathering(
        reader=None,
        needs=frozenset(),
        device="pump-7",
        module="",
        token=None,
        clock=clock,
        stop=threading.Event(),
        deadline=1.0,
        climb=lambda deadline: iter(()),
        wants_ladder=False,
        progress=None,
    )
    assert gathering.unfinished(Trouble.LATE) == gathering.facts
