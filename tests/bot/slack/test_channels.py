"""What the settings say of a channel: who is answered unasked, when, in which language, and where it stays quiet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.errors import SettingsUnusable
from bot.settings import Channel as ChannelSettings
from bot.settings import Settings
from tests.bot.slack.conftest import process
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.reading import pressables
from tests.fakeslack.world import Channel, Message, User

PASTE = "ErrorCode:IotHubUnauthorizedAccess;Unauthorized 401003 device pump-7"
SETTINGS = """
[channels.{auto}]
mode = "auto"
answer_bots = ["BALERTS"]
[channels.{strict}]
mode = "auto"
threshold = 1.0
answer_bots = ["BALERTS"]
[channels.{off}]
mode = "off"
[channels.{french}]
language = "fr"
[channels.{knows}]
mode = "auto"
ignore = ["401002", "401003"]
[channels."*"]
escalate_to = "{ada}"
"""


@dataclass(frozen=True)
class House:
    """A Slack with channels that are set otherwise."""

    slack: FakeSlack
    channels: dict[str, Channel]
    nobody: User
    """Someone whose language Slack does not tell."""

    def say(self, where: str, text: str, thread_ts: str | None = None, user: User | None = None) -> Message:
        return self.slack.say(self.channels[where], user or self.slack.ada, text, thread_ts)

    def answers(self, where: str, message: Message) -> list[Message]:
        """What the bot has written below a message, once everything before has been dealt with."""
        slack = self.slack
        last = slack.mention(self.channels["plain"], slack.ada, PASTE)
        slack.wait_for_answers(last)
        slack.settle()
        return [one for one in slack.messages(self.channels[where], message.ts) if one.bot_id]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, cache: object) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with FakeSlack() as slack:
        slack.rates.off()
        nobody = slack.add_user("nobody", locale="")
        people = [slack.ada, slack.benoit, nobody]
        names = ("auto", "strict", "off", "french", "knows", "plain")
        channels = {name: slack.add_channel(name, people) for name in names}
        config = folder / "hubmedic.toml"
        config.write_text(
            SETTINGS.format(ada=slack.ada.id, **{name: one.id for name, one in channels.items()})
        )
        with process(folder, cache, "slack", environment=slack.env() | {"HUBMEDIC_CONFIG": str(config)}):  # type: ignore[arg-type]
            slack.wait_connected(timeout_s=90)
            yield House(slack, channels, nobody)


def test_a_sure_answer_comes_unasked_and_once(house: House) -> None:
    message = house.say("auto", PASTE)
    house.slack.wait_for_messages(house.channels["auto"], message.ts)
    house.slack.deliver_again(message)
    assert len(house.answers("auto", message)) == 1


def test_what_is_not_sure_stays_unanswered(house: House) -> None:
    for text in ("who comes to lunch?", "401003 IoTHubUnauthorized", "my device is offline"):
        assert house.answers("auto", house.say("auto", text)) == [], text


def test_who_calls_by_an_edit_is_answered(house: House) -> None:
    slack = house.slack
    message = house.say("auto", "who comes to lunch?")
    assert house.answers("auto", message) == []
    slack.edit(message, f"<@{slack.bot.bot_user}> who comes to lunch?")
    slack.wait_for_messages(house.channels["auto"], message.ts)
    slack.edit(message, f"<@{slack.bot.bot_user}> who comes to dinner?")
    assert len(house.answers("auto", message)) == 1


def test_an_alert_of_a_listed_bot_is_answered_and_one_of_another_is_not(house: House) -> None:
    slack, channel = house.slack, house.channels["auto"]
    other, listed = slack.bot_says(channel, "cron", PASTE), slack.bot_says(channel, "alerts", PASTE)
    slack.wait_for_messages(channel, listed.ts)
    assert house.answers("auto", other) == []


def test_the_bot_does_not_answer_itself(house: House) -> None:
    message = house.say("auto", PASTE)
    house.slack.wait_for_messages(house.channels["auto"], message.ts)
    (answer,) = house.answers("auto", message)
    assert house.answers("auto", answer) == []


def test_below_the_channels_threshold_the_poster_alone_sees_it_and_may_share_it(house: House) -> None:
    slack = house.slack
    n = len(slack.ephemerals(slack.ada))
    message = house.say("strict", PASTE)
    preview = slack.wait_for_ephemerals(slack.ada, n=n + 1)[-1]
    assert "401003" in slack.text(preview)
    assert house.answers("strict", message) == []
    slack.click(preview, "share", slack.ada)
    (answer,) = slack.wait_for_messages(house.channels["strict"], message.ts)
    assert "401003" in slack.text(answer)
    house.say("strict", "en français", message.ts)
    _, second = slack.wait_for_messages(house.channels["strict"], message.ts, n=2)
    assert "Symptôme" in slack.text(second)


def test_a_preview_makes_nobody_talk_in_the_thread(house: House) -> None:
    slack = house.slack
    n = len(slack.ephemerals(slack.ada))
    message = house.say("strict", PASTE)
    slack.wait_for_ephemerals(slack.ada, n=n + 1)
    house.say("strict", "didn't help", message.ts)
    assert house.answers("strict", message) == []


def test_a_bot_gets_no_preview(house: House) -> None:
    message = house.slack.bot_says(house.channels["strict"], "alerts", PASTE)
    assert house.answers("strict", message) == []


def test_an_error_that_a_channel_knows_is_answered_only_when_the_bot_is_called(house: House) -> None:
    slack, channel = house.slack, house.channels["knows"]
    assert house.answers("knows", house.say("knows", PASTE)) == []
    assert slack.wait_for_answers(slack.mention(channel, slack.ada, PASTE))


def test_what_is_set_for_all_channels_holds_where_one_is_not_named(house: House) -> None:
    slack = house.slack
    (answer,) = slack.wait_for_answers(slack.mention(house.channels["plain"], slack.ada, PASTE))
    assert "human" in [one.action_id for one in pressables(answer.blocks)]
    (answer,) = slack.wait_for_answers(slack.mention(house.channels["french"], slack.ada, PASTE))
    assert "human" not in [one.action_id for one in pressables(answer.blocks)]


@pytest.mark.parametrize("threshold", [70, -0.1, 1.01])
def test_a_threshold_in_percent_is_refused(threshold: float) -> None:
    with pytest.raises(SettingsUnusable) as refused:
        Settings(channels={"C1": ChannelSettings(threshold=threshold)})
    assert refused.value.values["variable"] == "channels.C1.threshold"


def test_a_channel_that_is_off_says_so_when_it_is_called_and_nothing_else(house: House) -> None:
    slack, channel = house.slack, house.channels["off"]
    (told,) = slack.wait_for_answers(slack.mention(channel, slack.ada, PASTE))
    assert "switched off" in slack.text(told)
    assert house.answers("off", house.say("off", PASTE)) == []


def test_a_command_is_answered_in_a_channel_that_is_off(house: House) -> None:
    slack = house.slack
    n = len(slack.ephemerals(slack.ada))
    slack.slash(house.channels["off"], slack.ada, "404001 device not found")
    assert "404001" in slack.text(slack.wait_for_ephemerals(slack.ada, n=n + 1)[-1])


def test_the_channels_language_answers_who_has_none(house: House) -> None:
    slack = house.slack
    (answer,) = slack.wait_for_answers(slack.mention(house.channels["french"], house.nobody, PASTE))
    assert "Symptôme" in slack.text(answer)
    (answer,) = slack.wait_for_answers(slack.mention(house.channels["french"], slack.ada, PASTE))
    assert "Symptom" in slack.text(answer).split()


def test_a_muted_channel_is_answered_when_the_bot_is_called(house: House) -> None:
    slack = house.slack
    n = len(slack.ephemerals(slack.ada))
    slack.slash(house.channels["auto"], slack.ada, "mute")
    slack.wait_for_ephemerals(slack.ada, n=n + 1)
    assert house.answers("auto", house.say("auto", PASTE)) == []
    assert slack.wait_for_answers(slack.mention(house.channels["auto"], slack.ada, PASTE))
    slack.slash(house.channels["auto"], slack.ada, "unmute")
    slack.wait_for_ephemerals(slack.ada, n=n + 2)
    message = house.say("auto", PASTE)
    slack.wait_for_messages(house.channels["auto"], message.ts)


def test_a_muted_thread_stays_quiet_until_the_bot_is_called(house: House) -> None:
    slack, channel = house.slack, house.channels["plain"]
    question = slack.mention(channel, slack.ada, PASTE)
    slack.wait_for_answers(question)
    house.say("plain", "mute", question.ts)
    assert len(house.answers("plain", question)) == 1  # dealt with, before anything else is said
    house.say("plain", "en français", question.ts)
    assert len(house.answers("plain", question)) == 1
    slack.mention(channel, slack.ada, "en français", question.ts)
    _, answer = slack.wait_for_answers(question, n=2)
    assert "Symptôme" in slack.text(answer)


def test_who_posts_a_key_unasked_is_told_privately_to_renew_it(house: House) -> None:
    slack = house.slack
    n = len(slack.ephemerals(slack.ada))
    house.say(
        "auto", "our string: HostName=h.azure-devices.net;DeviceId=p;SharedAccessKey=" + "Q2x" * 14 + "Q="
    )
    slack.wait_until(
        lambda: any("renew" in slack.text(one) for one in slack.ephemerals(slack.ada)[n:]), "a notice"
    )
