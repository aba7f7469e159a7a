"""``hubmedic check``: what it prints, how it ends, and that no secret gets out."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.checks.runner import Diagnosis, Running
from bot.cli import check, main
from tests.fakehub import faults
from tests.fakehub.certificates import Authority
from tests.fakehub.registry import FakeDevice, new_key
from tests.fakehub.server import FakeHub


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def hub(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")
    # Another command's log may still be sent to the stderr of the test it ran in.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(logging.getLogger(), "level", logging.WARNING)
    with FakeHub(authority) as running:
        now = running.now()
        running.registry.add(
            FakeDevice("pump-7", connected_since=now - timedelta(hours=1), last_activity=now),
            FakeDevice("valve-1", status="disabled", status_reason="stolen", status_since=now),
        )
        monkeypatch.setenv("HUBMEDIC_HUBS__LAB__CONNECTION_STRING", running.connection_string("registryRead"))
        monkeypatch.setenv("HUBMEDIC_HUBS__LAB__CA_FILE", str(running.ca_file))
        yield running
    assert running.violations == []


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_device_without_a_fault_ends_with_0(hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "pump-7"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"pump-7 at hub lab ({hub.host})\n")
    assert "ruled out    device disabled: pump-7 is enabled." in out
    assert "GET /devices/pump-7, read" in out
    assert err == ""


def test_a_confirmed_fault_ends_with_1_and_stands_first(
    hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "valve-1"]) == 1
    out = capsys.readouterr().out
    assert out.split("\n")[2].startswith("confirmed    device disabled: valve-1 is disabled since")
    assert "the reason noted is “stolen”" in " ".join(out.split())


@pytest.mark.parametrize("how", ["--locale", "LANG"])
def test_it_speaks_french(
    how: str, hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "LANG":
        monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    assert main(["check", "valve-1", *(["--locale", "fr"] if how == "--locale" else [])]) == 1
    out = capsys.readouterr().out
    assert "confirmé" in out
    assert "valve-1 est désactivé depuis le" in out


def test_json_is_the_object_of_the_contract(hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "valve-1", "--json", "--hub", "LAB"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["device", "hub", "findings"]
    assert (told["device"], told["hub"]) == ("valve-1", "lab")
    first = told["findings"][0]
    assert (first["check"], first["status"], first["source"]) == (
        "device-disabled",
        "confirmed",
        "GET /devices/valve-1",
    )
    assert first["read_at"].endswith("Z")
    assert first["lag"] is None


def test_a_refused_credential_is_one_thing_to_read_and_ends_with_1(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUBMEDIC_HUBS__LAB__CONNECTION_STRING", hub.connection_string("device"))
    assert main(["check", "pump-7"]) == 1
    out = capsys.readouterr().out
    assert out.count("The hub refuses our credential") == 1
    assert "device missing, device disabled, device offline" in out


def test_a_token_from_standard_input_is_told_and_tested(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, f"password={hub.token('pump-7')}\n")
    assert main(["check", "pump-7", "--token", "-", "--json"]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["token"]["audience"] == "contoso-hub.azure-devices.net/devices/pump-7"
    assert told["token"]["policy"] is None
    statuses = {finding["check"]: finding["status"] for finding in told["findings"]}
    assert (statuses["signature-wrong"], statuses["token-expired"]) == ("ruled_out", "ruled_out")
    assert err == ""


def test_a_token_alone_asks_no_hub(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, hub.token("pump-7", ends=hub.now() - timedelta(hours=3)))
    assert main(["check", "--token", "-"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "signed with the device's own key" in out
    assert "token expired: The token ended at" in out
    assert hub.requests == []


def test_a_token_on_the_command_line_is_taken_with_a_warning(
    hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--token", hub.token("pump-7", policy="service")]) == 0
    out, err = capsys.readouterr()
    assert "signed with policy service" in " ".join(out.split())
    assert "history" in err


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ([], 2, "nothing to check was named"),
        (["pump-7", "--hub", "shop"], 2, "no hub named “shop” is configured; there is: lab"),
        (["a/b"], 2, "cannot be the id of a device"),
        (["--token", "nothing of the kind"], 2, "there is no SAS token in that"),
        (["pump-7", "--hubs"], 2, "--hubs"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str], status: int, says: str, hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *arguments]) == status
    out, err = capsys.readouterr()
    assert says in err
    assert out == ""


def test_an_error_is_an_object_with_json(hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "pump-7", "--hub", "shop", "--json"]) == 2
    assert set(json.loads(capsys.readouterr().out)["error"]) == {"code", "message", "hint"}


def test_without_any_hub_it_says_how_to_configure_one(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUBMEDIC_HUBS__LAB__CONNECTION_STRING")
    monkeypatch.delenv("HUBMEDIC_HUBS__LAB__CA_FILE")
    assert main(["check", "pump-7"]) == 3
    assert "HUBMEDIC_HUBS__NAME__CONNECTION_STRING" in capsys.readouterr().err


def test_a_token_is_looked_at_though_no_hub_is_configured(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUBMEDIC_HUBS__LAB__CONNECTION_STRING")
    monkeypatch.delenv("HUBMEDIC_HUBS__LAB__CA_FILE")
    piped(monkeypatch, hub.token("pump-7"))
    assert main(["check", "pump-7", "--token", "-"]) == 0
    out, err = capsys.readouterr()
    assert "ruled out    token expired: The token is good until" in out
    assert "HUBMEDIC_HUBS__NAME__CONNECTION_STRING" in err


def test_a_token_is_looked_at_though_the_hub_is_misnamed(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, hub.token("pump-7"))
    assert main(["check", "valve-1", "--hub", "shop", "--token", "-", "--json"]) == 2
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["hub"] is None
    assert ("token-audience-wrong", "confirmed") in [(f["check"], f["status"]) for f in told["findings"]]
    assert "no hub named “shop” is configured" in err
    assert hub.requests == []


def test_nobody_asks_what_a_policy_allows_where_nobody_was_refused(
    hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "pump-7", "--json", "--token", hub.token("pump-7", policy="service")])
    told = json.loads(capsys.readouterr().out)
    assert "policy-too-narrow" not in {finding["check"] for finding in told["findings"]}


def test_a_broken_connection_string_is_told_without_the_key(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key()
    monkeypatch.setenv(
        "HUBMEDIC_HUBS__LAB__CONNECTION_STRING",
        f"HostName=x.azure-devices.net;DeviceId=d;SharedAccessKey={key}",
    )
    assert main(["check", "pump-7"]) == 3
    out, err = capsys.readouterr()
    assert "that of a device" in err
    assert key[:12] not in out + err


def test_the_network_is_tried_on_wish(hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--network"]) == 0
    assert "A TLS connection to localhost can be made from this machine." in capsys.readouterr().out


def test_who_interrupts_gets_what_was_found_so_far(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    result, calls = Running.result, []

    def interrupted(running: Running) -> Diagnosis:
        calls.append(running)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return result(running)

    monkeypatch.setattr(Running, "result", interrupted)
    hub.fault("/twins/", faults.hang)
    assert main(["check", "pump-7"]) == 130
    assert "Not everything was read" in capsys.readouterr().out


def test_no_key_and_no_signature_gets_out_of_any_run(
    hub: FakeHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HUBMEDIC_LOG_LEVEL", "debug")
    token = hub.token("pump-7", key=new_key())
    for arguments in (
        ["check", "pump-7", "--token", "-"],
        ["check", "--token", "-", "--json"],
        ["check", "valve-1", "--network"],
    ):
        piped(monkeypatch, token)
        main(arguments)
    out, err = capsys.readouterr()
    secrets = hub.secrets() | {token.partition("&sig=")[2].partition("&")[0]}
    assert [secret for secret in secrets if secret[:12] in out + err] == []


@pytest.mark.parametrize(("age", "left"), [(0.5, 20.0), (5.0, 17.0), (30.0, 5.0)])
def test_a_slow_start_is_taken_from_the_time_of_the_checks(
    age: float, left: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_age", lambda: age)
    assert check._time_left() == left
