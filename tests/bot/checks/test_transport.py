"""The guard below the SDK: reads, to one host, over https, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.hub import HubSettings, access
from bot.checks.iot_hub import AzureIotHub
from bot.checks.transport import WriteRefused, is_read
from tests.fakehub.clock import VirtualClock
from tests.fakehub.server import FakeHub


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/twins/pump-7"),
        ("GET", "/devices/pump-7"),
        ("GET", "/devices/pump-7/modules"),
        ("GET", "/twins/pump-7/modules/camera"),
        ("GET", "/statistics/devices"),
        ("POST", "/devices/query"),
    ],
)
def test_the_reads_of_the_checks_pass(method: str, path: str) -> None:
    assert is_read(method, path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/devices/pump-7"),
        ("DELETE", "/devices/pump-7"),
        ("PATCH", "/twins/pump-7"),
        ("POST", "/twins/pump-7/methods"),
        ("DELETE", "/devices/pump-7/commands"),
        ("GET", "/devices/pump-7/messages/deviceBound"),  # a read that takes the message away
        ("GET", "/messages/serviceBound/feedback"),
        ("POST", "/devices"),
        ("POST", "/devices/query/"),
        ("GET", "/devices/query"),
        ("GET", "/devices"),
        ("get", "/twins/pump-7"),
        ("POST", "/jobs/create"),
    ],
)
def test_everything_else_is_no_read(method: str, path: str) -> None:
    assert not is_read(method, path)


@given(st.sampled_from(["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", ""]), st.text())
def test_no_other_method_is_a_read_on_any_path(method: str, path: str) -> None:
    assert not is_read(method, path)


WRITES: tuple[Callable[[Any], Any], ...] = (
    lambda client: client.devices.delete_identity("pump-7"),
    lambda client: client.devices.create_or_update_identity("pump-7", {"deviceId": "pump-7"}),
    lambda client: client.devices.update_twin("pump-7", {"tags": {"a": 1}}),
    lambda client: client.devices.replace_twin("pump-7", {"tags": {}}),
    lambda client: client.devices.invoke_method("pump-7", {"methodName": "reboot"}),
    lambda client: client.cloud_to_device_messages.purge_cloud_to_device_message_queue("pump-7"),
    lambda client: client.cloud_to_device_messages.receive_feedback_notification(),
    lambda client: client.bulk_registry.update_registry([]),
    lambda client: client.devices.get_devices(),
)


@pytest.mark.parametrize("write", WRITES)
def test_whatever_the_sdk_could_write_is_refused_before_a_byte_leaves(
    write: Callable[[Any], Any], fake_hub: FakeHub, clock: VirtualClock
) -> None:
    settings = HubSettings("lab", fake_hub.connection_string("iothubowner"), ca_file=fake_hub.ca_file)
    hub = AzureIotHub(access(settings), clock, threading.Event())
    with pytest.raises(WriteRefused):
        write(hub._client)
    hub.close()
    assert fake_hub.requests == []


def test_another_host_is_refused(fake_hub: FakeHub, clock: VirtualClock) -> None:
    settings = HubSettings("lab", fake_hub.connection_string(), ca_file=fake_hub.ca_file)
    hub = AzureIotHub(access(settings), clock, threading.Event())
    hub._client.config.base_url = f"https://127.0.0.1:{fake_hub.port}"
    with pytest.raises(WriteRefused, match="only"):
        hub.twin("pump-7")
    hub.close()
    assert fake_hub.requests == []


def test_plain_http_is_refused(fake_hub: FakeHub, clock: VirtualClock) -> None:
    settings = HubSettings("lab", fake_hub.connection_string(), ca_file=fake_hub.ca_file)
    hub = AzureIotHub(access(settings), clock, threading.Event())
    hub._client.config.base_url = f"http://{fake_hub.host}"
    with pytest.raises(WriteRefused):
        hub.twin("pump-7")
    hub.close()
