"""Messages: who may post, change and schedule them, where, and how fast."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakeslack.app import new_token, scopes
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.samples import CARD, refused


def test_a_message_needs_text_for_those_who_do_not_see_its_blocks(
    slack: FakeSlack, client: WebClient
) -> None:
    with pytest.warns(UserWarning, match="text"), pytest.raises(SlackApiError, match="no_text"):
        client.chat_postMessage(channel=slack.general.id, blocks=CARD)


def test_posting_cuts_long_text_and_updating_refuses_it(slack: FakeSlack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel=slack.general.id, text="x" * 50_000)
    assert len(slack.messages(slack.general)[0].text) == 40_000

    client.chat_update(channel=slack.general.id, ts=posted["ts"], text="x" * 4_000)
    with pytest.raises(SlackApiError, match="msg_too_long"):
        client.chat_update(channel=slack.general.id, ts=posted["ts"], text="x" * 4_001)


def test_only_what_the_bot_wrote_can_be_changed_or_taken_back(slack: FakeSlack, client: WebClient) -> None:
    said = slack.say(slack.general, slack.ada, "mine")

    with pytest.raises(SlackApiError, match="cant_update_message"):
        client.chat_update(channel=slack.general.id, ts=said.ts, text="yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        client.chat_delete(channel=slack.general.id, ts=said.ts)
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_update(channel=slack.general.id, ts="1.1", text="nobody's")


def test_a_channel_the_bot_is_not_in_takes_nothing_from_it(slack: FakeSlack, client: WebClient) -> None:
    channel = slack.add_channel("elsewhere", [slack.ada], with_bot=False)
    secret = slack.add_channel("secret", [slack.ada], kind="group", with_bot=False)

    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.chat_postMessage(channel=channel.id, text="x")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.chat_postMessage(channel=secret.id, text="x")
    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.conversations_history(channel=channel.id)


def test_an_archived_channel_takes_nothing(slack: FakeSlack, client: WebClient) -> None:
    slack.general.is_archived = True

    with pytest.raises(SlackApiError, match="is_archived"):
        client.chat_postMessage(channel=slack.general.id, text="x")


def test_a_reply_needs_its_thread(slack: FakeSlack, client: WebClient) -> None:
    question = slack.say(slack.general, slack.ada, "gone soon")
    slack.delete(question)

    with pytest.raises(SlackApiError, match="thread_not_found"):
        client.chat_postMessage(channel=slack.general.id, text="x", thread_ts=question.ts)


def test_an_ephemeral_message_is_for_members_only(slack: FakeSlack, client: WebClient) -> None:
    stranger = slack.add_user("carol")

    client.chat_postEphemeral(channel=slack.general.id, user=slack.ada.id, text="psst")
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        client.chat_postEphemeral(channel=slack.general.id, user=stranger.id, text="psst")

    assert [one.text for one in slack.ephemerals(slack.ada)] == ["psst"]


def test_a_missing_scope_is_told_with_what_is_needed_and_what_is_there(
    slack: FakeSlack, client: WebClient
) -> None:
    slack.bot.scopes = scopes("chat:write,commands")

    with pytest.raises(SlackApiError) as caught:
        client.users_info(user=slack.ada.id)

    assert refused(caught) == {
        "ok": False,
        "error": "missing_scope",
        "needed": "users:read",
        "provided": "chat:write,commands",
    }
    assert client.auth_test().headers["x-oauth-scopes"] == "chat:write,commands"


def test_history_takes_the_scope_of_the_kind_of_channel(slack: FakeSlack, client: WebClient) -> None:
    slack.bot.scopes = scopes("channels:history")
    client.conversations_history(channel=slack.general.id)

    with pytest.raises(SlackApiError) as caught:
        client.conversations_history(channel=slack.private.id)
    assert refused(caught)["needed"] == "groups:history"


def test_each_kind_of_token_opens_its_own_doors(slack: FakeSlack, client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client.apps_connections_open(app_token=slack.bot.bot_token)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        WebClient(slack.app.app_token, base_url=slack.api_url).auth_test()
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient(new_token("xoxb"), base_url=slack.api_url).auth_test()
    with pytest.raises(SlackApiError, match="not_authed"):
        WebClient(base_url=slack.api_url).auth_test()
    with pytest.raises(SlackApiError, match="unknown_method"):
        client.api_call("chat.explode")


def test_more_than_a_message_a_second_is_too_fast_once_the_burst_is_over(
    slack: FakeSlack, client: WebClient
) -> None:
    slack.rates.limit("chat.postMessage", per_second=1, burst=3)
    for _ in range(3):
        client.chat_postMessage(channel=slack.general.id, text="x")

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=slack.general.id, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"

    client.chat_postMessage(channel=slack.private.id, text="another channel")
    slack.clock.advance(1)
    client.chat_postMessage(channel=slack.general.id, text="x")


def test_a_message_is_scheduled_for_the_future_and_comes_then(slack: FakeSlack, client: WebClient) -> None:
    now = int(slack.clock.now())
    with pytest.raises(SlackApiError, match="time_in_past"):
        client.chat_scheduleMessage(channel=slack.general.id, text="late", post_at=now - 1)
    with pytest.raises(SlackApiError, match="time_too_far"):
        client.chat_scheduleMessage(channel=slack.general.id, text="late", post_at=now + 121 * 86400)

    client.chat_scheduleMessage(channel=slack.general.id, text="did it work?", post_at=now + 86400)
    assert slack.messages(slack.general) == []
    slack.clock.advance(86401)

    assert [one.text for one in slack.wait_for_messages(slack.general)] == ["did it work?"]


def test_a_scheduled_message_that_is_taken_back_never_comes(slack: FakeSlack, client: WebClient) -> None:
    planned = client.chat_scheduleMessage(
        channel=slack.general.id, text="did it work?", post_at=int(slack.clock.now()) + 60
    )["scheduled_message_id"]

    client.chat_deleteScheduledMessage(channel=slack.general.id, scheduled_message_id=planned)
    slack.clock.advance(61)

    assert slack.messages(slack.general) == []
    with pytest.raises(SlackApiError, match="invalid_scheduled_message_id"):
        client.chat_deleteScheduledMessage(channel=slack.general.id, scheduled_message_id=planned)


def test_metadata_is_whole_small_and_told_to_those_who_ask(slack: FakeSlack, client: WebClient) -> None:
    metadata = {"event_type": "answer", "event_payload": {"question": "1.1"}}
    client.chat_postMessage(channel=slack.general.id, text="x", metadata=metadata)

    history = client.conversations_history(channel=slack.general.id, include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata
    assert "metadata" not in client.conversations_history(channel=slack.general.id)["messages"][0]
    with pytest.raises(SlackApiError, match="invalid_metadata_format"):
        client.chat_postMessage(channel=slack.general.id, text="x", metadata={"event_type": "answer"})
    large = {"event_type": "answer", "event_payload": {"x": "x" * 17_000}}
    with pytest.raises(SlackApiError, match="metadata_too_large"):
        client.chat_postMessage(channel=slack.general.id, text="x", metadata=large)
