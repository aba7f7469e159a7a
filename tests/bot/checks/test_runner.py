"""A diagnosis from end to end: what is read for it, what is told, what it leaves behind."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.answer import Status
from bot.checks import iot_hub
from bot.checks.errors import CheckError, DeviceMalformed, HubUnknown
from bot.checks.hub import HubSettings
from bot.checks.runner import AuditLine, CheckRequest, Diagnosis, diagnose, start
from tests.fakehub import faults
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import VirtualClock
from tests.fakehub.registry import FakeDevice, new_key
from tests.fakehub.server import FakeHub

QUICK = CheckRequest(device="pump-7", is_quick=True)
Hubs = dict[str, HubSettings]


def told(diagnosis: Diagnosis) -> dict[str, Status]:
    return {finding.check: finding.status for finding in diagnosis.findings}


def test_a_quick_look_is_one_read(fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock) -> None:
    diagnosis = diagnose(QUICK, hubs, clock=clock)
    assert told(diagnosis) == dict.fromkeys(
        ("device-missing", "device-disabled", "device-offline", "device-never-connected", "queue-full"),
        Status.RULED_OUT,
    )
    assert [(call.method, call.path, call.status) for call in diagnosis.calls] == [
        ("GET", "/twins/pump-7", 200)
    ]
    assert (diagnosis.hub, diagnosis.device, diagnosis.is_complete, diagnosis.is_fault_found) == (
        "lab",
        "pump-7",
        True,
        False,
    )
    assert clock.waits == []


def test_every_finding_names_its_source_and_its_time(
    fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock
) -> None:
    for finding in diagnose(QUICK, hubs, clock=clock).findings:
        assert finding.source == "GET /twins/pump-7"
        assert finding.read_at == clock.now()
    lags = {finding.check: finding.lag for finding in diagnose(QUICK, hubs, clock=clock).findings}
    assert "5 min" in (lags["device-offline"] or "")


def test_where_the_twin_is_refused_the_registry_identity_is_read(
    fake_hub: FakeHub, clock: VirtualClock
) -> None:
    hubs = {"lab": HubSettings("lab", fake_hub.connection_string("registryRead"), ca_file=fake_hub.ca_file)}
    diagnosis = diagnose(QUICK, hubs, clock=clock)
    assert [call.path for call in diagnosis.calls] == ["/twins/pump-7", "/devices/pump-7"]
    assert told(diagnosis)["device-disabled"] is Status.RULED_OUT


def test_where_both_are_refused_nothing_can_be_told_and_the_reason_is_given(
    fake_hub: FakeHub, clock: VirtualClock
) -> None:
    hubs = {
        "lab": HubSettings("lab", fake_hub.connection_string("service", new_key()), ca_file=fake_hub.ca_file)
    }
    diagnosis = diagnose(QUICK, hubs, clock=clock)
    assert set(told(diagnosis).values()) == {Status.CANNOT_TELL}
    assert diagnosis.is_fault_found
    assert diagnosis.findings[0].values["status"] == 401
    assert diagnosis.findings[0].would_tell


def test_a_fault_of_the_hub_becomes_findings_rather_than_an_exception(
    fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock
) -> None:
    fake_hub.fault("/twins/", faults.refuse(503, "ServiceUnavailable"))
    assert set(told(diagnose(QUICK, hubs, clock=clock)).values()) == {Status.CANNOT_TELL}


def test_a_throttling_hub_is_asked_once_more_after_ten_seconds(
    fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock
) -> None:
    fake_hub.fault("/twins/", faults.throttle(), calls=range(1))
    diagnosis = diagnose(QUICK, hubs, clock=clock)
    assert clock.waits == [10.0]
    assert told(diagnosis)["device-missing"] is Status.RULED_OUT


def test_a_hub_that_throttles_on_is_asked_twice_in_all(
    fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock
) -> None:
    fake_hub.fault("/twins/", faults.throttle("3600"))
    diagnosis = diagnose(QUICK, hubs, clock=clock)
    assert [call.status for call in diagnosis.calls] == [429, 429]
    found = told(diagnosis)
    assert found.pop("hub-throttling") is Status.CONFIRMED
    assert set(found.values()) == {Status.CANNOT_TELL}


def test_a_fault_nobody_asked_about_is_told_only_when_it_is_there(
    fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock
) -> None:
    request = CheckRequest(text="429001 ThrottlingException", device="pump-7")
    assert "device-disabled" not in told(diagnose(request, hubs, clock=clock))
    fake_hub.registry.devices["pump-7"].status = "disabled"
    assert told(diagnose(request, hubs, clock=clock))["device-disabled"] is Status.CONFIRMED


def test_confirmed_faults_come_first(fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock) -> None:
    fake_hub.registry.devices["pump-7"].n_waiting = 50
    assert diagnose(QUICK, hubs, clock=clock).findings[0].check == "queue-full"


def test_a_steady_connection_is_not_looked_at_again(fake_hub: FakeHub, clock: VirtualClock) -> None:
    fake_hub.registry.devices["pump-7"].connected_since = clock.now() - timedelta(hours=1)
    hubs = {"lab": HubSettings("lab", fake_hub.connection_string("iothubowner"), ca_file=fake_hub.ca_file)}
    diagnosis = diagnose(CheckRequest(text="400027", device="pump-7"), hubs, clock=clock)
    assert told(diagnosis)["device-reconnecting"] is Status.RULED_OUT
    assert [call.path for call in diagnosis.calls] == ["/twins/pump-7", "/devices/pump-7"]


def test_spaced_looks_take_no_longer_than_fifteen_seconds(fake_hub: FakeHub, clock: VirtualClock) -> None:
    hubs = {"lab": HubSettings("lab", fake_hub.connection_string("iothubowner"), ca_file=fake_hub.ca_file)}
    diagnose(CheckRequest(text="400027 and then 500001", device="pump-7"), hubs, clock=clock)
    assert 5 < sum(clock.waits) <= 15


def test_a_token_is_compared_with_the_hubs_clock_and_not_with_ours(
    authority: Authority, clock: VirtualClock
) -> None:
    with FakeHub(authority, clock=clock, skew=timedelta(hours=1)) as hub:
        hub.registry.add(FakeDevice("pump-7"))
        hubs = {"lab": HubSettings("lab", hub.connection_string(), ca_file=hub.ca_file)}
        text = "401003\n" + hub.token("pump-7", ends=clock.now() + timedelta(minutes=30))
        found = told(diagnose(CheckRequest(text=text, device="pump-7"), hubs, clock=clock))
    assert found["token-expired"] is Status.CONFIRMED
    assert found["clock-off"] is Status.CONFIRMED


def test_codes_of_the_entries_found_decide_where_the_text_has_none(
    fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock
) -> None:
    request = CheckRequest(
        text="my method call fails", identifiers=("404103", "DeviceNotOnline"), device="pump-7"
    )
    assert "method-handler-missing" in told(diagnose(request, hubs, clock=clock))


def test_captures_of_the_message_name_the_device(fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock) -> None:
    request = CheckRequest(text="404103", captures={"device": "pump-7", "hub": "lab"})
    assert diagnose(request, hubs, clock=clock).device == "pump-7"


def test_without_a_device_it_says_what_is_missing(fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock) -> None:
    diagnosis = diagnose(CheckRequest(text="404103 DeviceNotOnline"), hubs, clock=clock)
    assert [finding.message for finding in diagnosis.findings] == [
        "The text names no device, so the hub was not asked about one."
    ]
    assert fake_hub.requests == []


def test_a_hub_that_is_not_configured_is_not_asked_whatever_the_text_says(
    fake_hub: FakeHub, clock: VirtualClock
) -> None:
    string = fake_hub.connection_string().replace(fake_hub.host, "contoso.azure-devices.net")
    diagnosis = diagnose(
        CheckRequest(text="404001 DeviceNotFound at evil.azure-devices.net for /devices/pump-7"),
        {"lab": HubSettings("lab", string)},
        clock=clock,
    )
    assert set(told(diagnosis).values()) == {Status.CANNOT_TELL}
    assert diagnosis.findings[0].values["pasted"] == "evil.azure-devices.net"
    assert (diagnosis.hub, diagnosis.calls) == ("", ())


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (CheckRequest(device="pump-7", hub="shop"), HubUnknown),
        (CheckRequest(device="../../x"), DeviceMalformed),
    ],
)
def test_what_nobody_could_ask_is_told_at_once(
    request_: CheckRequest, error: type[CheckError], hubs: Hubs, fake_hub: FakeHub
) -> None:
    with pytest.raises(error):
        diagnose(request_, hubs)
    assert fake_hub.requests == []


def test_an_id_in_a_paste_that_no_hub_would_take_is_left_alone(
    fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock
) -> None:
    assert (
        diagnose(CheckRequest(text="404001", captures={"device": "a b/../c"}), hubs, clock=clock).device == ""
    )


def test_a_good_way_to_a_hub_that_does_not_answer_is_no_all_clear(
    fake_hub: FakeHub, hubs: Hubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(iot_hub, "READ_S", 0.2)
    fake_hub.fault("/twins/", faults.hang)
    diagnosis = diagnose(QUICK, hubs)
    assert diagnosis.is_fault_found
    assert told(diagnosis)["tls-refused"] is Status.RULED_OUT
    assert diagnosis.findings[0].check == "device-missing"  # what was asked stands before what is in order


def test_progress_says_what_is_being_read(fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock) -> None:
    seen: list[str] = []
    diagnose(QUICK, hubs, clock=clock, progress=lambda message, values: seen.append(message.format(**values)))
    assert seen == ["reading GET /twins/pump-7"]


def test_each_run_leaves_an_audit_line_without_any_secret(
    fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    lines: list[AuditLine] = []
    text = f"401003 {fake_hub.connection_string()} {fake_hub.token('pump-7')}"
    with caplog.at_level(logging.DEBUG):
        diagnose(replace(QUICK, text=text, who="U123", hub="lab"), hubs, clock=clock, audit=lines.append)
    assert (lines[0].who, lines[0].hub, lines[0].device) == ("U123", "lab", "pump-7")
    assert "GET /twins/pump-7 200" in str(lines[0])
    assert str(lines[0]) in caplog.text
    everything = caplog.text + str(lines) + str(lines[0])
    assert [secret for secret in fake_hub.secrets() if secret[:12] in everything] == []


def test_what_a_hub_quotes_is_redacted_and_of_one_line(
    fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock
) -> None:
    key = new_key()
    device = fake_hub.registry.devices["pump-7"]
    device.status, device.status_reason = "disabled", f"old key\nSharedAccessKey={key}\x1b[31m" + "x" * 400
    (finding,) = [f for f in diagnose(QUICK, hubs, clock=clock).findings if f.check == "device-disabled"]
    reason = str(finding.values["reason"])
    assert key[:12] not in reason
    assert reason.isprintable()
    assert len(reason) < 150


def test_a_request_never_shows_its_text(fake_hub: FakeHub) -> None:
    key = new_key()
    assert key[:12] not in repr(CheckRequest(text=f"SharedAccessKey={key}"))


def test_many_diagnoses_at_once_do_not_disturb_each_other(
    fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock
) -> None:
    running = [start(QUICK, hubs, clock=clock) for _ in range(8)]
    assert all(told(one.result())["device-missing"] is Status.RULED_OUT for one in running)


def test_an_unreachable_hub_climbs_the_network_ladder(
    clock: VirtualClock, hubs: Hubs, fake_hub: FakeHub, authority: Authority
) -> None:
    string = fake_hub.connection_string().replace(fake_hub.host, "nowhere.invalid")
    diagnosis = diagnose(QUICK, {"lab": HubSettings("lab", string, ca_file=authority.path)}, clock=clock)
    assert told(diagnosis)["name-unresolved"] is Status.CONFIRMED
    assert told(diagnosis)["device-missing"] is Status.CANNOT_TELL


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (faults.refuse(403, "IotHubQuotaExceeded", "the quota"), "quota-used-up"),
        (faults.throttle(), "hub-throttling"),
    ],
)
def test_a_hub_that_answers_nobody_is_told_though_nobody_asked_about_the_hub(
    fault: faults.Fault, check: str, fake_hub: FakeHub, hubs: Hubs, clock: VirtualClock
) -> None:
    fake_hub.fault(".*", fault)
    assert told(diagnose(QUICK, hubs, clock=clock))[check] is Status.CONFIRMED


def test_a_text_is_judged_by_the_hubs_time_and_read_by_ours(
    authority: Authority, clock: VirtualClock
) -> None:
    with FakeHub(authority, clock=clock, skew=timedelta(hours=3)) as hub:
        hub.registry.add(FakeDevice("pump-7"))
        settings = {"lab": HubSettings("lab", hub.connection_string(), ca_file=hub.ca_file)}
        request = CheckRequest(text=hub.token("pump-7"), device="pump-7")
        found = diagnose(request, settings, clock=clock).findings
    assert ("token-expired", Status.CONFIRMED) in [(one.check, one.status) for one in found]
    assert {one.read_at for one in found} == {clock.now()}


def test_who_has_tried_the_steps_of_the_way_is_not_sent_for_them(
    hubs: Hubs, clock: VirtualClock, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    wrong = {"lab": replace(hubs["lab"], ca_file=Authority(folder).path)}
    found = {one.check: one for one in diagnose(QUICK, wrong, clock=clock).findings}
    assert found["certificate-untrusted"].message == (
        "The CA file of this hub does not hold who issued the certificate: {issuer}."
    )
    assert found["device-missing"].would_tell == ""
