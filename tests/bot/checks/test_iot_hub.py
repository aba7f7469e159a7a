"""What each answer, and each lack of one, becomes; and that keys end in the adapter."""

from __future__ import annotations

import dataclasses
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.checks import iot_hub
from bot.checks.errors import CheckUnavailable
from bot.checks.facts import DeviceState, KeyMatch, Reading, Trouble
from bot.checks.hub import Access, HubSettings, access
from bot.checks.iot_hub import AzureIotHub
from bot.checks.limits import Paces
from bot.checks.token import find_tokens
from tests.fakehub import faults
from tests.fakehub.bodies import Envelope
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.registry import FakeDevice, FakeModule, new_key
from tests.fakehub.server import FakeHub, Handler

Opener = Callable[..., AzureIotHub]


@pytest.fixture
def open_hub(clock: VirtualClock) -> Iterator[Opener]:
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


def everything_in(value: object) -> str:
    """Whatever a value shows or holds, as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return " ".join(
            [repr(value), *(everything_in(getattr(value, f.name)) for f in dataclasses.fields(value))]
        )
    return repr(value)


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


def test_no_key_comes_through_the_adapter(fake_hub: FakeHub, open_hub: Opener) -> None:
    fake_hub.registry.devices["pump-7"].modules["camera"] = FakeModule("camera")
    (token,) = find_tokens(fake_hub.token("pump-7"))
    hub = open_hub(fake_hub)
    seen = " ".join(
        everything_in(reading)
        for reading in (
            hub.identity("pump-7"),
            hub.twin("pump-7"),
            hub.module("pump-7", "camera"),
            hub.signed_with("pump-7", token),
        )
    )
    assert [secret for secret in fake_hub.secrets() if secret[:12] in seen] == []


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
    assert all(seen.path.startswith("/twins/") for seen in fake_hub.requests)
    assert reading.source == f"GET {path}"


@pytest.mark.parametrize("envelope", Envelope)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_missing_device_is_missing_in_every_envelope(
    envelope: Envelope, is_new: bool, authority: Authority, clock: VirtualClock, open_hub: Opener
) -> None:
    with FakeHub(authority, clock=clock, envelope=envelope, is_new_gateway=is_new) as hub:
        reading = open_hub(hub).twin("gone")
    assert (reading.trouble, reading.status, reading.code) == (Trouble.MISSING, 404, "DeviceNotFound")


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


@pytest.mark.parametrize("wrong", ["unknown authority", "other name", "out of date"])
def test_a_certificate_that_does_not_fit_is_untrusted(
    wrong: str, authority: Authority, tmp_path: Path, clock: VirtualClock, open_hub: Opener
) -> None:
    leaf = {
        "unknown authority": lambda: Authority(tmp_path, "Somebody").leaf(),
        "other name": lambda: authority.leaf(["example.net"]),
        "out of date": lambda: authority.leaf(begins=timedelta(days=-9), ends=timedelta(days=-1)),
    }[wrong]()
    with FakeHub(authority, leaf=leaf, clock=clock) as hub:
        assert open_hub(hub).twin("pump-7").trouble is Trouble.UNTRUSTED
        assert hub.requests == []


def test_netrc_does_not_take_the_place_of_our_token(
    fake_hub: FakeHub, open_hub: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert open_hub(fake_hub).twin("pump-7").value is not None


def test_a_bundle_of_the_environment_does_not_replace_the_ca_file(
    fake_hub: FakeHub, open_hub: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(Authority(tmp_path, "Other").path))
    assert open_hub(fake_hub).twin("pump-7").value is not None


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_root_that_the_machine_trusts_needs_no_ca_file(
    variable: str, fake_hub: FakeHub, open_hub: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = HubSettings("lab", fake_hub.connection_string())
    assert open_hub(access(settings)).twin("pump-7").trouble is Trouble.UNTRUSTED
    monkeypatch.setenv(variable, str(fake_hub.ca_file))
    assert open_hub(access(settings)).twin("pump-7").value is not None


def test_with_a_ca_file_nothing_else_is_trusted(
    authority: Authority,
    clock: VirtualClock,
    tmp_path: Path,
    open_hub: Opener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = Authority(tmp_path, "Other")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other.path))
    monkeypatch.setenv("SSL_CERT_FILE", str(other.path))
    with FakeHub(authority, leaf=other.leaf(), clock=clock) as hub:
        assert open_hub(hub).twin("pump-7").trouble is Trouble.UNTRUSTED


def test_a_ca_file_that_holds_no_certificate_is_untrusted(
    fake_hub: FakeHub, open_hub: Opener, tmp_path: Path
) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("not a certificate")
    hub_access = access(HubSettings("lab", fake_hub.connection_string(), ca_file=junk))
    assert open_hub(hub_access).twin("pump-7").trouble is Trouble.UNTRUSTED


@pytest.mark.parametrize(
    ("key", "match"),
    [("primary", KeyMatch.PRIMARY), ("secondary", KeyMatch.SECONDARY), ("other", KeyMatch.NEITHER)],
)
def test_a_signature_is_tested_against_both_keys(
    key: str, match: KeyMatch, fake_hub: FakeHub, open_hub: Opener
) -> None:
    device = fake_hub.registry.devices["pump-7"]
    keys = {"primary": device.primary_key, "secondary": device.secondary_key, "other": new_key()}
    (token,) = find_tokens(fake_hub.token("pump-7", key=keys[key]))
    assert open_hub(fake_hub).signed_with("pump-7", token).value is match


def test_a_module_token_is_tested_against_the_modules_keys(fake_hub: FakeHub, open_hub: Opener) -> None:
    module = FakeModule("camera")
    fake_hub.registry.devices["pump-7"].modules["camera"] = module
    (token,) = find_tokens(
        fake_hub.token("pump-7", key=module.primary_key, audience="h/devices/pump-7/modules/camera")
    )
    assert open_hub(fake_hub).signed_with("pump-7", token).value is KeyMatch.PRIMARY


def test_a_token_of_the_configured_policy_is_tested_without_any_call(
    fake_hub: FakeHub, open_hub: Opener
) -> None:
    (token,) = find_tokens(fake_hub.token("pump-7", policy="iothubowner"))
    assert open_hub(fake_hub).signed_with("pump-7", token).value is KeyMatch.POLICY
    (other,) = find_tokens(fake_hub.token("pump-7", policy="device"))
    assert open_hub(fake_hub).signed_with("pump-7", other).value is KeyMatch.UNKNOWN_POLICY
    assert fake_hub.requests == []


def test_a_device_with_a_certificate_has_no_key_to_sign_with(fake_hub: FakeHub, open_hub: Opener) -> None:
    (token,) = find_tokens(fake_hub.token("pump-7"))
    fake_hub.registry.devices["pump-7"].authentication = "selfSigned"
    assert open_hub(fake_hub).signed_with("pump-7", token).value is KeyMatch.NO_KEY


def test_the_secondary_key_of_a_policy_opens_the_hub_and_a_wrong_one_does_not(
    fake_hub: FakeHub, open_hub: Opener
) -> None:
    for key, trouble in ((fake_hub.policies["service"].secondary_key, None), (new_key(), Trouble.REFUSED)):
        settings = HubSettings("lab", fake_hub.connection_string("service", key), ca_file=fake_hub.ca_file)
        assert open_hub(access(settings)).twin("pump-7").trouble is trouble


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


class StaticCredential:
    """An Entra credential that has its token already."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_token(self, *scopes: str, **_: Any) -> Any:
        from azure.core.credentials import AccessToken

        assert scopes == ("https://iothubs.azure.net/.default",)
        return AccessToken(self.token, int(datetime.now(UTC).timestamp()) + 3600)


