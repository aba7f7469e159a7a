"""The fake is strict where a client must not be wrong, and late where a hub is late."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.fakehub.access import sign
from tests.fakehub.bodies import Envelope
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.handler import API_VERSION
from tests.fakehub.registry import FakeDevice, FakeModule, new_key
from tests.fakehub.server import FakeHub


@pytest.fixture
def hub(authority: Authority, clock: VirtualClock) -> Iterator[FakeHub]:
    with FakeHub(authority, clock=clock) as running:
        running.registry.add(FakeDevice("pump-7", modules={"camera": FakeModule("camera")}))
        yield running


def ask(
    hub: FakeHub,
    method: str,
    path: str,
    token: str = "",
    body: str = "",
    headers: dict[str, str] | None = None,
    version: str = API_VERSION,
) -> tuple[int, dict[str, str], Any]:
    context = ssl.create_default_context(cafile=str(hub.ca_file))
    connection = http.client.HTTPSConnection("localhost", hub.port, context=context, timeout=10)
    try:
        connection.request(
            method, f"{path}?api-version={version}", body or None, {"Authorization": token} | (headers or {})
        )
        answer = connection.getresponse()
        text = answer.read()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, told, json.loads(text) if text else None
    finally:
        connection.close()


def service(hub: FakeHub, policy: str = "iothubowner", **changes: Any) -> str:
    """A policy's token, right but for what is changed."""
    told: dict[str, Any] = {
        "audience": hub.host,
        "key": hub.policies[policy].primary_key,
        "ends": 3600,
        "name": policy,
    } | changes
    resource = quote(told["audience"], safe="")
    expiry = str(int(hub.now().timestamp()) + told["ends"])
    signature = quote(sign(resource, expiry, told["key"]), safe="")
    return f"SharedAccessSignature sig={signature}&se={expiry}&skn={told['name']}&sr={resource}"


def test_a_right_token_reads_in_any_order_of_fields_and_with_either_key(hub: FakeHub) -> None:
    assert ask(hub, "GET", "/twins/pump-7", service(hub))[0] == 200
    assert (
        ask(hub, "GET", "/twins/pump-7", service(hub, key=hub.policies["iothubowner"].secondary_key))[0]
        == 200
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"key": new_key()},
        {"ends": -1},
        {"name": "nobody"},
        {"audience": "other.azure-devices.net"},
        {"audience": "localhost"},
    ],
)
def test_a_token_that_is_wrong_in_one_thing_is_refused(changes: dict[str, Any], hub: FakeHub) -> None:
    status, headers, body = ask(hub, "GET", "/twins/pump-7", service(hub, **changes))
    assert (status, headers["iothub-errorcode"]) == (401, "IotHubUnauthorizedAccess")
    assert body["Message"] == "ErrorCode:IotHubUnauthorizedAccess;Unauthorized"


@pytest.mark.parametrize(("policy", "path", "status"), [
    ("service", "/twins/pump-7", 200), ("service", "/devices/pump-7", 401), ("registryRead", "/twins/pump-7", 401),
    ("registryRead", "/devices/pump-7", 200), ("device", "/devices/pump-7", 401),
])  # fmt: skip
def test_each_policy_opens_what_it_has_the_right_for(
    policy: str, path: str, status: int, hub: FakeHub
) -> None:
    assert ask(hub, "GET", path, service(hub, policy))[0] == status


