"""``hubmedic doctor`` with Slack's tokens: scopes, clock, channels, transport, index and database, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Channel, Settings
from bot.slack.scopes import scopes
from bot.store.upgrade import upgrade
from tests.fakeslack.driver import FakeSlack

Run = Callable[..., Any]
Examine = Callable[..., dict[str, list[dict[str, str]]]]


@pytest.fixture
def examine(run: Run, slack: FakeSlack, tmp_path: Path) -> Examine:
    """Examine with everything in order but what the test says; the parts by name."""
    url = f"sqlite:///{tmp_path}/hubmedic.db"
    upgrade(url)
    tree = tmp_path / "docs" / "en-us"
    tree.mkdir(parents=True)
    (tree / "1.md").write_text(
        "# 990001\n\n## Symptoms\n\n`990001`\n\n## Cause\n\nIt.\n\n## Solution\n\nOff.\n"
    )
    usual = slack.env() | {
        "DATABASE_URL": url,
        "HUBMEDIC_KB": str(tree.parent),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }

    def go(**changes: str) -> dict[str, list[dict[str, str]]]:
        told = run("doctor", "--json", **usual | changes)
        parts: dict[str, list[dict[str, str]]] = {}
        for part in told.json["parts"]:
            parts.setdefault(part["part"], []).append(part)
        is_fine = all(one["health"] != "wrong" for some in parts.values() for one in some)
        assert (told.json["ok"], told.status) == (is_fine, 0 if is_fine else 1)
        assert slack.bot.bot_token not in told.out + told.err
        assert slack.app.app_token not in told.out + told.err
        return parts

    return go


def health(parts: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {name: some[0]["health"] for name, some in parts.items()}


def test_where_everything_is_set_up_everything_is_fine(examine: Examine) -> None:
    assert health(examine()) == {
        "articles": "fine",
        "database": "fine",
        "slack": "fine",
        "scopes": "fine",
        "clock": "fine",
        "transport": "fine",
        "hubs": "unused",
    }


def test_missing_scopes_are_named_with_what_to_do(examine: Examine, slack: FakeSlack) -> None:
    slack.bot.scopes = frozenset(scopes(Settings())) - {"files:read", "users:read"}
    (told,) = examine()["scopes"]
    assert told["health"] == "wrong"
    assert "files:read, users:read" in told["says"]
    assert "manifest" in told["hint"]


def test_what_a_setting_needs_more_is_missed(examine: Examine, slack: FakeSlack, tmp_path: Path) -> None:
    staffed = Settings(channels={"C1": Channel(escalate_to="S1", may_check=("S1",))})
    assert set(scopes(staffed)) > set(scopes(Settings()))
    slack.bot.scopes = frozenset(scopes(Settings())) | {"channels:read", "groups:read"}
    config = tmp_path / "hubmedic.toml"
    config.write_text(f'[channels.{slack.general.id}]\nescalate_to = "S1"\nmay_check = ["S1"]\n')
    (told,) = examine(HUBMEDIC_CONFIG=str(config))["scopes"]
    assert "reactions:read, usergroups:read" in told["says"]


def test_a_channel_that_the_bot_is_not_in_is_named(
    examine: Examine, slack: FakeSlack, tmp_path: Path
) -> None:
    config = tmp_path / "hubmedic.toml"
    config.write_text(f'[channels.{slack.general.id}]\nmode = "auto"\n[channels.C0NOWHERE]\nmode = "auto"\n')
    (told,) = examine(HUBMEDIC_CONFIG=str(config))["channels"]
    assert "C0NOWHERE" in told["says"]
    assert "/invite" in told["hint"]


def test_a_clock_that_is_off_is_told_in_seconds(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, slack: FakeSlack
) -> None:
    import bot.diagnosis

    class Late(bot.diagnosis.datetime):  # type: ignore[name-defined,misc]
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return super().now(tz) - timedelta(minutes=10)

    monkeypatch.setattr(bot.diagnosis, "datetime", Late)
    (told,) = examine()["clock"]
    assert told["health"] == "wrong"
    assert "-600" in told["says"] or "-599" in told["says"]
    assert "NTP" in told["hint"]


@pytest.mark.parametrize(
    ("changes", "part", "words"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-000000000000-wrong"}, "slack", "invalid_auth"),
        ({"SLACK_APP_TOKEN": "xapp-1-wrong"}, "transport", "invalid_auth"),
        ({"SLACK_APP_TOKEN": ""}, "transport", "neither SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": ""}, "slack", "no SLACK_BOT_TOKEN"),
        ({"SLACK_API_BASE_URL": "http://127.0.0.1:9/api/"}, "slack", "Slack cannot be reached"),
        ({"HUBMEDIC_KB": "/nowhere-at-all"}, "articles", "/nowhere-at-all"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}, "database", "cannot be used"),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_is_looked_at_all_the_same(
    examine: Examine, changes: dict[str, str], part: str, words: str
) -> None:
    parts = examine(**changes)
    assert words in str(parts[part])
    assert {"articles", "database", "slack", "hubs"} <= parts.keys()


def test_a_database_without_tables_says_which_command_makes_them(examine: Examine, tmp_path: Path) -> None:
    (told,) = examine(DATABASE_URL=f"sqlite:///{tmp_path}/other.db")["database"]
    assert (told["health"], "hubmedic db upgrade" in told["hint"]) == ("wrong", True)
