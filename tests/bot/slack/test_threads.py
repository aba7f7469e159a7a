"""What people press and say after an answer, on the fake Slack with the real process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bot.slack.conftest import ROOT
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.reading import pressables, text_of
from tests.fakeslack.world import Channel, Message

PASTE = "ErrorCode:IotHubUnauthorizedAccess;Unauthorized 401003 device pump-7"
SEVERAL = "401003 IoTHubUnauthorized"


def answered(bot: FakeSlack, channel: Channel, text: str = PASTE) -> tuple[Message, Message]:
    question = bot.mention(channel, bot.ada, text)
    (answer,) = bot.wait_for_answers(question)
    return question, answer


def shows(bot: FakeSlack, message: Message, words: str) -> None:
    bot.wait_until(lambda: words in bot.text(message), f"{words!r} in {bot.text(message)!r}")


def test_another_language_takes_the_place_of_the_answer(bot: FakeSlack, channel: Channel) -> None:
    question, answer = answered(bot, channel)
    bot.click(answer, "Français")
    shows(bot, answer, "Symptôme")
    assert len(bot.messages(channel, question.ts)) == 1


def test_the_next_one_takes_the_place_of_the_answer(bot: FakeSlack, channel: Channel) -> None:
    _, answer = answered(bot, channel)
    before = bot.text(answer)
    bot.click(answer, "next")
    bot.wait_until(lambda: bot.text(answer) != before, "another card")


def test_why_opens_over_the_message(bot: FakeSlack, channel: Channel) -> None:
    _, answer = answered(bot, channel)
    bot.click(answer, "Why this?")
    view = bot.wait_for_view(bot.ada)
    assert view.content["title"]["text"] == "Why this answer"
    bot.close_view(view)


def test_a_thumb_down_asks_for_the_reason(bot: FakeSlack, channel: Channel) -> None:
    _, answer = answered(bot, channel)
    n_before = len(bot.calls("chat.deleteScheduledMessage"))
    bot.wait_until(
        lambda: any(one.arguments["channel"] == channel.id for one in bot.calls("chat.scheduleMessage")),
        "a question for tomorrow",
    )
    bot.click(answer, "vote", choice="Did not help")
    view = bot.wait_for_view(bot.ada)
    delivery = bot.submit_view(view, {"reason": "outdated", "comment": "since firmware 2"})
    assert delivery.is_acked
    bot.wait_until(lambda: len(bot.calls("chat.deleteScheduledMessage")) > n_before, "no question tomorrow")


def test_a_follow_up_in_the_thread_needs_no_name(bot: FakeSlack, channel: Channel) -> None:
    question, _ = answered(bot, channel)
    bot.say(channel, bot.ada, "en français", question.ts)
    _, second = bot.wait_for_answers(question, n=2)
    assert "Symptôme" in bot.text(second)


def test_the_bot_is_quiet_once_a_human_answers(bot: FakeSlack, channel: Channel) -> None:
    question, _ = answered(bot, channel)
    bot.say(channel, bot.benoit, "I know this one, look at the clock of the gateway", question.ts)
    bot.settle()
    bot.say(channel, bot.ada, "didn't help", question.ts)
    last = bot.mention(channel, bot.ada, "404001 device not found")  # answered after everything before it
    bot.wait_for_messages(channel, last.ts)
    assert len([one for one in bot.messages(channel, question.ts) if one.bot_id]) == 1


def test_an_edited_question_changes_its_answer(bot: FakeSlack, channel: Channel) -> None:
    question, answer = answered(bot, channel)
    bot.edit(question, f"<@{bot.bot.bot_user}> 404001 device not found")
    shows(bot, answer, "404001")
    assert len([one for one in bot.messages(channel, question.ts) if one.bot_id]) == 1


def test_a_deleted_question_takes_its_answer_along(bot: FakeSlack, channel: Channel) -> None:
    question, answer = answered(bot, channel)
    bot.delete(question)
    bot.wait_until(lambda: answer.is_deleted, "the answer is gone")


def test_a_private_answer_is_shared_on_demand(bot: FakeSlack, channel: Channel) -> None:
    said = bot.say(channel, bot.benoit, PASTE)
    n = len(bot.ephemerals(bot.ada))
    bot.shortcut(said, bot.ada, "troubleshoot")
    bot.wait_until(lambda: len(bot.ephemerals(bot.ada)) > n, "a private answer")
    bot.click(bot.ephemerals(bot.ada)[-1], "share", bot.ada)
    (shared,) = bot.wait_for_messages(channel, said.ts)
    assert "401003" in bot.text(shared)


def test_a_mention_in_somebodys_thread_is_about_what_opened_it(bot: FakeSlack, channel: Channel) -> None:
    opening = bot.say(channel, bot.benoit, PASTE)
    bot.mention(channel, bot.ada, "any idea?", opening.ts)
    (answer,) = bot.wait_for_messages(channel, opening.ts)
    assert "401003" in bot.text(answer)


def test_people_are_called_once_and_their_fix_is_kept(bot: FakeSlack) -> None:
    staffed = next(one for one in bot.world.channels.values() if one.name == "staffed")
    question, answer = answered(bot, staffed)
    bot.click(answer, "Get a human")
    _, call = bot.wait_for_answers(question, n=2)
    bot.click(answer, "Get a human")
    fix = bot.say(staffed, bot.benoit, "renew the certificate", question.ts)
    bot.react(fix, bot.benoit, "white_check_mark")
    bot.settle()
    assert call.pings[0].startswith("<!subteam^S")
    assert len([one for one in bot.messages(staffed, question.ts) if one.bot_id]) == 2


def test_a_listed_channel_is_answered_unasked_only_where_the_answer_is_sure(bot: FakeSlack) -> None:
    auto = next(one for one in bot.world.channels.values() if one.name == "auto")
    idle = bot.say(auto, bot.ada, "who comes to lunch?")
    sure = bot.say(auto, bot.ada, PASTE)
    alert = bot.bot_says(auto, "alerts", PASTE)
    bot.wait_for_answers(sure)
    bot.settle()
    assert bot.messages(auto, idle.ts) == []
    assert bot.messages(auto, alert.ts) == []


def test_a_log_is_read_and_a_picture_is_not(bot: FakeSlack, channel: Channel) -> None:
    log = bot.file(bot.ada, "gateway.log", b"INFO start\nERROR 404001 DeviceNotFound\n" * 3)
    (answer,) = bot.wait_for_answers(bot.mention(channel, bot.ada, "see this", files=[log]))
    picture = bot.file(bot.ada, "screen.png", b"\x89PNG")
    (sorry,) = bot.wait_for_answers(bot.mention(channel, bot.ada, "", files=[picture]))
    assert ("404001" in bot.text(answer), "pictures" in bot.text(sorry)) == (True, True)


def test_the_home_offers_a_language_and_shows_admins_what_was_not_answered(
    bot: FakeSlack, channel: Channel
) -> None:
    bot.wait_for_answers(bot.mention(channel, bot.benoit, "why does the lawn mower smoke?"))
    for user in (bot.ada, bot.benoit):
        bot.open_home(user)
        bot.wait_until(lambda user=user: bot.home(user) is not None, "a home")
    assert ("lawn mower" in str(bot.home(bot.ada)), "lawn mower" in str(bot.home(bot.benoit))) == (
        True,
        False,
    )


def test_a_chosen_language_wins(bot: FakeSlack, channel: Channel) -> None:
    person = bot.add_user("carla", locale="en-US")
    bot.join(channel, person)
    bot.slash(channel, person, "lang fr")
    bot.wait_for_ephemerals(person)
    (answer,) = bot.wait_for_answers(bot.mention(channel, person, f"my device shows {PASTE}, what can I do?"))
    assert "Symptôme" in bot.text(answer)


def test_who_asks_to_be_forgotten_is_forgotten(bot: FakeSlack, channel: Channel) -> None:
    person = bot.add_user("dora", locale="en-US")
    bot.join(channel, person)
    _, answer = (
        bot.wait_for_answers(bot.mention(channel, person, PASTE)),
        bot.slash(channel, person, "forget me"),
    )
    (told,) = bot.wait_for_ephemerals(person)
    assert answer.is_acked
    assert "forgotten" in bot.text(told)


def test_nobody_was_pinged_by_what_was_pasted(bot: FakeSlack, channel: Channel) -> None:
    hostile = "401003 <!channel> <@U0123ABC> @here ``` </x> &lt;!everyone&gt; http://evil.example/x"
    (answer,) = bot.wait_for_answers(bot.mention(channel, bot.ada, hostile))
    assert answer.pings == ()
    assert "evil.example" not in str(answer.blocks)


def test_one_of_several_is_chosen_by_its_button(bot: FakeSlack, channel: Channel) -> None:
    question, answer = answered(bot, channel, SEVERAL)
    assert "Which one is it?" in bot.text(answer)
    bot.click(answer, "choose-2")
    bot.wait_until(lambda: any(one["type"] == "header" for one in answer.blocks), "the answer in its place")
    assert len([one for one in bot.messages(channel, question.ts) if one.bot_id]) == 1


def test_what_was_folded_opens_in_a_window(bot: FakeSlack, channel: Channel) -> None:
    texts = (
        "404104 DeviceConnectionClosedRemotely",
        "403002 IoTHubQuotaExceeded",
        "my device gets 429001",
        PASTE,
    )
    cards = [answered(bot, channel, text)[1] for text in texts]
    folded = [one for one in cards if "whole" in [each.action_id for each in pressables(one.blocks)]]
    while (left_open := bot.view(bot.ada)) is not None:
        bot.close_view(left_open)
    bot.click(folded[0], "whole")
    view = bot.wait_for_view(bot.ada)
    assert len(text_of(view.content["blocks"])) > len(bot.text(folded[0])) // 2
    bot.close_view(view)


def test_everything_on_a_card_answers_when_it_is_pressed(bot: FakeSlack) -> None:
    staffed = next(one for one in bot.world.channels.values() if one.name == "staffed")
    for text in (PASTE, SEVERAL, "what is pi to the fortieth digit"):
        _, answer = answered(bot, staffed, text)
        for which in [one.action_id for one in pressables(answer.blocks) if one.action_id != "vote"]:
            _, fresh = answered(bot, staffed, text)
            n = len(bot.calls())
            assert bot.click(fresh, which, choice="Helped").is_acked, which
            bot.wait_until(lambda n=n: len(bot.calls()) > n, f"something after {which}")
    assert bot.user_errors == []


def test_slack_answers_what_the_terminal_answers(bot: FakeSlack, channel: Channel, cache: Path) -> None:
    code = "from bot.cli import main; raise SystemExit(main())"
    asked = [sys.executable, "-c", code, "ask", PASTE, "--json", "--locale", "en"]
    environment = os.environ | {"XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT)}
    told = json.loads(subprocess.run(asked, env=environment, capture_output=True, timeout=60).stdout)
    _, answer = answered(bot, channel)
    header = next(one["text"]["text"] for one in answer.blocks if one["type"] == "header")
    assert told["hits"][0]["title"] in header
