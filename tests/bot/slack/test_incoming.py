"""What Slack sends is read as its author meant it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import speaker
from bot.settings import Channel, Settings
from bot.slack.incoming import Way, plain_text, read_message
from bot.slack.intake import is_subcommand
from bot.slack.manifest import manifest
from bot.slack.scopes import scopes

BOT = "U0BOT"


@pytest.mark.parametrize(
    ("raw", "typed"),
    [
        ("<@U0BOT> 401003", "401003"),
        ("see <https://a.example/x|a.example/x> &lt;here&gt; &amp; there", "see a.example/x <here> & there"),
        ("<@U1> said in <#C1|iot>", "@U1 said in #iot"),
        ("<!channel> <!subteam^S1|@oncall>", "@channel @oncall"),
        ("<mailto:a@b.example>", "a@b.example"),
    ],
)
def test_markup_becomes_what_was_typed(raw: str, typed: str) -> None:
    assert plain_text(raw, BOT) == typed


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(plain_text(text, BOT), str)


@pytest.mark.parametrize(
    ("event", "mode", "way"),
    [
        ({"type": "app_mention", "text": "<@U0BOT> x"}, "mention", Way.MENTION),
        ({"text": "<@U0BOT> x"}, "auto", Way.MENTION),
        ({"text": "x", "channel_type": "im"}, "mention", Way.DIRECT),
        ({"text": "x"}, "auto", Way.AUTO),
        ({"text": "x"}, "mention", None),
        ({"text": "x", "subtype": "channel_join"}, "auto", None),
        ({"text": "x", "bot_id": "B1", "user": ""}, "auto", None),
        ({"text": "x", "user": BOT}, "auto", None),
    ],
)
def test_how_a_question_came(event: dict[str, str], mode: str, way: Way | None) -> None:
    told = {"type": "message", "channel": "C1", "ts": "1.1", "user": "U1"} | event
    job = read_message(told, "T1", "Ev1", BOT, Channel(mode=mode))
    assert (job.way if job else None) == way


@pytest.mark.parametrize(
    ("text", "sets"),
    [
        ("mute", True),
        ("mute my alerts", False),
        ("lang fr", True),
        ("lang server fails", False),
        ("forget me", True),
        ("401003", False),
    ],
)
def test_words_after_the_command_are_a_question_unless_they_set_something(text: str, sets: bool) -> None:
    assert is_subcommand(text) == sets


def test_the_manifest_asks_for_no_more_than_the_settings_use() -> None:
    plain = Settings()
    staffed = Settings(channels={"C1": Channel(escalate_to="S1", may_check=("S2",))})
    more = set(scopes(staffed)) - set(scopes(plain))
    assert more == {"reactions:read", "usergroups:read", "channels:read", "groups:read"}
    assert manifest(plain, speaker("en"))["settings"]["socket_mode_enabled"] is True
    assert manifest(plain, speaker("en"), "https://x.example")["settings"]["socket_mode_enabled"] is False