def test_an_entra_token_opens_what_its_role_allows(hub: FakeHub) -> None:
    hub.bearers["t0ken"] = frozenset({"twins/read"})
    assert ask(hub, "GET", "/twins/pump-7", "Bearer t0ken")[0] == 200
    status, _, body = ask(hub, "GET", "/devices/pump-7", "Bearer t0ken")
    assert status == 401
    assert "due to no assigned permissions" in body["Message"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST", "OPTIONS"])
def test_whatever_is_no_read_is_kept_as_a_violation(method: str, hub: FakeHub) -> None:
    assert ask(hub, method, "/devices/pump-7", service(hub))[0] == 405
    assert [(seen.method, seen.path) for seen in hub.violations] == [(method, "/devices/pump-7")]


def test_another_api_version_is_refused(hub: FakeHub) -> None:
    status, headers, _ = ask(hub, "GET", "/twins/pump-7", service(hub), version="2018-06-30")
    assert (status, headers["iothub-errorcode"]) == (400, "InvalidProtocolVersion")


def test_every_answer_has_the_headers_of_a_hub(hub: FakeHub, clock: VirtualClock) -> None:
    for path in ("/twins/pump-7", "/twins/gone"):
        _, headers, _ = ask(hub, "GET", path, service(hub))
        assert headers["server"] == "Microsoft-HTTPAPI/2.0"
        assert headers["content-type"] == "application/json; charset=utf-8"
        assert headers["date"] == clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000")


@pytest.mark.parametrize("envelope", Envelope)
def test_an_error_comes_in_the_envelope_that_is_set(envelope: Envelope, hub: FakeHub) -> None:
    hub.envelope = envelope
    body = ask(hub, "GET", "/twins/gone", service(hub))[2]
    inner = json.loads(body["Message"]) if envelope is Envelope.NESTED else body
    assert inner.get("errorCode", 404001) == 404001
    assert "gone" in json.dumps(body)


def test_only_the_registry_shows_keys_and_only_the_twin_spells_thumbprints_large(hub: FakeHub) -> None:
    twin, identity = (ask(hub, "GET", path, service(hub))[2] for path in ("/twins/pump-7", "/devices/pump-7"))
    key = hub.registry.devices["pump-7"].primary_key
    assert identity["authentication"]["symmetricKey"]["primaryKey"] == key
    assert key not in json.dumps(twin)
    assert set(twin["x509Thumbprint"]) == {"PrimaryThumbprint", "SecondaryThumbprint"}


@pytest.mark.parametrize("trouble", ["missing", "disabled"])
def test_modules_of_an_unusable_device_are_refused_with_401(trouble: str, hub: FakeHub) -> None:
    hub.registry.devices["pump-7"].status = "disabled"
    device = "pump-7" if trouble == "disabled" else "gone"
    assert ask(hub, "GET", f"/devices/{device}/modules/camera", service(hub))[0] == 401


def test_a_query_is_paged(hub: FakeHub) -> None:
    hub.registry.add(*(FakeDevice(f"valve-{number}") for number in range(5)))
    body = json.dumps({"query": "SELECT * FROM devices WHERE STARTSWITH(deviceId, 'valve')"})
    status, headers, first = ask(
        hub, "POST", "/devices/query", service(hub), body, {"x-ms-max-item-count": "3"}
    )
    assert (status, len(first), headers["x-ms-item-type"]) == (200, 3, "Twin")
    _, rest, second = ask(
        hub,
        "POST",
        "/devices/query",
        service(hub),
        body,
        {"x-ms-max-item-count": "3", "x-ms-continuation": headers["x-ms-continuation"]},
    )
    assert [twin["deviceId"] for twin in first + second] == [f"valve-{number}" for number in range(5)]
    assert "x-ms-continuation" not in rest


def test_a_query_it_cannot_read_is_refused(hub: FakeHub) -> None:
    body = json.dumps({"query": "DROP TABLE devices"})
    assert ask(hub, "POST", "/devices/query", service(hub), body)[0] == 400


def test_a_deleted_device_haunts_the_query_for_a_while(hub: FakeHub, clock: VirtualClock) -> None:
    hub.registry.devices["pump-7"].deleted = clock.now()
    clock.advance(timedelta(minutes=20))
    body = json.dumps({"query": "SELECT * FROM devices"})
    assert ask(hub, "GET", "/twins/pump-7", service(hub))[0] == 404
    assert len(ask(hub, "POST", "/devices/query", service(hub), body)[2]) == 1
    clock.advance(timedelta(minutes=10))
    assert ask(hub, "POST", "/devices/query", service(hub), body)[2] == []


def test_the_connection_state_and_the_statistics_lag(hub: FakeHub, clock: VirtualClock) -> None:
    hub.registry.devices["pump-7"].went_offline = clock.now()
    hub.registry.add(FakeDevice("new", added=clock.now()))
    clock.advance(timedelta(minutes=3))
    assert ask(hub, "GET", "/twins/pump-7", service(hub))[2]["connectionState"] == "Connected"
    assert ask(hub, "GET", "/statistics/devices", service(hub))[2]["totalDeviceCount"] == 1
    clock.advance(timedelta(minutes=9))
    assert ask(hub, "GET", "/twins/pump-7", service(hub))[2]["connectionState"] == "Disconnected"
    assert ask(hub, "GET", "/statistics/devices", service(hub))[2]["totalDeviceCount"] == 2


def test_a_hub_with_limits_throttles_and_lets_in_again(hub: FakeHub, clock: VirtualClock) -> None:
    hub.has_limits = True
    statuses = [ask(hub, "GET", "/devices/pump-7", service(hub))[0] for _ in range(101)]
    assert statuses == [200] * 100 + [429]
    clock.advance(timedelta(seconds=61))
    assert ask(hub, "GET", "/devices/pump-7", service(hub))[0] == 200
