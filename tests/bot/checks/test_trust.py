"""Whose certificates a hub is trusted by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.checks.facts import Trouble
from bot.checks.hub import HubSettings, access
from bot.checks.iot_hub import AzureIotHub
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.server import FakeHub

Opener = Callable[..., AzureIotHub]


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
