"""What a paste calls hub, device and module, wherever it says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.names import names_in
from bot.redaction import redact
from bot.wording import filled

BOTH = {"hub": "contoso", "device": "pump-7"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("HostName=contoso.azure-devices.net;DeviceId=pump-7;SharedAccessKey=[redacted:key]", BOTH),
        ('{"hubName":"contoso","deviceId":"pump-7"}', BOTH),
        ('"{\\"hubName\\":\\"contoso\\",\\"deviceId\\":\\"pump-7\\"}"', BOTH),
        ("sr=contoso.azure-devices.net%2Fdevices%2Fpump-7&se=1", BOTH),
        (
            "sr=https%3A%2F%2Fcontoso.azure-devices.net%2Fdevices%2Fpump-7%2Fmodules%2Fm1",
            {**BOTH, "module": "m1"},
        ),
        ("GET https://contoso.azure-devices.net/twins/pump-7?api-version=2021-04-12", BOTH),
        ("username contoso.azure-devices.net/pump-7/?api-version=2021-04-12", BOTH),
        ("az iot hub device-identity show --hub-name contoso --device-id pump-7", BOTH),
        ("IotHub 'contoso' does not contain the specified device 'pump-7'", BOTH),
        ("topic devices/pump-7/messages/events/", {"device": "pump-7"}),
        ("POST contoso.azure-devices.net/devices/query", {"hub": "contoso"}),
        ("wss://contoso.azure-devices.net:443/$iothub/websocket", {"hub": "contoso"}),
        ("global.azure-devices-provisioning.net registrationId=pump-7", {"registration": "pump-7"}),
        ("deviceId: null, moduleId: undefined", {}),
        ("the device is not found", {}),
    ],
)
def test_names_are_read_where_a_paste_has_them(text, names):
    assert names_in(text) == names


def test_of_two_devices_none_is_the_one_that_is_meant():
    assert names_in("deviceId=pump-7 on contoso.azure-devices.net, deviceId=pump-8") == {"hub": "contoso"}


def test_one_hub_in_two_spellings_is_one():
    assert names_in("IotHub 'Contoso' and contoso.azure-devices.net") in (
        {"hub": "Contoso"},
        {"hub": "contoso"},
    )


@given(st.binary(min_size=32, max_size=32))
def test_a_secret_never_fills_a_command(key):
    import base64

    secret = base64.b64encode(key).decode()
    text = f"HostName=contoso.azure-devices.net;DeviceId=pump-7;SharedAccessKey={secret}\ndeviceId={secret}"
    names = names_in(redact(text).text)
    assert secret not in filled("{hub} {device} {module} {registration} {key}", names)
    assert not any(secret[:8] in value for value in names.values())


@given(st.text(max_size=300))
def test_any_text_names_something_or_nothing(text):
    assert set(names_in(text)) <= {"hub", "device", "module", "registration"}