def test_an_entra_credential_reads_what_its_role_allows(fake_hub: FakeHub, open_hub: Opener) -> None:
    fake_hub.bearers["a-bearer-token"] = frozenset({"twins/read"})
    hub = open_hub(
        Access("lab", fake_hub.host, ca_file=fake_hub.ca_file), credential=StaticCredential("a-bearer-token")
    )
    assert hub.twin("pump-7").value is not None
    refused = hub.identity("pump-7")
    assert (refused.trouble, refused.code) == (Trouble.REFUSED, "IotHubUnauthorized")
    assert "no assigned permissions" in refused.detail


def test_what_a_library_warns_of_does_not_end_up_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("azure.identity", "msrest"):
        log = logging.getLogger(name)
        assert log.hasHandlers()
        log.warning("no credential of %s", name)
    assert capsys.readouterr().err == ""


def test_an_entra_credential_that_cannot_be_had_sends_nothing(fake_hub: FakeHub, open_hub: Opener) -> None:
    class NoCredential:
        def get_token(self, *_: str, **__: Any) -> Any:
            from azure.core.exceptions import ClientAuthenticationError

            raise ClientAuthenticationError("nobody is signed in")

    hub = open_hub(Access("lab", fake_hub.host, ca_file=fake_hub.ca_file), credential=NoCredential())
    assert hub.twin("pump-7").trouble is Trouble.NO_CREDENTIAL
    assert fake_hub.requests == []


def test_a_missing_identity_package_is_told_in_one_sentence(
    clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "azure.identity", None)
    with pytest.raises(CheckUnavailable, match=r"azure-identity.*pip install 'hubmedic\[live,entra\]'"):
        iot_hub.open_hub(Access("lab", "contoso.azure-devices.net"), clock, threading.Event())


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
    import sys

    monkeypatch.setitem(sys.modules, "azure.iot.hub", None)
    settings = HubSettings("lab", fake_hub.connection_string(), ca_file=fake_hub.ca_file)
    with pytest.raises(CheckUnavailable, match=r"azure\.iot\.hub.*pip install 'hubmedic\[live\]'"):
        iot_hub.open_hub(access(settings), clock, threading.Event())
