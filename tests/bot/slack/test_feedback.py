"""What people say came of an answer: thumbs, "did it work?" a day later, and what the gap report makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.slack.followup import AFTER
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.world import Channel, Message

Start = Callable[..., Any]
PASTE = "ErrorCode:IotHubUnauthorizedAccess;Unauthorized 401003 device pump-7"


def answered(bot: FakeSlack, channel: Channel) -> tuple[Message, Message]:
    question = bot.mention(channel, bot.ada, PASTE)
    (answer,) = bot.wait_for_answers(question)
    planned(bot, channel)
    return question, answer


def planned(bot: FakeSlack, channel: Channel) -> None:
    def is_there() -> bool:
        return any(one.arguments["channel"] == channel.id for one in bot.calls("chat.scheduleMessage"))

    bot.wait_until(is_there, "a question for tomorrow")


def day_later(bot: FakeSlack) -> None:
    bot.clock.advance((AFTER + timedelta(minutes=1)).total_seconds())


def taken_back(bot: FakeSlack, channel: Channel) -> bool:
    return any(one.arguments["channel"] == channel.id for one in bot.calls("chat.deleteScheduledMessage"))


def test_a_day_later_it_is_asked_once_whether_it_worked(slack: FakeSlack, start: Start) -> None:
    start("slack", **slack.env())
    slack.wait_connected(timeout_s=60)
    question, answer = answered(slack, slack.general)
    slack.edit(question, f"<@{slack.bot.bot_user}> {PASTE} again")
    slack.wait_until(lambda: answer.n_edits > 0, "the edit")
    other, liked = answered(slack, slack.add_channel("liked", [slack.ada]))
    slack.click(liked, "vote", choice="Helped")
    slack.wait_until(lambda: slack.calls("chat.deleteScheduledMessage") != [], "one question less")
    day_later(slack)
    _, asked = slack.wait_for_answers(question, n=2)
    assert "Did it work?" in slack.text(asked)
    slack.click(asked, "Yes")
    slack.wait_until(lambda: "Good to hear." in slack.text(asked), "thanks")
    day_later(slack)
    slack.settle()
    assert len(slack.wait_for_answers(question)) == 2
    assert len(slack.wait_for_answers(other)) == 1


def test_who_says_after_the_next_cause_that_it_works_is_asked_no_more(
    bot: FakeSlack, channel: Channel
) -> None:
    question, _ = answered(bot, channel)
    bot.say(channel, bot.ada, "ok", question.ts)
    bot.say(channel, bot.ada, "didn't help", question.ts)
    bot.wait_for_answers(question, n=2)
    bot.say(channel, bot.ada, "it works now", question.ts)
    bot.wait_until(lambda: taken_back(bot, channel), "no question tomorrow")
    told = [bot.text(one) for one in bot.wait_for_answers(question, n=3)]
    assert ("Then" in told[1], told[2].strip()) == (True, "Good to hear.")


def test_more_is_said_in_the_thread(bot: FakeSlack, channel: Channel) -> None:
    question, _ = answered(bot, channel)
    bot.say(channel, bot.ada, "tell me more", question.ts)
    _, more = bot.wait_for_answers(question, n=2)
    assert "All that I have on this:" in bot.text(more)


def test_who_says_no_is_asked_on_and_the_question_is_a_gap(
    slack: FakeSlack, start: Start, tmp_path: Path
) -> None:
    config = tmp_path / "hubmedic.toml"
    config.write_text(f'admins = ["{slack.ada.id}"]')
    start("slack", **slack.env(), HUBMEDIC_CONFIG=str(config))
    slack.wait_connected(timeout_s=60)
    question, _ = answered(slack, slack.general)
    day_later(slack)
    _, asked = slack.wait_for_answers(question, n=2)
    slack.click(asked, "No")
    slack.wait_until(lambda: "I go on looking" in slack.text(asked), "a way on")

    def is_a_gap() -> bool:
        slack.open_home(slack.ada)
        slack.settle()
        return "pump-7" in str(slack.home(slack.ada))

    slack.wait_until(is_a_gap, "the gap in the home")


def test_a_thumb_up_takes_the_question_back(bot: FakeSlack, channel: Channel) -> None:
    _, answer = answered(bot, channel)
    bot.click(answer, "vote", choice="Helped")
    bot.wait_until(lambda: taken_back(bot, channel), "no question tomorrow")


def test_thanks_take_it_back_too(bot: FakeSlack, channel: Channel) -> None:
    question, _ = answered(bot, channel)
    bot.say(channel, bot.ada, "thanks, that worked", question.ts)
    bot.wait_until(lambda: taken_back(bot, channel), "no question tomorrow")


def test_a_deleted_question_is_not_asked_about(bot: FakeSlack, channel: Channel) -> None:
    question, _ = answered(bot, channel)
    bot.delete(question)
    bot.wait_until(lambda: taken_back(bot, channel), "no question tomorrow")


def test_nothing_is_asked_about_what_nobody_knew(bot: FakeSlack, channel: Channel) -> None:
    question = bot.mention(channel, bot.ada, "what is pi to the fortieth digit")
    bot.wait_for_answers(question)
    last, _ = answered(bot, bot.add_channel("after", [bot.ada]))
    assert last.ts
    assert not any(one.arguments["channel"] == channel.id for one in bot.calls("chat.scheduleMessage"))
