"""The real process on the fake Slack: exactly one answer, in the right place and language, whatever happens."""

from __future__ import annotations

from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.world import Channel, Message

PASTE = "ErrorCode:IotHubUnauthorizedAccess;Unauthorized 401003 device pump-7"


def only_answer(slack: FakeSlack, question: Message) -> Message:
    (answer,) = slack.wait_for_answers(question)
    assert slack.settle()
    return answer


def test_a_mention_is_answered_once_in_its_thread(bot: FakeSlack, channel: Channel) -> None:
    question = bot.mention(channel, bot.ada, PASTE)
    answer = only_answer(bot, question)
    assert answer.thread_ts == question.ts
    assert "401003" in bot.text(answer)


def test_a_direct_message_is_answered_in_the_persons_slack_language(bot: FakeSlack, channel: Channel) -> None:
    answer = only_answer(bot, bot.dm(bot.benoit, PASTE))
    assert "Symptôme" in bot.text(answer)


def test_the_words_of_a_question_decide_the_language(bot: FakeSlack, channel: Channel) -> None:
    answer = only_answer(bot, bot.mention(channel, bot.ada, "mon appareil reçoit 401003, que faire ?"))
    assert "English" in bot.text(answer)


def test_a_key_is_taken_out_and_its_poster_told_privately(bot: FakeSlack, channel: Channel) -> None:
    key = "SharedAccessKey=" + "Q2x" * 14 + "Q="
    question = bot.mention(
        channel, bot.ada, f"401003 with HostName=h.azure-devices.net;DeviceId=pump-7;{key}"
    )
    only_answer(bot, question)
    bot.wait_until(lambda: any("renew" in bot.text(one) for one in bot.ephemerals(bot.ada)), "a notice")
    assert not [one for one in bot.messages(channel, question.ts) if "Q2xQ2x" in str(one.payload())]


def test_what_nobody_knows_cites_nothing(bot: FakeSlack, channel: Channel) -> None:
    answer = only_answer(bot, bot.mention(channel, bot.ada, "what is pi to the fortieth digit"))
    assert "http" not in str(answer.blocks)


def test_a_slash_command_is_answered_to_its_user_alone(bot: FakeSlack, channel: Channel) -> None:
    bot.slash(channel, bot.ada, "404001 device not found")
    bot.wait_until(lambda: any("404001" in bot.text(one) for one in bot.ephemerals(bot.ada)), "an answer")
    assert bot.messages(channel) == []
