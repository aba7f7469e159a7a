"""Which hub is meant, and whether its settings can work: told in our words, never with the key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.checks.errors import DeviceMalformed, HubMisconfigured, HubUnknown
from bot.checks.hub import HubSettings, access, device_id, select
from tests.fakehub.registry import new_key

KEY = new_key()
LAB = HubSettings(
    "lab", f"HostName=contoso.azure-devices.net;SharedAccessKeyName=service;SharedAccessKey={KEY}"
)
PLANT = HubSettings("plant", host="fabrikam.azure-devices.net")


@pytest.mark.parametrize(
    ("string", "says"),
    [
        ("HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey={key}", "that of a device"),
        ("HostName=h.azure-devices.net;SharedAccessKey={key}", "no SharedAccessKeyName"),
        ("HostName=h.azure-devices.net;SharedAccessKeyName=service", "no SharedAccessKey"),
        (
            "HostName=h.azure-devices.net;SharedAccessKeyName=s;SharedAccessSignature={key}",
            "ready-made token",
        ),
        ("SharedAccessKeyName=service;SharedAccessKey={key}", "names no HostName"),
        (
            "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=service;SharedAccessKey={key}",
            "Event Hubs",
        ),
        (
            "HostName=x.azure-devices-provisioning.net;SharedAccessKeyName=s;SharedAccessKey={key}",
            "provisioning service",
        ),
        ("HostName=h.azure-devices.net;SharedAccessKeyName=s;SharedAccessKey={cut}", "not base64"),
        ("HostName=https://h.azure-devices.net/;SharedAccessKeyName=s;SharedAccessKey={key}", "no host name"),
        (
            "HostName=h.azure-devices.net;SharedAccessKeyName=s;SharedAccessKey={key};Nonsense",
            "no Name=value pair",
        ),
        ("{key}", "no Name=value pair"),
        ("az iot hub connection-string show", "no Name=value pair"),
    ],
)
def test_a_broken_connection_string_is_told_without_its_key(string: str, says: str) -> None:
    with pytest.raises(HubMisconfigured) as caught:
        access(HubSettings("lab", string.format(key=KEY, cut=KEY[:-3])))
    text = str(caught.value) + repr(caught.value) + repr(caught.value.values)
    assert says in text
    assert "HUBMEDIC_HUBS__LAB__CONNECTION_STRING" in text
    assert KEY[:12] not in text


@pytest.mark.parametrize("around", ["{}", "{};", " {}\n", '"{}"', "{}\r\n"])
def test_what_copying_adds_around_a_connection_string_does_no_harm(around: str) -> None:
    found = access(HubSettings("lab", around.format(LAB.connection_string)))
    assert (found.host, found.policy, found.key) == ("contoso.azure-devices.net", "service", KEY)


def test_names_of_parts_may_have_any_case_as_the_sdk_does_not_allow() -> None:
    found = access(HubSettings("lab", f"hostname=h:8443;sharedaccesskeyname=service;SHAREDACCESSKEY={KEY}"))
    assert found.connection_string == f"HostName=h:8443;SharedAccessKeyName=service;SharedAccessKey={KEY}"
    assert (found.bare_host, found.port) == ("h", 8443)


def test_an_address_in_brackets_keeps_its_port() -> None:
    found = access(HubSettings("lab", host="[::1]:8443"))
    assert (found.bare_host, found.port) == ("::1", 8443)


def test_a_hub_never_shows_its_key() -> None:
    assert KEY not in repr(LAB) + repr(access(LAB))


def test_a_missing_ca_file_is_told_before_any_call(tmp_path: Path) -> None:
    with pytest.raises(HubMisconfigured, match="CA_FILE"):
        access(HubSettings("lab", LAB.connection_string, ca_file=tmp_path / "none.pem"))


def test_a_hub_without_anything_is_told_what_to_set() -> None:
    with pytest.raises(
        HubMisconfigured, match="HUBMEDIC_HUBS__LAB__CONNECTION_STRING, or HUBMEDIC_HUBS__LAB__HOST"
    ):
        access(HubSettings("lab"))


def test_a_named_hub_is_taken_whatever_the_paste_names_and_in_any_case() -> None:
    assert select({"lab": LAB, "plant": PLANT}, "PLANT", "contoso.azure-devices.net") is PLANT


@pytest.mark.parametrize("name", ["contoso.azure-devices.net", "CONTOSO", "contoso.azure-devices.net."])
def test_a_configured_hub_may_be_named_by_its_host(name: str) -> None:
    assert select({"plant": PLANT, "lab": LAB}, name, "") is LAB


def test_a_name_wins_over_the_host_of_another_hub() -> None:
    contoso = HubSettings("contoso", host="fabrikam.azure-devices.net")
    assert select({"lab": LAB, "contoso": contoso}, "contoso", "") is contoso


@pytest.mark.parametrize("pasted", ["contoso.azure-devices.net", "Contoso", "lab"])
def test_a_pasted_hub_selects_among_the_configured(pasted: str) -> None:
    assert select({"lab": LAB, "plant": PLANT}, None, pasted) is LAB


def test_a_pasted_hub_that_is_not_configured_is_not_asked() -> None:
    assert select({"lab": LAB}, None, "evil.azure-devices.net") is None


def test_the_only_hub_needs_no_name() -> None:
    assert select({"lab": LAB}, None, "") is LAB


def test_a_host_of_ones_own_may_stand_for_any_hub() -> None:
    own = HubSettings("lab", host="localhost:8443")
    assert select({"lab": own}, None, "contoso-hub") is own


def test_several_hubs_want_a_name() -> None:
    with pytest.raises(HubUnknown, match="lab, plant; name one of them with --hub"):
        select({"lab": LAB, "plant": PLANT}, None, "")


def test_an_unknown_name_is_told_with_those_that_exist() -> None:
    with pytest.raises(HubUnknown, match=r"no hub named “shop”.*there is: lab, plant.*HUBMEDIC_HUBS__SHOP__"):
        select({"lab": LAB, "plant": PLANT}, "shop", "")


def test_without_any_hub_it_says_how_to_configure_one() -> None:
    with pytest.raises(HubUnknown, match="HUBMEDIC_HUBS__NAME__CONNECTION_STRING"):
        select({}, None, "")


@pytest.mark.parametrize("text", ["", " ", "a b", "a/b", "../x", "é", "a" * 129, "a\x00b", "x\ny", ".", ".."])
def test_what_no_hub_would_take_as_an_id_is_refused(text: str) -> None:
    with pytest.raises(DeviceMalformed):
        device_id(text)


@given(st.text(alphabet="abcXYZ019-.+%_#*?!(),:=@$'", min_size=1, max_size=128))
def test_every_id_a_hub_takes_is_taken(text: str) -> None:
    assume(text not in (".", ".."))
    assert device_id(text) == text
