"""The ladder from this machine to a hub: each rung held and broken, over loopback."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from bot.answer import Status
from bot.checks import leaf as leaf_
from bot.checks import network
from bot.checks.facts import Reading, Rung, Step
from bot.checks.hub import Access, HubSettings
from bot.checks.limits import SystemClock
from bot.checks.network import Doors, climb
from bot.checks.proxy import proxy_for
from bot.checks.runner import CheckRequest, diagnose
from bot.checks.skew import clock_step
from tests.fakehub.certificates import Authority, Leaf
from tests.fakehub.clock import START
from tests.fakehub.proxy import FakeProxy
from tests.fakehub.server import FakeHub

CLOCK = SystemClock()


@pytest.fixture
def live_hub(authority: Authority) -> Iterator[FakeHub]:
    """A hub that goes by the machine's time, as certificates do."""
    with FakeHub(authority) as hub:
        yield hub


@pytest.fixture
def listening() -> Iterator[int]:
    """A port that is open and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def closed() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def access_to(host: str, ca_file: Path | None) -> Access:
    return Access("lab", host, "service", "a2V5", ca_file)


def ladder(host: str, ca_file: Path | None, **options: object) -> dict[Rung, bool | None]:
    return {step.rung: step.holds for step in steps(host, ca_file, **options)}


def steps(host: str, ca_file: Path | None, **options: object) -> list[Step]:
    found = list(climb(access_to(host, ca_file), CLOCK, threading.Event(), CLOCK.monotonic() + 20, **options))  # type: ignore[arg-type]
    for step in found:
        assert step.message.format(**step.values)
        assert step.read_at.tzinfo is not None
    return found


def test_every_rung_to_a_good_hub_holds(live_hub: FakeHub) -> None:
    assert ladder(live_hub.host, live_hub.ca_file) == {
        Rung.NAME: True,
        Rung.PORT_HTTPS: True,
        Rung.TLS: True,
        Rung.CERTIFICATE_DATES: True,
        Rung.CERTIFICATE_NAME: True,
        Rung.CERTIFICATE_CHAIN: True,
    }
    assert live_hub.requests == []  # handshakes only


def test_the_ports_of_mqtt_and_amqp_are_tried_beside_that_of_rest(
    live_hub: FakeHub, listening: int, closed: int
) -> None:
    found = ladder(live_hub.host, live_hub.ca_file, doors=Doors(live_hub.port, mqtt=listening, amqp=closed))
    assert (found[Rung.PORT_HTTPS], found[Rung.PORT_MQTT], found[Rung.PORT_AMQP]) == (True, True, False)
    assert found[Rung.TLS] is True


def test_a_hub_on_the_usual_port_has_all_three_doors_and_another_only_its_own() -> None:
    assert network.doors_of(access_to("contoso.azure-devices.net", None)) == Doors(443, 8883, 5671)
    assert network.doors_of(access_to("localhost:8443", None)) == Doors(8443)


def test_a_name_without_address_ends_the_climb(authority: Authority) -> None:
    assert ladder("nowhere.invalid", authority.path) == {Rung.NAME: False}


def test_a_closed_port_ends_the_climb(authority: Authority, closed: int) -> None:
    assert ladder(f"localhost:{closed}", authority.path) == {Rung.NAME: True, Rung.PORT_HTTPS: False}


def test_an_open_port_that_says_nothing_is_no_tls(
    authority: Authority, listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_TLS_S", 0.2)
    found = steps(f"localhost:{listening}", authority.path)
    assert (found[-1].rung, found[-1].holds) == (Rung.TLS, False)
    assert "the TLS handshake gets no answer" in found[-1].message


def test_a_peer_that_hangs_up_is_no_tls(authority: Authority) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            for _ in range(2):  # the rung of the port, then that of TLS
                server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        found = steps(f"localhost:{server.getsockname()[1]}", authority.path)
        thread.join()
    assert (found[-1].rung, found[-1].holds) == (Rung.TLS, False)


WRONG: dict[str, tuple[Callable[[Authority, Authority], Leaf], dict[Rung, bool]]] = {
    "for another name": (
        lambda ours, other: ours.leaf(["example.net", "*.example.org"]),
        {Rung.CERTIFICATE_DATES: True, Rung.CERTIFICATE_NAME: False, Rung.CERTIFICATE_CHAIN: True},
    ),
    "over": (
        lambda ours, other: ours.leaf(begins=timedelta(days=-9), ends=timedelta(days=-1)),
        {Rung.CERTIFICATE_DATES: False, Rung.CERTIFICATE_NAME: True, Rung.CERTIFICATE_CHAIN: True},
    ),
    "not yet good": (
        lambda ours, other: ours.leaf(begins=timedelta(days=1), ends=timedelta(days=9)),
        {Rung.CERTIFICATE_DATES: False, Rung.CERTIFICATE_NAME: True, Rung.CERTIFICATE_CHAIN: True},
    ),
    "of an unknown issuer": (
        lambda ours, other: other.leaf(),
        {Rung.CERTIFICATE_DATES: True, Rung.CERTIFICATE_NAME: True, Rung.CERTIFICATE_CHAIN: False},
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_with_a_certificate_is_told_apart(
    wrong: str, authority: Authority, tmp_path: Path
) -> None:
    make, expected = WRONG[wrong]
    with FakeHub(authority, leaf=make(authority, Authority(tmp_path, "Proxy Root"))) as hub:
        found = steps(hub.host, hub.ca_file)
    assert {step.rung: step.holds for step in found if step.rung.value.startswith("certificate")} == expected
    if wrong == "of an unknown issuer":
        assert found[-1].values["issuer"] == "Proxy Root"


def test_a_ca_file_without_certificates_says_so(live_hub: FakeHub, tmp_path: Path) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("nothing")
    found = steps(live_hub.host, junk)
    assert (found[-1].rung, found[-1].holds) == (Rung.CERTIFICATE_CHAIN, False)


def fingerprint(authority: Authority) -> str:
    return hashlib.sha256(authority.certificate.public_bytes(Encoding.DER)).hexdigest()


@pytest.mark.parametrize(("whose", "holds"), [("ours", True), ("another", False), ("unknown", None)])
def test_the_root_is_told_by_a_handshake_that_trusts_it_alone(
    whose: str,
    holds: bool | None,
    live_hub: FakeHub,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = Authority(tmp_path, "Another Root")
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(authority.path.read_bytes() + other.path.read_bytes())
    monkeypatch.setattr(leaf_, "_bundle", lambda: str(bundle))
    root = {"ours": fingerprint(authority), "another": fingerprint(other), "unknown": "0" * 64}[whose]
    assert ladder(live_hub.host, None, root=root)[Rung.ROOT] is holds


def test_the_root_that_public_hubs_stand_under_is_known_to_this_machine() -> None:
    context = leaf_.only_root(network.G2)
    assert context is not None
    (root,) = context.get_ca_certs()
    assert root["subject"][-1] == (("commonName", "DigiCert Global Root G2"),)


@pytest.mark.parametrize(
    ("name", "host", "fits"),
    [
        ("*.azure-devices.net", "contoso.azure-devices.net", True),
        ("*.azure-devices.net", "a.b.azure-devices.net", False),
        ("*.azure-devices.net", "azure-devices.net", False),
        ("LOCALHOST", "localhost", True),
        ("127.0.0.1", "127.0.0.1", True),
    ],
)
def test_a_star_stands_for_one_label(name: str, host: str, fits: bool) -> None:
    assert leaf_.Leaf(START, START, (name,), "x").is_for(host) is fits


@pytest.mark.parametrize(
    ("skew", "holds"), [(0, True), (59, True), (120, None), (-120, None), (301, False), (-7200, False)]
)
def test_this_machines_clock_is_compared_with_the_hubs(skew: int, holds: bool | None) -> None:
    step = clock_step(Reading("GET /twins/x", START + timedelta(seconds=skew), hub_clock=START))
    assert step is not None
    assert step.holds is holds


def test_half_the_round_trip_is_not_held_against_the_clock() -> None:
    reading: Reading[None] = Reading(
        "GET /twins/x", START + timedelta(seconds=100), hub_clock=START, round_trip=timedelta(seconds=200)
    )
    assert reading.clock_skew == timedelta()


def test_a_stopped_climb_ends(authority: Authority, listening: int) -> None:
    stop = threading.Event()
    stop.set()
    found = list(
        climb(access_to(f"localhost:{listening}", authority.path), CLOCK, stop, CLOCK.monotonic() + 20)
    )
    assert found[-1].holds is False


def test_the_network_is_climbed_on_wish_and_the_clock_compared(live_hub: FakeHub) -> None:
    hubs = {"lab": HubSettings("lab", live_hub.connection_string(), ca_file=live_hub.ca_file)}
    diagnosis = diagnose(CheckRequest(network=True, ask_hub=False), hubs)
    assert {finding.check: finding.status for finding in diagnosis.findings}["clock-off"] is Status.RULED_OUT
    assert {finding.check for finding in diagnosis.findings} >= {
        "name-unresolved",
        "tls-refused",
        "certificate-expired",
    }
    assert not diagnosis.is_fault_found


def test_a_proxy_of_the_environment_is_used_by_the_reads_and_by_the_ladder(
    live_hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.fakehub.registry import FakeDevice

    live_hub.registry.add(FakeDevice("pump-7"))
    hubs = {"lab": HubSettings("lab", live_hub.connection_string(), ca_file=live_hub.ca_file)}
    with FakeProxy(user="me", password="s3cret-of-mine") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        diagnosis = diagnose(CheckRequest(device="pump-7", is_quick=True, network=True), hubs)
        assert {finding.status for finding in diagnosis.findings} == {Status.RULED_OUT}
        assert set(proxy.targets) == {live_hub.host}
        assert len(proxy.targets) >= 3  # the read, the port, the handshake
        (port,) = [finding for finding in diagnosis.findings if finding.check == "port-443-closed"]
        assert "through the proxy" in port.message
        assert "s3cret" not in str(diagnosis)


def test_a_proxy_that_lets_nobody_through_is_told(live_hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    hubs = {"lab": HubSettings("lab", live_hub.connection_string(), ca_file=live_hub.ca_file)}
    with FakeProxy(user="me", password="other") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("me:other@", "me:wrong@"))
        diagnosis = diagnose(CheckRequest(device="pump-7", is_quick=True), hubs)
    found = {finding.check: finding for finding in diagnosis.findings}
    assert "proxy of this machine" in found["device-missing"].message
    assert found["port-443-closed"].values["status"] == "407"
    assert live_hub.requests == []


def test_hosts_that_need_no_proxy_are_reached_without(
    live_hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeProxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "localhost")
        assert proxy_for(live_hub.host) is None
        assert ladder(live_hub.host, live_hub.ca_file)[Rung.TLS] is True
        assert proxy.targets == []


def test_a_proxy_never_shows_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:s3cret@proxy.example:3128")
    proxy = proxy_for("contoso.azure-devices.net")
    assert proxy is not None
    assert proxy.name == "proxy.example:3128"
    assert "s3cret" not in repr(proxy) + str(proxy)
