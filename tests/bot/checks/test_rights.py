"""What a credential may read is known before it is needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import diagnosis
from bot.checks.facts import Trouble
from bot.checks.hub import HubSettings
from bot.checks.rights import probe
from bot.diagnosis import Health
from tests.fakehub import faults
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.registry import new_key
from tests.fakehub.server import FakeHub


@pytest.mark.parametrize(
    ("policy", "reads"),
    [
        ("service", (True, False)),
        ("registryRead", (False, True)),
        ("iothubowner", (True, True)),
        ("device", (False, False)),
    ],
)
def test_each_policy_reads_what_it_is_delivered_for(
    policy: str, reads: tuple[bool, bool], fake_hub: FakeHub, clock: VirtualClock
) -> None:
    settings = HubSettings("lab", fake_hub.connection_string(policy), ca_file=fake_hub.ca_file)
    rights = probe(settings, clock=clock)
    assert (rights.reads_twins, rights.reads_registry) == reads
    assert rights.trouble is None


def test_a_wrong_key_reads_nothing_and_is_no_trouble_of_the_way(
    fake_hub: FakeHub, clock: VirtualClock
) -> None:
    settings = HubSettings(
        "lab", fake_hub.connection_string("iothubowner", new_key()), ca_file=fake_hub.ca_file
    )
    rights = probe(settings, clock=clock)
    assert (rights.reads_twins, rights.reads_registry, rights.trouble) == (False, False, None)


def test_a_hub_that_cannot_be_asked_says_why(fake_hub: FakeHub, clock: VirtualClock) -> None:
    fake_hub.fault("/", faults.refuse(503, "ServiceUnavailable"))
    settings = HubSettings("lab", fake_hub.connection_string(), ca_file=fake_hub.ca_file)
    assert probe(settings, clock=clock).trouble is Trouble.FAULTY
    assert len(fake_hub.requests) == 1


def test_the_clocks_are_compared(authority: Authority, clock: VirtualClock) -> None:
    with FakeHub(authority, clock=clock, skew=timedelta(minutes=-3)) as hub:
        rights = probe(HubSettings("lab", hub.connection_string(), ca_file=hub.ca_file), clock=clock)
    assert rights.clock_skew is not None
    assert abs(rights.clock_skew - timedelta(minutes=3)) < timedelta(seconds=2)


def test_a_dripping_hub_ends_with_the_deadline(fake_hub: FakeHub) -> None:
    fake_hub.fault("/twins/", faults.drip(0.01))
    rights = probe(HubSettings("lab", fake_hub.connection_string(), ca_file=fake_hub.ca_file), deadline_s=0.3)
    assert rights.trouble is Trouble.LATE
    assert not rights.reads_any


def test_doctor_says_by_how_much_the_clock_is_off_the_hubs(authority: Authority) -> None:
    with FakeHub(authority, skew=timedelta(minutes=-3)) as hub:
        settings = HubSettings("lab", hub.connection_string(), ca_file=hub.ca_file)
        _, symptom = diagnosis._hub("lab", settings)
    assert (symptom.part, symptom.health) == ("clock", Health.WRONG)
    assert symptom.values["name"] == "lab"
    assert abs(symptom.values["seconds"] - 180) <= 2


@pytest.mark.parametrize(
    ("policy", "health", "says"),
    [
        ("iothubowner", Health.FINE, "hub {name} answers"),
        ("service", Health.FINE, "RegistryRead"),
        ("registryRead", Health.FINE, "ServiceConnect"),
        ("device", Health.WRONG, "refuses our credential"),
    ],
)
def test_doctor_says_what_the_checks_cannot_tell_with_a_policy(
    policy: str, health: Health, says: str, fake_hub: FakeHub
) -> None:
    settings = HubSettings("lab", fake_hub.connection_string(policy), ca_file=fake_hub.ca_file)
    symptom, *_ = diagnosis._hub("lab", settings)  # the clock of this hub is a virtual one
    assert symptom.health is health
    assert says in symptom.message
