"""Live checks from Slack: the real process between the fake Slack and the fake hub, over real TLS."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bot.slack.conftest import process
from tests.fakehub import faults
from tests.fakehub.certificates import Authority
from tests.fakehub.registry import FakeDevice
from tests.fakehub.server import FakeHub
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.platform import View
from tests.fakeslack.reading import pressables, text_of
from tests.fakeslack.world import Channel, Message, User

ASK = 'ErrorCode:IotHubUnauthorizedAccess;Unauthorized 401003 {"deviceId":"%s"}'
SETTINGS = """
[channels.{open}]
may_check = ["*"]
[channels.{named}]
may_check = ["{ada}"]
[channels.{grouped}]
may_check = ["{group}"]
hubs = ["lab"]
[channels.{elsewhere}]
may_check = ["*"]
hubs = ["another"]
[channels.{direct}]
may_check = ["*"]
"""
_SLOW_S = 90


@dataclass(frozen=True)
class Plant:
    """A Slack and a hub with the bot between them."""

    slack: FakeSlack
    hub: FakeHub
    channels: dict[str, Channel]
    database: Path
    log: Path

    def asked(self, where: str, device: str, user: User | None = None) -> tuple[Message, Message]:
        question = self.slack.mention(self.channels[where], user or self.slack.ada, ASK % device)
        (answer,) = self.slack.wait_for_answers(question)
        return question, answer

    def window(self, answer: Message, user: User | None = None) -> View:
        """Press the button with no other window open."""
        user = user or self.slack.ada
        while (left_open := self.slack.view(user)) is not None:
            self.slack.close_view(left_open)
        self.slack.click(answer, "check", user)
        return self.slack.wait_for_view(user)

    def checked(self, answer: Message, user: User | None = None) -> View:
        """Press the button, and wait for the window to hold a result."""
        view = self.window(answer, user)
        self.slack.wait_until(lambda: not view.content.get("notify_on_close"), "a result", 40)
        return view


def shown(view: View) -> str:
    return text_of(view.content["blocks"])


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Plant]:
    folder = tmp_path_factory.mktemp("plant")
    authority = Authority(tmp_path_factory.mktemp("certificates"))
    with FakeSlack() as slack, FakeHub(authority) as hub:
        slack.rates.off()
        now = hub.now()
        hub.registry.add(
            FakeDevice("pump-7", connected_since=now, last_activity=now),
            FakeDevice("valve-1", status="disabled", status_reason="stolen", status_since=now),
        )
        group = slack.add_group("oncall", [slack.benoit])
        people = [slack.ada, slack.benoit]
        names = ("open", "named", "grouped", "elsewhere", "closed")
        channels = {name: slack.add_channel(name, people) for name in names}
        channels["direct"] = slack.im(slack.ada)
        config = folder / "hubmedic.toml"
        ids = {name: channel.id for name, channel in channels.items()}
        config.write_text(SETTINGS.format(ada=slack.ada.id, group=group.id, **ids))
        environment = slack.env() | {
            "HUBMEDIC_CONFIG": str(config),
            "HUBMEDIC_LOG_LEVEL": "debug",
            "HUBMEDIC_HUBS__LAB__CONNECTION_STRING": hub.connection_string("registryRead"),
            "HUBMEDIC_HUBS__LAB__CA_FILE": str(hub.ca_file),
        }
        with process(folder, cache, "slack", environment=environment):
            slack.wait_connected(timeout_s=_SLOW_S)
            yield Plant(slack, hub, channels, folder / "hubmedic.db", folder / "log.txt")
        assert hub.violations == [], "the checks sent a request that is no read"
        kept = (folder / "log.txt").read_text() + str([one.payload() for one in slack.world.ephemerals])
        kept += (folder / "hubmedic.db").read_bytes().decode("latin-1")
        assert [secret for secret in hub.secrets() if secret in kept] == []


def test_what_is_confirmed_stands_first_and_its_fix_below_it(plant: Plant) -> None:
    _, answer = plant.asked("open", "valve-1")
    text = shown(plant.checked(answer))
    assert text.lstrip().startswith("confirmed")
    assert "valve-1 is disabled since" in text
    assert "GET /devices/valve-1, read" in text
    assert text.index("valve-1 is disabled") < text.index("Solution")


def test_the_button_asks_first_and_says_that_nothing_is_changed(plant: Plant) -> None:
    _, answer = plant.asked("open", "pump-7")
    rows = [block["elements"] for block in answer.blocks if block["type"] == "actions"]
    (button,) = [one for row in rows for one in row if one["action_id"] == "check"]
    assert "change nothing" in button["confirm"]["text"]["text"]


def test_only_who_pressed_sees_the_result_until_it_is_shared(plant: Plant) -> None:
    slack, (question, answer) = plant.slack, plant.asked("open", "valve-1")
    n = len(slack.messages(plant.channels["open"], question.ts))
    view = plant.checked(answer)
    assert len(slack.messages(plant.channels["open"], question.ts)) == n
    slack.click(view, "share")
    slack.click(view, "share")
    _, card = slack.wait_for_messages(plant.channels["open"], question.ts, n=2)
    assert "valve-1 is disabled since" in slack.text(card)
    slack.wait_until(lambda: "everybody here sees it" in shown(view), "a word that it is shared")
    assert len([one for one in slack.messages(plant.channels["open"], question.ts) if one.bot_id]) == 2


def test_a_shared_result_goes_on_as_any_card_does(plant: Plant) -> None:
    slack, (question, answer) = plant.slack, plant.asked("open", "valve-1")
    view = plant.checked(answer)
    slack.click(view, "share")
    _, card = slack.wait_for_messages(plant.channels["open"], question.ts, n=2)
    slack.click(card, "Français")
    slack.wait_until(lambda: "valve-1 est désactivé depuis le" in slack.text(card), "the same in French")


def test_it_is_told_in_the_language_of_the_answer(plant: Plant) -> None:
    _, answer = plant.asked("open", "valve-1", plant.slack.benoit)
    text = shown(plant.checked(answer, plant.slack.benoit))
    assert text.lstrip().startswith("confirmé")
    assert "valve-1 est désactivé depuis le" in text


def test_who_is_not_named_is_told_so_and_no_hub_is_asked(plant: Plant) -> None:
    slack, (_, answer) = plant.slack, plant.asked("named", "pump-7")
    before = len(plant.hub.requests)
    slack.click(answer, "check", slack.benoit)
    slack.wait_until(
        lambda: any(
            "settings" in slack.text(one) or "réglages" in slack.text(one)
            for one in slack.ephemerals(slack.benoit)
        ),
        "a refusal",
    )
    assert len(plant.hub.requests) == before
    assert plant.checked(answer, slack.ada)


def test_a_group_may_be_named(plant: Plant) -> None:
    slack, (_, answer) = plant.slack, plant.asked("grouped", "pump-7")
    assert "pump-7" in shown(plant.checked(answer, slack.benoit))
    n = len(slack.ephemerals(slack.ada))
    slack.click(answer, "check", slack.ada)
    assert slack.wait_for_ephemerals(slack.ada, n=n + 1)


def test_a_channel_without_names_offers_no_checks(plant: Plant) -> None:
    _, answer = plant.asked("closed", "pump-7")
    assert "check" not in [one.action_id for one in pressables(answer.blocks)]


def test_a_channel_asks_only_its_own_hubs(plant: Plant) -> None:
    before = len(plant.hub.requests)
    _, answer = plant.asked("elsewhere", "pump-7")
    plant.checked(answer)
    assert len(plant.hub.requests) == before


def test_steps_are_shown_and_closing_the_window_ends_them(plant: Plant) -> None:
    slack, (_, answer) = plant.slack, plant.asked("open", "slow-1")
    plant.hub.fault(r"GET /twins/slow-1", faults.hang)
    plant.hub.fault(r"GET /devices/slow-1", faults.hang)
    view = plant.window(answer)
    slack.wait_until(lambda: "reading GET /twins/slow-1" in shown(view), "a step")
    slack.close_view(view)
    with sqlite3.connect(plant.database) as database:
        slack.wait_until(
            lambda: database.execute("SELECT 1 FROM audit WHERE device = 'slow-1'").fetchone() is not None,
            "the end of the checks",
            8,
        )
    database.close()


def test_words_ask_for_them_too_and_the_channel_sees_only_that_they_ran(plant: Plant) -> None:
    slack, (question, _) = plant.slack, plant.asked("open", "valve-1")
    n = len(slack.ephemerals(slack.ada))
    slack.say(plant.channels["open"], slack.ada, "run the checks", question.ts)
    _, told = slack.wait_for_messages(plant.channels["open"], question.ts, n=2, timeout_s=40)
    assert "valve-1 is disabled" not in slack.text(told)
    private = slack.wait_for_ephemerals(slack.ada, n=n + 1)[-1]
    assert "valve-1 is disabled since" in slack.text(private)
    assert slack.calls("assistant.threads.setStatus") != []
    slack.click(private, "share", slack.ada)
    *_, card = slack.wait_for_messages(plant.channels["open"], question.ts, n=3)
    assert "valve-1 is disabled since" in slack.text(card)


def test_a_direct_message_is_private_already(plant: Plant) -> None:
    slack = plant.slack
    question = slack.dm(slack.ada, ASK % "valve-1")
    slack.wait_for_answers(question)
    slack.dm(slack.ada, "run the checks", question.ts)
    _, told = slack.wait_for_answers(question, n=2, timeout_s=40)
    assert "valve-1 is disabled since" in slack.text(told)
    slack.click(told, "Français")
    slack.wait_until(lambda: "valve-1 est désactivé" in slack.text(told), "the findings stay, in French")


def test_who_ran_what_is_written_down(plant: Plant) -> None:
    _, answer = plant.asked("named", "valve-1")
    plant.checked(answer)
    with sqlite3.connect(plant.database) as database:
        rows = database.execute(
            "SELECT user, hub, device, calls FROM audit WHERE channel = ?", (plant.channels["named"].id,)
        ).fetchall()
    database.close()
    assert (plant.slack.ada.id, "lab", "valve-1") in [row[:3] for row in rows]
    assert any("/devices/valve-1" in row[3] for row in rows)


def test_the_second_press_while_the_first_runs_starts_nothing(plant: Plant) -> None:
    slack, (_, answer) = plant.slack, plant.asked("open", "slow-2")
    plant.hub.fault(r"GET /twins/slow-2", faults.delay(1.5))
    first = plant.window(answer)
    slack.click(answer, "check")
    slack.wait_until(lambda: slack.view(slack.ada) is not first, "a second window")
    second = slack.wait_for_view(slack.ada)
    slack.wait_until(lambda: "running already" in shown(second), "a word about the first")
    slack.wait_until(lambda: not first.content.get("notify_on_close"), "the first one's result", 40)
