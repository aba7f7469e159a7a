"""What opens a hub, which key signed a token, and that no key comes out."""

from __future__ import annotations

import dataclasses
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.checks import iot_hub
from bot.checks.errors import CheckUnavailable
from bot.checks.facts import KeyMatch, Trouble
from bot.checks.hub import Access, HubSettings, access
from bot.checks.iot_hub import AzureIotHub
from bot.checks.token import find_tokens
from tests.fakehub.clock import VirtualClock
from tests.fakehub.registry import FakeModule, new_key
from tests.fakehub.server import FakeHub

Opener = Callable[..., AzureIotHub]


def everything_in(value: object) -> str:
    """Whatever a value shows or holds, as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return " ".join(
            [repr(value), *(everything_in(getattr(value, f.name)) for f in dataclasses.fields(value))]
        )
    return repr(value)


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


def test_netrc_does_not_take_the_place_of_our_token(
    fake_hub: FakeHub, open_hub: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert open_hub(fake_hub).twin("pump-7").value is not None


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
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    with pytest.raises(CheckUnavailable, match=r"azure-identity.*pip install 'hubmedic\[live,entra\]'"):
        iot_hub.open_hub(Access("lab", "contoso.azure-devices.net"), clock, threading.Event())
