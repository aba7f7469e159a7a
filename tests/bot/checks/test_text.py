"""What a text tells by itself, for every question and at no cost where there is nothing to see."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Status
from bot.checks import could_tell, look_at_paste
from bot.checks.check import READ_HERE
from bot.checks.text import look_at_text
from tests.fakehub.certificates import Authority
from tests.fakehub.clock import START, VirtualClock
from tests.fakehub.registry import FakeDevice
from tests.fakehub.scenario import Scenario
from tests.fakehub.scenarios import ROWS
from tests.fakehub.server import FakeHub

OF_TEXT = [row for row in ROWS if not row.asks and row.expect is not Status.CANNOT_TELL]


def test_a_refused_connect_is_explained() -> None:
    (finding,) = look_at_paste("Connection Not Accepted: 0x5: Not Authorized", now=START)
    assert (finding.check, finding.status, finding.source) == (
        "connect-refused",
        Status.CONFIRMED,
        "pasted text",
    )
    assert finding.read_at == START


@pytest.mark.parametrize(
    "question", ["how do I reset a device twin?", "", "404001 DeviceNotFound", "mon appareil ne répond plus"]
)
def test_an_ordinary_question_gets_no_findings(question: str) -> None:
    assert look_at_paste(question) == ()


@pytest.mark.parametrize("row", OF_TEXT, ids=lambda row: row.name)
def test_what_a_text_tells_is_told_without_any_hub(row: Scenario, authority: Authority) -> None:
    with FakeHub(authority, clock=VirtualClock()) as hub:
        row.prepare(hub)
        request = row.request(hub)
        found = look_at_paste(request.text, captures={"device": request.device or ""}, now=START)
    assert (row.fault, row.expect) in [(finding.check, finding.status) for finding in found]


def test_what_cannot_be_told_is_left_for_when_a_hub_is_asked() -> None:
    assert (
        look_at_paste("Number of active file upload requests cannot exceed 10 (403006), count", now=START)
        == ()
    )


def test_a_misleading_name_is_worth_a_word_of_doubt() -> None:
    (finding,) = look_at_paste("TooManyDevicesError: Error: Forbidden", now=START)
    assert finding.status is Status.CANNOT_TELL


def test_a_token_is_told_by_its_end_and_nothing_of_it_gets_out(authority: Authority) -> None:
    with FakeHub(authority, clock=VirtualClock()) as hub:
        hub.registry.add(FakeDevice("pump-7"))
        token = hub.token("pump-7", ends=START - timedelta(minutes=1))
    found = look_at_paste(f"401003 {token}", now=START)
    assert ("token-expired", Status.CONFIRMED) in [(one.check, one.status) for one in found]
    assert token.partition("&sig=")[2][:12] not in str(found)


WORDS = """401003 404104 400027 409002 IoTHubUnauthorized DeviceConnectionClosedRemotely connection connect connected failed lost
state rc code return retour result = : 0x5 5 3 MQTT mqtt not registered found ETag Device device count current max allowed
message '8000' Unauthorized RefusedServerUnavailable broker unavailable client id identifier rejected disconnected
2026-01-05T10:00:00Z 10:00:00 bad user name or password protocol version is expired token thumbprint"""
GAPS = st.sampled_from([" ", "", "\n", ", "])


@given(st.lists(st.tuples(st.sampled_from(WORDS.split()), GAPS), max_size=14))
def test_a_text_without_any_mark_has_nothing_to_tell(pieces: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in pieces)
    if not could_tell(text):
        assert look_at_text(text, START) == ()


@given(
    st.lists(st.tuples(st.sampled_from(WORDS.split()), GAPS), max_size=14)
    | st.text().map(lambda text: [(text, "")])
)
def test_what_a_text_tells_comes_from_no_call_and_is_told_once_a_fault(pieces: list[tuple[str, str]]) -> None:
    found = look_at_text("".join(word + gap for word, gap in pieces), START)
    assert {finding.source for finding in found} <= READ_HERE
    assert len({finding.check for finding in found}) == len(found)


@pytest.mark.parametrize("text", ["401003", "IoTHubUnauthorized on pump-7", "404104 every hour, code 404104"])
def test_a_bare_code_is_not_worth_loading_the_checks(text: str) -> None:
    assert not could_tell(text)


def test_looking_at_a_text_loads_neither_network_nor_sdk() -> None:
    code = (
        "import sys; from bot.checks import look_at_paste; assert look_at_paste('rc=5 connect failed, rc=5');"
        "print(*(m for m in ('ssl', 'socket', 'urllib.request', 'azure', 'requests', 'logging', 'threading') if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert set(done.stdout.split()) <= {"threading"}
