"""What the checks find becomes part of an answer: on every surface, at its top, and never at the price of a secret."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import wiring
from bot.answer import Answer, Finding, Status
from bot.assistant import Assistant
from bot.checks.hub import HubSettings
from bot.checks.runner import CheckRequest, Diagnosis
from bot.cli.views import answer_view
from bot.i18n import speaker
from bot.question import Question
from bot.settings import Settings
from kb.errors import UnknownEntry
from kb.model import Entry, Found, Hit, Outcome, Remedy

ENTRY = Entry(
    "404001-devicenotfound", "id-not-registered", "en-us", "en-us/404001.md", "Not registered", "404001", ("404001",), (), "s",
    (Remedy("The device is not registered.", "Register it."), Remedy("The device is disabled.", "Enable it.")),
)  # fmt: skip
OTHER = Entry(
    "404001-devicenotfound",
    "device-disabled",
    "en-us",
    "en-us/404001.md",
    "Disabled",
    "404001",
    ("404001",),
    (),
    "s",
    (Remedy("c", "f"),),
)


class Knowledge:
    """Finds one entry, whatever is asked."""

    locales = ("en-us",)

    def entry(self, entry_id: str, locale: str | None = None) -> Entry:
        raise UnknownEntry("no entry is named {entry}", "", entry=entry_id)

    def find(self, text: str, *, locale: str | None = None, limit: int = 3) -> Found:
        hits = (Hit(ENTRY, 0.9, {}, captures={"device": "pump-7"}), Hit(OTHER, 0.5, {}))
        return Found(Outcome.ANSWER, 0.9, hits[:1], hits, "en")


@pytest.fixture
def assistant() -> Assistant:
    knowledge: Any = Knowledge()
    return Assistant(knowledge, refine=partial(wiring._with_what_the_text_tells, knowledge))


@pytest.fixture(scope="module")
def packaged() -> Assistant:
    """Over the packaged articles."""
    return wiring.assistant(Settings())


def test_what_a_paste_tells_stands_in_every_answer(assistant: Assistant) -> None:
    answer = assistant.answer(Question("404001 Connection Not Accepted: 0x5: Not Authorized"))
    assert [finding.check for finding in answer.findings] == ["connect-refused"]


def test_an_ordinary_question_has_no_findings(assistant: Assistant) -> None:
    assert assistant.answer(Question("404001, what is that?")).findings == ()


def test_a_pasted_token_is_told_of_and_does_not_get_out(assistant: Assistant) -> None:
    signature = "c2lnbmF0dXJlIG9mIGEgdG9rZW4gbWFkZSBmb3IgYSB0ZXN0PQ%3D%3D"
    text = f"404001 SharedAccessSignature sr=h.azure-devices.net%2Fdevices%2Fpump-7&sig={signature}&se=1700000000"
    answer = assistant.answer(Question(text))
    assert ("token-expired", Status.CONFIRMED) in [
        (finding.check, finding.status) for finding in answer.findings
    ]
    assert signature[:12] not in repr(answer)


def test_the_checks_get_the_paste_as_it_came_where_it_is_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[CheckRequest] = []

    def diagnose(request: CheckRequest, hubs: dict[str, HubSettings], **options: object) -> Diagnosis:
        asked.append(request)
        return Diagnosis(())

    monkeypatch.setattr("bot.checks.runner.diagnose", diagnose)
    answer = Answer(
        "redacted", "en-us", Outcome.ANSWER, 0.9, (Hit(ENTRY, 0.9, {}, captures={"device": "pump-7"}),)
    )
    run = wiring.checks(Settings())
    run(answer, "lab", "as it came")
    run(answer, None)
    assert [request.text for request in asked] == ["as it came", "redacted"]
    assert asked[0].identifiers == ("404001",)
    assert asked[0].captures == {"device": "pump-7"}


def test_what_is_confirmed_stands_at_the_top_of_the_answer() -> None:
    found = Finding(
        "device-disabled",
        Status.CONFIRMED,
        "{device} is disabled.",
        "GET /twins/pump-7",
        datetime(2026, 1, 5, tzinfo=UTC),
        values={"device": "pump-7"},
    )
    answer = Answer("q", "en-us", Outcome.ANSWER, 0.9, (Hit(ENTRY, 0.9, {}),), findings=(found,))
    lines = [one.text.plain for one in answer_view(answer, speaker("fr"))]
    assert lines[0] == "confirmé  appareil désactivé : pump-7 est désactivé."


REFUSED = "401003-iothubunauthorized#connack-not-authorised"


@pytest.mark.parametrize(
    "text",
    [
        "CONNACK return code 5",
        "rc=4",
        "MQTT connection refused: not authorized",
        "connexion mqtt refusée code retour 5",
    ],
)
def test_what_the_paste_confirms_is_what_is_answered(text: str, packaged: Assistant) -> None:
    answer = packaged.answer(Question(text))
    assert (answer.outcome, answer.hits[0].entry.id) == (Outcome.ANSWER, REFUSED)
    assert answer.confidence == answer.hits[0].confidence >= 0.9


@pytest.mark.parametrize(
    ("source", "heading"),
    [("pasted text", "Read in what you pasted"), ("GET /twins/pump-7", "Checked right now")],
)
def test_only_what_was_asked_just_now_is_said_to_be(source: str, heading: str) -> None:
    found = Finding(
        "connect-refused", Status.CONFIRMED, "x", source, datetime(2026, 1, 5, tzinfo=UTC), values={}
    )
    answer = Answer("q", "en-us", Outcome.ANSWER, 0.9, (Hit(ENTRY, 0.9, {}),), findings=(found,))
    lines = [one.text.plain for one in answer_view(answer, speaker("en"))]
    assert heading in lines


def test_nothing_of_the_checks_is_loaded_for_an_ordinary_question() -> None:
    code = (
        "import sys; from bot.checks import look_at_paste; look_at_paste('how do I reset a device twin?');"
        "print(*(m for m in sys.modules if m.startswith('bot.checks.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.split() == []
