"""The fake refuses what Slack refuses."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakeslack import faults
from tests.fakeslack.app import new_token, scopes
from tests.fakeslack.blocks import problems_of_message, problems_of_view
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.mentions import touched
from tests.fakeslack.typed_text import as_sent

Blocks = list[dict[str, Any]]


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as slack:
        yield slack


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient(slack.bot.bot_token, base_url=slack.api_url)


def refused(error: pytest.ExceptionInfo[SlackApiError]) -> Any:
    return error.value.response.data


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": action_id, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "vote",
    "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "up"},
    "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "down"},
}
CARD: Blocks = [
    {"type": "header", "text": {"type": "plain_text", "text": "401003"}},
    section("*Symptom*"),
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
    },
    {
        "type": "container",
        "title": {"type": "plain_text", "text": "All steps"},
        "is_collapsible": True,
        "child_blocks": [section("1. renew")],
    },
    {"type": "markdown", "text": "**Steps**\n\n1. renew"},
    {"type": "divider"},
    actions(button("next"), button("why", value="x" * 2000)),
    {"type": "context_actions", "elements": [FEEDBACK]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "sure"}]},
]


def test_a_card_of_every_kind_of_block_is_taken(slack: FakeSlack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel=slack.general.id, text="401003", blocks=CARD)

    (message,) = slack.wait_for_messages(slack.general)
    assert message.ts == posted["ts"]
    assert "renew" in slack.text(message)


@pytest.mark.parametrize(
    ("blocks", "says"),
    [
        ([section("x")] * 51, "no more than 50 items"),
        ([section("x" * 3001)], "less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("")], "more than 0 characters"),
        ([{"type": "section"}], "must define either `text` or `fields`"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}], "no more than 10 items"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}], "less than 2001"),
        ([{"type": "fancy"}], "unsupported type: fancy [json-pointer:/blocks/0/type]"),
        ([actions({"type": "fancy"})], "unsupported type: fancy [json-pointer:/blocks/0/elements/0/type]"),
        ([actions(FEEDBACK)], "unsupported type: feedback_buttons"),
        ([{**section("x"), "accessory": FEEDBACK}], "unsupported type: feedback_buttons"),
        ([{"type": "context_actions", "elements": [FEEDBACK] * 6}], "no more than 5 items"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "less than 151"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "must be one of [plain_text]"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "no more than 10 items"),
        ([{"type": "context", "elements": []}], "at least 1 item"),
        ([actions(*(button(f"a{n}") for n in range(26)))], "no more than 25 items"),
        ([actions(button("a"), button("a"))], "`action_id` a already exists"),
        ([actions(button("x" * 256))], "less than 256 characters"),
        ([actions(button(value="x" * 2001))], "less than 2001"),
        ([actions(button(url="x" * 3001))], "less than 3001"),
        ([actions(button(url="javascript:alert(1)"))], "invalid url"),
        ([actions(button(colour="red"))], "invalid additional property: colour"),
        ([actions({**button(), "text": {"type": "plain_text", "text": "x" * 76}})], "less than 76"),
        ([actions({**button(), "text": {"type": "mrkdwn", "text": "x"}})], "must be one of [plain_text]"),
        ([{**section("x"), "block_id": "same"}, {**section("y"), "block_id": "same"}], "must be unique"),
        ([{**section("x"), "block_id": "x" * 256}], "less than 256"),
        ([{"type": "markdown", "text": "x" * 12_001}], "less than 12001"),
        ([{"type": "markdown", "text": "x" * 6_500}] * 2, "less than 12001"),
        ([{"type": "markdown", "text": ""}], "more than 0"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}], "no more than 100 items"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}], "no more than 20 items"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2, "only_one_table_allowed"),
        ([{"type": "alert", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type: alert"),
        ([{"type": "image", "alt_text": "x"}], "must define either `image_url`"),
        (
            [
                {
                    "type": "container",
                    "title": {"type": "plain_text", "text": "x"},
                    "child_blocks": [section("x")] * 11,
                }
            ],
            "no more than 10 items",
        ),
        (
            [
                {
                    "type": "container",
                    "title": {"type": "plain_text", "text": "x"},
                    "child_blocks": [{**section("x"), "block_id": "b"}, {**section("x"), "block_id": "b"}],
                }
            ],
            "must be unique",
        ),
        (
            [
                {
                    "type": "rich_text",
                    "elements": [
                        {"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]}
                    ],
                }
            ],
            "unsupported type: user",
        ),
        (
            [
                {
                    "type": "rich_text",
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
                }
            ],
            "more than 0 characters",
        ),
        ([actions({"type": "overflow", "options": [], "action_id": "a"})], "at least 1 item"),
    ],
)
def test_blocks_that_slack_refuses_are_refused_with_their_place(
    slack: FakeSlack, client: WebClient, blocks: Blocks, says: str
) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=slack.general.id, text="x", blocks=blocks)

    answer = refused(caught)
    assert answer["error"] == "invalid_blocks"
    assert says in answer["errors"][0]
    assert answer["response_metadata"]["messages"][0].startswith("[ERROR] ")


def test_blocks_may_hold_ten_thousand_characters_together_and_no_more(
    slack: FakeSlack, client: WebClient
) -> None:
    client.chat_postMessage(channel=slack.general.id, text="x", blocks=[section("x" * 2_500)] * 4)

    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        client.chat_postMessage(channel=slack.general.id, text="x", blocks=[section("x" * 2_501)] * 4)


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


MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "reason",
    "title": {"type": "plain_text", "text": "Why?"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def test_a_trigger_opens_one_view_within_three_seconds(slack: FakeSlack, client: WebClient) -> None:
    trigger = slack.platform.trigger(slack.ada.id)
    client.views_open(trigger_id=trigger, view=MODAL)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=trigger, view=MODAL)

    late = slack.platform.trigger(slack.ada.id)
    slack.clock.advance(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client.views_open(trigger_id=late, view=MODAL)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client.views_open(trigger_id="1.2.3", view=MODAL)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": {"type": "plain_text", "text": "x" * 25}}, "less than 25"),
        ({"submit": {"type": "plain_text", "text": "x" * 25}}, "less than 25"),
        ({"close": {"type": "plain_text", "text": "x" * 25}}, "less than 25"),
        ({"submit": None}, "`submit` must be provided"),
        ({"private_metadata": "x" * 3001}, "less than 3001"),
        ({"callback_id": "x" * 256}, "less than 256"),
        ({"blocks": [section("x")] * 101}, "no more than 100 items"),
        ({"blocks": []}, "at least 1 item"),
        ({"blocks": [{"type": "context_actions", "elements": [FEEDBACK]}]}, "unsupported type"),
        ({"blocks": [{"type": "markdown", "text": "x"}]}, "unsupported type"),
        ({"colour": "red"}, "invalid additional property"),
    ],
)
def test_modals_over_their_limits_are_refused(
    slack: FakeSlack, client: WebClient, change: dict[str, Any], says: str
) -> None:
    view = {name: value for name, value in (MODAL | change).items() if value is not None}

    with pytest.raises(SlackApiError) as caught:
        client.views_open(trigger_id=slack.platform.trigger(slack.ada.id), view=view)

    assert refused(caught)["error"] == "invalid_arguments"
    assert says in " ".join(refused(caught)["errors"])


def test_a_view_of_more_than_250_kilobytes_is_too_large(slack: FakeSlack, client: WebClient) -> None:
    many = [section("x" * 2_900)] * 95

    with pytest.raises(SlackApiError, match="view_too_large"):
        client.views_publish(user_id=slack.ada.id, view={"type": "home", "blocks": many})


def test_views_stack_three_high(slack: FakeSlack, client: WebClient) -> None:
    opened = client.views_open(trigger_id=slack.platform.trigger(slack.ada.id), view=MODAL)["view"]
    for _ in range(2):
        opened = client.views_push(trigger_id=slack.platform.trigger(slack.ada.id, opened["id"]), view=MODAL)[
            "view"
        ]

    with pytest.raises(SlackApiError, match="push_limit_reached"):
        client.views_push(trigger_id=slack.platform.trigger(slack.ada.id, opened["id"]), view=MODAL)


def test_a_view_somebody_changed_meanwhile_is_not_overwritten(slack: FakeSlack, client: WebClient) -> None:
    opened = client.views_open(trigger_id=slack.platform.trigger(slack.ada.id), view=MODAL)["view"]
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL)

    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL)
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id="V404", view=MODAL)


def test_a_home_has_no_title(slack: FakeSlack, client: WebClient) -> None:
    assert problems_of_view({"type": "home", "blocks": [section("x")], "title": MODAL["title"]})

    client.views_publish(user_id=slack.ada.id, view={"type": "home", "blocks": [section("x")]})
    assert slack.home(slack.ada) is not None


def post(url: str, answer: dict[str, Any]) -> int:
    request = urllib.request.Request(url, json.dumps(answer).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_a_response_url_is_good_five_times(slack: FakeSlack) -> None:
    url = slack.platform.response_url(slack.general.id, slack.ada.id)

    assert [post(url, {"text": "x"}) for _ in range(6)] == [200] * 5 + [404]
    assert len(slack.ephemerals(slack.ada)) == 5


def test_a_response_url_is_good_half_an_hour(slack: FakeSlack) -> None:
    url = slack.platform.response_url(slack.general.id, slack.ada.id)
    slack.clock.advance(30 * 60 + 1)

    assert post(url, {"text": "x"}) == 404
    assert slack.calls("response_url")[-1].error == "expired_url"


def test_a_response_url_refuses_what_a_post_refuses(slack: FakeSlack) -> None:
    url = slack.platform.response_url(slack.general.id, slack.ada.id)

    assert post(url, {"text": "x", "blocks": [{"type": "fancy"}]}) == 400
    assert post(url, {}) == 400


def test_answers_and_downloads_can_fail_too(slack: FakeSlack) -> None:
    slack.faults.plan("response_url", faults.ServerError(), nth=1)
    slack.faults.plan("files.download", faults.ServerError(503), nth=1)
    url = slack.platform.response_url(slack.general.id, slack.ada.id)
    file = slack.file(slack.ada, "gateway.log", b"ERROR 401003")

    assert [post(url, {"text": "x"}) for _ in range(2)] == [500, 200]
    with pytest.raises(urllib.error.HTTPError, match="503") as caught:
        fetched(file.url, slack.bot.bot_token)
    caught.value.close()
    assert fetched(file.url, slack.bot.bot_token)[1] == b"ERROR 401003"


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


@pytest.mark.parametrize(
    ("text", "blocks", "pings"),
    [
        ("look <!channel>", [], ("<!channel>",)),
        ("look <!here|here> <@U1> <@U2|bob>", [], ("<!here>", "<@U1>", "<@U2>")),
        ("look <!subteam^S1|ops>", [], ("<!subteam^S1>",)),
        ("look &lt;!channel&gt; @here", [], ()),
        ("", [section("hey @here")], ("@here",)),
        ("", [{"type": "section", "text": {"type": "mrkdwn", "text": "@here", "verbatim": True}}], ()),
        ("", [{"type": "section", "text": {"type": "plain_text", "text": "<!channel> @here"}}], ()),
        (
            "",
            [{"type": "context", "elements": [{"type": "mrkdwn", "text": "<!everyone>"}]}],
            ("<!everyone>",),
        ),
        ("", [{"type": "markdown", "text": "`<!channel>` and @channel"}], ("<!channel>", "@channel")),
        (
            "",
            [
                {
                    "type": "rich_text",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [
                                {"type": "text", "text": "<!channel> @here"},
                                {"type": "user", "user_id": "U1"},
                                {"type": "broadcast", "range": "here"},
                            ],
                        }
                    ],
                }
            ],
            ("<@U1>", "<!here>"),
        ),
    ],
)
def test_whom_a_message_pings(text: str, blocks: Blocks, pings: tuple[str, ...]) -> None:
    assert touched(text, blocks, {}).pings == pings


def test_where_a_message_links_to() -> None:
    blocks = [
        section("<https://a.example|a> https://b.example/x"),
        {"type": "markdown", "text": "[c](https://c.example)"},
    ]

    assert touched("", blocks, {}).links == ("https://a.example", "https://b.example/x", "https://c.example")


def test_names_in_plain_text_ping_where_the_call_asks_for_it() -> None:
    assert touched("@here", [], {"link_names": True}).pings == ("@here",)
    assert touched("@here", [], {}).pings == ()


def test_everybody_the_bot_would_have_pinged_is_known(slack: FakeSlack, client: WebClient) -> None:
    slack.say(slack.general, slack.ada, "<!channel>", is_escaped=True)
    client.chat_postMessage(channel=slack.general.id, text="quiet")
    assert slack.pinged() == []

    client.chat_postMessage(channel=slack.general.id, text="loud <!channel>")
    assert [pings for _, pings in slack.pinged()] == [("<!channel>",)]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a < b && c", "a &lt; b &amp;&amp; c"),
        ("see https://x.example/a?b=1&c=2.", "see <https://x.example/a?b=1&amp;c=2>."),
        (
            "HostName=contoso.azure-devices.net;DeviceId=p",
            "HostName=<http://contoso.azure-devices.net|contoso.azure-devices.net>;DeviceId=p",
        ),
        ("mail me@x.example now", "mail <mailto:me@x.example|me@x.example> now"),
        ("`contoso.azure-devices.net`", "`contoso.azure-devices.net`"),
        ("<@U123> hi", "<@U123> hi"),
        ("1.2.3 error.code net", "1.2.3 error.code net"),
    ],
)
def test_typed_text_is_escaped_and_linked_as_slack_does(typed: str, sent: str) -> None:
    assert as_sent(typed) == sent


@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [
        (faults.ServerError(), 500, "non-JSON"),
        (faults.ServerError(503), 503, "non-JSON"),
        (faults.Garbled(), 200, "non-JSON"),
        (faults.ApiFailure("fatal_error"), 200, "fatal_error"),
        (faults.RateLimited(7), 429, "ratelimited"),
    ],
)
def test_a_planned_fault_strikes_its_call_and_no_other(
    slack: FakeSlack, client: WebClient, fault: faults.Fault, status: int, says: str
) -> None:
    slack.faults.plan("chat.postMessage", fault, nth=2)
    client.retry_handlers.clear()
    client.chat_postMessage(channel=slack.general.id, text="first")

    with pytest.raises(SlackApiError, match=says) as caught:
        client.chat_postMessage(channel=slack.general.id, text="second")

    assert caught.value.response.status_code == status
    client.chat_postMessage(channel=slack.general.id, text="third")
    assert [one.text for one in slack.messages(slack.general)] == ["first", "third"]


def test_an_answer_can_be_lost_after_the_work_is_done(slack: FakeSlack, client: WebClient) -> None:
    slack.faults.plan("chat.postMessage", faults.Reset(is_applied=True), nth=1)
    client.retry_handlers.clear()

    with pytest.raises(OSError):  # noqa: PT011  reset or end of file, as the system has it
        client.chat_postMessage(channel=slack.general.id, text="posted all the same")

    assert [one.text for one in slack.messages(slack.general)] == ["posted all the same"]


def test_a_call_can_hang_until_it_is_let_go(slack: FakeSlack) -> None:
    slack.faults.plan("auth.test", faults.Hang(), nth=1)
    client = WebClient(slack.bot.bot_token, base_url=slack.api_url, timeout=1)
    client.retry_handlers.clear()

    with pytest.raises(TimeoutError):
        client.auth_test()
    slack.faults.clear()
    client.auth_test()


def test_a_slow_answer_comes_and_is_right(slack: FakeSlack, client: WebClient) -> None:
    slack.faults.plan("auth.test", faults.Slow(0.2))

    before = time.monotonic()
    assert client.auth_test()["bot_id"] == slack.bot.bot_id
    assert time.monotonic() - before >= 0.2


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


def fetched(url: str, token: str) -> tuple[str, bytes]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=5) as response:
        return response.headers.get_content_type(), response.read()


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


def test_blocks_slack_takes_have_no_problems() -> None:
    assert problems_of_message(CARD) == []
    assert problems_of_view(MODAL) == []
