"""Blocks that Slack refuses are refused, with their place; a card of every kind is taken."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakeslack.blocks import problems_of_message, problems_of_view
from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.samples import CARD, FEEDBACK, MODAL, Blocks, actions, button, refused, section


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


def test_blocks_slack_takes_have_no_problems() -> None:
    assert problems_of_message(CARD) == []
    assert problems_of_view(MODAL) == []
