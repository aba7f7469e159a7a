"""People, channels, history and files are found as Slack finds them."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakeslack.app import new_token
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.samples import fetched


def test_people_channels_and_groups_can_be_looked_up(slack: FakeSlack, client: WebClient) -> None:
    group = slack.add_group("iot-oncall", [slack.benoit])

    assert client.users_info(user=slack.benoit.id, include_locale=True)["user"]["locale"] == "fr-FR"
    assert "locale" not in client.users_info(user=slack.benoit.id)["user"]
    assert client.conversations_info(channel=slack.private.id)["channel"]["is_private"]
    assert slack.ada.id in client.conversations_members(channel=slack.general.id)["members"]
    assert client.usergroups_list()["usergroups"][0]["id"] == group.id
    assert client.usergroups_users_list(usergroup=group.id)["users"] == [slack.benoit.id]
    assert client.team_info()["team"]["name"] == "Contoso"
    assert client.bots_info(bot=slack.bot.bot_id)["bot"]["user_id"] == slack.bot.bot_user
    mine = client.users_conversations(types="public_channel,private_channel")["channels"]
    assert {one["id"] for one in mine} == {slack.general.id, slack.private.id}
    with pytest.raises(SlackApiError, match="user_not_found"):
        client.users_info(user="U404")


def test_a_direct_message_is_opened_once(slack: FakeSlack, client: WebClient) -> None:
    opened = client.conversations_open(users=slack.ada.id)["channel"]["id"]

    assert client.conversations_open(users=[slack.ada.id])["channel"]["id"] == opened
    client.chat_postMessage(channel=slack.ada.id, text="hello")
    assert [one.text for one in slack.messages(slack.im(slack.ada))] == ["hello"]


def test_a_public_channel_can_be_joined(slack: FakeSlack, client: WebClient) -> None:
    channel = slack.add_channel("elsewhere", [slack.ada], with_bot=False)

    client.conversations_join(channel=channel.id)

    client.chat_postMessage(channel=channel.id, text="here I am")


def test_history_comes_in_pages_newest_first_and_replies_oldest_first(
    slack: FakeSlack, client: WebClient
) -> None:
    said = [slack.say(slack.general, slack.ada, f"{number}") for number in range(5)]
    slack.say(slack.general, slack.ada, "reply", said[0].ts)

    pages = [page["messages"] for page in client.conversations_history(channel=slack.general.id, limit=2)]
    assert [one["text"] for page in pages for one in page] == ["4", "3", "2", "1", "0"]
    assert pages[-1][0]["reply_count"] == 1
    thread = client.conversations_replies(channel=slack.general.id, ts=said[0].ts)["messages"]
    assert [one["text"] for one in thread] == ["0", "reply"]
    with pytest.raises(SlackApiError, match="thread_not_found"):
        client.conversations_replies(channel=slack.general.id, ts="1.1")


def test_reactions_are_given_once_and_taken_back(slack: FakeSlack, client: WebClient) -> None:
    said = slack.say(slack.general, slack.ada, "401003")

    client.reactions_add(channel=slack.general.id, timestamp=said.ts, name="eyes")
    with pytest.raises(SlackApiError, match="already_reacted"):
        client.reactions_add(channel=slack.general.id, timestamp=said.ts, name="eyes")
    client.reactions_remove(channel=slack.general.id, timestamp=said.ts, name="eyes")
    with pytest.raises(SlackApiError, match="no_reaction"):
        client.reactions_remove(channel=slack.general.id, timestamp=said.ts, name="eyes")


def test_a_file_is_given_to_the_app_and_a_login_page_to_strangers(
    slack: FakeSlack, client: WebClient
) -> None:
    message = slack.upload(slack.general, slack.ada, "gateway.log", b"ERROR 401003\n")
    info = client.files_info(file=message.files[0].id)["file"]

    assert fetched(info["url_private"], slack.bot.bot_token) == ("text/plain", b"ERROR 401003\n")
    for token in ("", new_token("xoxb")):
        kind, body = fetched(info["url_private"], token)
        assert kind == "text/html"
        assert b"401003" not in body


def test_the_status_and_prompts_of_the_assistant_are_kept(slack: FakeSlack, client: WebClient) -> None:
    question = slack.dm(slack.ada, "hello")
    channel = slack.im(slack.ada).id

    client.assistant_threads_setStatus(channel_id=channel, thread_ts=question.ts, status="is looking…")
    prompts = [{"title": "Paste an error", "message": "I get this error: "}]
    client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)

    assert slack.platform.statuses[channel, question.ts] == "is looking…"
    assert slack.platform.prompts[channel] == prompts
    with pytest.raises(SlackApiError, match="invalid_thread_ts"):
        client.assistant_threads_setStatus(channel_id=channel, thread_ts="1.1", status="x")
