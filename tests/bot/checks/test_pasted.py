"""What a paste says, in the shapes in which errors are pasted."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks import pasted

_NESTED = json.dumps(
    {
        "Message": json.dumps({"errorCode": 404103, "message": "Timed out waiting for device to connect."}),
        "ExceptionMessage": "",
    }
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (_NESTED, ("404103",)),
        (json.dumps(_NESTED), ("404103",)),
        (
            "{'Message': 'ErrorCode:DeviceNotFound;pump-7', 'ExceptionMessage': ''}",
            ("DeviceNotFound",),
        ),
        ("see https://aka.ms/iothub404103", ("404103",)),
        ("[identifier: x, errorcode: IH401003]", ("401003",)),
        ("5005 sites, 600000 devices", ()),
        ("amqp:internal-error", ("amqp:internal-error",)),
        ("IOTHUB_CLIENT_CONNECTION_BAD_CREDENTIAL", ("IOTHUB_CLIENT_CONNECTION_BAD_CREDENTIAL",)),
    ],
)
def test_codes_are_read_from_every_envelope(text: str, codes: tuple[str, ...]) -> None:
    assert pasted.read(text).codes == codes


@pytest.mark.parametrize(
    ("text", "hub", "device"),
    [
        ("IotHub 'contoso-hub' does not contain the specified device 'pump-7'", "contoso-hub", "pump-7"),
        (
            "HostName=Contoso.azure-devices.net;DeviceId=pump-7;SharedAccessKey=x",
            "contoso.azure-devices.net",
            "pump-7",
        ),
        (
            "USERNAME: contoso.azure-devices.net/pump-7/?api-version=2020",
            "contoso.azure-devices.net",
            "pump-7",
        ),
        ('{"properties":"{\\"deviceId\\":\\"pump-7\\",\\"protocol\\":\\"Mqtt\\"}"}', "", "pump-7"),
        (
            "Principal x is not authorized for GET on /twins/pump-7 due to no assigned permissions",
            "",
            "pump-7",
        ),
        (
            "GET https://c.azure-devices.cn/devices/pump%2F7?api-version=2021-04-12",
            "c.azure-devices.cn",
            "pump/7",
        ),
        ("Device pump-7 at IotHub contoso-hub not registered", "", "pump-7"),
        ("A device with Id 'pump-7' is not registered.", "", "pump-7"),
        ('{"errorCode":404001,"trackingId":"x","message":"pump-7"}', "", "pump-7"),
        ('{"Message":"ErrorCode:DeviceNotFound;pump-7"}', "", "pump-7"),
        ("POST /devices/query", "", ""),
        ('{"errorCode":404001,"message":"The device was not found"}', "", ""),
        ("my device is gone", "", ""),
    ],
)
def test_hub_and_device_are_read_from_every_shape(text: str, hub: str, device: str) -> None:
    found = pasted.read(text)
    assert (found.hub, found.device) == (hub, device)


def test_a_token_in_the_text_names_no_device_since_it_is_what_is_to_be_compared() -> None:
    found = pasted.read("SharedAccessSignature sr=h.azure-devices.net%2Fdevices%2Fother&sig=x&se=1")
    assert (found.hub, found.device) == ("", "")


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("401003 on device pump-8 since noon", "pump-8"),
        ("l’appareil line-3-pump-07 ne répond plus", "line-3-pump-07"),
        ("404001 DeviceNotFound pump-7", "pump-7"),
        ("my device ESP32-S3 gets 401003", ""),
        ("azure-iot-device 2-14", ""),
        ("device firmware-1.2", ""),
        ("the device is gone", ""),
    ],
)
def test_a_device_is_known_from_a_persons_own_words_where_it_looks_like_one_of_many(
    text: str, device: str
) -> None:
    assert pasted.read(text).device == device


def test_both_thumbprints_of_a_message_are_told_apart() -> None:
    found = pasted.read(
        f"Thumbprint: SHA1Hash={'ab' * 20}, SHA2Hash={'cd' * 32}; Configuration: PrimaryThumbprint={'ef' * 20}, SecondaryThumbprint="
    )
    assert found.presented == ("AB" * 20, "CD" * 32)
    assert found.configured == ("EF" * 20,)


def test_a_thumbprint_as_openssl_prints_it_is_read() -> None:
    assert pasted.read("SHA1 Fingerprint=" + ":".join(["AB"] * 20)).presented == ("AB" * 20,)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Max allowed message count : '8000', current message count : '8003'.", (8003, 8000)),
        ("Max allowed message count: 400,000, current message count: 400,001", (400001, 400000)),
    ],
)
def test_the_counters_of_a_quota_message_are_read(text: str, count: tuple[int, int]) -> None:
    assert pasted.read(text).message_count == count


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Connection Not Accepted: 0x5: Not Authorized", 5),
        ("<- 10:43:55 CONNACK | SESSION_PRESENT: false | RETURN_CODE: 0x4", 4),
        ("failed, rc=5 try again in 5 seconds", 5),
        ("MQTT connection failed, state=4", 4),
        ("Connection Refused: not authorised.", 5),
        ("mqtt.js returned Connection refused: Server unavailable error", 3),
        ("CONNECT failed: RefusedNotAuthorized", 5),
        ("Connected with result code 5", 5),
        ("rc=4", 4),
        ("MQTT rc: 5", 5),
        ("CONNACK 3", 3),
        ("connexion MQTT refusée, code de retour 5", 5),
        ("Connexion refusée : non autorisé", 5),
        ("mqtt state 5", 5),
        ("rc=-4", None),
        ("state: -2", None),
        ("rc=7", None),
        ("ls: rc=2 for /tmp", None),
        ("<- CONNACK | RETURN_CODE: 0x0", None),
        ("Paho returned rc==1", None),
        ("disconnected with result code: 5", None),
        ("code 0x80070005", None),
    ],
)
def test_the_return_code_of_a_refused_connect_is_read_and_no_other_number(
    text: str, code: int | None
) -> None:
    assert pasted.read(text).connack == code


def test_what_a_rule_does_not_allow_is_read() -> None:
    found = pasted.read("Authorization rule 'device' does not allow access for 'devices/write'")
    assert (found.policy, found.operation) == ("device", "devices/write")


def test_of_a_paste_of_many_megabytes_head_and_tail_are_read() -> None:
    found = pasted.read("401003 IoTHubUnauthorized\n" + "x\n" * 2_000_000 + "DeviceId=pump-7")
    assert (found.codes[0], found.device) == ("401003", "pump-7")


@given(st.text())
def test_a_text_that_says_nothing_says_nothing_of_any_kind(text: str) -> None:
    found = pasted.read(text)
    assert found == pasted.Pasted(text=found.text) or re.search(r"[A-Za-z\d]{2}", text)


@given(st.text(alphabet="\\\"'nru0026{}:,dDeviceId=/ab", max_size=200))
def test_no_quote_of_a_tangle_of_escapes_stays_escaped(text: str) -> None:
    assert not re.search(r"\\[\"']", pasted.read(text).text) or "\\" * 7 in text
