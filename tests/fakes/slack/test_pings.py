"""Whom a text pings, where it links to, and what Slack makes of what is typed."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from tests.fakeslack.driver import FakeSlack
from tests.fakeslack.mentions import touched
from tests.fakeslack.samples import Blocks, section
from tests.fakeslack.typed_text import as_sent


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
